/** The table of failures without a reset. */
import type { FlowId } from '../../../shared/base/units.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import {
  cellsOf,
  endReaders,
  SOURCE_READERS,
  timeCell,
  type FleetCell,
  type FleetContext,
  type TextSecrets,
} from './fleet-row.ts';
import { keysOf, type FlowKeys } from './flow-origin.ts';
import type { ResetStores } from './reset-cells.ts';
import { secretsOf } from './secrets.ts';

interface ToldFailure {
  readonly row: FailureRow;
  readonly keys: FlowKeys;
  readonly secrets: TextSecrets;
}

const cells = cellsOf<ToldFailure>('failures', {
  ...SOURCE_READERS,
  flow: ({ row }) => row.id,
  file: ({ row }, { disguise }) => disguise.path(row.file),
  frame: ({ row }) => row.frame,
  time: ({ row }, context) => timeCell(row.timeNs, context),
  protocol: ({ row }) => row.protocol,
  ...endReaders<ToldFailure>(({ row }) => row),
  match_key: ({ keys }) => keys.match,
  isn_key: ({ keys }) => keys.isn,
  kind: ({ row }) => row.kind,
  side: ({ row }) => row.side,
  tries: ({ row }) => row.tries,
  seconds: ({ row }) => row.seconds,
  recovered: ({ row }) => row.recovered,
  matters: ({ row }) => row.matters,
  confidence: ({ row }) => row.confidence,
  summary: ({ row, secrets }, { disguise }) => disguise.text(row.summary, secrets),
  next: ({ row, secrets }, { disguise }) => disguise.text(row.next, secrets),
});

export function failureCells(stores: ResetStores, row: FailureRow, context: FleetContext): FleetCell[] {
  const flow = stores.flows.flowOf(row.id as FlowId);
  if (flow < 0) {
    const keys = { match: null, isn: null, serverIsn: null };
    return cells({ row, keys, secrets: secretsOf(undefined, row, undefined, []) }, context);
  }
  const names = [stores.name(flow, 0) ?? '', stores.name(flow, 1) ?? ''];
  const secrets = secretsOf(undefined, row, stores.hints(flow), names);
  return cells({ row, keys: keysOf(stores, flow, context.keys), secrets }, context);
}
