/** Where the columns of a ladder stand, px from its left. What there is no room for is left out, the least telling first. */
export interface LadderLayout {
  readonly width: number;
  /** Right edges of the numbers on the left; null where left out. */
  readonly time: number | null;
  readonly delta: number;
  readonly frame: number;
  readonly client: number;
  readonly server: number;
  /** Right edges of the numbers on the right. */
  readonly ttl: number;
  readonly window: number | null;
  /** Left edge; null where left out. */
  readonly notes: number | null;
  /** Right edge of the notes. */
  readonly end: number;
}

const PAD = 12;
const FRAME = 74;
const DELTA = 76;
const TIME = 92;
const TTL = 40;
const WINDOW = 76;
/** Room between a number and the nearest line. */
const GAP = 22;

export function ladderLayout(width: number, hasNotes: boolean): LadderLayout {
  const isWide = width >= 900;
  const isNarrow = width < 620;
  const time = isWide ? PAD + TIME : null;
  const delta = (time ?? PAD - 8) + DELTA;
  const frame = delta + (isNarrow ? FRAME - 14 : FRAME);
  const notesWidth = !hasNotes
    ? 0
    : Math.min(340, Math.max(isNarrow ? 84 : 150, width * (isWide ? 0.24 : 0.2)));
  const end = width - PAD;
  const notes = notesWidth === 0 ? null : end - notesWidth;
  const windowEdge = isWide ? (notes ?? end + 10) - 14 : null;
  const ttl = windowEdge === null ? (notes ?? end + 10) - 12 : windowEdge - WINDOW;
  return {
    width,
    time,
    delta,
    frame,
    client: frame + GAP,
    server: ttl - TTL + 8 - (isNarrow ? 4 : 12),
    ttl,
    window: windowEdge,
    notes,
    end,
  };
}

/** Where a place on the path stands: 0 the client's line, 1 the server's. */
export function laneX({ client, server }: LadderLayout, at: number): number {
  return client + at * (server - client);
}
