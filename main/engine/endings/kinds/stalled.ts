/** The connection stood still: a receiver that takes nothing (zero window), full segments that never arrive, or a delay that was got over. */
import { plural } from '../../../../shared/format/count.ts';
import { TCP_FIN, TCP_SYN } from '../../decode/facts.ts';
import { MARK_ZERO_WINDOW_PROBE, MARK_KEEP_ALIVE } from '../../flow/marks.ts';
import { SEEN_ZERO_WINDOW } from '../../flow/record.ts';
import type { EndingCase, EndingRule } from '../found.ts';
import { evidence } from '../found.ts';
import { captureCommand, capturePlace } from '../place.ts';
import { plainEnding } from '../plain.ts';
import { type Segment, isSpeech } from '../segments.ts';
import { secondsOf, spanText, timesText } from '../texts.ts';
import { type ToldError, errorsTold } from './icmp.ts';
import { endsOf } from './shared.ts';
import { type Silence, longestDelay, silenceOf } from './silence.ts';
import { isEnough } from './went-silent.ts';

/** A reader that pauses for less is an ordinary brake (flow control). */
const LEAST_CLOSED_NS = 3e9;
/** A delay that a person notices; and one that is taken for a fault. */
const LEAST_DELAY_NS = 3e9;
const NOTICED_SECONDS = 10;
/** The least payload of a segment that a smaller MTU on the way could stop (IPv6: 1280 and its headers). */
const LEAST_FULL = 1100;

// ── zero window ─────────────────────────────────────────────────────────────────────────────────────────────

interface ClosedWindow {
  readonly receiver: 0 | 1;
  readonly first: Segment;
  readonly probes: readonly Segment[];
  readonly endNs: number;
  readonly opened: Segment | null;
}

export const zeroWindow: EndingRule = (c) => {
  const { outline } = c;
  let longest: ClosedWindow | null = null;
  for (const receiver of [0, 1] as const) {
    if (!outline.halves[receiver].has(SEEN_ZERO_WINDOW)) continue;
    for (const closed of closedWindows(c, receiver)) {
      // Without a probe nobody wanted to send anything.
      if (closed.probes.length === 0) continue;
      if (longest === null || closed.endNs - closed.first.ns > longest.endNs - longest.first.ns)
        longest = closed;
    }
  }
  if (longest === null || longest.endNs - longest.first.ns < LEAST_CLOSED_NS) return undefined;
  const { receiver, first, probes, opened } = longest;
  const seconds = secondsOf(longest.endNs - first.ns);
  const { from: who, sender: name } = endsOf(c, receiver);
  const recovered = opened !== null;
  const matters = !recovered || seconds >= NOTICED_SECONDS;
  const port = receiver === 0 ? c.outline.clientPort : c.outline.serverPort;
  return {
    ending: recovered ? plainEnding(outline) : 'stalled',
    failure: {
      kind: 'stalled',
      packet: first.packet,
      side: who,
      tries: probes.length,
      seconds,
      recovered,
      matters,
      confidence: 0.96,
      evidence: [
        evidence(
          'zero-window',
          `The ${who} closed its receive window (window 0)${recovered ? ` for ${spanText(seconds)}` : ` and did not open it again in ${spanText(seconds)}`}; the other side probed it ${timesText(probes.length)}.`,
          [first.packet, ...probes.map(({ packet }) => packet), ...(opened === null ? [] : [opened.packet])],
        ),
      ],
      summary: `${name} took no data for ${spanText(seconds)}: its receive window was 0${recovered ? ', then it went on' : ' to the end'}.`,
      next: recovered
        ? `${matters ? '' : 'Nothing to do if it happens seldom: it went on by itself. '}The program at ${name} did not read for ${spanText(seconds)}, so that its receive buffer was full; neither the network nor the other side held it up. ` +
          `If it comes again, look there what it waits for at such a time (garbage collection, disk, database, a slower connection behind it): ss -tnp 'sport = :${port}' shows Recv-Q.`
        : `The program at ${name} did not read for ${spanText(seconds)}, so that its receive buffer is full; neither the network nor the other side holds it up. ` +
          `There: is it stuck, paused or waiting for something slower behind it (ss -tnp 'sport = :${port}' shows Recv-Q, then a stack or thread dump of the process, its disk, its database)?`,
      isScan: false,
    },
  };
};

