/**
 * Filters asked of a row alone: of settled resets and told failures whose packets were let go. Fields that only packets have are
 * absent there.
 */
import type { FieldValue } from '../../../shared/fields/field.ts';
import type { FilterNode } from '../../../shared/filter/ast.ts';
import { addressBytes, splitEndpoint } from '../../../shared/filter/address-match.ts';
import { parseAddress } from '../../../shared/format/address.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import { failureFieldValues } from './flow-fields.ts';
import { evaluateFilter } from './reference.ts';

type Row = ResetRow | FailureRow;
type Values = readonly FieldValue[];

const NONE: Values = [];
const LAYER: Values = [new Uint8Array(0)];

function isReset(row: Row): row is ResetRow {
  return 'cause' in row;
}

function known(value: number): Values {
  return value < 0 ? NONE : [value];
}

function text(value: string): Values {
  return value === '' ? NONE : [value];
}

const RESET: Readonly<Record<string, (row: ResetRow) => Values>> = {
  rst: () => LAYER,
  tcp: () => LAYER,
  'tcp.flags.reset': () => [true],
  'rst.origin': (row) => [row.kind],
  'rst.side': (row) => [row.side],
  'rst.cause': (row) => [row.cause],
  'rst.confidence': (row) => [row.confidence],
  'rst.matters': (row) => [row.matters],
  'rst.hops': (row) => known(row.hops),
  'rst.claimed': (row) => [row.claimed],
  'rst.family': (row) => [row.family],
  'rst.obeyed': (row) => [row.obeyed],
  'rst.idle': (row) => known(row.idleSeconds),
  'rst.unacked': (row) => known(row.unacknowledged),
  'rst.label': (row) => [row.label],
  'flow.id': (row) => [row.flow],
  'flow.proto': () => ['tcp'],
};

/** Who sent the reset, and to whom: by the address that it carries. */
function sender(row: Row): { readonly source: string; readonly destination: string } {
  const isClient = !isReset(row) || row.claimed === 'client';
  return isClient
    ? { source: row.client, destination: row.server }
    : { source: row.server, destination: row.client };
}

const ENDS: Readonly<Record<string, (row: Row) => readonly string[]>> = {
  src: (row) => [sender(row).source],
  dst: (row) => [sender(row).destination],
  addr: (row) => [sender(row).source, sender(row).destination],
  srcport: (row) => [sender(row).source],
  dstport: (row) => [sender(row).destination],
  port: (row) => [sender(row).source, sender(row).destination],
};

function ports(endpoints: readonly string[]): Values {
  return endpoints.map(splitEndpoint).flatMap((one) => (one === undefined ? [] : [one.port]));
}

function addresses(endpoints: readonly string[], family: 4 | 6): Values {
  return endpoints.flatMap((one) => {
    const address = parseAddress(splitEndpoint(one)?.address ?? '');
    return address?.family === family ? [addressBytes(address)] : [];
  });
}

function ofBoth(field: string, row: Row): Values | undefined {
  switch (field) {
    case 'frame':
    case 'flow':
      return LAYER;
    case 'frame.number':
      return [row.frame];
    case 'capture.file':
      return [row.file];
    case 'flow.client':
      return [row.client];
    case 'flow.server':
      return [row.server];
    case 'flow.host':
      return text(row.serverName);
    case 'flow.ip':
      return addresses([row.client, row.server], 4);
    case 'flow.ipv6':
      return addresses([row.client, row.server], 6);
    case 'flow.client.ip':
      return addresses([row.client], 4);
    case 'flow.server.ip':
      return addresses([row.server], 4);
    case 'flow.client.ipv6':
      return addresses([row.client], 6);
    case 'flow.server.ipv6':
      return addresses([row.server], 6);
    case 'flow.port':
      return ports([row.client, row.server]);
    case 'flow.client.port':
      return ports([row.client]);
    case 'flow.server.port':
      return ports([row.server]);
    default:
      return undefined;
  }
}

function valuesOf(row: Row, field: string): Values {
  const common = ofBoth(field, row);
  if (common !== undefined) return common;
  const [protocol, part = ''] = field.split('.');
  if (Object.hasOwn(ENDS, part)) {
    const ends = ENDS[part](row);
    if (protocol === 'ip') return addresses(ends, 4);
    if (protocol === 'ipv6') return addresses(ends, 6);
    if (protocol === (isReset(row) ? 'tcp' : row.protocol)) return ports(ends);
  }
  if (isReset(row)) return Object.hasOwn(RESET, field) ? RESET[field](row) : NONE;
  if (field === 'flow.id') return [row.id];
  if (field === 'flow.proto') return [row.protocol];
  if (field === 'flow.ending') return [row.kind];
  return failureFieldValues(field, row);
}

export function rowPasses(filter: FilterNode, row: Row): boolean {
  return evaluateFilter(filter, ({ field }) => valuesOf(row, field.name));
}
