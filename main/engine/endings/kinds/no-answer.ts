/** A SYN that nothing answered: not a SYN-ACK, not a reset, not an ICMP error. */
import type { FlowRecord, PacketNumber } from '../../../../shared/base/units.ts';
import { plural } from '../../../../shared/format/count.ts';
import { upperFirst } from '../../../../shared/format/text.ts';
import type { FailureEvidence } from '../../../../shared/model/failure.ts';
import { SEEN_ACK, SEEN_ANY, SEEN_DATA, SEEN_RST, SEEN_SYN } from '../../flow/record.ts';
import type { EndingCase, EndingRule, FoundEnding, FoundFailure } from '../found.ts';
import { evidence, only } from '../found.ts';
import { type CapturePlace, captureCommand, capturePlace } from '../place.ts';
import { plainEnding } from '../plain.ts';
import { isSyn } from '../segments.ts';
import { bounded, secondsOf, spanText, timesText } from '../texts.ts';
import { harmlessBy, lessWhereLost, lostByCapture, noReturnTraffic } from './shared.ts';

/** Before this nobody repeats a SYN (RFC 6298 §2: the first timeout is 1 s), and most answers are still on their way. */
const NO_CHANCE_NS = 1e9;
/** Connections of others this close in time went through the same network. */
const SAME_TIME_NS = 5e9;
/** From here on a user has noticed that connecting took long: the first SYN and two more. */
const LATE_NS = 2.9e9;

/** The SYN of a connection that never heard anything. */
export const noAnswer: EndingRule = (c) => {
  const { outline } = c;
  const { client, server } = outline;
  if (!client.has(SEEN_SYN) || server.has(SEEN_ANY) || server.has(SEEN_RST) || client.has(SEEN_RST))
    return undefined;
  // A client that acknowledges or sends data was answered: the answer was not captured.
  if (client.has(SEEN_ACK) || client.has(SEEN_DATA)) return only('not-seen');
  const syns = c.segments.filter(isSyn);
  if (syns.length === 0) return only('not-seen');
  const firstNs = syns[0].ns;
  const waited = c.endNs - firstNs;
  if (waited < NO_CHANCE_NS) return only('open');
  // Where the client's talks with others lack the answers too, this capture has only one direction.
  if (c.around.host(c.flow, 0).unheardTalks > 0) return only('not-seen');
  return failed(
    c,
    syns.map(({ packet }) => packet),
    syns[syns.length - 1].ns - firstNs,
    waited,
  );
};

function failed(c: EndingCase, packets: readonly PacketNumber[], span: number, waited: number): FoundEnding {
  return { ending: 'no-answer', failure: new Unanswered(c, packets, span, waited) };
}

/**
 * Thousands of SYNs go to a service that is down, and few of them are told of one by one: the texts are made as they are read. Getters of
 * an object literal would give each object a hidden class of its own.
 */
class Unanswered implements FoundFailure {
  readonly kind = 'no-answer';
  readonly packet: PacketNumber;
  readonly side: FoundFailure['side'];
  readonly tries: number;
  readonly seconds: number;
  readonly recovered: boolean;
  readonly matters: boolean;
  readonly confidence: number;
  readonly isScan: boolean;
  readonly #case: EndingCase;
  readonly #packets: readonly PacketNumber[];
  readonly #waited: number;
  readonly #place: CapturePlace;
  readonly #twin: FlowRecord | undefined;

  constructor(c: EndingCase, packets: readonly PacketNumber[], span: number, waited: number) {
    const { around, flow } = c;
    const { hears, scans } = around.host(flow, 0);
    const tries = packets.length;
    this.#case = c;
    this.#packets = packets;
    this.#waited = waited;
    this.#place = capturePlace(c);
    this.#twin = scans ? undefined : around.twinThatWorked(flow);
    this.packet = packets[0];
    this.side = this.#place === 'server' ? 'server' : null;
    this.tries = tries;
    this.seconds = secondsOf(tries > 1 ? span : waited);
    this.isScan = scans;
    this.recovered = this.#twin !== undefined;
    this.matters = !scans && !this.recovered;
    let confidence = tries >= 3 ? 0.97 : tries === 2 ? 0.93 : 0.85;
    if (!hears) confidence = Math.min(confidence, 0.65);
    this.confidence = bounded(lessWhereLost(confidence, c));
  }

