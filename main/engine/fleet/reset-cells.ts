/** The table of resets: each as this capture saw it, with the verdict that all captures of the analysis together make. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { ResetAccount } from '../../../shared/model/capture.ts';
import type { FlowHints } from '../../../shared/model/hints.ts';
import type { Evidence } from '../../../shared/model/verdict.ts';
import type { ResetView } from '../answers/reset-view.ts';
import type { FlowStores } from './flow-cells.ts';
import {
  cellsOf,
  endReaders,
  SOURCE_READERS,
  timeCell,
  type BetweenTwo,
  type FleetCell,
  type FleetContext,
  type TextSecrets,
} from './fleet-row.ts';
import { keysOf, type FlowKeys } from './flow-origin.ts';
import { secretsOf } from './secrets.ts';

export interface ResetStores extends FlowStores {
  readonly resetView: ResetView;
  findAccount(reset: number): ResetAccount | undefined;
  hints(flow: ReturnType<ResetView['flow']>): FlowHints | undefined;
  name(flow: ReturnType<ResetView['flow']>, direction: 0 | 1): string | undefined;
}

/** A reset, and where it stands in the capture whose row it gets. */
export interface ToldReset extends BetweenTwo {
  readonly id: number;
  readonly flow: number;
  readonly file: number;
  readonly frame: number;
  readonly timeNs: number;
  readonly count: number;
  readonly account: ResetAccount;
  readonly keys: FlowKeys;
  readonly resetKey: bigint | null;
  readonly secrets: TextSecrets;
  readonly caseName: string | null;
}

const NO_KEYS: FlowKeys = { match: null, isn: null, serverIsn: null };

/** @returns undefined where the reset or its account was let go, or it has no verdict */
export function toldReset(
  stores: ResetStores,
  id: number,
  context: FleetContext,
  caseName: string | null,
): ToldReset | undefined {
  const { resetView, resets, packets, flowView } = stores;
  if (!resetView.has(id)) return undefined;
  const account = stores.findAccount(id);
  if (account === undefined) return undefined;
  const common = { id, account, caseName };
  const packet = id >= resets.first ? resets.packet(id) : undefined;
  if (packet === undefined || !packets.holds(packet)) {
    const { flow, file, frame, timeNs, count, client, server, serverName } = account.row;
    const ends = { client, server, serverName };
    const secrets = secretsOf(account, ends, undefined, []);
    return { ...common, ...ends, flow, file, frame, timeNs, count, keys: NO_KEYS, resetKey: null, secrets };
  }
  const flow = resets.flow(id);
  const ends = {
    client: flowView.endpoint(flow, 0),
    server: flowView.endpoint(flow, 1),
    serverName: resetView.serverName(id),
  };
  const names = [stores.name(flow, 0) ?? '', stores.name(flow, 1) ?? ''];
  return {
    ...common,
    ...ends,
    flow: flowView.id(flow),
    ...placeOf(stores, packet),
    count: resetView.members(id),
    keys: keysOf(stores, flow, context.keys),
    resetKey: context.keys.reset(resets.direction(id), packets.seq(packet)),
    secrets: secretsOf(account, ends, stores.hints(flow), names),
  };
}

function placeOf(
  { packets }: ResetStores,
  packet: PacketNumber,
): Pick<ToldReset, 'file' | 'frame' | 'timeNs'> {
  return { file: packets.file(packet), frame: packets.frame(packet), timeNs: packets.time(packet) };
}

export const resetCells: (told: ToldReset, context: FleetContext) => FleetCell[] = cellsOf<ToldReset>(
  'resets',
  {
    ...SOURCE_READERS,
    reset: ({ id }) => id,
    flow: ({ flow }) => flow,
    file: ({ file }, { disguise }) => disguise.path(file),
    frame: ({ frame }) => frame,
    time: ({ timeNs }, context) => timeCell(timeNs, context),
    ...endReaders<ToldReset>((told) => told),
    match_key: ({ keys }) => keys.match,
    isn_key: ({ keys }) => keys.isn,
    reset_key: ({ resetKey }) => resetKey,
    claimed: ({ account }) => account.verdict.claimed,
    origin: ({ account }) => account.verdict.origin.kind,
    origin_side: ({ account }) => account.verdict.origin.side,
    origin_hops: ({ account }) => account.verdict.origin.hops,
    origin_label: ({ account, secrets }, { disguise }) =>
      disguise.text(account.verdict.origin.label, secrets),
    origin_confidence: ({ account }) => account.verdict.origin.confidence,
    cause: ({ account }) => account.verdict.cause.code,
    cause_confidence: ({ account }) => account.verdict.cause.confidence,
    cause_alternatives: ({ account }) => account.verdict.cause.alternatives.join(' ') || null,
    family: ({ account }) => account.verdict.family,
    obeyed: ({ account }) => account.verdict.obeyed,
    matters: ({ account }) => account.verdict.matters,
    unacknowledged_client: ({ account }) => account.verdict.unacknowledgedBytes.client,
    unacknowledged_server: ({ account }) => account.verdict.unacknowledgedBytes.server,
    idle_seconds: ({ account }) => account.verdict.idleSeconds,
    silence_seconds: ({ account }) => account.verdict.silenceSeconds,
    client_sees: ({ account }) => account.verdict.sees.client,
    server_sees: ({ account }) => account.verdict.sees.server,
    client_hops: ({ account }) => account.verdict.path.clientHops,
    server_hops: ({ account }) => account.verdict.path.serverHops,
    evidence: ({ account }) => evidenceText(account.evidence),
    proven: ({ account }) => account.journey?.proven ?? null,
    count: ({ count }) => count,
    case_name: ({ caseName }) => caseName,
    summary: ({ account, secrets }, { disguise }) => disguise.text(account.verdict.summary, secrets),
    next: ({ account, secrets }, { disguise }) => disguise.text(account.verdict.next, secrets),
  },
);

/** Codes with their weights; + speaks for a device, what speaks for nobody has a bare 0. */
export function evidenceText(
  evidence: readonly Pick<Evidence, 'code' | 'favours' | 'weight'>[],
): string | null {
  return evidence.map(({ code, favours, weight }) => `${code}:${signed(favours, weight)}`).join(' ') || null;
}

function signed(favours: Evidence['favours'], weight: number): string {
  const rounded = Math.round(weight * 100) / 100;
  if (favours === 'neither' || rounded === 0) return '0';
  return `${favours === 'middlebox' ? '+' : '-'}${rounded}`;
}
