/** What `packets --json` prints. */
import * as v from 'valibot';
import type { Contract } from './contract.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const frame = v.pipe(count, v.minValue(1));
const place = { file: v.optional(count), frame };
/** Values of the fields that were asked for, by their names; several where the packet has several. */
const fields = v.record(v.string(), v.array(v.string()));

const listing = v.strictObject({
  schema: v.literal(1),
  /** Packets that pass; `frames` may be fewer. */
  total: count,
  /** Of several files, their paths. */
  files: v.optional(v.array(v.string())),
  frames: v.array(
    v.union([frame, v.strictObject({ file: count, frame }), v.strictObject({ ...place, fields })]),
  ),
});

/** The filter is wrong: where, from 0, and what may have been meant. */
const wrongFilter = v.strictObject({
  error: v.strictObject({
    message: v.string(),
    from: count,
    to: count,
    suggestion: v.nullable(v.string()),
  }),
});

export const PACKETS_CONTRACTS: readonly Contract[] = [
  {
    name: 'packets',
    title: 'Packets that pass a filter, or what is wrong with the filter',
    schema: v.union([listing, wrongFilter]),
    command: [
      'packets',
      'FILE',
      '--filter',
      'tcp.flags.reset == 1',
      '--fields',
      'ip.src,tcp.flags',
      '--json',
    ],
  },
];
