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

/** Lines closer than this have no room for words on their arrows: columns give way first. */
const LEAST_SPAN = 330;

export function ladderLayout(width: number, hasNotes: boolean): LadderLayout {
  const notes = hasNotes ? Math.min(380, Math.max(150, width * 0.25)) : 0;
  const tries = [
    { hasTime: true, hasWindow: true, notes },
    { hasTime: true, hasWindow: false, notes },
    { hasTime: false, hasWindow: false, notes },
    { hasTime: false, hasWindow: false, notes: Math.min(notes, 110) },
  ];
  for (const columns of tries) {
    const layout = placed(width, columns);
    if (layout.server - layout.client >= LEAST_SPAN) return layout;
  }
  // A column of cut notes beside arrows without words would say nothing twice: the newest note goes onto its arrow.
  return placed(width, { hasTime: false, hasWindow: false, notes: 0 });
}

interface Columns {
  readonly hasTime: boolean;
  readonly hasWindow: boolean;
  readonly notes: number;
}

function placed(width: number, columns: Columns): LadderLayout {
  const time = columns.hasTime ? PAD + TIME : null;
  const delta = (time ?? PAD - 8) + DELTA;
  const frame = delta + (columns.hasTime ? FRAME : FRAME - 12);
  const end = width - PAD;
  const notes = columns.notes === 0 ? null : end - columns.notes;
  const beside = (notes ?? end + 12) - 14;
  const window = columns.hasWindow ? beside : null;
  const ttl = window === null ? beside : window - WINDOW;
  return { width, time, delta, frame, client: frame + GAP, server: ttl - TTL - 4, ttl, window, notes, end };
}

/** Where a place on the path stands: 0 the client's line, 1 the server's. */
export function laneX({ client, server }: LadderLayout, at: number): number {
  return client + at * (server - client);
}
