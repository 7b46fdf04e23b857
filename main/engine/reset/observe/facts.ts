/**
 * What is observed about one reset: numbers and facts, no judgement. One object serves all resets, so that judging thousands
 * costs no garbage; `clear` begins each of them, so that nothing of one can be taken for another's.
 *
 * Indices (`…At`) point into the FlowWindow, −1 for none. Sender is the side whose address the reset carries, receiver the
 * other one. Times are nanoseconds.
 */
import type { FlowRecord, PacketNumber } from '../../../../shared/base/units.ts';
import type { ResetFamily } from '../../../../shared/model/verdict.ts';
import { DISTANCE_UNKNOWN } from './hops.ts';

/** Where the reset's sequence number lies. */
export type SeqPlace =
  | 'next' // SND.NXT of the sender
  | 'acked' // an acknowledgement number that the receiver sent
  | 'fin' // the sender's FIN itself: macOS repeats it
  | 'zero' // 0, as an answer to a segment without ACK has
  | 'ahead' // beyond all that the sender sent
  | 'behind' // already sent, and never named by an acknowledgement
  | 'unknown'; // nothing seen to hold it against

/** What the reset's distance is held against: other packets of the sender in this flow, or else in its other flows. */
export type Measure = 'flow' | 'elsewhere' | 'nothing';

/**
 * Fields that hold fractions for some resets. A field that once held one stays a double for V8; else each would become one in the midst
 * of judging, and all code that was compiled for the facts as they were before would be thrown away.
 */
const DOUBLES = [
  ...([
    'time',
    'clockStep',
    'idle',
    'senderSilence',
    'quiet',
    'silence',
    'handshake',
    'survived',
    'age',
  ] as const),
  ...(['ackAhead', 'hopDifference', 'otherRefusalFastest', 'otherRefusalSlowest', 'afterPeerSpan'] as const),
  ...(['rtt', 'addressRtt', 'causalDelay', 'brokenSilence', 'simultaneousSpan'] as const),
];

export class ResetFacts {
  // The reset itself
  reset = 0;
  packet = 0 as PacketNumber;
  flow = 0 as FlowRecord;
  at = -1;
  sender: 0 | 1 = 0;
  receiver: 0 | 1 = 1;
  time = 0;
  /** Twelve TCP flags. */
  tcpFlags = 0;
  hasAck = false;
  seq = 0;
  ack = 0;
  window = 0;
  ttl = 0;
  tos = 0;
  ipId = 0;
  ipv6 = false;
  df = false;
  options = 0;
  /** TSval of its timestamp option, where it has one. */
  tsValue = 0;
  /** Reason of its MP_TCPRST option, −1 without one. */
  mptcpReason = -1;
  family: ResetFamily = 'irregular';
  /** It is a second capture of a packet: the first one is described here. */
  copy = false;
  /** Smallest believable time difference: the clock's step. */
  clockStep = 1;

  // State before it
  senderSeen = 0;
  senderNext = 0;
  senderLastAck = 0;
  senderFin = 0;
  senderWindow = 0;
  senderSyn = 0;
  senderTs = 0;
  receiverSeen = 0;
  receiverNext = 0;
  receiverLastAck = 0;
  receiverWindow = 0;
  receiverSyn = 0;
  flowBits = 0;
  established = false;
  oneSided = false;
  lossy = false;
  /** Older packets of the flow were let go. */
  gone = false;
  /** Segments are missing or late anywhere in the flow, after the reset too. */
  disordered = false;

  // Counted over the window before the reset; [0] client, [1] server
  readonly packetsBefore = [0, 0];
  readonly dataPacketsBefore = [0, 0];
  readonly lastDataAt = [-1, -1];
  readonly lastAt = [-1, -1];
  readonly finAt = [-1, -1];
  readonly resetsBefore = [0, 0];
  /** The first reset of the flow before this one, as far back as the window reaches. */
  firstResetAt = -1;
  /** Resets of the sender before that carried ACK: aborts rather than answers. */
  abortsBefore = 0;
  synAt = -1;
  synAckAt = -1;
  /** Packets of each side, whole window, resets and copies excluded. */
  senderPackets = 0;
  receiverPackets = 0;
  /** Between the packet before the reset and the reset; −1 for the first packet. */
  idle = -1;
  /** Silence of the sender before the reset; −1 when it never spoke. */
  senderSilence = -1;
  /** Silence of the flow before the segments that this reset answers; −1 where unknown. */
  quiet = -1;
  /** The silence that a timer could have measured, and before what: see `silence.ts`. −1 where unknown. */
  silence = -1;
  silenceBefore: 'reset' | 'answer' | 'fin' | 'probe' = 'reset';
  /** The last packet before that silence and the one that ended it. */
  silenceAt = -1;
  silenceEndAt = -1;
  /** SYN to the ACK that ended the handshake; −1 where not seen. */
  handshake = -1;

