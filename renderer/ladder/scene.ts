/** Everything that a frame of the ladder is drawn from. */
import type { FlowReset } from '../../shared/model/connection.ts';
import type { Favour, OriginKind, Side, Verdict } from '../../shared/model/verdict.ts';
import type { DrawingTheme } from '../ui/drawing-theme.ts';
import type { Clock } from '../words/values.ts';
import type { FlowPackets } from './flow-packets.ts';
import type { Lanes } from './lanes.ts';
import type { LadderLayout } from './layout.ts';
import type { Rungs } from './rungs.ts';

export interface LadderReset {
  readonly id: number;
  readonly kind: OriginKind;
  readonly claimed: Side;
  readonly label: string;
  /** Whether it has a lane of its own. */
  readonly device: boolean;
  /** Resets that its record stands for. */
  readonly times: number;
  readonly unacknowledged: Verdict['unacknowledgedBytes'];
}

export interface EvidenceMark {
  /** Whom the evidence favours; `neither` where that is not the question. */
  readonly favours: Favour;
  readonly text: string;
}

export interface LadderScene {
  readonly packets: FlowPackets;
  readonly rungs: Rungs;
  readonly lanes: Lanes;
  /** By the id of their records. */
  readonly resets: ReadonlyMap<number, LadderReset>;
  readonly layout: LadderLayout;
  readonly theme: DrawingTheme;
  readonly clock: Clock;
  readonly rowPx: number;
  /** px for a nanosecond by which lines between capture points fall; left out where rows are no times. */
  readonly slant?: number | undefined;
  /** Numbers of packets; null for none. */
  readonly selected: number | null;
  /** Rungs under the pointer and under the cursor; −1 for none. */
  readonly hovered: number;
  readonly cursor: number;
  readonly marks: ReadonlyMap<number, EvidenceMark>;
  /** Packets that the user marked. */
  readonly marked?: ReadonlySet<number>;
  /** Packets that evidence under the pointer rests on. */
  readonly lit?: ReadonlySet<number>;
  /** By packet: what the application says in it. */
  readonly messages: ReadonlyMap<number, string>;
  /** The packet that it all is about, where that is no reset: a failure. */
  readonly about: number | null;
}

export function ladderResets(resets: readonly FlowReset[], lanes: Lanes): Map<number, LadderReset> {
  return new Map(
    resets.map(({ row, unacknowledged }) => [
      row.id,
      {
        id: row.id,
        kind: row.kind,
        claimed: row.claimed,
        label: row.label,
        device: lanes.deviceOf.has(row.id),
        times: row.count,
        unacknowledged,
      },
    ]),
  );
}
