/** What rows of lists say of themselves, by the names of the fields: what a filter can ask of a row whose packets are not at hand. */
import type { FieldInfo, FieldValue } from '../fields/field.ts';
import { parseAddress } from '../format/address.ts';
import type { FailureRow } from '../model/failure.ts';
import type { FlowRow, ResetRow } from '../model/rows.ts';
import { addressBytes, splitEndpoint } from './address-match.ts';
import type { ValueSource } from './evaluate.ts';

type Read<Row> = (row: Row) => readonly FieldValue[];
type Reads<Row> = Readonly<Record<string, Read<Row>>>;

const NONE: readonly FieldValue[] = [];

/** A number that is negative where it is not known. */
function known(value: number): readonly FieldValue[] {
  return value < 0 ? NONE : [value];
}

function text(value: string): readonly FieldValue[] {
  return value === '' ? NONE : [value];
}

function addresses(family: 4 | 6, ...endpoints: readonly string[]): readonly FieldValue[] {
  return endpoints.flatMap((endpoint) => {
    const address = parseAddress(splitEndpoint(endpoint)?.address ?? '');
    return address?.family === family ? [addressBytes(address)] : [];
  });
}

function ports(...endpoints: readonly string[]): readonly FieldValue[] {
  return endpoints.map((endpoint) => Number(endpoint.slice(endpoint.lastIndexOf(':') + 1)));
}

interface Ends {
  readonly client: string;
  readonly server: string;
  readonly serverName: string;
  readonly file: number;
}

/** What every row has: two ends. */
const ENDS: Reads<Ends> = {
  flow: () => [true],
  'flow.client': ({ client }) => [client],
  'flow.server': ({ server }) => [server],
  'flow.ip': ({ client, server }) => addresses(4, client, server),
  'flow.client.ip': ({ client }) => addresses(4, client),
  'flow.server.ip': ({ server }) => addresses(4, server),
  'flow.ipv6': ({ client, server }) => addresses(6, client, server),
  'flow.client.ipv6': ({ client }) => addresses(6, client),
  'flow.server.ipv6': ({ server }) => addresses(6, server),
  'flow.port': ({ client, server }) => ports(client, server),
  'flow.client.port': ({ client }) => ports(client),
  'flow.server.port': ({ server }) => ports(server),
  'flow.host': ({ serverName }) => text(serverName),
  'capture.file': ({ file }) => [file],
  frame: () => [true],
  ip: ({ client, server }) => addresses(4, client, server).slice(0, 1),
  'ip.addr': ({ client, server }) => addresses(4, client, server),
  ipv6: ({ client, server }) => addresses(6, client, server).slice(0, 1),
  'ipv6.addr': ({ client, server }) => addresses(6, client, server),
};

const RESET: Reads<ResetRow> = {
  ...ENDS,
  tcp: () => [true],
  'tcp.port': ({ client, server }) => ports(client, server),
  'tcp.flags.reset': () => [true],
  'frame.number': ({ frame }) => [frame],
  'flow.id': ({ flow }) => [flow],
  'flow.proto': () => ['tcp'],
  'flow.idle': ({ silenceSeconds }) => known(silenceSeconds),
  'flow.text': ({ client, server, serverName }) => [client, server, serverName],
  rst: () => [true],
  'rst.origin': ({ kind }) => [kind],
  'rst.side': ({ side }) => [side],
  'rst.cause': ({ cause }) => [cause],
  'rst.confidence': ({ confidence }) => [confidence],
  'rst.matters': ({ matters }) => [matters],
  'rst.hops': ({ hops }) => known(hops),
  'rst.claimed': ({ claimed }) => [claimed],
  'rst.family': ({ family }) => [family],
  'rst.obeyed': ({ obeyed }) => [obeyed],
  'rst.idle': ({ silenceSeconds }) => known(silenceSeconds),
  'rst.unacked': ({ unacknowledged }) => known(unacknowledged),
  'rst.label': ({ label }) => [label],
  'rst.text': ({ cause, label }) => [cause, cause.replaceAll('-', ' '), label],
};

/** Layers that a flow's application tells of. */
function application(name: string): Read<FlowRow> {
  return (row) => (row.application.split('/').includes(name) ? [true] : NONE);
}

const FLOW: Reads<FlowRow> = {
  ...ENDS,
  tcp: ({ protocol }) => (protocol === 'tcp' ? [true] : NONE),
  udp: ({ protocol }) => (protocol === 'udp' ? [true] : NONE),
  'tcp.port': ({ protocol, client, server }) => (protocol === 'tcp' ? ports(client, server) : NONE),
  'udp.port': ({ protocol, client, server }) => (protocol === 'udp' ? ports(client, server) : NONE),
  http: application('http'),
  tls: application('tls'),
  dns: application('dns'),
  'flow.id': ({ id }) => [id],
  'flow.proto': ({ protocol }) => [protocol],
  'flow.app': (row) => text(row.application),
  'flow.state': ({ state }) => text(state),
  'flow.ending': ({ ending }) => [ending],
  'flow.marks': ({ marks }) => text(marks),
  'flow.packets': ({ packets }) => [packets],
  'flow.bytes': ({ clientBytes, serverBytes }) => [clientBytes + serverBytes],
  'flow.client.bytes': ({ clientBytes }) => [clientBytes],
  'flow.server.bytes': ({ serverBytes }) => [serverBytes],
  'flow.duration': ({ durationNs }) => [durationNs / 1e9],
  'flow.rtt': ({ rttNs }) => (rttNs < 0 ? NONE : [rttNs / 1e9]),
  'flow.retransmissions': ({ retransmissions }) => [retransmissions],
  'flow.resets': ({ resets }) => [resets],
  'flow.text': ({ client, server, serverName, application: app, state, protocol, marks }) => [
    client,
    server,
    serverName,
    app,
    state,
    protocol,
    marks,
  ],
};

const FAILURE: Reads<FailureRow> = {
  ...ENDS,
  tcp: ({ protocol }) => (protocol === 'tcp' ? [true] : NONE),
  udp: ({ protocol }) => (protocol === 'udp' ? [true] : NONE),
  'frame.number': ({ frame }) => [frame],
  'flow.id': ({ id }) => [id],
  'flow.proto': ({ protocol }) => [protocol],
  'flow.ending': ({ kind }) => [kind],
  'flow.text': ({ client, server, serverName }) => [client, server, serverName],
  failure: () => [true],
  'failure.kind': ({ kind }) => [kind],
  'failure.side': ({ side }) => (side === null ? NONE : [side]),
  'failure.tries': ({ tries }) => [tries],
  'failure.seconds': ({ seconds }) => [seconds],
  'failure.recovered': ({ recovered }) => [recovered],
  'failure.matters': ({ matters }) => [matters],
  'failure.confidence': ({ confidence }) => [confidence],
  'failure.summary': ({ summary }) => [summary],
  'failure.text': ({ kind, protocol, summary }) => [kind, kind.replaceAll('-', ' '), protocol, summary],
};

function source<Row>(reads: Reads<Row>): (row: Row) => ValueSource {
  const byName = new Map(Object.entries(reads));
  return (row) => ({ values: ({ name }: FieldInfo) => byName.get(name)?.(row) ?? NONE });
}

export const resetValues = source(RESET);
export const flowValues = source(FLOW);
export const failureValues = source(FAILURE);

/** Whether rows of resets say something of the field. */
export function isFieldOfResetRow(name: string): boolean {
  return Object.hasOwn(RESET, name);
}
