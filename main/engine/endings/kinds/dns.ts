/** DNS questions over UDP: answered, or asked again and again in vain (RFC 1035 §4.2.1). */
import type { FlowRecord, PacketNumber } from '../../../../shared/base/units.ts';
import {
  FIRST_PACKET,
  FIRST_TIME,
  LAST_TIME,
  META,
  PORTS,
  SEEN,
  SEEN_ANY,
  isTcp,
} from '../../flow/record.ts';
import { LIMITS } from '../../limits.ts';
import { PORT_DNS } from '../../stream/dns.ts';
import type { EndingCase, EndingRule } from '../found.ts';
import { evidence, only } from '../found.ts';
import { type CapturePlace, captureCommand, capturePlace } from '../place.ts';
import { type Segment, isSpeech } from '../segments.ts';
import { bounded, secondsOf, spanText, timesText } from '../texts.ts';
import { lessWhereLost, noReturnTraffic } from './shared.ts';

/** Resolvers answer what they do not know yet within some seconds; stubs ask again after 1 to 5. */
const PATIENCE_NS = 2e9;
/** A question that another server answered this soon was repeated there. */
const ELSEWHERE_NS = 15e9;

export const dnsQuestion: EndingRule = (c) => {
  const { outline } = c;
  if (outline.serverPort !== PORT_DNS) return undefined;
  if (!outline.client.has(SEEN_ANY)) return only('not-seen');
  const asked = c.segments.filter((segment) => segment.direction === 0 && isSpeech(segment));
  if (asked.length === 0) return only('not-seen');
  const answers = c.segments.filter((segment) => segment.direction === 1 && isSpeech(segment));
  if (outline.server.has(SEEN_ANY) && answers.length === 0) return only('clean');
  const open = stillOpen(asked, answers);
  if (open.length === 0) return only('clean');
  if (c.endNs - open[0].ns < PATIENCE_NS) return only('open');
  return unanswered(c, open);
};

/** One socket may ask several questions, A and AAAA at once for example: each has an answer of its own. */
function stillOpen(asked: readonly Segment[], answers: readonly Segment[]): readonly Segment[] {
  if ([...asked, ...answers].every(({ seq }) => seq !== 0)) {
    return asked.filter(
      (question) => !answers.some(({ seq, ns }) => seq === question.seq && ns >= question.ns),
    );
  }
  // Without the questions themselves only the order tells: those after the last answer have none.
  if (answers.length >= asked.length) return [];
  const answered = answers.length === 0 ? -Infinity : answers[answers.length - 1].ns;
  return asked.filter(({ ns }) => ns > answered);
}

function unanswered(c: EndingCase, open: readonly Segment[]): ReturnType<EndingRule> {
  const { outline } = c;
  const [first] = open;
  const isCertain = first.seq !== 0;
  const span = open[open.length - 1].ns - first.ns;
  const { elsewhere, repeats, hears } = others(c, first);
  // Where nothing comes back to the client in the whole capture, the answers may pass elsewhere.
  const oneSided = !hears && !c.around.host(c.flow, 0).hears;
  const tries = open.length;
  const seconds = secondsOf(tries > 1 ? span : Math.min(c.endNs - outline.firstNs, 5e9));
  const recovered = elsewhere !== null;
  const place = capturePlace(c);
  const speaks = c.around.host(c.flow, 1).speaks;
  const found = [
    evidence(
      'question-unanswered',
      `The question was sent ${timesText(tries)}${tries > 1 ? ` over ${spanText(seconds)}` : ''} to ${c.server}; no answer came from it.`,
      open.map(({ packet }) => packet),
    ),
  ];
  if (repeats > 0)
    found.push(
      evidence(
        'asked-again',
        `The client asked this server ${isCertain ? 'the same' : 'a question of the same length'} ${timesText(repeats)} more from other ports in the next seconds.`,
      ),
    );
  const other = elsewhere === null ? '' : c.view.addressText(elsewhere, 1);
  const isSameServer = other === c.serverAddress;
  if (recovered)
    found.push(
      evidence(
        'answered-elsewhere',
        `${isSameServer ? 'The same server' : other} answered ${isCertain ? 'the same question' : 'a question of the same length'} of this client within ${spanText(ELSEWHERE_NS / 1e9)}.`,
      ),
    );
  if (speaks)
    found.push(
      evidence('host-answers-elsewhere', 'The same server answers other questions in this capture.'),
    );
  if (oneSided) found.push(noReturnTraffic(c));
  return {
    ending: 'no-answer',
    failure: {
      kind: 'no-answer',
      packet: first.packet,
      side: place === 'server' ? 'server' : null,
      tries,
      seconds,
      recovered,
      matters: !recovered,
      confidence: bounded(lessWhereLost((tries > 1 || repeats > 0 ? 0.95 : 0.85) - (oneSided ? 0.3 : 0), c)),
      evidence: found,
      summary: `The DNS server ${c.server} did not answer ${c.client}${tries > 1 ? `, asked ${timesText(tries)} over ${spanText(seconds)}` : ''}${recovered ? '; another answer came soon after' : ''}.`,
      next: recovered ? gotOver(c, other, isSameServer) : advice(c, place, speaks, oneSided),
      isScan: false,
    },
  };
}

