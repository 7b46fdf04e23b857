/** Reports of `analyze` and `compare`, as one document and as lines. */
import * as v from 'valibot';
import {
  ANALYSIS_SCHEMA,
  COMPARISON_SCHEMA,
  ENDINGS_SCHEMA,
  FAILURE_SCHEMA,
  FILE_SCHEMA,
  FINDING_SCHEMA,
  ICMP_ERROR_SCHEMA,
  JOINED_FLOWS_SCHEMA,
  JOINED_RESET_SCHEMA,
  PAIR_SCHEMA,
  PLACE_SCHEMA,
  RESET_SCHEMA,
} from '../schema.ts';
import type { Contract } from './contract.ts';

/** A line says in `type` what it is. */
export function line<const T extends string, E extends v.ObjectEntries>(
  type: T,
  { entries }: { readonly entries: E },
) {
  return v.object({ type: v.literal(type), ...entries });
}

const { type, ...icmpEntries } = ICMP_ERROR_SCHEMA.entries;
/** `type` says what the line is, so that the error's own has another name. */
const icmpLine = line('icmpError', { entries: { ...icmpEntries, icmpType: type } });

const others = [
  line('file', FILE_SCHEMA),
  line('place', PLACE_SCHEMA),
  line('pair', PAIR_SCHEMA),
  line('finding', FINDING_SCHEMA),
  icmpLine,
  line('endings', ENDINGS_SCHEMA),
  line('failure', FAILURE_SCHEMA),
] as const;

const joinedFlows = v.object({
  ...JOINED_FLOWS_SCHEMA.entries,
  files: PAIR_SCHEMA.entries.files,
});

export const ANALYSIS_CONTRACTS: readonly Contract[] = [
  {
    name: 'analyze',
    title: 'Report of an analysis',
    schema: ANALYSIS_SCHEMA,
    command: ['analyze', 'FILE', '--json'],
  },
  {
    name: 'analyze-line',
    title: 'A line of the report of an analysis',
    schema: v.variant('type', [...others, line('reset', RESET_SCHEMA)]),
    isLines: true,
    command: ['analyze', 'FILE', '--ndjson'],
  },
  {
    name: 'compare',
    title: 'Report of a comparison',
    schema: COMPARISON_SCHEMA,
    command: ['compare', 'FILE', 'FILE', '--json'],
  },
  {
    name: 'compare-line',
    title: 'A line of the report of a comparison',
    schema: v.variant('type', [
      ...others,
      line('joinedFlows', joinedFlows),
      line('reset', JOINED_RESET_SCHEMA),
    ]),
    isLines: true,
    command: ['compare', 'FILE', 'FILE', '--ndjson'],
  },
];