function closedWindows(c: EndingCase, receiver: 0 | 1): ClosedWindow[] {
  const found: ClosedWindow[] = [];
  let first: Segment | null = null;
  let probes: Segment[] = [];
  let lastNs = 0;
  for (const segment of c.segments) {
    if (!isSpeech(segment) || (segment.flags & TCP_SYN) !== 0) continue;
    lastNs = segment.ns;
    if (segment.direction !== receiver) {
      const isProbe =
        (segment.marks & (MARK_ZERO_WINDOW_PROBE | MARK_KEEP_ALIVE)) !== 0 || segment.length > 0;
      if (first !== null && isProbe) probes.push(segment);
    } else if (segment.window === 0 && (segment.flags & TCP_FIN) === 0) {
      if (first === null) probes = [];
      first ??= segment;
    } else if (first !== null) {
      found.push({ receiver, first, probes, endNs: segment.ns, opened: segment });
      first = null;
      probes = [];
    }
  }
  if (first !== null) found.push({ receiver, first, probes, endNs: lastNs, opened: null });
  return found;
}

// ── path MTU ────────────────────────────────────────────────────────────────────────────────────────────────

/** Full segments that never arrive while small ones do: a smaller MTU on the way, and nobody who says so. */
export const blackHole: EndingRule = (c) => {
  for (const direction of [0, 1] as const) {
    const silence = silenceOf(c, direction);
    if (silence === null || !isEnough(c, silence)) continue;
    const told = errorsTold(c, direction).filter(({ isTooBig }) => isTooBig);
    if (told.length === 0 && !looksTooBig(silence)) continue;
    return tooBig(c, silence, told);
  }
  return undefined;
};

function looksTooBig(silence: Silence): boolean {
  const size = Math.min(...silence.sent.map(({ length }) => length));
  if (size < LEAST_FULL || size <= silence.largestAcknowledged) return false;
  // A peer that still speaks lives, and its way back does; where smaller segments got no answer either, everything is lost.
  if (silence.heard.length > 0) return true;
  // Where the first data after the handshake is full and never arrives, the handshake is the small packet that did.
  return (
    silence.smallerUnanswered === 0 &&
    (silence.largestAcknowledged > 0 || silence.sent[0].length >= silence.bytes)
  );
}

function tooBig(c: EndingCase, silence: Silence, told: readonly ToldError[]): ReturnType<EndingRule> {
  const { sent, tries, heard, largestAcknowledged } = silence;
  const { from, sender, receiver } = endsOf(c, silence.sender);
  const size = Math.max(...sent.map(({ length }) => length));
  const seconds = secondsOf(silence.lastNs - silence.firstNs);
  const found = [
    evidence(
      'full-segment-unanswered',
      `A segment of ${plural(size, 'byte')} was sent ${timesText(tries)} over ${spanText(seconds)} and never acknowledged.`,
      silence.packets,
    ),
    evidence(
      'small-segments-pass',
      largestAcknowledged > 0
        ? `Smaller ones of the ${from} were acknowledged, up to ${plural(largestAcknowledged, 'byte')}.`
        : 'The handshake, with its small packets, went through.',
    ),
  ];
  if (heard.length > 0)
    found.push(
      evidence(
        'peer-still-speaks',
        `The other side still sends (${plural(heard.length, 'packet')}), so the way itself is there.`,
        heard.map(({ packet }) => packet),
      ),
    );
  if (told.length > 0) {
    found.push(
      evidence(
        'fragmentation-needed',
        `${told[0].reporter ?? 'A router'} told the ${from} that its packets are too big (ICMP type ${told[0].type} code ${told[0].code}); it went on with the same size.`,
        told.map(({ segment }) => segment.packet),
      ),
    );
  }
  const sure = told.length > 0 || heard.length > 0;
  return {
    ending: 'stalled',
    failure: {
      kind: 'stalled',
      packet: sent[1]?.packet ?? sent[0].packet,
      side: 'path',
      tries,
      seconds,
      recovered: false,
      matters: true,
      confidence: sure ? 0.9 : 0.65,
      evidence: found,
      summary: `Full segments of ${sender} (${plural(size, 'byte')}) never reached ${receiver}, small ones did: a path-MTU black hole${sure ? '' : ', it seems'}.`,
      next: mtuAdvice(c, silence.sender, size, sure, told),
      isScan: false,
    },
  };
}

