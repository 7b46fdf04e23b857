/** What a note is about, in words. */
import type { NoteTarget, PlacedNote } from '../../shared/model/notes.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { frameText } from '../words/frame-text.ts';

/** Longest piece of a note in one line. */
const LINE = 200;

/** "Packet 5", "Connection 10.0.0.1:40000 → 10.0.0.9:443". */
export function aboutText({ about, file }: PlacedNote, files: number): string {
  const frame = (number: number): string => frameText({ file, frame: number }, files);
  switch (about.kind) {
    case 'capture':
      return files > 1 ? `File ${file + 1}` : 'The capture';
    case 'packet':
      return `Packet ${frame(about.frame)}`;
    case 'flow':
      return `Connection ${sanitiseText(about.client, LINE)} → ${sanitiseText(about.server, LINE)}`;
    case 'reset':
      return `Reset ${frame(about.frame)}`;
    case 'finding':
      return 'Finding';
    case 'filter':
      return 'Filter';
  }
}

/** What the dialog is about, which may have no note yet. */
export function targetText(target: NoteTarget): string {
  switch (target.kind) {
    case 'capture':
      return 'the capture';
    case 'packet':
      return 'the packet';
    case 'flow':
      return 'the connection';
    case 'reset':
      return 'the reset';
    case 'finding':
      return 'the finding';
    case 'filter':
      return 'the filter';
  }
}

/** The notes in one line; empty for marks alone. */
export function noteLine(notes: readonly PlacedNote[]): string {
  const texts = notes.map(({ text }) => text).filter((text) => text !== '');
  return sanitiseText(texts.join(' · ').replaceAll(/\s*\n\s*/gu, ' / '), LINE);
}
