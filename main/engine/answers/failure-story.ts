/** What happened with a connection until it failed, with its own numbers; what failed is told by the failure itself. */
import { bytesText } from '../../../shared/format/bytes.ts';
import { plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { cutText } from '../../../shared/format/text.ts';
import { isoTimeOfDay } from '../../../shared/format/time.ts';
import type { FlowHints } from '../../../shared/model/hints.ts';
import type { FlowRow } from '../../../shared/model/rows.ts';

const LONGEST_NAME = 80;
const LONGEST_TARGET = 60;

export function failureStory(flow: FlowRow, hints: FlowHints | null, epochNs: bigint | undefined): string {
  return [beginning(flow, epochNs), exchange(flow, hints), resent(flow), lasting(flow)]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function beginning(
  { client, server, serverName, protocol, history, rttNs, startNs }: FlowRow,
  epochNs: bigint | undefined,
): string {
  const to = serverName === '' ? server : `${server} (${cutText(serverName, LONGEST_NAME)})`;
  const at = epochNs === undefined ? '' : ` at ${isoTimeOfDay(epochNs, startNs).slice(0, 12)} UTC`;
  if (protocol === 'udp') return `${client} sent datagrams to ${to}, the first${at}.`;
  // Zeek's history: S and h are the SYN and its answer.
  if (!history.includes('S'))
    return `The connection from ${client} to ${to} was open already when the capture began.`;
  if (!history.includes('h')) return `${client} asked ${to} for a connection${at}.`;
  return rttNs < 0
    ? `${client} asked ${to} for a connection${at}, and was answered.`
    : `${client} connected to ${to}${at}; the handshake took ${durationText(rttNs)}.`;
}

function exchange({ clientBytes, serverBytes, protocol }: FlowRow, hints: FlowHints | null): string {
  if (clientBytes === 0 && serverBytes === 0) return protocol === 'udp' ? '' : 'Neither side sent data.';
  const http = hints?.http ?? null;
  const request =
    http === null ? '' : `, the newest request being ${http.method} ${cutText(http.target, LONGEST_TARGET)}`;
  return `The client sent ${amount(clientBytes)}${request}; the server sent ${amount(serverBytes)}.`;
}

function amount(bytes: number): string {
  return bytes === 0 ? 'nothing' : bytesText(bytes);
}

function resent({ retransmissions }: FlowRow): string {
  return retransmissions === 0
    ? ''
    : `${plural(retransmissions, 'packet')} of it ${retransmissions === 1 ? 'was' : 'were'} sent again.`;
}

function lasting({ durationNs, packets }: FlowRow): string {
  return packets < 2 ? '' : `From its first to its last packet it lasted ${durationText(durationNs)}.`;
}
