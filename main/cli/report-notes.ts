/** The user's notes that belong into a report: those on what it is about, and no others. */
import type { FlowId } from '../../shared/base/units.ts';
import type { Notes, PlacedNote } from '../../shared/model/notes.ts';
import type { ReportNote, ReportSubject } from '../../shared/model/report.ts';
import { findingKey } from '../../shared/notes/finding-key.ts';
import { frameName } from '../../shared/report/frame-name.ts';
import { LIMITS } from '../engine/limits.ts';
import type { Session } from '../engine/session.ts';
import { resetAt } from '../host/export/held.ts';

/**
 * Comments that the captures hold themselves are among them, but not where the report is anonymised: whoever asks for notes knows what is
 * in those of their own. Filters are no remarks.
 */
export function reportNotes(
  session: Session,
  subject: ReportSubject,
  { notes }: Notes,
  isAnonymised: boolean,
): ReportNote[] {
  const isAbout = belongsTo(session, subject);
  const belongs = (note: PlacedNote): boolean => !(isAnonymised && note.isFromFile) && isAbout(note);
  const paths = session.files.map(({ path }) => path);
  return notes.filter(belongs).map((note) => ({
    on: nameOf(note, paths),
    text: note.text === '' ? 'marked' : note.text,
  }));
}

function belongsTo(session: Session, subject: ReportSubject): (note: PlacedNote) => boolean {
  const others = (isMeant: (note: PlacedNote) => boolean) => (note: PlacedNote) =>
    note.about.kind === 'capture' || (note.about.kind !== 'filter' && isMeant(note));
  switch (subject.kind) {
    case 'capture':
      return others(() => true);
    case 'flow':
      return others((note) => note.flow === subject.flow);
    case 'failures':
      return others(({ flow }) => flow >= 0 && session.failures.row(flow as FlowId) !== undefined);
    case 'reset': {
      const ofReset = onReset(session, resetAt(session, subject.packet as Parameters<typeof resetAt>[1]));
      return others(({ about, ...place }) => about.kind !== 'finding' && ofReset(place));
    }
    case 'finding': {
      const { list } = session.findings(session.resetIds(), LIMITS.maxFindings);
      const finding = list.find(({ examples }) => examples.includes(subject.example));
      const key = finding === undefined ? '' : findingKey(finding);
      const any = (finding?.examples ?? []).map((id) => onReset(session, id));
      return others(({ about, ...place }) =>
        about.kind === 'finding' ? about.key === key : any.some((ofReset) => ofReset(place)),
      );
    }
  }
}

/** Whether a note is on a reset, or on its connection or a packet of that. */
function onReset(
  session: Session,
  reset: number,
): (place: { readonly flow: number; readonly reset: number }) => boolean {
  if (reset < 0) return () => false;
  const primary = session.join.primary(reset);
  const flow = session.flowView.id(session.resets.flow(reset)) as number;
  return (place) =>
    place.flow === flow || (place.reset >= 0 && session.join.primary(place.reset) === primary);
}

/** "frame 7 of client.pcap". */
function nameOf({ about, file, isFromFile }: PlacedNote, paths: readonly string[]): string {
  const of = isFromFile ? ' (comment in the capture)' : '';
  if (about.kind === 'capture') return paths.length === 1 ? 'the capture' : `the capture ${file}`;
  if (about.kind === 'filter') return 'a filter';
  const frame = `frame ${frameName(paths, { file, frame: about.frame })}`;
  switch (about.kind) {
    case 'packet':
      return `${frame}${of}`;
    case 'flow':
      return `connection that begins in ${frame}`;
    case 'reset':
      return `reset in ${frame}`;
    case 'finding':
      return `finding, such as ${frame}`;
  }
}