  // The service's other connections
  /** Those that the same side closed in order after the same silence, and those that it reset. */
  sameCloses = 0;
  sameResets = 0;
  /** The longest silence after which a connection of the service was used and answered; −1 for none. */
  survived = -1;
  /** From the first packet to the first FIN or reset; −1 where the begin was not captured. */
  age = -1;
  /** Other connections that the same side ended at this age. */
  sameAges = 0;
  /** It was the age that counted: their silences differ, and none lived longer. */
  ageLimited = false;

  // Sequence
  seqPlace: SeqPlace = 'unknown';
  /** seq − SND.NXT. */
  seqAhead = 0;
  /** ack − what the receiver sent; 0 in order, > 0 acknowledges unseen data. NaN without ACK or baseline. */
  ackAhead = Number.NaN;
  /** The segment that provoked it. */
  triggerAt = -1;
  triggerBytes = 0;
  /** Bare, but too late after the segment whose number it took to be an answer: as macOS and some balancers abort. */
  unprovoked = false;
  /** An answer in the shape of an abort, as Windows and some devices give to a segment for which they have no connection. */
  answersWithAck = false;
  /** The first data of the receiver that the sender's FIN does not acknowledge, and how many bytes of it there are. */
  crossedAt = -1;
  crossedBytes = 0;
  /** What answers it was out of order: so many bytes before the trigger had not come. */
  missingBefore = 0;

  // Bursts in the same direction within two seconds
  burst = 1;
  /** 1, and one more for every other reset of the burst that has another TTL than this one. */
  burstTtls = 1;
  /** Further RST+ACK of the sender that are no copies of this one. */
  burstAborts = 0;
  burstOtherAt = -1;
  /** The other one of two resets whose numbers no stack produces. */
  guessedAt = -1;
  /** A reset of the other direction that answers nothing, close by. */
  mirrorAt = -1;
  /** A reset without ACK stands before one with it, both of this sender; here the other one of the two. */
  burstTurnsAt = -1;
  /** So many times in the burst an abort stands right behind an answer, all of this sender with this TTL. */
  burstTurns = 0;
  /** Data of the sender that the reset overtook. */
  overtakenAt = -1;

  // Header
  /** Distinct TTLs of the sender in this flow: 0, 1, or 2 for more than one. */
  baseTtls = 0;
  basePackets = 0;
  /** Packet of the sender that shows the TTL nearest to the reset's. */
  baseAt = -1;
  baseTtl = 0;
  /** Hops of the reset minus hops of the nearest base. DISTANCE_UNKNOWN where nothing compares. */
  baseDifference = DISTANCE_UNKNOWN;
  /** The reset has the TTL of the sender's handshake, while its data comes from another stack or at least two hops elsewhere. */
  frontEnd = false;
  /** The reset has the TTL of the sender's SYN or SYN-ACK in this flow. */
  answeredHandshake = false;
  /** So many hops the whole flow is answered nearer than the address is on most of its flows; 0 where it is not. */
  answeredNearer = 0;
  addressFlows = 0;
  addressPackets = 0;
  addressTtls = 0;
  /** Nearly all flows of the address show `addressTtl`: the stray ones stand for no second stack worth a doubt. */
  addressSteady = false;
  addressTtl = 0;
  addressDifference = DISTANCE_UNKNOWN;
  measuredIn: Measure = 'nothing';
  /** Hops of the reset minus hops of what it is measured by; NaN where that is nothing. */
  hopDifference = Number.NaN;
  /** What it is measured by shows one TTL, often enough to rely on it. */
  measureSteady = false;
  /** The TTL is that of flows of the address that are answered from nearer and sooner than its others. */
  nearerEmitter = false;
  /** Where the sender shows nothing but refusals: how many came from the most frequent other distance, and their TTL. */
  otherRefusals = 0;
  otherRefusalTtl = 0;
  /** Delays of those behind their SYN. */
  otherRefusalFastest = -1;
  otherRefusalSlowest = -1;
  peerTtl = 0;
  /** The sender's IP identifications are those of one counter. */
  countsIpIds = false;
  lastIpId = -1;
  copiedIpIdAt = -1;
  /** Packet of the receiver whose window it carries, where the sender’s own are unlike it. */
  copiedWindowAt = -1;
  /** Routers that the packet it was copied from passed there and back, where its TTL was copied too; −1 where it was not. */
  passages = -1;
  /** Part of its header was copied, and its TTL is one that copying explains as well as distance does. */
  maybeCopiedTtl = false;
  macStable = false;
  macDiffers = false;

