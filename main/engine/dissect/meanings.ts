/**
 * What a value means, in a sentence, for fields that people look up: what follows from this very number, not what the field is
 * called (the catalogue's `about` says that).
 */
import type { FieldValue } from '../../../shared/fields/field.ts';
import { CHECKSUM_BAD, CHECKSUM_GOOD, CHECKSUM_NOT_PRESENT } from './checksum.ts';

/** What a sentence may depend on besides its own value. */
export interface MeaningContext {
  /** The packet left the capturing machine, whose network card may have finished it after it was captured. */
  readonly isOutgoing: boolean;
  /** The checksum field held only the sum of the pseudo header. */
  readonly isSumUnfinished: boolean;
  /** A reset's window means nothing. */
  readonly isReset: boolean;
}

type Meaning = (value: number, context: MeaningContext) => string;

/** What senders start from; the nearest one above tells how many routers passed the packet on. */
const INITIAL_TTLS = [64, 128, 255];

function ttl(value: number): string {
  const initial = INITIAL_TTLS.find((start) => value <= start) ?? 255;
  const hops = initial - value;
  const who =
    initial === 64
      ? 'Linux, macOS and most devices start from 64'
      : initial === 128
        ? 'Windows starts from 128'
        : 'routers and some devices start from 255';
  if (hops === 0) return `No router has passed it on yet, if it started from ${initial}: ${who}.`;
  return `${hops} ${hops === 1 ? 'router has' : 'routers have'} passed it on, if it started from ${initial}: ${who}.`;
}

function checksum(value: number, { isOutgoing, isSumUnfinished }: MeaningContext): string {
  if (value === CHECKSUM_GOOD) return 'Correct: the bytes are as the sender summed them.';
  if (value === CHECKSUM_NOT_PRESENT) return 'The sender computed none, which UDP allows over IPv4.';
  if (value !== CHECKSUM_BAD) return 'Not checked: the packet is not all there.';
  if (isSumUnfinished || isOutgoing) {
    return 'Not computed by the sender yet: it left that to its network card (checksum offload), behind the point of capture. Nothing is wrong.';
  }
  return 'Wrong: the bytes changed on the way, or the sender is broken. The receiver drops such a packet.';
}

function mss(value: number): string {
  if (value === 1460) return 'Full Ethernet frames over IPv4: 1500 bytes less 40 of headers.';
  if (value === 1440) return 'Full Ethernet frames over IPv6: 1500 bytes less 60 of headers.';
  if (value >= 8000) return 'Jumbo frames or a loopback interface.';
  if (value < 536) return 'Very small: below what every host must take (RFC 9293 §3.7.1).';
  return value < 1460
    ? 'Less than full Ethernet frames: a tunnel or VPN on the way, or a router that lowered it.'
    : '';
}

const RESET =
  'The connection is cut off at once, and data on the way is lost. The receiver obeys only if the sequence number is the one that it waits for.';

