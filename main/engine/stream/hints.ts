/**
 * Gathers what the first payload bytes of flows tell about their application.
 *
 * The pipeline shows it (`sniff`) the first few payload packets of each direction, and of later ones those that
 * `wants` asks for; so it costs nothing for the bulk of a capture. Objects exist only for flows in which something
 * was recognised, LIMITS.maxHintedFlows at most; those of flows that came first are put aside where a file takes them (ColdHints).
 *
 * Hostile bytes: no method throws or loops, whatever the payload; every text is bounded and sanitised.
 */
import { seqAdd } from '../../../shared/base/seq.ts';
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FlowHints, HintDirection, HintProtocol } from '../../../shared/model/hints.ts';
import type { LimitCounter } from '../limits.ts';
import { LIMITS } from '../limits.ts';
import type { SpillSpace } from '../spill-space.ts';
import { AddressNames } from './address-names.ts';
import { ColdHints } from './cold-hints.ts';
import { readDnsAnswers } from './dns.ts';
import { GatheredHints, otherDirection } from './flow-hints.ts';
import { Fingerprints } from './fingerprints.ts';
import { readFrames } from './http2.ts';
import { continueHeader, parseRequest, parseStatus, requestedName } from './http.ts';
import { noteLastChunk, replyBegins, replyGoesOn } from './last-chunk.ts';
import { PendingHellos, mayBeginClientHello } from './pending-hellos.ts';
import { readReply } from './replies.ts';
import { recognise } from './signatures.ts';
import { TextPool } from './text-pool.ts';
import { SERVER_HELLO, parseClientHello } from './tls-hello.ts';
import { TLS_1_3 } from './tls-names.ts';
import {
  CHANGE_CIPHER_SPEC as FIRST_RECORD_TYPE,
  TLS_APPLICATION_DATA,
  TLS_ALERT,
  handshakeMessage,
  looksLikeTls,
  noteClientHello,
  readRecords,
} from './tls.ts';
import { WANTED_OF, WANT_CHUNKS, WANT_HEADER, WANT_HELLO, WANT_NOTHING, WANT_TLS13, Wants } from './wants.ts';

const UPPER_A = 0x41;
const UPPER_H = 0x48;
const UPPER_Z = 0x5a;
/** Message header and the version behind it. */
const ENOUGH_TO_TELL = 6;
/** Record header, level and description. */
const SHORTEST_ALERT = 7;
/** No header section that anybody sends in earnest has so many segments. */
const MOST_HEADER_PARTS = 64;
const SHORTEST_STATUS = 'HTTP/1.1 200'.length;

export interface HintMemory {
  readonly spill: SpillSpace;
  readonly onSpillFull: () => void;
  /** Flows whose hints are kept at hand. */
  readonly mostWarm?: number | undefined;
}

/** Flows looked at for each whose hints are to be put aside. */
const MOST_LOOKED_AT = 4096;

export class HintCollector {
  readonly #names = new AddressNames();
  #timeline = 0;
  /** What was recognised, by the flow's record. An array, for records are dense and every payload that is looked at asks. */
  readonly #flows: (GatheredHints | undefined)[] = [];
  /** How many of them there are. */
  #hinted = 0;
  /** Those that were put aside. */
  readonly #cold: ColdHints | undefined;
  readonly #mostWarm: number;
  /** How often hints of a flow were put aside. */
  putAside = 0;
  /** Where the search for hints to put aside goes on. */
  #hand = 0;
  readonly #hellos: PendingHellos;
  readonly #wants = new Wants();
  readonly #texts = new TextPool();
  readonly #limits: LimitCounter;
  readonly #maxNames: number | undefined;
  #prints: Fingerprints | undefined;