  // Aftermath
  afterDataAt = -1;
  afterAckAt = -1;
  /** Acknowledges the very data that the reset answers, which nobody had sent again: it had arrived. */
  afterTakenAt = -1;
  /** Acknowledges what the receiver sent after the reset. */
  afterCausalAt = -1;
  afterResentAt = -1;
  /** The sender sends again what the very segment that the reset answers acknowledges: its socket never got that one. */
  afterUnheardAt = -1;
  afterPureAt = -1;
  afterSynAckAt = -1;
  afterPeerAt = -1;
  afterPeerPackets = 0;
  afterPeerSpan = 0;
  afterAnswers = 0;
  /** The sender was in SYN-SENT or LISTEN: its reset does not end what it is doing. */
  halfOpen = false;
  /** Packets of the receiver after the reset other than resets. */
  receiverWentOnAt = -1;
  receiverWentOnBytes = 0;

  // Timing
  rtt = -1;
  rttSamples = 0;
  /** The handshake is among them: nothing that an application or a delayed acknowledgement takes is in that. */
  handshakeTimed = false;
  /** Fastest answer of the sender in the handshakes of all its flows, and how many there were. */
  addressRtt = -1;
  addressRttFlows = 0;
  causalDelay = -1;
  /** Silence of the flow before the packets of the receiver right before the reset; −1 where the reset answers none of them. */
  brokenSilence = -1;
  /**
   * It comes from farther away than its sender’s handshake. Later as well: another host of the address is likely to have sent it. No later, but
   * as an answer to what that sender never took: it may have.
   */
  otherHost: 'no' | 'maybe' | 'likely' = 'no';
  /** The receiver’s packet right before it, where its TTL or type of service is not that of the receiver’s SYN. */
  steeredAt = -1;

  // Capture direction; a packet that was captured on several interfaces counts once, as what it was first
  /** Left the capturing machine and may have begun there. */
  senderOut = 0;
  senderIn = 0;
  receiverOut = 0;
  receiverIn = 0;
  /** Left the capturing machine, which only handed them on. */
  senderForwarded = 0;
  receiverForwarded = 0;
  /** The reset leaving the machine again after it had come in. */
  passedAt = -1;
  out = false;
  in = false;

  // Probes before it
  keepAlives = 0;
  keepAliveAt = -1;
  keepAliveAnswered = false;
  fragNeededAt = -1;
  icmpAt = -1;
  /** Full-size segments of the sender, and of the receiver, sent again and never acknowledged. */
  largeResends = 0;
  peerLargeResends = 0;
  /** Segments that the sender sent again since it last heard the receiver; the first and the last of that data. */
  unanswered = 0;
  unansweredAt = -1;
  unansweredLastAt = -1;

  // A loop of resets and acknowledgements that it belongs to
  loopRounds = 0;
  loopFirstAt = -1;
  loopLastAt = -1;
  /** It stands behind the loop, with another number. */
  loopEnds = false;
  /** The loop may be longer than the window. */
  loopCut = false;

  // Other flows at the same moment
  simultaneous = 0;
  simultaneousPorts = 0;
  /** From the first to the last of the resets of this moment, this one among them. */
  simultaneousSpan = 0;
  otherLegReset = -1;

  constructor() {
    for (const name of DOUBLES) this[name] = 0.5;
    this.clear();
  }

