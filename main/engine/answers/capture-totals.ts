/**
 * Answers about the capture as a whole: summary, overview, findings, and what was let go. What was let go of is counted
 * with what is kept.
 */
import type { Steps } from '../../../shared/base/steps.ts';
import type { CaptureSummary, LetGo, Overview } from '../../../shared/model/capture.ts';
import type { Findings } from '../../../shared/model/finding.ts';
import type { FileList } from '../files/file-list.ts';
import { findingSteps } from '../findings/findings.ts';
import type { GoneResets } from '../findings/gone-resets.ts';
import type { FlowStage } from '../pipeline/flow-stage.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { LIMITS } from '../limits.ts';
import type { CaptureClock } from '../read/sink.ts';
import type { ResetAccounts } from './reset-accounts.ts';
import type { IcmpView } from './icmp-view.ts';
import { countResets } from './overview.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import { INDEX_BYTES_PER_PACKET } from '../store/packet-index.ts';
import type { ResetLog } from '../store/reset-log.ts';
import type { ResetView } from './reset-view.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';

/** What is counted. */
export interface CountedStores {
  readonly clock: CaptureClock;
  readonly files: FileList;
  readonly packets: PacketIndex;
  readonly flows: FlowTable;
  readonly resets: ResetLog;
  readonly resetView: ResetView;
  readonly verdicts: VerdictColumns;
  readonly gone: GoneResets;
  readonly icmpErrors: IcmpView;
}

/** Whoever lets go of flows, asked how many. */
export interface FlowsLetGo {
  readonly flowsGone: number;
}

export class CaptureTotals {
  readonly #stores: CountedStores;
  readonly #flowStage: FlowStage;
  readonly #accounts: ResetAccounts;
  readonly #letGo: FlowsLetGo | undefined;

  /** @param letGo undefined where everything is kept */
  constructor(
    stores: CountedStores,
    flowStage: FlowStage,
    accounts: ResetAccounts,
    letGo: FlowsLetGo | undefined,
  ) {
    this.#stores = stores;
    this.#flowStage = flowStage;
    this.#accounts = accounts;
    this.#letGo = letGo;
  }

  /** All resets, and those that matter. */
  resetNumbers(): Pick<CaptureSummary, 'resets' | 'resetsThatMatter'> {
    const { resets, resetView, verdicts, gone } = this.#stores;
    let { matters } = gone;
    for (const id of resetView.ids()) {
      if (verdicts.matters[verdicts.at(id)] === 1) matters += resetView.members(id);
    }
    return { resets: resets.total - resetView.seenAgain, resetsThatMatter: matters };
  }

  summary(): CaptureSummary {
    const { clock, files, packets, flows } = this.#stores;
    return {
      files: files.summaries(clock.epochNs),
      epochNs: clock.epochNs?.toString() ?? null,
      firstNs: files.firstNs,
      lastNs: files.lastNs,
      packets: packets.count,
      tcpPackets: this.#flowStage.tcpPackets,
      flows: flows.count,
      tcpFlows: this.#flowStage.tcpFlows,
      ...this.resetNumbers(),
      dropped: files.dropped,
      indexBytesPerPacket: INDEX_BYTES_PER_PACKET,
      letGo: this.letGo(),
    };
  }

  /** Null where nothing was. */
  letGo(): LetGo | null {
    const { packets, gone, files } = this.#stores;
    const flowsGone = this.#letGo?.flowsGone ?? 0;
    if (packets.gone === 0 && flowsGone === 0) return null;
    return {
      packets: packets.gone,
      flows: flowsGone,
      resets: gone.count,
      findings: gone.groupsGone,
      files: files.goneCount,
    };
  }

  /**
   * @param ids judged resets in capture order
   * @param isWhole they are all that are known: those that were let go are counted, too
   */
  *overview(ids: Uint32Array, buckets: number, isWhole: boolean): Steps<Overview> {
    const { files, resetView, verdicts, icmpErrors } = this.#stores;
    const gone = isWhole ? this.#stores.gone : undefined;
    // Some may have been let go since they were listed.
    const known = this.#letGo === undefined ? ids : ids.filter((id) => resetView.has(id));
    const { firstNs, lastNs } = files;
    return {
      ...(yield* countResets(known, resetView, verdicts, firstNs, lastNs, buckets, gone)),
      findings: yield* this.findings(known, LIMITS.maxOverviewFindings, isWhole),
      icmpErrors: icmpErrors.summary(),
    };
  }

  /** @param ids, isWhole as for `overview` @param limit findings listed at most @param from findings before those */
  findings(ids: Uint32Array, limit: number, isWhole: boolean, from = 0): Steps<Findings> {
    const { resetView, verdicts, gone } = this.#stores;
    const describe = (reset: number) => this.#accounts.describe(reset);
    return findingSteps(
      ids,
      { resets: resetView, verdicts, describe },
      limit,
      isWhole ? gone.groups : undefined,
      from,
    );
  }
}