function mtuAdvice(
  c: EndingCase,
  sender: 0 | 1,
  size: number,
  sure: boolean,
  told: readonly ToldError[],
): string {
  const { from, receiverAddress } = endsOf(c, sender);
  const probe = c.serverAddress.includes(':') ? `ping -6 -M do -s ${size}` : `ping -M do -s ${size}`;
  const name = c.serverAddress.includes(':') ? '“packet too big”' : '“fragmentation needed”';
  const icmp =
    told.length === 0
      ? `and no ICMP ${name} that should say so was seen`
      : capturePlace(c) === from
        ? `and the ${from} took no notice of the ICMP ${name} that reached it here: does its own firewall drop ICMP, or is path MTU discovery off (net.ipv4.ip_no_pmtu_disc)?`
        : `and the ICMP ${name} that says so passed here and does not seem to reach the ${from}: a firewall on the way there, or its own, drops ICMP`;
  return (
    `${sure ? 'The' : 'If small packets still pass then, this is it: the'} path takes no segments of ${size} bytes, ${icmp}${icmp.endsWith('?') ? '' : '.'} ` +
    `Try it from the ${from}: ${probe} ${receiverAddress}, smaller until it passes. Cure: clamp the MSS on the tunnel or VPN gateway (iptables … -j TCPMSS --clamp-mss-to-pmtu), lower the interface's MTU, let ICMP through the firewalls, or net.ipv4.tcp_mtu_probing=1 at the ${from}.`
  );
}

// ── a delay that was got over ───────────────────────────────────────────────────────────────────────────────

export const gotOver: EndingRule = (c) => {
  const delay = longestDelay(c);
  if (delay === null || delay.ns < LEAST_DELAY_NS || delay.sent.length < 3) return undefined;
  const { sent, answer } = delay;
  const { from, to, sender, receiver, senderAddress } = endsOf(c, delay.sender);
  const seconds = secondsOf(delay.ns);
  const shrunk = delay.shrank && sent[0].length >= LEAST_FULL;
  return {
    ending: plainEnding(c.outline),
    failure: {
      kind: 'stalled',
      packet: sent[1].packet,
      side: shrunk ? 'path' : null,
      tries: sent.length,
      seconds,
      recovered: true,
      matters: seconds >= NOTICED_SECONDS,
      confidence: 0.9,
      evidence: [
        evidence(
          shrunk ? 'smaller-segment-passed' : 'data-resent-until-acknowledged',
          `The ${from} sent the same data ${timesText(sent.length)}; it was acknowledged ${spanText(seconds)} after the first${shrunk ? ', once the segment was smaller' : ''}.`,
          [...sent.map(({ packet }) => packet), answer.packet],
        ),
      ],
      summary: `Data of ${sender} reached ${receiver} only after ${spanText(seconds)} and ${timesText(sent.length)} of sending.`,
      next: shrunk
        ? `${mtuAdvice(c, delay.sender, sent[0].length, true, [])} Here the ${from} found a smaller size by itself, ${spanText(seconds)} late.`
        : `${seconds >= NOTICED_SECONDS ? '' : 'Nothing to do if it happens seldom. '}The connection went on after ${spanText(seconds)}: packets were lost for that long, or the other end was away. If it comes again, capture at the ${to}, too (${captureCommand(c, senderAddress)}), and look for link flaps, failovers and full queues at that time.`,
      isScan: false,
    },
  };
};
