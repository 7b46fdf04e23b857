/**
 * Makes the verdicts of an endless capture's resets final, before their packets go (`Evictor`), and lets go of the oldest
 * settled ones when there are too many. Their findings go on counting them (`GoneResets`).
 */
import type { Nanoseconds, PacketNumber } from '../../../shared/base/units.ts';
import type { GoneResets } from '../findings/gone-resets.ts';
import type { ResetAccounts } from '../answers/reset-accounts.ts';
import type { ResetJudge } from '../reset/judge.ts';
import type { LeavingWatcher } from './leaving.ts';
import type { RetentionOptions } from './retention-options.ts';
import type { FlowView } from '../answers/flow-view.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import type { ResetLog } from '../store/reset-log.ts';
import type { ResetView } from '../answers/reset-view.ts';
import type { SettledReset, SettledResets } from '../answers/settled-resets.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';

/** What resets are settled from, and where they are kept after that. */
export interface SettlingStores {
  readonly packets: PacketIndex;
  readonly resets: ResetLog;
  readonly flowView: FlowView;
  readonly resetView: ResetView;
  readonly verdicts: VerdictColumns;
  readonly settled: SettledResets;
  readonly gone: GoneResets;
}

export class ResetSettler {
  /** Told of each reset that is settled. */
  watcher: LeavingWatcher | undefined;
  readonly #options: RetentionOptions;
  readonly #stores: SettlingStores;
  readonly #judge: ResetJudge;
  readonly #accounts: ResetAccounts;

  constructor(options: RetentionOptions, stores: SettlingStores, judge: ResetJudge, accounts: ResetAccounts) {
    this.#options = options;
    this.#stores = stores;
    this.#judge = judge;
    this.#accounts = accounts;
  }

  /**
   * Settles resets whose packet lies below `belowPacket`, or that are older than `beforeNs`.
   * @param most of them at most @returns whether none is left
   */
  settle(belowPacket: PacketNumber, beforeNs: Nanoseconds, most = Infinity): boolean {
    const { packets, resets, resetView, verdicts, settled } = this.#stores;
    let isFirst = true;
    let noise = 0;
    for (let id = settled.to, left = most; id < resets.count; id++, left--) {
      const packet = resetView.packet(id);
      if (packet >= belowPacket && packets.time(packet) >= beforeNs) return true;
      if (left <= 0) return false;
      if (isFirst) this.#judge.invalidate();
      isFirst = false;
      resets.closeBelow(id + 1);
      if (resets.isGivenUp(id)) {
        settled.skip(id);
        this.watcher?.unjudged(resets.members(id));
        continue;
      }
      const verdict = this.#judge.classify(id);
      verdicts.set(id, verdict);
      const hasAccount = verdict.matters || noise++ < this.#options.maxNoiseAccounts;
      settled.add(this.#record(id, hasAccount));
      this.#letGoOfSurplus();
    }
    return true;
  }

  #record(id: number, hasAccount: boolean): SettledReset {
    const { packets, flowView, resetView } = this.#stores;
    const told = this.#accounts.fresh(id);
    const { row, verdict } = told.account;
    this.watcher?.reset(told.account);
    const flow = resetView.flow(id);
    const packet = resetView.packet(id);
    return {
      id,
      file: row.file,
      frame: packets.frame(packet),
      timeNs: packets.time(packet),
      members: resetView.members(id),
      times: resetView.times(id),
      lastNs: resetView.lastTime(id),
      flow: flowView.id(flow),
      claimed: resetView.claimed(id),
      clientAddress: flowView.address(flow, 0),
      endpoints: [row.client, row.server],
      endpointKeys: [flowView.endpointKey(flow, 0), flowView.endpointKey(flow, 1)],
      serverName: row.serverName,
      label: row.label,
      next: verdict.next,
      happening: this.#accounts.happening(verdict.cause.code),
      matters: verdict.matters,
      account: hasAccount ? JSON.stringify(told) : null,
    };
  }

  #letGoOfSurplus(): void {
    const { settled, gone, verdicts } = this.#stores;
    while (settled.size > this.#options.maxResets) {
      const next = settled.nextToGo();
      if (next === undefined) return;
      for (const id of gone.take(next, (reset) => this.#accounts.describe(reset))) {
        settled.delete(id);
        verdicts.release(id);
      }
    }
  }
}
