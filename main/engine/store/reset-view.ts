/** Resets as rows for lists. */
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import type { FlowNames, FlowView } from './flow-view.ts';
import type { PacketIndex } from './packet-index.ts';
import type { ResetLog } from './reset-log.ts';
import { RST_DIRECTION, RST_FLOW, RST_PACKET } from './reset-log.ts';
import type { VerdictColumns } from './verdict-columns.ts';
import { OBEYED, ORIGIN_KINDS, ORIGIN_SIDES, RESET_FAMILIES } from './verdict-columns.ts';

export class ResetView {
  readonly #resets: ResetLog;
  readonly #packets: PacketIndex;
  readonly #flows: FlowView;
  readonly #names: FlowNames;
  readonly #verdicts: VerdictColumns;
  readonly #label: (reset: number) => string;

  /** @param label says who sent a reset, for people; asked only for rows that are shown */
  constructor(
    resets: ResetLog,
    packets: PacketIndex,
    flows: FlowView,
    names: FlowNames,
    verdicts: VerdictColumns,
    label: (reset: number) => string,
  ) {
    this.#resets = resets;
    this.#packets = packets;
    this.#flows = flows;
    this.#names = names;
    this.#verdicts = verdicts;
    this.#label = label;
  }

  packet(reset: number): number {
    return this.#resets.get(reset, RST_PACKET) >>> 0;
  }

  flow(reset: number): number {
    return this.#resets.get(reset, RST_FLOW);
  }

  /** Whose address it carries: 0 the client's, 1 the server's. */
  claimed(reset: number): 0 | 1 {
    return this.#resets.get(reset, RST_DIRECTION) === 0 ? 0 : 1;
  }

  time(reset: number): number {
    return this.#packets.time(this.packet(reset));
  }

  row(reset: number): ResetRow {
    const packet = this.packet(reset);
    const flow = this.flow(reset);
    const verdicts = this.#verdicts;
    return {
      id: reset,
      file: this.#packets.file(packet),
      frame: this.#packets.frame(packet),
      timeNs: this.#packets.time(packet),
      flow,
      client: this.#flows.endpoint(flow, 0),
      server: this.#flows.endpoint(flow, 1),
      serverName: this.#names.serverName(flow),
      claimed: this.claimed(reset) === 0 ? 'client' : 'server',
      kind: ORIGIN_KINDS[verdicts.kind[reset]],
      side: ORIGIN_SIDES[verdicts.side[reset]],
      hops: verdicts.hops[reset],
      label: this.#label(reset),
      confidence: verdicts.confidence[reset],
      cause: CAUSE_CODES[verdicts.cause[reset]],
      family: RESET_FAMILIES[verdicts.family[reset]],
      obeyed: OBEYED[verdicts.obeyed[reset]],
      matters: verdicts.matters[reset] === 1,
      idleSeconds: verdicts.idleSeconds[reset],
      unacknowledged: verdicts.unacknowledged[reset],
    };
  }
}