  get evidence(): readonly FailureEvidence[] {
    return evidenceOf(this.#case, this.#packets, this.seconds, this.#waited, this.isScan, this.#twin);
  }

  get summary(): string {
    const { client, server } = this.#case;
    return `${client} sent its SYN to ${server} ${timesText(this.tries)}${this.tries > 1 ? ` over ${spanText(this.seconds)}` : ''} and got no answer at all.`;
  }

  get next(): string {
    const c = this.#case;
    return this.matters ? advice(c, this.#place, this.tries, this.seconds) : noise(c, this.isScan);
  }
}

function evidenceOf(
  c: EndingCase,
  packets: readonly number[],
  seconds: number,
  waited: number,
  isScan: boolean,
  twin: FlowRecord | undefined,
): readonly FailureEvidence[] {
  const { around, flow } = c;
  const host = around.host(flow, 1);
  const tries = packets.length;
  const found = [
    evidence(
      'syn-unanswered',
      `The SYN was sent ${timesText(tries)}${tries > 1 ? ` over ${spanText(seconds)}` : ''}; nothing came back in ${spanText(secondsOf(waited))}, no refusal either.`,
      packets,
    ),
  ];
  if (host.speaks) {
    const ports = host.answeringPorts.slice(0, 5);
    const which = ports.length > 0 ? `, on port${ports.length === 1 ? '' : 's'} ${ports.join(', ')}` : '';
    found.push(
      evidence(
        'host-answers-elsewhere',
        `The same address answers others in this capture${which}: the host and the way to it are up.`,
      ),
    );
  }
  if (!around.host(flow, 0).hears) {
    found.push(noReturnTraffic(c));
  }
  const times = outage(c);
  if (times !== null) found.push(evidence('others-answered', times));
  found.push(...harmlessBy(c, isScan, twin), ...lostByCapture(c));
  return found;
}

/** When others reached the same port: the begin and end of an outage, or losses in the middle of what works. */
function outage({ around, flow, outline }: EndingCase): string | null {
  const { answeredNs, unanswered } = around.service(flow);
  if (answeredNs.length === 0) return null;
  const near = answeredNs.filter((ns) => Math.abs(ns - outline.firstNs) < SAME_TIME_NS).length;
  if (near > 0) {
    return `Within ${spanText(SAME_TIME_NS / 1e9)} of it ${plural(near, 'connection')} to the same port ${near === 1 ? 'was' : 'were'} answered, ${plural(unanswered, 'was', 'were')} not: single SYNs are lost or dropped.`;
  }
  const before = answeredNs.filter((ns) => ns < outline.firstNs);
  const after = answeredNs.find((ns) => ns > outline.firstNs);
  const parts = [
    before.length > 0
      ? `the last one before it ${spanText((outline.firstNs - before[before.length - 1]) / 1e9)} earlier`
      : '',
    after !== undefined ? `the next one ${spanText((after - outline.firstNs) / 1e9)} later` : '',
  ].filter((part) => part !== '');
  return `Connections to the same port were answered ${parts.join(' and ')}.`;
}

function noise(c: EndingCase, isScan: boolean): string {
  return isScan
    ? `Nothing to do for the service: ${c.clientAddress} looks through many ports or hosts. If that is no scanner of yours, find out what runs there.`
    : `Nothing to do while the other address works: the program connected there at once. The address ${c.serverAddress} is dead for this client, so take it out of DNS, or repair its route or firewall.`;
}

function advice(c: EndingCase, place: CapturePlace, tries: number, seconds: number): string {
  const { hears } = c.around.host(c.flow, 0);
  const hostSpeaks = c.around.host(c.flow, 1).speaks;
  const othersAnswered = outage(c) !== null;
  const port = c.outline.serverPort;
  const what = `the SYN to ${c.server} was sent ${timesText(tries)}${tries > 1 ? ` over ${spanText(seconds)}` : ''} and nothing came back, not even a refusal`;
  if (place === 'server') {
    return (
      `Look at the server for a rule that drops port ${port} (nft list ruleset, iptables -L -v, the cloud's security group), for a full listen queue ` +
      `(ss -ltn 'sport = :${port}', nstat -az TcpExtListenDrops TcpExtListenOverflows) or a dropped return path (rp_filter). ` +
      `This capture was made at the server: ${what}, so the SYN arrived and the host did not answer.`
    );
  }
  if (!hears) {
    return (
      `Capture at ${c.clientAddress} or at the server before anything else: ${captureCommand(c, c.clientAddress)}. ` +
      `As far as this capture shows, ${what}; but no packet in that direction is in it at all, so answers may take another way (asymmetric routing, a mirror port of one direction).`
    );
  }
  const capture = `Capture at the server: does the SYN arrive? ${captureCommand(c, c.clientAddress)}. If it does, its own firewall drops it (nft list ruleset, iptables -L -v) or its listen queue is full (ss -ltn, nstat -az TcpExtListenDrops); if not, a firewall, security group or route between the two does.`;
  const here =
    place === 'client'
      ? ' The SYN left this client.'
      : place === 'between'
        ? ' This was captured between the two.'
        : '';
  return `${capture} ${upperFirst(what)}${reason(c, hostSpeaks, othersAnswered)}.${hostSpeaks ? '' : here}`;
}

/** What the rest of the capture makes likely. */
function reason(c: EndingCase, hostSpeaks: boolean, othersAnswered: boolean): string {
  if (!hostSpeaks) return ': a firewall that drops, a wrong route, or a host that is down';
  return othersAnswered
    ? `, while others reach the same port: single SYNs are dropped, by a full listen queue, a rate limit or conntrack table, a rule for ${c.clientAddress}, or by loss on the way`
    : `, while the host answers otherwise: a firewall that drops port ${c.outline.serverPort}, rather than a host that is down (which would leave every port silent)`;
}

/** A SYN that was answered at last: the connection works, and began late. */
export const lateAnswer: EndingRule = (c) => {
  const { outline } = c;
  if (!outline.sawBothHandshakes || !outline.isEstablished) return undefined;
  const answered = c.segments.findIndex(({ direction }) => direction === 1);
  const syns = c.segments.slice(0, Math.max(0, answered)).filter(isSyn);
  if (syns.length < 2) return undefined;
  const delay = c.segments[answered].ns - syns[0].ns;
  if (delay < LATE_NS) return undefined;
  const seconds = secondsOf(delay);
  const place = capturePlace(c);
  return {
    ending: plainEnding(outline),
    failure: {
      kind: 'no-answer',
      packet: syns[0].packet,
      side: null,
      tries: syns.length,
      seconds,
      recovered: true,
      matters: false,
      confidence: 0.9,
      evidence: [
        evidence(
          'syn-answered-late',
          `The SYN was sent ${timesText(syns.length)}; the answer came ${spanText(seconds)} after the first.`,
          [...syns.map(({ packet }) => packet), c.segments[answered].packet],
        ),
      ],
      summary: `${c.client} reached ${c.server} only with SYN number ${syns.length}, ${spanText(seconds)} late.`,
      next:
        `Nothing to do if it happens seldom: the connection worked in the end, ${spanText(seconds)} late; ${plural(syns.length - 1, 'SYN')} got no answer. ` +
        (place === 'server'
          ? `They arrived at the server, so look for a full listen queue there: nstat -az TcpExtListenDrops TcpExtListenOverflows, ss -ltn 'sport = :${outline.serverPort}'.`
          : c.view.join.twins(c.flow).length > 0
            ? 'If it happens often, see which of them the other capture holds: those that arrived unanswered mean a full listen queue (nstat -az TcpExtListenDrops), others were lost on the way.'
            : `If it happens often, capture at the server, too (${captureCommand(c, c.clientAddress)}): SYNs that arrive there unanswered mean a full listen queue (nstat -az TcpExtListenDrops), others were lost on the way.`),
      isScan: false,
    },
  };
};
