/** The user's own notes that go along; comments of the capture's file are in its packets already. */
import type { Params } from '../../shared/contract/methods.ts';
import { BOUNDS } from '../../shared/contract/schemas.ts';
import type { ExportNote } from '../../shared/model/export.ts';
import type { PlacedNote } from '../../shared/model/notes.ts';
import { REPORT_BOUNDS } from '../../shared/model/report.ts';
import { aboutText } from '../notes/note-words.ts';
import type { HandOverSubject } from '../state/hand-over-slice.ts';
import type { SubjectFacts } from './use-subject-facts.ts';

type ReportNotes = Params<'report.make'>['notes'];

function isTold({ text, isFromFile, about }: PlacedNote): boolean {
  return !isFromFile && text.trim() !== '' && about.kind !== 'filter';
}

/** Those on what the report is about, and those on the whole capture. */
export function reportNotes(
  notes: readonly PlacedNote[],
  subject: HandOverSubject,
  { flow }: SubjectFacts,
  files: number,
): ReportNotes {
  return notes
    .filter((note) => isTold(note) && isAbout(note, subject, flow))
    .slice(0, REPORT_BOUNDS.notes)
    .map((note) => ({ on: aboutText(note, files), text: note.text.slice(0, REPORT_BOUNDS.noteLength) }));
}

function isAbout(note: PlacedNote, subject: HandOverSubject, flow: number): boolean {
  if (note.about.kind === 'capture') return true;
  switch (subject.kind) {
    case 'reset':
    case 'flow':
      return note.flow >= 0 && note.flow === flow;
    case 'finding':
      return note.about.kind === 'finding' ? note.about.key === subject.key : note.reset === subject.reset;
    case 'failures':
      return note.about.kind === 'flow' || note.about.kind === 'packet';
    case 'list':
    case 'capture':
      return true;
  }
}

/** The export writes those whose packets are in it. */
export function packetNotes(notes: readonly PlacedNote[]): readonly ExportNote[] {
  return notes
    .filter((note) => isTold(note) && note.packet >= 0)
    .slice(0, BOUNDS.exportNotes)
    .map(({ packet, text }) => ({ packet, text: text.slice(0, BOUNDS.exportNoteLength) }));
}
