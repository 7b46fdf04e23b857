/** All notes and marks of the capture, with the comments of its file: to be filtered, gone to, changed, and taken back. */
import { Bookmark, FileText, Pencil, Redo2, StickyNote, Trash2, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { countText, plural } from '../../../shared/format/count.ts';
import { sanitiseLines, sanitiseText } from '../../../shared/format/text.ts';
import type { NotedFileState, PlacedNote } from '../../../shared/model/notes.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { targetsOf } from '../../core/note-actions.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Skeleton } from '../../ui/late.tsx';
import { aboutText } from '../../notes/note-words.ts';
import { KeepFilter } from './keep-filter.tsx';
import { matchesNote } from './match-note.ts';

/** Rows that are shown at first, and added at once. */
const SHOWN = 200;

export function NotesView() {
  const notes = useAppState((state) => state.notes);
  const error = useAppState((state) => state.notesError);
  const isReading = useAppState(({ progress }) => ['reading', 'joining'].includes(progress.phase));
  const [filter, setFilter] = useState('');
  const [shown, setShown] = useState(SHOWN);
  const matching = notes.notes.filter((note) => matchesNote(note, filter));
  return (
    <div className="files notes-view" data-pane tabIndex={0} role="region" aria-label="Notes">
      <div className="files-inner">
        <NotesHead filter={filter} onFilter={setFilter} />
        {error === null ? null : (
          <p className="tone-bad" role="alert">
            {error}
          </p>
        )}
        {notes.files.map((file) => (
          <FileNotes key={file.file} file={file} />
        ))}
        <KeepFilter />
        {notes.why === null ? null : <p className="notes-why">{notes.why}</p>}
        {isReading && notes.notes.length === 0 ? (
          <Skeleton lines={4} label="Notes are looked for once the capture is read" />
        ) : matching.length === 0 ? (
          <NoNotes isFiltered={notes.notes.length > 0} />
        ) : (
          <ul className="notes-list-all card card-flush" aria-label="All notes">
            {matching.slice(0, shown).map((note, i) => (
              <NoteRow key={note.isFromFile ? `file ${note.packet} ${i}` : note.id} note={note} />
            ))}
          </ul>
        )}
        {matching.length <= shown ? null : (
          <Button
            onClick={() => {
              setShown(shown + SHOWN);
            }}
          >
            Show more ({countText(matching.length - shown)} left)
          </Button>
        )}
        {notes.moreComments === 0 ? null : (
          <p className="notes-why">
            {plural(notes.moreComments, 'more comment')} of the capture’s file{' '}
            {notes.moreComments === 1 ? 'is' : 'are'} not listed here; the filter frame.comment finds all.
          </p>
        )}
      </div>
    </div>
  );
}

function NotesHead(props: { readonly filter: string; readonly onFilter: (filter: string) => void }) {
  const { actions } = useApp();
  const { undo, redo } = useAppState((state) => state.notes);
  return (
    <header className="notes-head">
      <h2 className="view-title">Notes</h2>
      <span className="field-box">
        <input
          type="search"
          data-filter-field
          aria-label="Filter the notes"
          placeholder="Filter: words, an address, marked …"
          value={props.filter}
          onChange={(event) => {
            props.onFilter(event.target.value);
          }}
        />
      </span>
      <span className="spring" />
      <IconButton
        label={undo === null ? 'Nothing to undo' : `Undo ${undo}`}
        keys="mod+z"
        aria-disabled={undo === null}
        icon={<Undo2 size={15} aria-hidden="true" />}
        onClick={() => void actions.undoNote()}
      />
      <IconButton
        label={redo === null ? 'Nothing to do again' : `Do ${redo} again`}
        keys="mod+shift+z"
        aria-disabled={redo === null}
        icon={<Redo2 size={15} aria-hidden="true" />}
        onClick={() => void actions.redoNote()}
      />
      <Button
        icon={<StickyNote size={14} aria-hidden="true" />}
        onClick={() => {
          actions.writeNote({ kind: 'capture', file: 0 });
        }}
      >
        Note on the capture
      </Button>
    </header>
  );
}

