/**
 * What the user keeps of a capture: comments and marks on what is in it, and filters. Everything is an entry, so that all of it is
 * merged, undone and bounded in one way. Names of addresses and devices are no part of it: they hold for all captures and are kept by
 * shared/names.
 *
 * What an entry is about is said in terms that another copy of the capture shares: by frames, never by numbers of an analysis,
 * which depend on what else is open.
 */
import * as v from 'valibot';

export const NOTE_BOUNDS = {
  /** Entries of one capture, removed ones aside. */
  entries: 5000,
  /** Removed entries that are remembered, so that another copy of the file does not bring them back. */
  removed: 1000,
  /** Characters of a note: a page of text. A comment of pcapng holds 65,535 bytes, of which a character takes four at most. */
  textLength: 4000,
  /** Of an address with its port, of a finding's key, of a capture's name. */
  endLength: 100,
  keyLength: 400,
  /** As long as filters may be (shared/contract). */
  filterLength: 4096,
  nameLength: 300,
  /** Names that a capture had, newest first. */
  names: 20,
  /** Characters of a case file: more is not one that we wrote. */
  fileLength: 32 * 1024 * 1024,
} as const;

const frame = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const short = (most: number): v.GenericSchema<unknown, string> => v.pipe(v.string(), v.maxLength(most));

/** What an entry is about. Frames are those of the case's capture, from 1. */
export const subject = v.variant('kind', [
  v.strictObject({ kind: v.literal('capture') }),
  v.strictObject({ kind: v.literal('packet'), frame }),
  /** Its first packet, and its ends for whoever reads the file: two flows never begin with one packet. */
  v.strictObject({
    kind: v.literal('flow'),
    frame,
    client: short(NOTE_BOUNDS.endLength),
    server: short(NOTE_BOUNDS.endLength),
  }),
  v.strictObject({ kind: v.literal('reset'), frame }),
  /** See findingKey; the frame is that of its best example, where a reader of packets finds it. */
  v.strictObject({ kind: v.literal('finding'), key: short(NOTE_BOUNDS.keyLength), frame }),
  /** A filter that is kept with the capture; the text is its name. */
  v.strictObject({ kind: v.literal('filter'), filter: short(NOTE_BOUNDS.filterLength) }),
]);
export type Subject = v.InferOutput<typeof subject>;

export const noteId = v.pipe(v.string(), v.regex(/^[0-9a-f-]{8,40}$/u, 'an id has hexadecimal digits'));
export const noteText = short(NOTE_BOUNDS.textLength);

export const entry = v.strictObject({
  id: noteId,
  /** From 1; grows with every change. Of two with the same id the higher one is newer. */
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** Milliseconds since 1970. */
  changedMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  about: subject,
  text: noteText,
  isMarked: v.boolean(),
  /** It is kept as long as another copy of the file may still have it. */
  isRemoved: v.boolean(),
});
export type Entry = v.InferOutput<typeof entry>;

/** Whether two entries are about the same. */
export function subjectKey(about: Subject): string {
  switch (about.kind) {
    case 'capture':
      return 'capture';
    case 'packet':
    case 'flow':
    case 'reset':
      return `${about.kind} ${about.frame}`;
    case 'finding':
      return `finding ${about.key}`;
    case 'filter':
      return `filter ${about.filter}`;
  }
}
