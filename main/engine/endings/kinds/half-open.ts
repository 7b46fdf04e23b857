/** The server answered the SYN, again and again, and the handshake was never completed. */
import { seqGt } from '../../../../shared/base/seq.ts';
import { plural } from '../../../../shared/format/count.ts';
import { SEEN_DATA, SEEN_SYN, SEEN_SYN_ACK } from '../../flow/record.ts';
import type { EndingCase, EndingRule } from '../found.ts';
import { evidence, only } from '../found.ts';
import { type CapturePlace, captureCommand, capturePlace } from '../place.ts';
import { plainEnding } from '../plain.ts';
import { type Segment, isSpeech, isSyn, isSynAck } from '../segments.ts';
import { secondsOf, spanText, timesText } from '../texts.ts';

/** A SYN-ACK that is repeated once may still be completed; so long after it nobody will. */
const PATIENCE_NS = 3e9;
/** The second SYN-ACK behind the client's ACK is at least this late (RFC 6298 §2, 5.5: 1 s, then 2 s); copies and reordering are not. */
const REPEATED_NS = 1.2e9;

export const halfOpen: EndingRule = (c) => {
  const { outline } = c;
  if (!outline.client.has(SEEN_SYN) || !outline.server.has(SEEN_SYN_ACK)) return undefined;
  return outline.isEstablished ? notAccepted(c) : notCompleted(c);
};

function notCompleted(c: EndingCase): ReturnType<EndingRule> {
  const { around, flow, segments } = c;
  const synAcks = segments.filter(isSynAck);
  if (synAcks.length === 0) return only('not-seen');
  const firstNs = synAcks[0].ns;
  const span = synAcks[synAcks.length - 1].ns - firstNs;
  const isRepeated = synAcks.length >= 3 || (synAcks.length === 2 && c.endNs - firstNs >= PATIENCE_NS);
  if (!isRepeated) {
    // A server without its ACK would have repeated the SYN-ACK by then: the ACK passed elsewhere, or was not captured.
    return only(c.endNs - firstNs < PATIENCE_NS ? 'open' : 'not-seen');
  }
  const laterSyns = segments.filter((segment) => isSyn(segment) && segment.ns > firstNs);
  const seconds = secondsOf(span);
  const place = capturePlace(c);
  const asksOn = laterSyns.length > 0;
  const { isFlooded, halfOpenClients } = around.service(flow);
  const isFlood = isFlooded && !asksOn;
  const found = [
    evidence(
      'syn-ack-repeated',
      `The server sent its SYN-ACK ${timesText(synAcks.length)} over ${spanText(seconds)}; no ACK completed the handshake.`,
      synAcks.map(({ packet }) => packet),
    ),
  ];
  if (asksOn) {
    found.push(
      evidence(
        'syn-repeated-after-answer',
        `The client repeated its SYN ${timesText(laterSyns.length)} after the SYN-ACK: it did not get that, or did not take it.`,
        laterSyns.map(({ packet }) => packet),
      ),
    );
  } else {
    found.push(
      evidence(
        'client-silent',
        'The client sent its SYN and nothing more.',
        segments.filter(isSyn).map(({ packet }) => packet),
      ),
    );
  }
  if (isFlood)
    found.push(
      evidence(
        'syn-flood',
        `${plural(halfOpenClients, 'client')} left a handshake with this port half-open: that looks like a flood of SYNs with forged addresses.`,
      ),
    );
  const side = asksOn ? (place === 'client' ? 'client' : 'path') : isFlood ? 'client' : null;
  return {
    ending: 'half-open',
    failure: {
      kind: 'half-open',
      packet: synAcks[0].packet,
      side,
      tries: synAcks.length,
      seconds,
      recovered: false,
      matters: !isFlood,
      confidence: asksOn ? 0.93 : 0.85,
      evidence: found,
      summary: `${c.server} sent its SYN-ACK to ${c.client} ${timesText(synAcks.length)} over ${spanText(seconds)} and the handshake was never completed.`,
      next: isFlood ? flood(c, halfOpenClients) : advice(c, place, asksOn, synAcks.length, seconds),
      isScan: false,
    },
  };
}

function flood(c: EndingCase, clients: number): string {
  return `${plural(clients, 'client')} left handshakes with ${c.server} half-open, as forged addresses do. Nothing to do while real clients connect; else see that SYN cookies are on (sysctl net.ipv4.tcp_syncookies=1, nstat -az TcpExtSyncookiesSent) and have it filtered upstream.`;
}

function advice(c: EndingCase, place: CapturePlace, asksOn: boolean, tries: number, seconds: number): string {
  const what = `The SYN-ACK of ${c.server} was sent ${timesText(tries)} over ${spanText(seconds)}`;
  if (asksOn && place === 'client') {
    return `${what} and reached this client, which repeated its SYN all the same: something on the client drops it (nft list ruleset, rp_filter when it comes in by another interface, a wrong checksum, a VPN client).`;
  }
  if (asksOn) {
    return `${what}, while the client went on asking: the SYN-ACK does not arrive. Follow the way back from here to ${c.clientAddress} (asymmetric route, a firewall that saw no SYN, rp_filter, NAT), and capture at the client: ${captureCommand(c, c.serverAddress)}.`;
  }
  return `${what} and the client, which did not repeat its SYN either, said nothing more: it is gone, it scans, its address is forged, or its ACK is lost on the way to the server. Capture at ${c.clientAddress} (${captureCommand(c, c.serverAddress)}): does it send the ACK?`;
}

