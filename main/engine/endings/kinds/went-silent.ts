/** Data sent again and again that the other side never acknowledged, to the end of the capture or of the sender's patience. */
import { plural } from '../../../../shared/format/count.ts';
import type { EndingCase, EndingRule } from '../found.ts';
import { evidence } from '../found.ts';
import { type CapturePlace, captureCommand, capturePlace } from '../place.ts';
import { bounded, secondsOf, spanText, timesText } from '../texts.ts';
import type { Segment } from '../segments.ts';
import { endsOf, lessWhereLost, lostByCapture } from './shared.ts';
import { type Silence, silenceOf, unansweredKeepAlives, unheardResends } from './silence.ts';

/** Fewer resends, or a shorter wait, are an ordinary loss that the capture's end hides the mending of. */
export const RESENDS = 3;
const LEAST_NS = 3e9;
/** With fewer resends the wait must be this long: Windows and some devices space theirs widely. */
const FEW_RESENDS = 2;
const LONG_NS = 6e9;
/** So long nobody repeats what was acknowledged, unless the acknowledgement was lost each time. */
const UNHEARD_NS = 2e9;
/** Probes that a dead peer leaves unanswered before that is believed. */
const PROBES = 3;

/** Whether it was tried often and long enough to be no ordinary loss. */
export function isEnough(c: EndingCase, silence: Silence): boolean {
  const resends = silence.tries - 1;
  const waited = c.endNs - silence.firstNs;
  const spent = silence.lastNs - silence.firstNs;
  return (
    (resends >= RESENDS && waited >= LEAST_NS && spent >= LEAST_NS / 3) ||
    (resends >= FEW_RESENDS && waited >= LONG_NS)
  );
}

export const wentSilent: EndingRule = (c) => {
  for (const direction of [0, 1] as const) {
    const silence = silenceOf(c, direction);
    if (silence !== null && isEnough(c, silence)) return silent(c, silence);
  }
  for (const direction of [0, 1] as const) {
    const resends = unheardResends(c, direction);
    if (resends.length < RESENDS) continue;
    if (resends[resends.length - 1].ns - resends[0].ns >= UNHEARD_NS) return unheard(c, direction, resends);
  }
  for (const direction of [0, 1] as const) {
    const probes = unansweredKeepAlives(c, direction);
    if (probes.length >= PROBES) return dead(c, direction, probes);
  }
  return undefined;
};

function silent(c: EndingCase, silence: Silence): ReturnType<EndingRule> {
  const { tries, bytes, heard } = silence;
  const { from, to, sender, receiver } = endsOf(c, silence.sender);
  const seconds = secondsOf(silence.lastNs - silence.firstNs);
  const place = capturePlace(c);
  const stillSpeaks = heard.length > 0;
  const found = [evidence('data-unanswered', silence.text, silence.packets)];
  if (stillSpeaks) {
    found.push(
      evidence(
        'peer-still-speaks',
        `The ${to} still sends (${plural(heard.length, 'packet')}), without acknowledging it: only the direction from ${from} to ${to} is lost.`,
        heard.map(({ packet }) => packet),
      ),
    );
  } else {
    found.push(evidence('peer-silent', `Nothing came from the ${to} any more${lastHeard(silence)}.`));
  }
  const idle = silence.lastHeardNs < 0 ? 0 : (silence.firstNs - silence.lastHeardNs) / 1e9;
  found.push(...lostByCapture(c));
  const atReceiver = place === to;
  const confidence = lessWhereLost(tries >= 5 ? 0.95 : 0.88, c);
  const side = atReceiver ? to : stillSpeaks ? 'path' : null;
  return {
    ending: 'went-silent',
    failure: {
      kind: 'went-silent',
      packet: silence.sent[1]?.packet ?? silence.sent[0].packet,
      side,
      tries,
      seconds,
      recovered: false,
      matters: true,
      confidence: bounded(confidence),
      evidence: found,
      summary: `${sender} sent ${plural(bytes, 'byte')} ${timesText(tries)} over ${spanText(seconds)} and ${receiver} ${stillSpeaks ? 'never acknowledged them, though it still spoke' : 'said nothing any more'}.`,
      next: advice(c, silence, place, idle),
      isScan: false,
    },
  };
}

/** When the peer was heard last, from a semicolon on; empty where it never was. */
function lastHeard({ firstNs, lastHeardNs }: Silence): string {
  if (lastHeardNs < 0) return '';
  const seconds = secondsOf(firstNs - lastHeardNs);
  return seconds === 0
    ? '; its last packet came within a millisecond of the first of these'
    : `; its last packet came ${spanText(seconds)} before the first of these`;
}

/** After this long a device on the path may have forgotten the connection (AWS: 350 s, Azure: 240 s, conntrack and firewalls from 60 s on). */
const FORGOTTEN_SECONDS = 55;

