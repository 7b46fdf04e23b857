/** Figures that a score must not fall short of, and what they are measured as. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case, LabCases } from './cases.ts';
import { isWorsened } from './cases.ts';
import { connectionFigures, type ConnectionScore, type Group } from './failures.ts';
import { score } from './score.ts';

/** Shares between 0 and 1. */
export interface Figures {
  /** Right verdicts of all resets; an open one is not right. */
  readonly right: number;
  readonly rightWhenDecided: number;
  readonly causeRight: number;
  /** Whether it mattered, of those resets of which that is known. */
  readonly mattersRight: number;
  /** Connections that failed without a reset and are reported as such, of all of them. */
  readonly failuresFound: number;
  /** Healthy connections that are reported as failed, of all of them. */
  readonly healthyReported: number;
  /** … of those resets that ended a connection. */
  readonly endingCauseRight: number;
  /** Genuine resets that were called a middlebox's, of all genuine ones. */
  readonly falseAccusations: number;
  /** Resets of middleboxes that were called genuine, of all of theirs. */
  readonly missed: number;
  readonly notListed: number;
  readonly brier: number;
  readonly calibrationError: number;
  readonly causeCalibrationError: number;
}

/** Figures that are better when smaller: their floor is the most they may be. */
const SMALLER_IS_BETTER: ReadonlySet<keyof Figures> = new Set([
  'falseAccusations',
  'missed',
  'notListed',
  'brier',
  'calibrationError',
  'causeCalibrationError',
  'healthyReported',
]);

/** As `npm run accuracy` reports them. */
const GROUPS: readonly Group[] = ['alone', 'worsened', 'merged'];
export type FiguresOf = Readonly<Record<Group, Figures>>;
export type Floors = Readonly<Partial<Record<Group, Partial<Figures>>>>;

export function figuresOf(lab: LabCases): FiguresOf {
  const of = (group: Group): ConnectionScore[] => lab.connections.filter((one) => one.group === group);
  return {
    alone: figures(
      lab.alone.filter((c) => !isWorsened(c)),
      of('alone'),
    ),
    worsened: figures(lab.alone.filter(isWorsened), of('worsened')),
    merged: figures(lab.merged, of('merged')),
  };
}

function figures(cases: readonly Case[], connections: readonly ConnectionScore[]): Figures {
  const s = score(cases);
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    right: share(s.right, s.resets),
    rightWhenDecided: share(s.right, s.decided),
    causeRight: share(s.causeRight, s.resets - s.notListed),
    mattersRight: s.mattersKnown === 0 ? 1 : s.mattersRight / s.mattersKnown,
    ...connectionFigures(connections),
    endingCauseRight: share(s.endingCauseRight, s.ending),
    falseAccusations: share(s.falseAccusations, s.genuine),
    missed: share(s.missed, s.middlebox),
    notListed: share(s.notListed, s.resets),
    brier: s.brier,
    calibrationError: s.calibrationError,
    causeCalibrationError: s.causeCalibrationError,
  };
}

/** @param name 'fixtures' for the captures kept with the source, 'fresh' for a lab just made */
export function readFloors(root: string, name: string): Floors {
  const file = join(root, 'test/lab/floors.json');
  const all = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Floors | undefined>;
  const floors = all[name];
  if (floors === undefined) throw new Error(`${file} has no floors named '${name}'`);
  return floors;
}

/** One line for each figure on the wrong side of its floor. */
export function shortfalls(figuresByGroup: FiguresOf, floors: Floors): string[] {
  return compare(figuresByGroup, floors, (lead) => lead < 0, 'falls short of');
}

/** One line for each figure that has left its floor behind by more than `slack`. */
export function outgrown(figuresByGroup: FiguresOf, floors: Floors, slack: number): string[] {
  return compare(figuresByGroup, floors, (lead) => lead > slack, 'has outgrown');
}

function compare(
  figuresByGroup: FiguresOf,
  floors: Floors,
  isWorthSaying: (lead: number) => boolean,
  how: string,
): string[] {
  const lines: string[] = [];
  for (const group of GROUPS)
    for (const [name, floor] of Object.entries(floors[group] ?? {}) as [keyof Figures, number][]) {
      const figure = figuresByGroup[group][name];
      const lead = SMALLER_IS_BETTER.has(name) ? floor - figure : figure - floor;
      if (isWorthSaying(lead)) lines.push(`${group}: ${name} ${figure.toFixed(4)} ${how} ${floor}`);
    }
  return lines;
}