function gotOver(c: EndingCase, other: string, isSameServer: boolean): string {
  return isSameServer
    ? `Nothing to do for this one: ${other} answered the client when it asked again. If it happens often, each lost datagram costs a lookup seconds: look for loss, a rate limit or a full queue on the way or at the server.`
    : `Nothing to do for this one: the client had its answer from ${other} soon after. If it happens often, ${c.serverAddress} costs each lookup seconds: take it out of /etc/resolv.conf (or DHCP), or repair it.`;
}

function advice(c: EndingCase, place: CapturePlace, speaks: boolean, oneSided: boolean): string {
  const ask = `dig @${c.serverAddress} . NS +tries=1 +time=3`;
  if (oneSided)
    return `First make sure that answers pass this point of capture, for none to ${c.clientAddress} does: ask the server yourself from the client (${ask}). If that gets an answer, nothing is wrong.`;
  const why = speaks
    ? 'It answers others here, so it is up: single datagrams are lost or rate-limited, or what it asks upstream for this name does not answer (see its log).'
    : 'It answers nobody in this capture: is the service up, does a firewall drop UDP port 53 on the way or there?';
  const where =
    place === 'server'
      ? `The question arrived here, at the server: see its log, and nft list ruleset.`
      : `Capture at the server: does the question arrive? ${captureCommand(c, c.clientAddress)}.`;
  return `Ask the server yourself from the client: ${ask}. ${why} ${where}`;
}

/** What else the client asked around the same time: the same name, or where that was not captured, one as long. */
function others({ view, flow, outline, serverAddress }: EndingCase, question: Segment): Others {
  const { flows, packets } = view;
  let elsewhere: FlowRecord | null = null;
  let repeats = 0;
  let hears = false;
  let left = LIMITS.maxEndingNeighbours;
  view.addresses.visitFlows(flow, 0, (other, own) => {
    const isQuestion =
      own === 0 && !isTcp(flows.word(other, META)) && (flows.word(other, PORTS) & 0xffff) === PORT_DNS;
    if (isQuestion && other !== flow) {
      const answered = (flows.directionWord(other, 1, SEEN) & SEEN_ANY) !== 0;
      hears ||= answered;
      const first = (flows.word(other, FIRST_PACKET) >>> 0) as PacketNumber;
      const isSame =
        packets.holds(first) &&
        (question.seq !== 0
          ? packets.seq(first) === question.seq
          : packets.payload(first) === question.length);
      const isSoon =
        isSame &&
        flows.double(other, LAST_TIME) >= outline.firstNs &&
        flows.double(other, FIRST_TIME) <= outline.lastNs + ELSEWHERE_NS;
      if (isSoon && answered) elsewhere = other;
      else if (isSoon && view.addressText(other, 1) === serverAddress) repeats++;
    }
    return --left > 0;
  });
  return { elsewhere, repeats, hears };
}

interface Others {
  /** One that was answered. */
  readonly elsewhere: FlowRecord | null;
  /** To the same server, in vain. */
  readonly repeats: number;
  /** Any question of the client was answered. */
  readonly hears: boolean;
}
