/**
 * Verdicts against cases of public reports whose true cause was established. One line of expectations is about some resets of
 * one file: who made them, why, whether they mattered, and what a reader must and must not be told.
 */
import * as v from 'valibot';
import type { AnalysisJson } from '../../main/cli/schema.ts';

const EXPECTED = v.object({
  file: v.string(),
  frames: v.array(v.number()),
  origin: v.array(v.string()),
  cause: v.array(v.string()),
  /** Null: either. */
  matters: v.nullable(v.boolean()),
  /** Patterns that what is told must hold, each somewhere in next step, summary, the finding's next step or the evidence. */
  next: v.array(v.string()),
  /** Patterns that the next step must not hold. */
  not: v.array(v.string()),
  hops: v.optional(v.tuple([v.number(), v.number()])),
  /** At least one reset of each of these groups must matter. */
  anyMatters: v.optional(v.array(v.array(v.number()))),
});

export const EXPECTATIONS = v.array(EXPECTED);
export type Expected = v.InferOutput<typeof EXPECTED>;

export const COLUMNS = ['origin', 'cause', 'matters', 'next'] as const;
export type Column = (typeof COLUMNS)[number];

export interface FieldCase {
  readonly file: string;
  /** Whether all that was expected in that column holds. */
  readonly right: Readonly<Record<Column, boolean>>;
  readonly misses: readonly string[];
}

/** @param expected all lines of one file */
export function compareCase(file: string, expected: readonly Expected[], analysis: AnalysisJson): FieldCase {
  const resets = new Map(analysis.resets.map((reset) => [reset.frame, reset] as const));
  const nextOfFinding = new Map(
    analysis.findings.flatMap(({ resets: examples, next }) =>
      examples.map(({ frame }) => [frame, next] as const),
    ),
  );
  const wrong = new Set<Column>();
  const misses: string[] = [];
  const miss = (column: Column, what: string): void => {
    wrong.add(column);
    misses.push(`${column}: ${what}`);
  };
  for (const line of expected) {
    for (const frame of line.frames) {
      const reset = resets.get(frame);
      if (reset === undefined) {
        for (const column of COLUMNS) miss(column, `frame ${frame} is no reset`);
        continue;
      }
      const { origin, cause, matters, next, summary, evidence } = reset;
      if (!line.origin.includes(origin.kind)) miss('origin', `frame ${frame} said ${origin.kind}`);
      else if (isOutside(origin.hops, line.hops)) miss('origin', `frame ${frame} said ${origin.hops} hops`);
      if (!line.cause.includes(cause.code)) miss('cause', `frame ${frame} said ${cause.code}`);
      if (line.matters !== null && matters !== line.matters)
        miss('matters', `frame ${frame} said ${matters}`);
      const told = [
        next,
        summary,
        nextOfFinding.get(reset.frame) ?? '',
        ...evidence.map(({ text }) => text),
      ].join(' ');
      for (const pattern of line.next)
        if (!new RegExp(pattern, 'i').test(told)) miss('next', `frame ${frame} lacks ${pattern}: ${next}`);
      for (const pattern of line.not)
        if (new RegExp(pattern, 'i').test(next))
          miss('next', `frame ${frame} must not say ${pattern}: ${next}`);
    }
    for (const group of line.anyMatters ?? [])
      if (!group.some((frame) => resets.get(frame)?.matters === true))
        miss('matters', `none of frames ${group.join(', ')} matters`);
  }
  const right = Object.fromEntries(COLUMNS.map((column) => [column, !wrong.has(column)]));
  return { file, right: right as Record<Column, boolean>, misses };
}

function isOutside(hops: number | null, range: readonly [number, number] | undefined): boolean {
  return range !== undefined && hops !== null && (hops < range[0] || hops > range[1]);
}

/** A line a case: its columns, + or −, then what was missed. */
export function tableOf(cases: readonly FieldCase[]): string {
  return cases
    .map(({ file, right, misses }) => {
      const marks = COLUMNS.map((column) => (right[column] ? '+' : '-')).join(' ');
      return [`${file.padEnd(48)} ${marks}`, ...misses.slice(0, 4).map((line) => `      ${line}`)].join('\n');
    })
    .join('\n');
}
