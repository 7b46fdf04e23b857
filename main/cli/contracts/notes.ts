/** What `notes --json` prints. */
import * as v from 'valibot';
import { NOTE_BOUNDS } from '../../../shared/notes/note.ts';
import type { Contract } from './contract.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const frame = v.pipe(count, v.minValue(1));
const text = (most: number) => v.pipe(v.string(), v.maxLength(most));

/** What a note is about; frames are those of its file, from 1. */
const about = v.variant('kind', [
  v.strictObject({ kind: v.literal('capture') }),
  v.strictObject({ kind: v.picklist(['packet', 'reset']), frame }),
  /** Its first frame, and its ends. */
  v.strictObject({
    kind: v.literal('flow'),
    frame,
    client: text(NOTE_BOUNDS.endLength),
    server: text(NOTE_BOUNDS.endLength),
  }),
  /** The frame of its best example. */
  v.strictObject({ kind: v.literal('finding'), key: text(NOTE_BOUNDS.keyLength), frame }),
  /** The note is its name. */
  v.strictObject({ kind: v.literal('filter'), filter: text(NOTE_BOUNDS.filterLength) }),
]);

const listing = v.strictObject({
  schema: v.literal(1),
  /** Paths of the captures. */
  files: v.array(v.string()),
  notes: v.array(
    v.strictObject({
      /** Path of its capture. */
      file: v.string(),
      about,
      /** Empty for a mark alone. */
      text: v.string(),
      marked: v.boolean(),
      /** A comment that the capture's file has. */
      fromFile: v.boolean(),
      /** ISO 8601, UTC; null for a comment of the file. */
      changed: v.nullable(v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u))),
    }),
  ),
  /** Comments of the files beyond those that are listed. */
  more: count,
});

export const NOTES_CONTRACTS: readonly Contract[] = [
  {
    name: 'notes',
    title: 'Notes and marks of captures',
    schema: listing,
    command: ['notes', 'FILE', '--json'],
  },
];
