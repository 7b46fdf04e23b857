/** Which notes a filter of words lets pass: every word stands in what is told of the note. */
import type { PlacedNote } from '../../../shared/model/notes.ts';

export function matchesNote({ about, text, isMarked, isFromFile }: PlacedNote, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/u);
  const ends = about.kind === 'flow' ? `connection ${about.client} ${about.server}` : '';
  const told = about.kind === 'filter' ? about.filter : about.kind === 'finding' ? about.key : ends;
  const frame = 'frame' in about ? String(about.frame) : '';
  const signs = `${isMarked ? 'marked' : ''} ${isFromFile ? 'from the file' : ''}`;
  const all = `${about.kind} ${frame} ${told} ${signs} ${text}`.toLowerCase();
  return words.every((word) => all.includes(word));
}
