/**
 * Flows as Zeek's conn.log: tab-separated, with the header lines that tools such as zeek-cut read columns from, and Zeek's own
 * names and types (docs.zeek.org, base/protocols/conn/main.zeek, frameworks/logging ASCII writer).
 *
 * Only columns are there whose value this engine knows: Zeek's local_orig, orig_ip_bytes, tunnel_parents and others are not. The uid is `C` and
 * the number of the flow, by which the other tables name it.
 */
import type { FlowRow } from '../../../shared/model/rows.ts';
import { secondsText } from '../../../shared/format/time.ts';
import { endpointParts } from '../../../shared/format/endpoint.ts';

/** A flow with what only conn.log tells of it. */
export interface ConnEntry {
  readonly row: FlowRow;
  /** Payload by sequence numbers: each byte once, also those that were not captured. */
  readonly sizes: readonly [client: number, server: number];
  readonly packets: readonly [client: number, server: number];
  /** Bytes of both sides that were acknowledged but not captured. */
  readonly missed: number;
}

/** Zeek's columns that are written, with what each holds here. */
export const ZEEK_FIELDS: readonly (readonly [name: string, type: string, about: string])[] = [
  ['ts', 'time', 'first packet, seconds since 1970 with six decimals'],
  ['uid', 'string', '`C` and the number of the flow in the other tables'],
  ['id.orig_h', 'addr', 'address of the client'],
  ['id.orig_p', 'port', 'its port'],
  ['id.resp_h', 'addr', 'address of the server'],
  ['id.resp_p', 'port', 'its port'],
  ['proto', 'enum', 'tcp or udp'],
  ['service', 'string', 'protocol that its bytes speak, by Zeek’s name where it has one'],
  ['duration', 'interval', 'seconds from the first packet to the last; unset of a single packet'],
  [
    'orig_bytes',
    'count',
    'payload of the client by sequence numbers: each byte once, also those not captured',
  ],
  ['resp_bytes', 'count', 'the same of the server'],
  ['conn_state', 'string', 'as Zeek has it: S0, S1, SF, REJ, RSTO …'],
  ['missed_bytes', 'count', 'acknowledged bytes of both sides that were not captured'],
  ['history', 'string', 'as Zeek has it, but each letter once, and no ^ where the direction was turned'],
  ['orig_pkts', 'count', 'packets of the client'],
  ['resp_pkts', 'count', 'packets of the server'],
  ['ip_proto', 'count', '6 of TCP, 17 of UDP'],
];

const UNSET = '-';
const IP_PROTO = { tcp: 6, udp: 17 } as const;
/** Zeek's names of services where they differ from ours. */
const SERVICES: Readonly<Record<string, string>> = { tls: 'ssl' };

export function zeekHeader(): string {
  const names = ZEEK_FIELDS.map(([name]) => name).join('\t');
  const types = ZEEK_FIELDS.map(([, type]) => type).join('\t');
  return (
    '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n' +
    `#fields\t${names}\n#types\t${types}\n`
  );
}

export function zeekLine({ row, sizes, packets, missed }: ConnEntry, epochNs: bigint): string {
  const client = endpointParts(row.client);
  const server = endpointParts(row.server);
  // Zeek knows no size of what has no duration.
  const isPoint = row.durationNs <= 0;
  return `${[
    micros(epochNs + BigInt(Math.round(row.startNs))),
    `C${row.id}`,
    client.address,
    client.port ?? 0,
    server.address,
    server.port ?? 0,
    row.protocol,
    row.application === '' ? UNSET : (SERVICES[row.application] ?? row.application),
    isPoint ? UNSET : (row.durationNs / 1e9).toFixed(6),
    isPoint ? UNSET : sizes[0],
    isPoint ? UNSET : sizes[1],
    row.protocol === 'tcp' ? row.state : datagramState(packets),
    missed,
    historyOf(row, packets),
    packets[0],
    packets[1],
    IP_PROTO[row.protocol],
  ].join('\t')}\n`;
}

/** What base/protocols/conn/main.zeek says of UDP. */
function datagramState([client, server]: ConnEntry['packets']): string {
  if (client > 0) return server > 0 ? 'SF' : 'S0';
  return server > 0 ? 'SHR' : 'OTH';
}

function historyOf(row: FlowRow, [client, server]: ConnEntry['packets']): string {
  if (row.history !== '') return row.history;
  if (row.protocol === 'tcp') return UNSET;
  return `${client > 0 ? 'D' : ''}${server > 0 ? 'd' : ''}` || UNSET;
}

/** Seconds with Zeek's six decimals. */
function micros(ns: bigint): string {
  return secondsText(ns).slice(0, -3);
}
