/**
 * The table of findings: resets of one server, origin and cause within five minutes as one row, small enough to be kept for years. Of a
 * stretch that two segments of a capture share there are two rows, which readers add up.
 */
import { FINDING_SECONDS } from '../../../shared/fleet/tables.ts';
import { endpointParts } from '../../../shared/format/endpoint.ts';
import { cellsOf, SOURCE_READERS, type FleetCell, type FleetContext } from './fleet-row.ts';
import type { ToldReset } from './reset-cells.ts';
import type { Verdict } from '../../../shared/model/verdict.ts';

const FINDING_NS = BigInt(FINDING_SECONDS) * 1_000_000_000n;

/** What of a reset its finding is made of. */
export interface RolledReset extends Pick<
  ToldReset,
  'id' | 'timeNs' | 'count' | 'client' | 'server' | 'serverName' | 'caseName'
> {
  readonly account: { readonly verdict: Pick<Verdict, 'claimed' | 'origin' | 'cause' | 'matters'> };
}

/** Resets of one stretch of time that are alike. */
export interface RolledUp {
  /** Begin of the stretch, nanoseconds since 1970. */
  readonly fromNs: bigint;
  /** One of them to look at. */
  readonly example: RolledReset;
  readonly serverName: string;
  readonly count: number;
  readonly matters: number;
  readonly clients: number;
  readonly meanConfidence: number;
}

class RollUp {
  readonly fromNs: bigint;
  example: RolledReset;
  serverName = '';
  count = 0;
  matters = 0;
  #confidence = 0;
  readonly #clients = new Set<string>();

  constructor(fromNs: bigint, first: RolledReset) {
    this.fromNs = fromNs;
    this.example = first;
  }

  add(told: RolledReset): void {
    const { count, account, client } = told;
    this.count += count;
    if (account.verdict.matters) this.matters += count;
    this.#confidence += count * account.verdict.origin.confidence;
    this.#clients.add(endpointParts(client).address);
    if (this.serverName === '') this.serverName = told.serverName;
    if (rank(told) > rank(this.example)) this.example = told;
  }

  get clients(): number {
    return this.#clients.size;
  }

  get meanConfidence(): number {
    return this.#confidence / this.count;
  }
}

/** One with a case file can be looked at anywhere, and what ended work tells most. */
function rank({ caseName, account }: RolledReset): number {
  return (caseName === null ? 0 : 2) + (account.verdict.matters ? 1 : 0);
}

/** Takes resets in one by one; memory holds one of each group. */
export class RolledUpResets {
  readonly #groups = new Map<string, RollUp>();
  readonly #epochNs: bigint;

  /** @param epochNs nanoseconds since 1970 of the analysis' time zero */
  constructor(epochNs: bigint) {
    this.#epochNs = epochNs;
  }

  add(told: RolledReset): void {
    const { claimed, origin, cause } = told.account.verdict;
    const timeNs = this.#epochNs + BigInt(Math.round(told.timeNs));
    const fromNs = timeNs - (((timeNs % FINDING_NS) + FINDING_NS) % FINDING_NS);
    const key = [fromNs, told.server, claimed, origin.kind, origin.side, cause.code].join(' ');
    let group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, (group = new RollUp(fromNs, told)));
    group.add(told);
  }

  /** In the order of the first reset of each. */
  get all(): RolledUp[] {
    return [...this.#groups.values()];
  }
}

export const findingCells: (rolled: RolledUp, context: FleetContext) => FleetCell[] = cellsOf<RolledUp>(
  'findings',
  {
    ...SOURCE_READERS,
    time: ({ fromNs }) => fromNs,
    server_address: ({ example }, { disguise }) => disguise.address(endpointParts(example.server).address),
    server_port: ({ example }) => endpointParts(example.server).port,
    server_name: ({ serverName }, { disguise }) => (serverName === '' ? null : disguise.name(serverName)),
    claimed: ({ example }) => example.account.verdict.claimed,
    origin: ({ example }) => example.account.verdict.origin.kind,
    origin_side: ({ example }) => example.account.verdict.origin.side,
    cause: ({ example }) => example.account.verdict.cause.code,
    count: ({ count }) => count,
    matters: ({ matters }) => matters,
    clients: ({ clients }) => clients,
    mean_confidence: ({ meanConfidence }) => meanConfidence,
    example_reset: ({ example }) => example.id,
    case_name: ({ example }) => example.caseName,
  },
);
