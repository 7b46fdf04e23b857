/**
 * The lifelines of a ladder: the client on the left, the server on the right, and between them what made resets in their names.
 * A device has a line only where a verdict says so; where a sender cannot be told the line is a suspicion, and drawn as one.
 */
import type { FlowReset } from '../../shared/model/connection.ts';
import type { OriginKind, PathModel } from '../../shared/model/verdict.ts';
import { ORIGIN } from '../../shared/texts/origin.ts';

export interface DeviceLane {
  /** 0 the client's line, 1 the server's. */
  readonly at: number;
  readonly kind: Exclude<OriginKind, 'endpoint'>;
  readonly label: string;
  /** Whether it is known where on the path it stands. */
  readonly isPlaced: boolean;
}

export interface Lanes {
  readonly devices: readonly DeviceLane[];
  /** By the id of a reset: which of the devices made it. */
  readonly deviceOf: ReadonlyMap<number, number>;
  readonly capturePoint: PathModel['capturePoint'];
}

/** Lines of different devices; what is beyond shares the last one. */
const MAX_DEVICES = 3;
/** Nearer to a host no device is drawn: its arrows could not be seen. */
const EDGE = 0.26;
const APART = 0.16;

type LaneReset = Pick<FlowReset, 'path'> & { readonly row: Pick<FlowReset['row'], 'id' | 'kind' | 'label'> };

export function layLanes(resets: readonly LaneReset[]): Lanes {
  const groups = new Map<string, { first: LaneReset; ids: number[] }>();
  for (const reset of resets) {
    if (reset.row.kind === 'endpoint') continue;
    const key = reset.row.kind === 'unknown' ? '' : reset.row.label;
    const group = groups.get(key);
    if (group !== undefined) group.ids.push(reset.row.id);
    else if (groups.size < MAX_DEVICES) groups.set(key, { first: reset, ids: [reset.row.id] });
    else Array.from(groups.values()).at(-1)?.ids.push(reset.row.id);
  }
  const sorted = Array.from(groups.values()).sort((a, b) => placeOf(a.first) - placeOf(b.first));
  const places = spread(sorted.map(({ first }) => placeOf(first)));
  const devices = sorted.map(({ first }, index): DeviceLane => {
    const kind = first.row.kind === 'unknown' ? 'unknown' : 'middlebox';
    return {
      at: places[index],
      kind,
      label: kind === 'unknown' ? ORIGIN.unknown.name : first.row.label,
      isPlaced: kind === 'middlebox' && first.path.place !== null,
    };
  });
  const deviceOf = new Map(sorted.flatMap(({ ids }, index) => ids.map((id) => [id, index] as const)));
  return { devices, deviceOf, capturePoint: resets.at(0)?.path.capturePoint ?? 'unknown' };
}

/** On the path from client to server; in the middle where nobody can say. */
function placeOf({ row, path }: LaneReset): number {
  return row.kind === 'unknown' ? 0.5 : Math.min(1 - EDGE, Math.max(EDGE, path.place ?? 0.5));
}

/** Ascending places pushed apart as far as needed, and back into the middle. */
function spread(places: readonly number[]): number[] {
  const apart: number[] = [];
  for (const place of places) apart.push(Math.max(place, (apart.at(-1) ?? -1) + APART));
  for (let i = apart.length - 1, limit = 1 - EDGE; i >= 0; i--, limit -= APART) {
    apart[i] = Math.min(apart[i], limit);
  }
  return apart;
}
