/**
 * The tables of a fleet: what every agent writes, what every store keeps, and what people write SQL over. Written once: the agent's
 * columns, DuckDB's views, ClickHouse's schema and docs/fleet.md are made out of these words.
 *
 * Invariants
 * - A name never changes and is never used again for something else. Columns may be added: older files have null there.
 * - `capture` and `segment` say which file a row came in. They are what is replaced when a capture is analysed again, so that nothing
 *   is ever counted twice.
 * - What is not known is null, never −1 or an empty text.
 */

/** Each kind of row has a folder of Parquet files, and a table or view of the same name. */
export const FLEET_KINDS = [
  'captures',
  'flows',
  'open_flows',
  'resets',
  'findings',
  'failures',
  'cases',
] as const;
export type FleetKind = (typeof FLEET_KINDS)[number];

export type FleetType =
  | 'text'
  /** A whole number that a double holds exactly. */
  | 'int'
  /** 64 bits of a hash, signed: decimal text outside of stores. */
  | 'key'
  | 'real'
  | 'flag'
  /** Nanoseconds since 1970, UTC. */
  | 'time';

export interface FleetColumn {
  readonly name: string;
  readonly type: FleetType;
  /** What it means, for people. */
  readonly about: string;
  readonly unit?: string;
}

const column = (name: string, type: FleetType, about: string, unit?: string): FleetColumn =>
  unit === undefined ? { name, type, about } : { name, type, about, unit };

const SOURCE: readonly FleetColumn[] = [
  column('capture', 'key', 'the capture that it is from, as in the table of captures'),
  column('segment', 'int', 'part of that capture, from 0: a live capture is told in parts'),
];

const ENDS: readonly FleetColumn[] = [
  column('client_address', 'text', 'who opened the connection'),
  column('client_port', 'int', 'its port'),
  column('server_address', 'text', 'whom it was opened to'),
  column('server_port', 'int', 'its port'),
  column('server_name', 'text', 'SNI, HTTP host or DNS name of the server'),
];

const KEYS: readonly FleetColumn[] = [
  column(
    'match_key',
    'key',
    'keyed hash of both ends and the client’s initial sequence number: the same at every capture point',
  ),
  column(
    'isn_key',
    'key',
    'keyed hash of the client’s initial sequence number alone, which address translation leaves alone; shards are chosen by it',
  ),
];

const FLOW: readonly FleetColumn[] = [
  ...SOURCE,
  column('flow', 'int', 'number of the flow in the capture, from 0'),
  column('time', 'time', 'its first packet'),
  column('last_time', 'time', 'its last packet'),
  column('protocol', 'text', 'tcp or udp'),
  ...ENDS,
  column('application', 'text', 'protocol that its bytes speak, such as http or tls'),
  ...KEYS,
  column('server_isn_key', 'key', 'keyed hash of the server’s initial sequence number'),
  column('syn_time', 'time', 'the client’s first SYN; empty where it was not captured'),
  column('syn_ack_time', 'time', 'the server’s first SYN-ACK'),
  column('client_hops', 'int', 'between the capture point and the client, by its TTL', 'routers'),
  column('server_hops', 'int', 'between the capture point and the server, by its TTL', 'routers'),
  column('client_packets', 'int', 'that the client sent'),
  column('server_packets', 'int', 'that the server sent'),
  column('client_bytes', 'int', 'payload that the client sent, what it sent again included', 'bytes'),
  column('server_bytes', 'int', 'payload that the server sent, what it sent again included', 'bytes'),
  column('missed_bytes', 'int', 'acknowledged bytes of both sides that were not captured', 'bytes'),
  column('state', 'text', 'Zeek’s conn_state of a TCP connection: SF, S0, RSTO …'),
  column('history', 'text', 'what happened in order of its first time, as in Zeek’s history'),
  column('ending', 'text', 'how it ended, as `resetscope analyze` counts it'),
  column('handshake_seconds', 'real', 'from SYN to the ACK that ended the handshake', 'seconds'),
  column('retransmissions', 'int', 'of both sides', 'packets'),
  column('client_resets', 'int', 'that carry the client’s address', 'packets'),
  column('server_resets', 'int', 'that carry the server’s address', 'packets'),
  column('marks', 'text', 'what weakens its numbers: mid-stream, one-sided, gaps …'),
];

