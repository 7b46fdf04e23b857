/**
 * What applications say. All of a payload is filler first; then what verdicts and people need is put back: which message it is, how long,
 * how it ended. A segment is taken for itself, without the one before: what begins in the middle of a message stays filler.
 */
import { TCP_RST } from '../decode/facts.ts';
import { startsWith } from '../stream/bytes.ts';
import { looksLikeDhcp, rewriteDhcp, rewriteDhcpv6 } from './dhcp.ts';
import { looksLikeDns, rewriteDns } from './dns.ts';
import { rewriteHttp } from './http.ts';
import { rewriteBinary } from './messages.ts';
import type { Payload } from './tcp-payload.ts';
import { rewriteResetText } from './reset-text.ts';
import { rewriteLines } from './text-lines.ts';
import { isText } from './texts.ts';
import { rewriteTls } from './tls.ts';
import type { Layer } from './step.ts';

const PORT_DNS = 53;
const DNS_PORTS: readonly number[] = [PORT_DNS, 5353, 5355];
const DHCP_PORTS: readonly number[] = [67, 68];
const DHCPV6_PORTS: readonly number[] = [546, 547];

export function rewriteUdpPayload(step: Layer, at: number, end: number): void {
  const { rewrite, from } = step;
  if (at >= end) return;
  // Of a datagram in a tunnel's port the header is the step before; ports stand eight bytes ahead of its payload.
  const portsAt = at - 8;
  const ports = portsAt >= 0 ? [rewrite.u16(portsAt), rewrite.u16(portsAt + 2)] : [from];
  const isOf = (list: readonly number[]): boolean => ports.some((port) => list.includes(port));
  rewrite.books.counts.add('packets with replaced payload');
  if (isOf(DNS_PORTS) && looksLikeDns(rewrite, at, end)) rewriteDns(rewrite, at, end);
  else if (isOf(DHCP_PORTS) && looksLikeDhcp(rewrite, at, end)) rewriteDhcp(rewrite, at, end);
  else if (isOf(DHCPV6_PORTS)) rewriteDhcpv6(rewrite, at, end);
  else rewrite.payload(at, end);
}

export function rewriteTcpPayload({ rewrite, from, end, wireEnd }: Layer, at: number): void {
  if (at >= end) return;
  const payload: Payload = { rewrite, at, end, length: wireEnd - at };
  const { original } = rewrite;
  rewrite.books.counts.add('packets with replaced payload');
  const isReset = (rewrite.u8(from + 13) & TCP_RST) !== 0;
  if (isReset && rewriteResetText(payload)) return;
  const isLines = isText(original, at, end);
  rewrite.payload(at, end, isLines);
  const isOnPort = rewrite.u16(from) === PORT_DNS || rewrite.u16(from + 2) === PORT_DNS;
  const isDns = isOnPort && looksLikeDns(rewrite, at + 2, end);
  if (rewriteTls(payload) || rewriteHttp(payload)) {
    // Told by their own first bytes.
  } else if (isDns) {
    rewrite.to.fill(0, at, end);
    rewrite.keep(at, at + 2);
    rewriteDns(rewrite, at + 2, end);
  } else if (!rewriteBinary(payload) && isLines) rewriteLines(payload);
  keepEnds(payload);
}

/** What ends a body of chunks (RFC 9112 §7.1), alone or behind others, and a header section. */
function keepEnds({ rewrite, at, end }: Payload): void {
  const { original } = rewrite;
  if (startsWith(original, at, end, '0\r\n')) rewrite.keep(at, at + 3);
  if (end - at < 4 || !startsWith(original, end - 4, end, '\r\n\r\n')) return;
  const chunkAt = end - 7;
  const isLast = chunkAt >= at && startsWith(original, chunkAt, end, '\r\n0');
  rewrite.keep(isLast ? chunkAt : end - 4, end);
}
