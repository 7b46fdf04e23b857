/** What `export --json` prints once the files are written. */
import * as v from 'valibot';
import type { Contract } from './contract.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const written = v.strictObject({
  schema: v.literal(1),
  /** One for each capture point. */
  files: v.pipe(
    v.array(v.strictObject({ path: v.pipe(v.string(), v.minLength(1)), packets: count, bytes: count })),
    v.minLength(1),
  ),
  packets: count,
  /** Packets of the captures; `leftOut` are those that were not written. */
  of: count,
  leftOut: count,
  /** Verdicts that were made anew out of what is written, and how many of them came out otherwise. */
  verdicts: count,
  changed: count,
  /** How often more packets were taken along because a verdict came out otherwise. */
  widened: count,
  /** What was replaced; empty where nothing was. */
  replaced: v.array(v.strictObject({ kind: v.string(), count })),
  /** Packets that could not be read again, because a capture was changed meanwhile. */
  missing: count,
});

export const EXPORTING_CONTRACTS: readonly Contract[] = [
  {
    name: 'export',
    title: 'What an export wrote, and whether the verdicts stayed the same',
    schema: written,
    command: ['export', 'FILE', '--filter', 'tcp', '-o', 'OUT', '--json'],
    isTestedApart: true,
  },
];