  /** Gives every field its initial value again; `facts.test.ts` knows when one is missing here. */
  clear(): void {
    this.reset = 0;
    this.packet = 0 as PacketNumber;
    this.flow = 0 as FlowRecord;
    this.at = -1;
    this.sender = 0;
    this.receiver = 1;
    this.time = 0;
    this.tcpFlags = 0;
    this.hasAck = false;
    this.seq = 0;
    this.ack = 0;
    this.window = 0;
    this.ttl = 0;
    this.tos = 0;
    this.ipId = 0;
    this.ipv6 = false;
    this.df = false;
    this.options = 0;
    this.tsValue = 0;
    this.mptcpReason = -1;
    this.family = 'irregular';
    this.copy = false;
    this.clockStep = 1;
    this.senderSeen = 0;
    this.senderNext = 0;
    this.senderLastAck = 0;
    this.senderFin = 0;
    this.senderWindow = 0;
    this.senderSyn = 0;
    this.senderTs = 0;
    this.receiverSeen = 0;
    this.receiverNext = 0;
    this.receiverLastAck = 0;
    this.receiverWindow = 0;
    this.receiverSyn = 0;
    this.flowBits = 0;
    this.established = false;
    this.oneSided = false;
    this.lossy = false;
    this.gone = false;
    this.disordered = false;
    this.packetsBefore[0] = 0;
    this.packetsBefore[1] = 0;
    this.dataPacketsBefore[0] = 0;
    this.dataPacketsBefore[1] = 0;
    this.lastDataAt[0] = -1;
    this.lastDataAt[1] = -1;
    this.lastAt[0] = -1;
    this.lastAt[1] = -1;
    this.finAt[0] = -1;
    this.finAt[1] = -1;
    this.resetsBefore[0] = 0;
    this.resetsBefore[1] = 0;
    this.firstResetAt = -1;
    this.abortsBefore = 0;
    this.synAt = -1;
    this.synAckAt = -1;
    this.senderPackets = 0;
    this.receiverPackets = 0;
    this.idle = -1;
    this.senderSilence = -1;
    this.quiet = -1;
    this.silence = -1;
    this.silenceBefore = 'reset';
    this.silenceAt = -1;
    this.silenceEndAt = -1;
    this.handshake = -1;
    this.sameCloses = 0;
    this.sameResets = 0;
    this.survived = -1;
    this.age = -1;
    this.sameAges = 0;
    this.ageLimited = false;
    this.seqPlace = 'unknown';
    this.seqAhead = 0;
    this.ackAhead = Number.NaN;
    this.triggerAt = -1;
    this.triggerBytes = 0;
    this.unprovoked = false;
    this.answersWithAck = false;
    this.crossedAt = -1;
    this.crossedBytes = 0;
    this.missingBefore = 0;
    this.burst = 1;
    this.burstTtls = 1;
    this.burstAborts = 0;
    this.burstOtherAt = -1;
    this.guessedAt = -1;
    this.mirrorAt = -1;
    this.burstTurnsAt = -1;
    this.burstTurns = 0;
    this.overtakenAt = -1;
    this.baseTtls = 0;
    this.basePackets = 0;
    this.baseAt = -1;
    this.baseTtl = 0;
    this.baseDifference = DISTANCE_UNKNOWN;
    this.frontEnd = false;
    this.answeredHandshake = false;
    this.answeredNearer = 0;
    this.addressFlows = 0;
    this.addressPackets = 0;
    this.addressTtls = 0;
    this.addressSteady = false;
    this.addressTtl = 0;
    this.addressDifference = DISTANCE_UNKNOWN;
    this.measuredIn = 'nothing';
    this.hopDifference = Number.NaN;
    this.measureSteady = false;
    this.nearerEmitter = false;
    this.otherRefusals = 0;
    this.otherRefusalTtl = 0;
    this.otherRefusalFastest = -1;
    this.otherRefusalSlowest = -1;
    this.peerTtl = 0;
    this.countsIpIds = false;
    this.lastIpId = -1;
    this.copiedIpIdAt = -1;
    this.copiedWindowAt = -1;
    this.passages = -1;
    this.maybeCopiedTtl = false;
    this.macStable = false;
    this.macDiffers = false;
    this.afterDataAt = -1;
    this.afterAckAt = -1;
    this.afterTakenAt = -1;
    this.afterCausalAt = -1;
    this.afterResentAt = -1;
    this.afterUnheardAt = -1;
    this.afterPureAt = -1;
    this.afterSynAckAt = -1;
    this.afterPeerAt = -1;
    this.afterPeerPackets = 0;
    this.afterPeerSpan = 0;
    this.afterAnswers = 0;
    this.halfOpen = false;
    this.receiverWentOnAt = -1;
    this.receiverWentOnBytes = 0;
    this.rtt = -1;
    this.rttSamples = 0;
    this.handshakeTimed = false;
    this.addressRtt = -1;
    this.addressRttFlows = 0;
    this.causalDelay = -1;
    this.brokenSilence = -1;
    this.otherHost = 'no';
    this.steeredAt = -1;
    this.senderOut = 0;
    this.senderIn = 0;
    this.receiverOut = 0;
    this.receiverIn = 0;
    this.senderForwarded = 0;
    this.receiverForwarded = 0;
    this.passedAt = -1;
    this.out = false;
    this.in = false;
    this.keepAlives = 0;
    this.keepAliveAt = -1;
    this.keepAliveAnswered = false;
    this.fragNeededAt = -1;
    this.icmpAt = -1;
    this.largeResends = 0;
    this.peerLargeResends = 0;
    this.unanswered = 0;
    this.unansweredAt = -1;
    this.unansweredLastAt = -1;
    this.loopRounds = 0;
    this.loopFirstAt = -1;
    this.loopLastAt = -1;
    this.loopEnds = false;
    this.loopCut = false;
    this.simultaneous = 0;
    this.simultaneousPorts = 0;
    this.simultaneousSpan = 0;
    this.otherLegReset = -1;
  }
}