const MEANINGS: Readonly<Record<string, Meaning>> = {
  'ip.ttl': ttl,
  'ipv6.hlim': ttl,
  'ip.id': (value) =>
    value === 0
      ? 'Zero: usual where fragments are forbidden; some devices that forge packets leave it so, too.'
      : '',
  'ip.flags.df': (value) =>
    value === 1
      ? 'Routers may not cut it: where it does not fit, they drop it and answer “fragmentation needed”.'
      : '',
  'ip.flags.mf': (value) => (value === 1 ? 'More fragments of this datagram follow.' : ''),
  'ip.flags.rb': (value) =>
    value === 1 ? 'Must be 0: whoever made this packet does not follow RFC 791.' : '',
  'ip.dsfield.ecn': (value) =>
    value === 3 ? 'A router on the way was congested and marked it instead of dropping it.' : '',
  'ipv6.tclass.ecn': (value) =>
    value === 3 ? 'A router on the way was congested and marked it instead of dropping it.' : '',
  'ip.checksum.status': checksum,
  'tcp.checksum.status': checksum,
  'udp.checksum.status': checksum,
  'icmp.checksum.status': checksum,
  'icmpv6.checksum.status': checksum,
  'tcp.flags.reset': (value) => (value === 1 ? RESET : ''),
  'tcp.flags.syn': (value) =>
    value === 1 ? 'Opens the connection, and says where the sender’s numbers begin.' : '',
  'tcp.flags.fin': (value) =>
    value === 1 ? 'The sender has no more to send; the other direction stays open.' : '',
  'tcp.flags.ack': (value) =>
    value === 1 ? 'The acknowledgment number counts: every byte before it has arrived.' : '',
  'tcp.flags.push': (value) =>
    value === 1 ? 'The sender’s write ended here: hand the data to the application.' : '',
  'tcp.flags.urg': (value) => (value === 1 ? 'Urgent data: hardly used, and dropped by many firewalls.' : ''),
  'tcp.flags.ece': (value) =>
    value === 1 ? 'The sender saw congestion marks, or, with SYN, can handle them.' : '',
  'tcp.flags.cwr': (value) =>
    value === 1 ? 'The sender slowed down after a congestion mark, or, with SYN, can handle them.' : '',
  'tcp.window_size': (value, { isReset }) =>
    value === 0 && !isReset
      ? 'The sender’s buffer is full: its application does not read. The other side must wait until the window opens again.'
      : '',
  'tcp.window_size_scalefactor': (value) => {
    if (value === -1) return 'Unknown: the handshake was not captured, so the real window may be larger.';
    return value === -2 ? 'Windows are not scaled: one of both sides did not ask for it.' : '';
  },
  'tcp.options.mss_val': mss,
  'tcp.options.wscale.shift': (value) => (value > 14 ? 'More than 14 is taken for 14 (RFC 7323 §2.3).' : ''),
  'tcp.options.timestamp.tsecr': (value) => (value === 0 ? 'Nothing to echo yet.' : ''),
  'tcp.analysis.retransmission': () =>
    'This data was sent before: the first copy, or its acknowledgment, was lost or late.',
  'tcp.analysis.fast_retransmission': () =>
    'Sent again as three acknowledgments in a row asked for it, without waiting for a timer.',
  'tcp.analysis.spurious_retransmission': () =>
    'Sent again though it had been acknowledged: the acknowledgment was lost or late.',
  'tcp.analysis.out_of_order': () =>
    'Later data came first: paths of different length, or a queue that reorders.',
  'tcp.analysis.lost_segment': () =>
    'The segment before it was not captured: lost before the point of capture, or by the capture itself.',
  'tcp.analysis.ack_lost_segment': () =>
    'It acknowledges what the capture never saw: the capture lost packets, or sees one direction only in part.',
  'tcp.analysis.duplicate_ack': () =>
    'The same byte is waited for again: something after it has arrived out of order.',
  'tcp.analysis.zero_window': () =>
    'The sender takes no more data: its application does not read fast enough.',
  'tcp.analysis.zero_window_probe': () => 'Asks whether the window has opened again.',
  'tcp.analysis.window_full': () => 'After this the other side’s window is used up: the sender has to wait.',
  'tcp.analysis.keep_alive': () => 'Old data again, to learn whether the other side is still there.',
  'tcp.analysis.keep_alive_ack': () => 'Still there.',
  'tcp.analysis.window_update': () => 'Only says that there is more room than before.',
  'icmp.mtu': (value) =>
    value === 0 ? 'The router does not say how large it may be: the sender has to guess.' : '',
  'tls.record.version': (value) =>
    value === 0x0303 ? 'TLS 1.3 says so, too: what was agreed on stands in supported_versions.' : '',
  'tls.alert_message.level': (value) => (value === 2 ? 'The connection ends with it.' : ''),
  'dns.flags.truncated': (value) =>
    value === 1 ? 'The answer did not fit: the client asks again over TCP.' : '',
  'sll.pkttype': (value) =>
    value === 4
      ? 'It was sent by the capturing machine.'
      : value === 3
        ? 'It was for another machine, and seen in promiscuous mode.'
        : '',
  'dns.flags.rcode': (value) =>
    value === 2
      ? 'The resolver could not find out: it is not the name that is wrong.'
      : value === 3
        ? 'There is no such name.'
        : '',
};

const TLS_ALERTS: Readonly<Record<number, string>> = {
  0: 'The sender is done: the orderly end of TLS.',
  40: 'No cipher, version or certificate that both sides take.',
  42: 'The certificate is broken.',
  45: 'The certificate is past its time.',
  46: 'The certificate was not accepted, for another reason.',
  48: 'The certificate’s issuer is not one that the sender trusts.',
  70: 'The other side offers no version of TLS that the sender takes.',
  80: 'Something failed inside the sender, unrelated to the protocol.',
  112: 'The server has no certificate for the name that the client asked for.',
  116: 'The server asks for a certificate of the client, which sent none.',
  120: 'No application protocol that both sides speak.',
};

export function meaningOf(name: string, value: FieldValue | undefined, context: MeaningContext): string {
  const number = value === true ? 1 : typeof value === 'number' ? value : 0;
  if (name === 'tls.alert_message.desc') return TLS_ALERTS[number] ?? '';
  return MEANINGS[name]?.(number, context) ?? '';
}