function advice(c: EndingCase, silence: Silence, place: CapturePlace, idle: number): string {
  const { from, to, senderAddress, receiverAddress } = endsOf(c, silence.sender);
  const seconds = spanText(secondsOf(silence.lastNs - silence.firstNs));
  const what = `The ${from} sent its data ${timesText(silence.tries)} over ${seconds}`;
  const elsewhere = `Capture at the ${to} at the same time (${captureCommand(c, senderAddress)}): does the data arrive there?`;
  if (place === to) {
    return `${what}; it arrived here, at the ${to}, which did not acknowledge it. Look there for a firewall rule or conntrack entry that drops it (nft list ruleset, conntrack -L -p tcp --dport ${c.outline.serverPort}, nstat -az TcpExtTCPACKSkippedPAWS), and for a host that hung.`;
  }
  if (silence.heard.length > 0) {
    return `${what} while the ${to} went on speaking, so that only the way from ${from} to ${to} loses it: a one-way route, a firewall with state for one direction, or a device that drops what the ${from} sends. ${elsewhere}`;
  }
  if (idle >= FORGOTTEN_SECONDS) {
    return `${what} after ${spanText(idle)} of silence, and nothing came back, not even a reset: a NAT, firewall or balancer on the path has probably forgotten the idle connection and drops it. Send keep-alives more often than its idle timer (TCP_KEEPIDLE below ${spanText(idle)}; net.ipv4.tcp_keepalive_time), or close idle connections sooner. ${elsewhere}`;
  }
  return `${what} and nothing came back from ${receiverAddress}, not even a reset: it lost power or network, or the path between was cut (a failover, a changed route, a firewall that dropped its state). ${elsewhere} Was ${receiverAddress} alive then (its log, ping, other connections to it)?`;
}

/** The acknowledgements pass here and do not arrive: the way back is lost. */
function unheard(c: EndingCase, direction: 0 | 1, resends: readonly Segment[]): ReturnType<EndingRule> {
  const { from, to, sender, receiver, senderAddress, receiverAddress } = endsOf(c, direction);
  const place = capturePlace(c);
  const seconds = secondsOf(resends[resends.length - 1].ns - resends[0].ns);
  return {
    ending: 'went-silent',
    failure: {
      kind: 'went-silent',
      packet: resends[0].packet,
      side: place === from ? from : 'path',
      tries: resends.length + 1,
      seconds,
      recovered: false,
      matters: true,
      confidence: 0.9,
      evidence: [
        evidence(
          'acknowledged-data-resent',
          `The ${from} sent data ${timesText(resends.length)} more over ${spanText(seconds)} that the ${to} had acknowledged: those acknowledgements do not reach it.`,
          resends.map(({ packet }) => packet),
        ),
      ],
      summary: `What ${receiver} sends no longer reaches ${sender}: data that was acknowledged is repeated for ${spanText(seconds)}.`,
      next: `Only the way from ${to} to ${from} is lost, behind this place of capture: follow the route back to ${senderAddress} (asymmetric routing, a firewall that drops that direction, a full or broken link)${place === from ? ', and the rules of that host itself (nft list ruleset)' : `, and capture at the ${from}: ${captureCommand(c, receiverAddress)}`}.`,
      isScan: false,
    },
  };
}

/** Keep-alives that nobody answers: the connection was dead, though nothing was lost with it. */
function dead(c: EndingCase, direction: 0 | 1, probes: readonly Segment[]): ReturnType<EndingRule> {
  const { from, to, receiver, senderAddress, receiverAddress } = endsOf(c, direction);
  const tries = probes.length;
  const seconds = secondsOf(probes[tries - 1].ns - probes[0].ns);
  const place = capturePlace(c);
  return {
    ending: 'went-silent',
    failure: {
      kind: 'went-silent',
      packet: probes[0].packet,
      side: place === to ? to : null,
      tries,
      seconds,
      recovered: false,
      matters: true,
      confidence: tries > PROBES ? 0.9 : 0.8,
      evidence: [
        evidence(
          'keep-alive-unanswered',
          `${plural(tries, 'keep-alive')} of the ${from} over ${spanText(seconds)} got no answer.`,
          probes.map(({ packet }) => packet),
        ),
      ],
      summary: `${plural(tries, 'keep-alive')} of the ${from} over ${spanText(seconds)} got no answer from ${receiver}: the idle connection is dead.`,
      next: `The connection died while it was idle; no data was lost with it. Either ${receiverAddress} vanished, or a device on the path forgot the connection: keep-alives must come more often than its idle timer (TCP_KEEPIDLE, net.ipv4.tcp_keepalive_time). Capture at the ${to} to see whether the probes arrive: ${captureCommand(c, senderAddress)}.`,
      isScan: false,
    },
  };
}