  /**
   * @param maxNames names kept of an endless capture, the newest; else LIMITS.maxNames, the first
   * @param memory where hints go of which there are too many for memory; without it all stay
   */
  constructor(limits: LimitCounter, maxNames?: number, memory?: HintMemory) {
    this.#limits = limits;
    this.#maxNames = maxNames;
    this.#cold = memory === undefined ? undefined : new ColdHints(memory.spill, memory.onSpillFull);
    this.#mostWarm = memory?.mostWarm ?? LIMITS.maxWarmHints;
    this.#hellos = new PendingHellos(limits);
  }

  /** Several captures are read: keeps what tells a connection on the other side of a proxy. */
  keepFingerprints(): void {
    this.#prints ??= new Fingerprints();
  }

  /** Undefined where only one capture is read. */
  get fingerprints(): Fingerprints | undefined {
    return this.#prints;
  }

  /** What comes now is of this timeline. */
  startTimeline(timeline: number): void {
    this.#timeline = timeline;
  }

  /** Address, as addressText writes it → the name that was last resolved to it in a timeline. */
  dnsNames(timeline = this.#timeline): ReadonlyMap<string, string> {
    return this.#names.of(timeline);
  }

  /** What is known of the flow; undefined where nothing was recognised. The object grows with later packets. */
  hints(flow: FlowRecord): FlowHints | undefined {
    return this.#known(flow);
  }

