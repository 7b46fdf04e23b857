/** The quick words: what one types to ask for rows of resets, flows and failures, and the fields that they stand for. */
import { CAUSE_CODES } from '../../model/cause.ts';
import { ENDINGS } from '../../model/ending.ts';
import { OBEYED, ORIGIN_KINDS, RESET_FAMILIES, SIDES } from '../../model/verdict.ts';

interface QuickBase {
  readonly name: string;
  /** What it is about, for the help and for completion. */
  readonly about: string;
}

/** Takes one of a closed list of words; a part of a word is enough. */
export interface QuickWord extends QuickBase {
  readonly kind: 'word';
  /** The fields that hold the words; of one word only one holds it. */
  readonly fields: readonly { readonly name: string; readonly words: readonly string[] }[];
}

/** `yes` or `no`. */
export interface QuickSwitch extends QuickBase {
  readonly kind: 'switch';
  readonly fields: readonly string[];
}

/** Takes any text; matches where the field's text contains it, in either case. */
export interface QuickText extends QuickBase {
  readonly kind: 'text';
  readonly field: string;
}

/** Takes addresses and CIDR blocks; endpoints and text besides, where it has a field for them. */
export interface QuickEndpoint extends QuickBase {
  readonly kind: 'endpoint';
  readonly ipv4: string;
  readonly ipv6: string;
  /** Null where only addresses and blocks are taken. */
  readonly text: { readonly port: string; readonly fields: readonly string[] } | null;
}

/** Takes numbers, also behind > < >= <=. */
export interface QuickNumber extends QuickBase {
  readonly kind: 'number';
  readonly unit: 'count' | 'seconds' | 'ratio';
  readonly fields: readonly string[];
}

export type QuickField = QuickWord | QuickSwitch | QuickText | QuickEndpoint | QuickNumber;

function count(name: string, field: string, about: string): QuickNumber {
  return { name, about, kind: 'number', unit: 'count', fields: [field] };
}

function seconds(name: string, field: string, about: string): QuickNumber {
  return { name, about, kind: 'number', unit: 'seconds', fields: [field] };
}

function text(name: string, field: string, about: string): QuickText {
  return { name, about, kind: 'text', field };
}

function word(name: string, field: string, words: readonly string[], about: string): QuickWord {
  return { name, about, kind: 'word', fields: [{ name: field, words }] };
}

export const QUICK_FIELDS: readonly QuickField[] = [
  {
    name: 'origin',
    about: 'who sent the reset: endpoint, middlebox, unknown; or on which side: client, server, path',
    kind: 'word',
    fields: [
      { name: 'rst.origin', words: ORIGIN_KINDS },
      { name: 'rst.side', words: [...SIDES, 'path'] },
    ],
  },
  word('cause', 'rst.cause', CAUSE_CODES, 'why: a cause code or a part of it'),
  {
    name: 'matters',
    about: 'whether it ended unfinished work: yes, no',
    kind: 'switch',
    fields: ['rst.matters', 'failure.matters'],
  },
  word('ending', 'flow.ending', ENDINGS, 'how the connection ended: clean, no-answer, went-silent …'),
  word('side', 'failure.side', [...SIDES, 'path'], 'whose doing the failure was: client, server, path'),
  {
    name: 'recovered',
    about: 'whether the failed connection went on after all: yes, no',
    kind: 'switch',
    fields: ['failure.recovered'],
  },
  word('claimed', 'rst.claimed', SIDES, 'whose address the reset carries: client, server'),
  word('family', 'rst.family', RESET_FAMILIES, 'how the reset is built: active, reply, syn-reply, irregular'),
  word('obeyed', 'rst.obeyed', OBEYED, 'what its receiver does: yes, challenged, ignored, unknown'),
  {
    name: 'ip',
    about: 'address of either side: 10.0.0.1, 10.0.0.0/8, 2001:db8::/32',
    kind: 'endpoint',
    ipv4: 'flow.ip',
    ipv6: 'flow.ipv6',
    text: null,
  },
  {
    name: 'client',
    about: 'the client: address, CIDR block, address:port, or a part of it',
    kind: 'endpoint',
    ipv4: 'flow.client.ip',
    ipv6: 'flow.client.ipv6',
    text: { port: 'flow.client.port', fields: ['flow.client'] },
  },
  {
    name: 'server',
    about: 'the server: address, CIDR block, address:port, name, or a part of it',
    kind: 'endpoint',
    ipv4: 'flow.server.ip',
    ipv6: 'flow.server.ipv6',
    text: { port: 'flow.server.port', fields: ['flow.server', 'flow.host'] },
  },
  text('host', 'flow.host', 'name of the server: SNI, HTTP host or DNS name, or a part of it'),
  count('port', 'flow.port', 'port of either side'),
  count('frame', 'frame.number', 'number of the packet in its file'),
  count('flow', 'flow.id', 'number of the flow'),
  count('file', 'capture.file', 'number of the file, from 0'),
  seconds('idle', 'rst.idle', 'silence before the reset: >60, >=5min, <200ms'),
  {
    name: 'conf',
    about: 'confidence in the origin, or in the failure: >0.9, <60%',
    kind: 'number',
    unit: 'ratio',
    fields: ['rst.confidence', 'failure.confidence'],
  },
  count('hops', 'rst.hops', 'routers between capture point and sender of the reset'),
  count('unacked', 'rst.unacked', 'bytes sent and not acknowledged when the reset came'),
  text('label', 'rst.label', 'who sent it, in words'),
  text('state', 'flow.state', 'state of the connection as Zeek names it: S0, SF, RSTO …'),
  text('app', 'flow.app', 'application protocol: tls, http …'),
  word('proto', 'flow.proto', ['tcp', 'udp'], 'tcp or udp'),
  text('marks', 'flow.marks', 'marks of the flow: mid-stream, one-sided, duplicated …'),
  count('resets', 'flow.resets', 'resets of the flow'),
  count('packets', 'flow.packets', 'packets of the flow'),
  count('bytes', 'flow.bytes', 'payload bytes of the flow, both ways together'),
  seconds('duration', 'flow.duration', 'time from the first to the last packet of the flow'),
  seconds('rtt', 'flow.rtt', 'round trip of the handshake: >200ms'),
  count('tries', 'failure.tries', 'how often the failed connection sent what got no answer'),
  seconds('seconds', 'failure.seconds', 'how long the failed connection tried or waited: >5, >1min'),
  count('retransmissions', 'flow.retransmissions', 'segments of the flow sent again'),
];

const BY_NAME: ReadonlyMap<string, QuickField> = new Map(QUICK_FIELDS.map((field) => [field.name, field]));

export function quickField(name: string): QuickField | undefined {
  return BY_NAME.get(name);
}

/** The words that it takes; none where it takes anything. */
export function quickWords(field: QuickField): readonly string[] {
  if (field.kind === 'switch') return ['yes', 'no'];
  return field.kind === 'word' ? field.fields.flatMap(({ words }) => words) : [];
}
