/** The notes of an analysis in the same process, as the command line has it: answered as pages are, without a channel between. */
import type { Analysis } from '../analysis.ts';
import type { CaseBook } from './case-book.ts';
import { anchorOf, NotedCaptures, placesOf } from './noted-capture.ts';
import { notesService } from './notes-service.ts';

export function analysisNotes(analysis: Analysis, book: CaseBook): ReturnType<typeof notesService> {
  const noted = new NotedCaptures();
  const { session } = analysis;
  return notesService({
    engine: {
      'control.noted': (_params, signal) => noted.tell(analysis, signal),
      'control.anchors': ({ targets }) => Promise.resolve(targets.map((target) => anchorOf(session, target))),
      'control.notePlaces': ({ frames }) => Promise.resolve(placesOf(session, frames)),
    },
    book,
    // The user named the files to this very process.
    isOpen: () => true,
    mayKeepBeside: () => Promise.resolve(true),
    cure: '',
  });
}