  #known(flow: FlowRecord): GatheredHints | undefined {
    return this.#flows[flow] ?? this.#cold?.find(flow);
  }

  /** Nothing will be asked any more. */
  close(): void {
    this.#cold?.close();
  }

  /** The hints of a flow of which more comes. */
  #thawed(flow: FlowRecord): GatheredHints | undefined {
    const warm = this.#flows[flow];
    if (warm !== undefined || this.#cold === undefined) return warm;
    const cold = this.#cold.find(flow);
    if (cold === undefined) return undefined;
    this.#cold.forget(flow);
    this.#flows[flow] = cold;
    this.#hinted++;
    this.#shareTexts(cold);
    return cold;
  }

  /** Puts hints aside where there are too many, of the flows that came first. @param but of this flow */
  #cool(but: FlowRecord): void {
    const cold = this.#cold;
    if (cold === undefined || this.#hinted <= this.#mostWarm) return;
    const flows = this.#flows;
    for (let looks = 0; looks < MOST_LOOKED_AT; looks++) {
      if (this.#hand >= flows.length) this.#hand = 0;
      const flow = this.#hand++ as FlowRecord;
      const hints = flows[flow];
      if (hints === undefined || flow === but) continue;
      if (!cold.put(flow, hints)) return;
      flows[flow] = undefined;
      this.#hinted--;
      this.putAside++;
      return;
    }
  }

  /**
   * Whether a payload after the first few should be shown to `sniff`: it may hold a TLS alert, the start line of an
   * HTTP message, an error reply, or the rest of a ClientHello.
   * @param firstByte of the payload
   * @param length of the payload on the wire
   */
  wants(flow: FlowRecord, firstByte: number, length: number): boolean {
    if (firstByte === TLS_ALERT) return length >= SHORTEST_ALERT;
    if (firstByte === UPPER_H) return length >= SHORTEST_STATUS;
    return this.#wants.asks(flow, firstByte, length);
  }

  /** Whether more of the first bytes of the side are to be shown to `sniff`, for the sake of joining captures. */
  wantsHead(flow: FlowRecord, direction: HintDirection): boolean {
    return this.#prints !== undefined && this.#prints.wants(flow, direction);
  }

  /**
   * Reads one TCP payload.
   * @param packet its number in the analysis
   * @param bytes holds the payload's captured part at [at, at + captured)
   * @param length of the payload on the wire (≥ captured)
   * @param seq sequence number of the first payload byte; with it, a ClientHello in several segments is put together
   *   right even when they repeat. Without it, each segment is taken to continue the one before.
   */
  sniff(
    flow: FlowRecord,
    direction: HintDirection,
    packet: PacketNumber,
    bytes: Uint8Array,
    at: number,
    captured: number,
    length: number,
    seq?: number,
  ): void {
    if (captured < 1) return;
    const end = at + captured;
    if (seq !== undefined) this.#prints?.take(flow, direction, bytes, at, captured, length, seq);
    if (this.#hellos.size > 0 && this.#hellos.waits(flow, direction)) {
      // Without numbers, what begins like a hello is taken for a repetition of its start.
      if (seq !== undefined || !mayBeginClientHello(bytes, at, end)) {
        this.#continueHello(flow, direction, seq, bytes.subarray(at, end), captured < length);
        return;
      }
    }
    const known = this.#thawed(flow);
    // Who answers has read the header section: what was missing of it was not captured.
    if (known !== undefined && known.headerOf !== direction) known.headerOf = null;
    if (known !== undefined && known.headerOf !== null) {
      if (this.#continueHeader(flow, known, direction, bytes, at, end, length, seq)) return;
    }
    if (known?.httpStatus?.chunked === true && known.httpStatus.direction === direction) {
      replyGoesOn(known, known.httpStatus, bytes, at, end, length, seq);
    }
    const first = bytes[at];
    // The first byte settles nearly every case.
    const mayBeTls = first >= FIRST_RECORD_TYPE && first <= TLS_APPLICATION_DATA;
    if (mayBeTls && this.#sniffTls(flow, direction, packet, bytes, at, end, length, seq)) return;
    const mayBeHttp = first >= UPPER_A && first <= UPPER_Z;
    if (mayBeHttp && this.#sniffHttp(flow, direction, packet, bytes, at, end, length, seq)) return;
    this.#sniffOthers(flow, direction, packet, bytes, at, end, length);
  }

  /** Reads a DNS or mDNS response: payload of UDP from port 53 or 5353 at [at, at + length). */
  sniffDns(bytes: Uint8Array, at: number, length: number): void {
    if (length < 1) return;
    const read = readDnsAnswers(bytes, at, length, (address, name) => {
      this.#keepName(address, this.#texts.one(name));
    });
    if (read === 'too-many') this.#limits.hit('maxDnsRecords');
  }

  #keepName(address: string, name: string): void {
    const names = this.#names;
    const most = this.#maxNames ?? LIMITS.maxNames;
    if (names.size >= most && !names.has(this.#timeline, address)) {
      if (this.#maxNames === undefined) {
        this.#limits.hit('maxNames');
        return;
      }
      names.dropOldest(this.#timeline);
    }
    names.set(this.#timeline, address, name);
  }

  /** Forgets a flow: its number may be used again. */
  forget(flow: FlowRecord): void {
    if (this.#flows[flow] !== undefined) {
      this.#flows[flow] = undefined;
      this.#hinted--;
    }
    this.#cold?.forget(flow);
    this.#hellos.drop(flow);
    this.#wants.set(flow, WANT_NOTHING);
    this.#prints?.forget(flow);
  }

  /** @returns whether the payload begins with TLS records, or may be the start of a ClientHello */
  #sniffTls(
    flow: FlowRecord,
    direction: HintDirection,
    packet: PacketNumber,
    bytes: Uint8Array,
    at: number,
    end: number,
    length: number,
    seq: number | undefined,
  ): boolean {
    const known = this.#flows[flow];
    if (mayBeginClientHello(bytes, at, end) && (known === undefined || known.clientHelloPacket === null)) {
      const part = bytes.subarray(at, end);
      const state = this.#readHello(flow, direction, packet, part);
      if (state === 'partial' && part.length === length) this.#awaitHello(flow, direction, packet, seq, part);
      if (state !== 'none') return true;
    }
    if (!looksLikeTls(bytes, at, end, length)) return false;
    const hints = known ?? this.#open(flow, 'tls');
    if (hints === undefined) return true;
    if (this.#prints !== undefined && !hints.serverHelloSeen) {
      const message = handshakeMessage(bytes, at, end);
      if (message.length > 0 && message[0] === SERVER_HELLO) this.#prints.hello(flow, true, message);
    }
    readRecords(hints, direction, packet, bytes, at, end);
    this.#settle(flow, hints);
    return true;
  }

  /** @returns `partial` also while there are too few bytes to tell; `none` when they are no ClientHello */
  #readHello(
    flow: FlowRecord,
    direction: HintDirection,
    packet: PacketNumber,
    bytes: Uint8Array,
  ): 'none' | 'partial' | 'complete' {
    const message = handshakeMessage(bytes, 0, bytes.length);
    if (message.length < ENOUGH_TO_TELL) return 'partial';
    const hello = parseClientHello(message);
    if (hello === undefined) return 'none';
    this.#prints?.hello(flow, false, message);
    const hints = this.#flows[flow] ?? this.#open(flow, 'tls');
    if (hints !== undefined) {
      noteClientHello(hints, direction, packet, hello);
      this.#shareTexts(hints);
      this.#settle(flow, hints);
    }
    return hello.complete ? 'complete' : 'partial';
  }

  #awaitHello(
    flow: FlowRecord,
    direction: HintDirection,
    packet: PacketNumber,
    seq: number | undefined,
    part: Uint8Array,
  ): void {
    const displaced = this.#hellos.start(flow, direction, packet, seq, part);
    if (displaced !== undefined) this.#stopAwaiting(displaced);
    this.#wants.set(flow, WANT_HELLO);
  }

  #continueHello(
    flow: FlowRecord,
    direction: HintDirection,
    seq: number | undefined,
    part: Uint8Array,
    isCut: boolean,
  ): void {
    const hello = this.#hellos.add(flow, seq, part);
    if (hello === undefined) return;
    const state = this.#readHello(flow, direction, hello.packet, hello.bytes);
    if (state === 'partial' && !hello.isFull && !isCut) this.#wants.set(flow, WANT_HELLO);
    else this.#stopAwaiting(flow);
  }

  #stopAwaiting(flow: FlowRecord): void {
    this.#hellos.drop(flow);
    this.#wants.set(flow, wantedOf(this.#known(flow)));
  }

  /** @returns whether the payload begins an HTTP/1.x message */
  #sniffHttp(
    flow: FlowRecord,
    direction: HintDirection,
    packet: PacketNumber,
    bytes: Uint8Array,
    at: number,
    end: number,
    length: number,
    seq: number | undefined,
  ): boolean {
    const known = this.#flows[flow];
    // A plain HTTP server answers a ClientHello with a status line; later, TLS payload proves nothing.
    const isOpen = known === undefined || known.protocol === 'http';
    if (!isOpen && (known.protocol !== 'tls' || known.serverHelloSeen)) return false;
    const status = parseStatus(bytes, at, end, packet, direction, seq);
    const request = status === undefined ? parseRequest(bytes, at, end, packet, direction, seq) : undefined;
    if (status === undefined && request === undefined) return false;
    const hints = known ?? this.#open(flow, 'http');
    if (hints === undefined) return true;
    if (status !== undefined) {
      replyBegins(hints, status, bytes, at, end, length, seq);
      hints.clientDirection ??= otherDirection(direction);
    }
    if (request !== undefined) {
      hints.http = request;
      hints.requestsSeen++;
      hints.clientDirection ??= direction;
      hints.serverName ??= requestedName(request);
      this.#shareTexts(hints);
    }
    const isCut = end - at < length;
    const goesOn = (status ?? request)?.bodySeq === null && seq !== undefined && !isCut;
    hints.headerOf = goesOn ? direction : null;
    if (goesOn) {
      hints.headerGoesOn = seqAdd(seq, end - at);
      hints.headerParts = 0;
    }
    this.#settle(flow, hints);
    return true;
  }

  /**
   * Reads on in a header section that the segment before did not end; whatever does not follow it ends the wait.
   * @returns whether the payload was that
   */
  #continueHeader(
    flow: FlowRecord,
    hints: GatheredHints,
    direction: HintDirection,
    bytes: Uint8Array,
    at: number,
    end: number,
    length: number,
    seq: number | undefined,
  ): boolean {
    hints.headerOf = null;
    const follows = seq !== undefined && (seq | 0) === hints.headerGoesOn;
    if (follows && hints.headerParts++ < MOST_HEADER_PARTS) {
      const request = hints.http?.direction === direction ? hints.http : null;
      const status = hints.httpStatus?.direction === direction ? hints.httpStatus : null;
      if (request !== null) hints.http = continueHeader(request, bytes, at, end, seq);
      else if (status !== null)
        replyBegins(hints, continueHeader(status, bytes, at, end, seq), bytes, at, end, length, seq);
      const ended = (request === null ? hints.httpStatus : hints.http)?.bodySeq !== null;
      if (!ended && end - at === length) {
        hints.headerOf = direction;
        hints.headerGoesOn = seqAdd(seq, end - at);
      }
    }
    this.#settle(flow, hints);
    return follows;
  }

  #sniffOthers(
    flow: FlowRecord,
    direction: HintDirection,
    packet: PacketNumber,
    bytes: Uint8Array,
    at: number,
    end: number,
    length: number,
  ): void {
    let hints = this.#flows[flow];
    if (hints === undefined) {
      const recognised = recognise(bytes, at, end, length);
      if (recognised === undefined) return;
      hints = this.#open(flow, recognised.protocol);
      if (hints === undefined) return;
      hints.banner = recognised.banner;
      this.#shareTexts(hints);
      if (recognised.speaker === 'client') hints.clientDirection = direction;
      if (recognised.speaker === 'server') hints.clientDirection = otherDirection(direction);
      if (recognised.protocol === 'tls') hints.clientHelloPacket = packet;
      // The length in front of a DNS message over TCP takes two bytes.
      if (recognised.protocol === 'dns') this.sniffDns(bytes, at + 2, end - at - 2);
    } else if (hints.protocol === 'dns') {
      this.sniffDns(bytes, at + 2, end - at - 2);
    }
    if (hints.protocol === 'http') noteLastChunk(hints, direction, bytes, at, end);
    if (hints.protocol === 'http2') readFrames(hints, direction, packet, bytes, at, end);
    readReply(hints, direction, packet, bytes, at, end, length);
    this.#settle(flow, hints);
  }

  #open(flow: FlowRecord, protocol: HintProtocol): GatheredHints | undefined {
    if (this.#hinted >= LIMITS.maxHintedFlows) {
      this.#limits.hit('maxHintedFlows');
      return undefined;
    }
    const hints = new GatheredHints(protocol);
    // Filled without holes: one far jump would turn the array into a map.
    while (this.#flows.length < flow) this.#flows.push(undefined);
    this.#flows[flow] = hints;
    this.#hinted++;
    this.#cool(flow);
    return hints;
  }

  /** Settles what is wanted of the flow from here on. */
  #settle(flow: FlowRecord, hints: GatheredHints): void {
    if (this.#wants.of(flow) !== WANT_HELLO) this.#wants.set(flow, wantedOf(hints));
  }

  #shareTexts(hints: GatheredHints): void {
    if (hints.serverName !== null) hints.serverName = this.#texts.one(hints.serverName);
    if (hints.banner !== null) hints.banner = this.#texts.one(hints.banner);
    hints.alpnOffered = this.#texts.list(hints.alpnOffered);
  }
}

function wantedOf(hints: GatheredHints | undefined): number {
  if (hints === undefined) return WANT_NOTHING;
  if (hints.headerOf !== null) return WANT_HEADER;
  if (hints.tlsVersion?.startsWith(TLS_1_3)) return WANT_TLS13;
  if (hints.httpStatus?.lastChunk === 'missing') return WANT_CHUNKS;
  return WANTED_OF[hints.protocol] ?? WANT_NOTHING;
}