export const FLEET_TABLES: Readonly<Record<FleetKind, readonly FleetColumn[]>> = {
  captures: [
    ...SOURCE,
    column('host', 'text', 'the machine that captured'),
    column('site', 'text', 'where it stands, as its operator named it'),
    column('interface', 'text', 'that was captured on; empty for a file'),
    column(
      'filter',
      'text',
      'capture filter, pcap-filter(7); empty where all was captured, or it is not known',
    ),
    column('source', 'text', 'live or file'),
    column('files', 'text', 'names of the capture files, with blanks between them'),
    column(
      'time',
      'time',
      'from when on packets were taken: the begin of a live segment, the first packet of a file',
    ),
    column('last_time', 'time', 'until when'),
    column('packets', 'int', 'that were analysed'),
    column('bytes', 'int', 'of those on the wire', 'bytes'),
    column('flows', 'int', 'that its rows tell of, those still open included'),
    column('resets', 'int', 'that were counted, with or without a row'),
    column('untold', 'int', 'resets and flows that were counted and have no row'),
    column(
      'lost',
      'int',
      'packets lost in this segment, by kernel, interface, queue and analysis; empty where nobody counted',
    ),
    column('lost_kernel', 'int', 'of those, by the kernel'),
    column('lost_interface', 'int', 'by the interface'),
    column('lost_queue', 'int', 'by the capturing program'),
    column('lost_analysis', 'int', 'by the analysis'),
    column('snaplen', 'int', 'longest packet kept whole', 'bytes'),
    column('is_whole', 'flag', 'whether all was read to its end and nothing in it was damaged'),
    column(
      'clock_bound_seconds',
      'real',
      'how wrong the clock of that machine may be at most; empty where nobody said',
      'seconds',
    ),
    column('clock_source', 'text', 'who said so: chrony, the operator …'),
    column('key_id', 'text', 'which key hashed its keys: only alike ones can be joined'),
    column('is_anonymised', 'flag', 'whether addresses and names were replaced'),
    column('engine_version', 'text', 'of the program'),
    column('weights_version', 'text', 'of the weights of evidence that it judged by'),
    column(
      'spool_lost_files',
      'int',
      'files that the spool let go of before they were taken away, since it began',
    ),
    column('spool_lost_bytes', 'int', 'of those', 'bytes'),
  ],
  flows: FLOW,
  open_flows: FLOW,
  resets: [
    ...SOURCE,
    column('reset', 'int', 'number of the reset in the capture, from 0'),
    column('flow', 'int', 'its connection'),
    column('file', 'text', 'the capture file that holds it'),
    column('frame', 'int', 'its number in that file, from 1'),
    column('time', 'time', 'when it was captured'),
    ...ENDS,
    ...KEYS,
    column('reset_key', 'key', 'keyed hash of its sequence number and of whose address it carries'),
    column('claimed', 'text', 'whose address it carries: client or server'),
    column('origin', 'text', 'who sent it: endpoint, middlebox or unknown'),
    column('origin_side', 'text', 'on which side it was made: client, server or path'),
    column('origin_hops', 'int', 'between the capture point and who sent it', 'routers'),
    column('origin_label', 'text', 'the same for people'),
    column('origin_confidence', 'real', 'that origin is right', 'probability'),
    column('cause', 'text', 'why it was sent; `resetscope explain` tells of each'),
    column('cause_confidence', 'real', 'that cause is right', 'probability'),
    column(
      'cause_alternatives',
      'text',
      'causes that the packets cannot tell from it, with blanks between them',
    ),
    column('family', 'text', 'how it is made: active, reply, syn-reply or irregular'),
    column('obeyed', 'text', 'what its receiver does with it by RFC 5961'),
    column('matters', 'flag', 'whether it ended work that was not finished'),
    column('unacknowledged_client', 'int', 'sent by the client and not seen acknowledged', 'bytes'),
    column('unacknowledged_server', 'int', 'sent by the server and not seen acknowledged', 'bytes'),
    column('idle_seconds', 'real', 'since the packet before it in the connection', 'seconds'),
    column('silence_seconds', 'real', 'that a timer could have measured', 'seconds'),
    column('client_sees', 'text', 'what the program at the client sees of it'),
    column('server_sees', 'text', 'what the program at the server sees of it'),
    column('client_hops', 'int', 'between the capture point and the client, by its TTL', 'routers'),
    column('server_hops', 'int', 'between the capture point and the server, by its TTL', 'routers'),
    column(
      'evidence',
      'text',
      'codes of the evidence with their weights, such as ttl-differs:+1.2, with blanks between them; + speaks for a device',
    ),
    column(
      'proven',
      'flag',
      'whether captures at several points prove who sent it; empty where it was captured at one only',
    ),
    column('count', 'int', 'resets that the row stands for: more than one of a burst'),
    column('case_name', 'text', 'the case file that was kept of it, as in the table of cases'),
    column('summary', 'text', 'who, where and why, in a sentence'),
    column('next', 'text', 'what to do now'),
  ],
  findings: [
    ...SOURCE,
    column('time', 'time', 'begin of the five minutes that the row tells of'),
    column('first_time', 'time', 'the first reset of the row'),
    column('last_time', 'time', 'the last one'),
    column('server_address', 'text', 'the server of the connections'),
    column('server_port', 'int', 'its port'),
    column('server_name', 'text', 'its name'),
    column('claimed', 'text', 'whose address the resets carry: client or server'),
    column('origin', 'text', 'who sent them: endpoint, middlebox or unknown'),
    column('origin_side', 'text', 'on which side they were made'),
    column('cause', 'text', 'why they were sent'),
    column('count', 'int', 'in these five minutes', 'resets'),
    column('matters', 'int', 'that ended work that was not finished', 'resets'),
    column('clients', 'int', 'addresses that it happened to'),
    column('mean_confidence', 'real', 'that origin is right, mean over the resets', 'probability'),
    column('example_reset', 'int', 'a reset to look at, one with a case file where there is one'),
    column('case_name', 'text', 'the case file of that reset'),
  ],
  failures: [
    ...SOURCE,
    column('flow', 'int', 'its connection'),
    column('file', 'text', 'the capture file that holds the packet where it failed'),
    column('frame', 'int', 'number of that packet in its file, from 1'),
    column('time', 'time', 'when it began to fail'),
    column('protocol', 'text', 'tcp or udp'),
    ...ENDS,
    ...KEYS,
    column('kind', 'text', 'how it failed; `resetscope explain` tells of each'),
    column('side', 'text', 'whose doing it was: client, server or path; empty where the capture cannot tell'),
    column('tries', 'int', 'how often what got no answer was sent'),
    column(
      'seconds',
      'real',
      'from the first try, or the last sign of life, to the end of the attempt',
      'seconds',
    ),
    column('recovered', 'flag', 'it went on after all: a delay and no end'),
    column('matters', 'flag', 'whether it ended work that was not finished'),
    column('confidence', 'real', 'that kind and side are right', 'probability'),
    column('summary', 'text', 'what failed, where and how long'),
    column('next', 'text', 'what to do now'),
  ],
  cases: [
    ...SOURCE,
    column('case_name', 'text', 'name of the case file, beside the table’s file'),
    column('time', 'time', 'its first packet'),
    column('last_time', 'time', 'its last packet'),
    column('server_address', 'text', 'the server of the reset that it was kept for'),
    column('server_port', 'int', 'its port'),
    column('bytes', 'int', 'of the file', 'bytes'),
    column('resets', 'int', 'that it was kept for'),
    column('sha256', 'text', 'of the file'),
  ],
};

/** Rows of a file lie in this order, so that who looks for a server reads few row groups. */
export const FLEET_ORDER = ['server_address', 'server_port', 'time'] as const;

/** Seconds that a row of findings tells of. */
export const FINDING_SECONDS = 300;