/** Where the notes of a file are kept, and what is wrong with them. */
function FileNotes({ file }: { readonly file: NotedFileState }) {
  const { actions } = useApp();
  return (
    <div className="notes-file">
      {file.trouble === null ? null : (
        <p className="tone-bad" role="alert">
          {sanitiseText(file.trouble, 1000)}
        </p>
      )}
      <label className="note-check" title={sanitiseText(file.besidePath, 1000)}>
        <input
          type="checkbox"
          checked={file.isBeside}
          onChange={() => void actions.keepNotesBeside(file.file, !file.isBeside)}
        />
        Keep them beside the capture as well, to hand them on with it
      </label>
    </div>
  );
}

function NoNotes({ isFiltered }: { readonly isFiltered: boolean }) {
  return isFiltered ? (
    <Empty icon={<StickyNote size={28} />} title="No note matches">
      Take words out of the filter to see more of them.
    </Empty>
  ) : (
    <Empty icon={<StickyNote size={28} />} title="No notes yet">
      Select a packet, a connection, a reset or a finding: Shift+N keeps a note on it, Shift+M a mark. Other
      copies of this capture, renamed or compressed, will show them, too.
    </Empty>
  );
}

function NoteRow({ note }: { readonly note: PlacedNote }) {
  const { actions } = useApp();
  const files = useAppState((state) => state.summary?.files.length ?? 1);
  const about = aboutText(note, files);
  const [target] = targetsOf(note);
  const isFilter = note.about.kind === 'filter';
  const detail =
    note.about.kind === 'finding' ? note.about.key : note.about.kind === 'filter' ? note.about.filter : '';
  return (
    <li className={note.isFromFile ? 'notes-row is-from-file' : 'notes-row'}>
      <span className="notes-sign">
        {note.isFromFile ? (
          <FileText size={14} aria-label="From the file" />
        ) : note.isMarked ? (
          <Bookmark size={14} className="note-mark" aria-label="Marked" />
        ) : (
          <StickyNote size={14} className="note-sign" aria-hidden="true" />
        )}
      </span>
      <span className="notes-what">
        <GoTo note={note} about={about} />
        {detail === '' ? null : <span className="mono faint">{sanitiseText(detail, 300)}</span>}
        {note.isFromFile ? <span className="faint">from the file</span> : null}
      </span>
      <span className="note-text">
        {note.text === '' ? (
          <span className="faint">{isFilter ? '' : 'Marked'}</span>
        ) : (
          sanitiseLines(note.text)
        )}
      </span>
      {note.isFromFile ? null : (
        <span className="notes-do">
          {target === undefined || isFilter ? null : (
            <IconButton
              label={`Change the note: ${about}`}
              icon={<Pencil size={13} aria-hidden="true" />}
              onClick={() => {
                actions.writeNote(target);
              }}
            />
          )}
          <IconButton
            label={`Remove the note: ${about}`}
            icon={<Trash2 size={13} aria-hidden="true" />}
            onClick={() => void actions.removeNotes([note])}
          />
        </span>
      )}
    </li>
  );
}

/** Shows what the note is about. */
function GoTo({ note, about }: { readonly note: PlacedNote; readonly about: string }) {
  const { actions } = useApp();
  const { packet, flow, reset } = note;
  const go = (run: () => void, isThere: boolean) =>
    isThere ? (
      <button type="button" className="notes-go" onClick={run}>
        {about}
      </button>
    ) : (
      <span title="This version of the program finds no such thing in the capture">{about} (not found)</span>
    );
  switch (note.about.kind) {
    case 'packet':
      return go(() => {
        actions.showPacket(packet);
      }, packet >= 0);
    case 'flow':
      return go(() => {
        actions.showPackets(flow);
      }, flow >= 0);
    case 'reset':
    case 'finding':
      return go(() => void actions.showReset(reset), reset >= 0);
    case 'filter': {
      const { filter } = note.about;
      return go(() => {
        actions.filterList('packets', filter);
      }, true);
    }
    case 'capture':
      return <span>{about}</span>;
  }
}
