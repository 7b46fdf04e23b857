/** The values that fields have in one packet, as far as index, flows and verdicts tell them: for the reference evaluator. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FieldValue } from '../../../shared/fields/field.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import { NO_FLOW, chunkOf, rowOf } from '../store/packet-index.ts';
import { addressOf, flowFieldValues, isFlowField, portOf } from './flow-fields.ts';
import { type EndColumn, type PacketSources, packetColumn } from './packet-fields.ts';
import { ABSENT, OPEN } from './presence.ts';
import { isResetField, resetFieldValues } from './reset-fields.ts';
import type { SelectStores } from './stores.ts';

type Values = readonly FieldValue[];

const NONE: Values = [];
/** A field that says nothing but that it is there, as layers and marks do. */
const THERE: Values = [new Uint8Array(0)];

/** What flows and packets are joined with, made anew when what is told of them changes. */
export interface Joined {
  /** The verdict's reset of a packet. */
  readonly resetOf: (packet: PacketNumber) => number | undefined;
  readonly failureOf: (flow: FlowRecord) => FailureRow | undefined;
}

/** Whether packets have the field's values without their bytes, where their form allows it. */
export function isTold(field: string): boolean {
  const column = packetColumn(field);
  return isFlowField(field) || isResetField(field) || (column !== undefined && column.kind !== 'layer');
}

/** @returns undefined where only the bytes can tell */
export function toldValues(
  stores: SelectStores,
  sources: PacketSources,
  joined: Joined,
  field: string,
  packet: PacketNumber,
): Values | undefined {
  const column = packetColumn(field);
  const flow = stores.packets.flow(packet);
  if (column === undefined) {
    if (isFlowField(field)) {
      return flow === NO_FLOW ? NONE : flowFieldValues(stores, joined.failureOf, field, flow);
    }
    if (!isResetField(field)) return undefined;
    const reset = joined.resetOf(packet);
    return reset === undefined ? NONE : resetFieldValues(stores, field, reset);
  }
  const index = chunkOf(packet);
  const row = rowOf(packet);
  const chunk = stores.packets.chunkAt(index);
  const presence = column.presence[chunk.formAt(row)];
  if (presence === OPEN) return undefined;
  if (presence === ABSENT) return NONE;
  switch (column.kind) {
    case 'layer':
      // It is there; what it holds only the bytes tell.
      return undefined;
    case 'mark':
      return (chunk.marks[row] & column.marks) === 0 ? NONE : THERE;
    case 'end':
      return flow === NO_FLOW ? undefined : endValues(stores, column, flow, stores.packets.direction(packet));
    case 'number': {
      if (column.ofFlow && flow === NO_FLOW) return undefined;
      const into = scratch;
      column.read(sources, { chunk, index, from: row, to: row + 1 }, into);
      return [column.fromNumber(into[row], sources)];
    }
  }
}

/** One number is read at a time, at its own row. */
const scratch = new Float64Array(1 << 16);

function endValues(stores: SelectStores, column: EndColumn, flow: FlowRecord, direction: 0 | 1): Values {
  const other = direction === 0 ? 1 : 0;
  const sides: readonly (0 | 1)[] =
    column.which === 'both' ? [direction, other] : column.which === 'source' ? [direction] : [other];
  return sides
    .map((side) =>
      column.what === 'port'
        ? portOf(stores, flow, side)
        : addressOf(stores, flow, side, column.what === 'ipv4' ? 4 : 6),
    )
    .filter((value) => value !== undefined);
}
