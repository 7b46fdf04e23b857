/**
 * What the user has chosen of a list's columns: which, how wide, in what order. It outlives the session, so it is read with
 * care: columns come and go with versions, and what is stored may be anything.
 */
export interface ColumnChoices {
  /** Ids in the order of the list; columns that are not named keep their place among those that are. */
  readonly order: readonly string[];
  /** Turned on, or off, by the user: one that is turned on is never left out for want of room. */
  readonly visible: Readonly<Record<string, boolean>>;
  /** px */
  readonly widths: Readonly<Record<string, number>>;
  /** Whether columns that do not fit are reached by scrolling sideways, instead of being left out. */
  readonly isWide: boolean;
}

export const NO_CHOICES: ColumnChoices = { order: [], visible: {}, widths: {}, isWide: false };

export const NARROWEST_PX = 32;
export const WIDEST_PX = 1200;
/** One press of a key makes a column so much wider. */
export const WIDTH_STEP_PX = 16;

interface Known {
  readonly id: string;
  readonly isExtra?: boolean;
}

/** The columns in the user's order, those that are turned off left out. */
export function chosenColumns<C extends Known>(columns: readonly C[], choices: ColumnChoices): readonly C[] {
  return orderedColumns(columns, choices).filter(
    ({ id, isExtra }) => choices.visible[id] ?? isExtra !== true,
  );
}

/** All columns in the user's order. */
export function orderedColumns<C extends Known>(
  columns: readonly C[],
  { order }: ColumnChoices,
): readonly C[] {
  if (order.length === 0) return columns;
  const known = order.flatMap((id) => columns.filter((column) => column.id === id));
  const ordered = [...known];
  // A column that is newer than the choice stands behind the one that it stands behind by default.
  for (const [index, column] of columns.entries()) {
    if (known.includes(column)) continue;
    const before = index === 0 ? -1 : ordered.indexOf(columns[index - 1]);
    ordered.splice(before + 1, 0, column);
  }
  return ordered;
}

export function withVisible(choices: ColumnChoices, id: string, isVisible: boolean): ColumnChoices {
  return { ...choices, visible: { ...choices.visible, [id]: isVisible } };
}

export function withWidth(choices: ColumnChoices, id: string, px: number): ColumnChoices {
  const width = Math.round(Math.min(WIDEST_PX, Math.max(NARROWEST_PX, px)));
  return { ...choices, widths: { ...choices.widths, [id]: width } };
}

/**
 * Puts a column before another one.
 * @param ids all columns in their present order
 * @param before null for the end
 */
export function withOrder(
  choices: ColumnChoices,
  ids: readonly string[],
  id: string,
  before: string | null,
): ColumnChoices {
  if (id === before) return choices;
  const others = ids.filter((one) => one !== id);
  const at = before === null ? others.length : others.indexOf(before);
  return { ...choices, order: [...others.slice(0, at), id, ...others.slice(at)] };
}

/** Columns that one list can have had; more is no choice of a user. */
const MOST_COLUMNS = 200;

/** What was stored, as far as it makes sense. */
export function readChoices(stored: string | null): ColumnChoices {
  if (stored === null) return NO_CHOICES;
  let value: unknown;
  try {
    value = JSON.parse(stored);
  } catch {
    return NO_CHOICES;
  }
  if (!isRecord(value)) return NO_CHOICES;
  const order = Array.isArray(value.order) ? value.order.filter((id) => typeof id === 'string') : [];
  return {
    order: [...new Set(order)].slice(0, MOST_COLUMNS),
    visible: entriesOf(value.visible, (one): one is boolean => typeof one === 'boolean'),
    widths: entriesOf(
      value.widths,
      (one): one is number => typeof one === 'number' && one >= NARROWEST_PX && one <= WIDEST_PX,
    ),
    isWide: value.isWide === true,
  };
}

function entriesOf<T>(value: unknown, isOne: (one: unknown) => one is T): Record<string, T> {
  if (!isRecord(value)) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, T] => isOne(entry[1]));
  return Object.fromEntries(entries.slice(0, MOST_COLUMNS));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