/**
 * The client's ACK passed here, and the server goes on repeating its SYN-ACK: it has no room to accept the connection (Linux with
 * net.ipv4.tcp_abort_on_overflow=0), or it does not get the ACK.
 */
function notAccepted(c: EndingCase): ReturnType<EndingRule> {
  const { segments } = c;
  const synAcks = segments.filter(isSynAck);
  if (synAcks.length < 3) return undefined;
  const base = synAcks[0].seq;
  const acks = segments.filter(
    (segment) => segment.direction === 0 && isSpeech(segment) && !isSyn(segment) && seqGt(segment.ack, base),
  );
  if (acks.length === 0) return undefined;
  const after = synAcks.filter(({ ns }) => ns > acks[0].ns);
  // One alone is the way of TCP_DEFER_ACCEPT: where no data came in time the SYN-ACK is sent once more, and the ACK to that is taken.
  if (after.length < 2 || after[after.length - 1].ns - acks[0].ns < REPEATED_NS) return undefined;
  const taken = segments.find(
    (segment) =>
      segment.direction === 1 && isSpeech(segment) && !isSynAck(segment) && segment.ns > after[0].ns,
  );
  return backlog(c, synAcks, after, taken);
}

function backlog(
  c: EndingCase,
  synAcks: readonly Segment[],
  after: readonly Segment[],
  taken: Segment | undefined,
): ReturnType<EndingRule> {
  const { outline } = c;
  const place = capturePlace(c);
  const firstNs = synAcks[0].ns;
  const seconds = secondsOf((taken ?? after[after.length - 1]).ns - firstNs);
  if (taken === undefined && seconds < 1) return undefined;
  const recovered = taken !== undefined;
  const atServer = place === 'server';
  const hasData = outline.client.has(SEEN_DATA);
  const what = hasData ? 'ACK and data' : 'ACK';
  const span = secondsOf(after[after.length - 1].ns - firstNs);
  return {
    ending: recovered ? plainEnding(outline) : 'half-open',
    failure: {
      kind: 'half-open',
      packet: after[0].packet,
      // Elsewhere the ACK may as well be lost between here and the server.
      side: atServer ? 'server' : null,
      tries: synAcks.length,
      seconds,
      recovered,
      matters: !recovered || seconds >= 3,
      confidence: atServer ? 0.95 : hasData ? 0.85 : 0.8,
      evidence: [
        evidence(
          'syn-ack-after-ack',
          `The client's ${what} passed here; yet the server repeated its SYN-ACK ${timesText(after.length)}${recovered ? ` until ${spanText(seconds)} after the first` : ''}: ${atServer ? 'it did not take the connection' : 'it did not get that, or did not take the connection'}.`,
          after.map(({ packet }) => packet),
        ),
      ],
      summary: `${c.server} ${recovered ? `took the connection of ${c.client} only after ${spanText(seconds)}` : `never took the connection of ${c.client}`}: it repeated its SYN-ACK ${timesText(after.length)} over ${spanText(span)} although the client had acknowledged it.`,
      next: backlogAdvice(c, place, recovered),
      isScan: false,
    },
  };
}

function backlogAdvice(c: EndingCase, place: CapturePlace, recovered: boolean): string {
  const port = c.outline.serverPort;
  const queue = `ss -ltn 'sport = :${port}' (Recv-Q at Send-Q), nstat -az TcpExtListenOverflows`;
  const cure =
    "raise the program's listen backlog and net.core.somaxconn, and find why it accepts too slowly";
  if (place === 'server') {
    return `The ACK arrived here, at the server, so the listen queue (accept backlog) of port ${port} is full, or a rule of the host drops what follows the SYN: ${queue}; nft list ruleset. If it is the queue, ${cure}.`;
  }
  const look = `On ${c.serverAddress}: ${queue}`;
  // A full queue empties by itself; what the path loses comes back as seldom.
  if (recovered) {
    return `Most often the listen queue (accept backlog) of port ${port} was full for that long: ${cure}. ${look}. If it never was full, the client's ACKs were lost on the way there.`;
  }
  return (
    `Two causes look alike from here. Either the client's packets are lost between this place and the server, all but its SYN (a firewall that misses one direction, an asymmetric route), or the listen queue (accept backlog) of port ${port} is full. ` +
    `Capture at the server to tell them apart: ${captureCommand(c, c.clientAddress)}. If the ACK arrives there, it is the queue: ${queue}; ${cure}. If not, follow the way to ${c.serverAddress} from here.`
  );
}
