/** Notes and marks on the whole page over the real RPC, with a fake engine behind it. */
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RpcError } from '../../shared/contract/errors.ts';
import type { NoteTarget, PlacedNote } from '../../shared/model/notes.ts';
import { AppProvider, createApp } from '../core/app-context.ts';
import type { App } from '../core/app-context.ts';
import { Root } from '../shell/root.tsx';
import { FakeEngine } from '../testing/fake-engine.ts';
import { sampleFlow, samplePacket, sampleProgress, sampleReset } from '../testing/sample.ts';
import { NoteBlock } from './note-block.tsx';
import { NoteCell } from './note-cell.tsx';

let engine: FakeEngine;
let app: App;

/** happy-dom lays nothing out: lists would be 0 px high and draw no row. */
vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);

const RESET: NoteTarget = { kind: 'reset', id: 3 };

function comment(text: string): PlacedNote {
  return {
    ...{ id: '', version: 0, changedMs: 0, about: { kind: 'reset', frame: 4 }, file: 0, text },
    ...{ isMarked: false, isFromFile: true, packet: -1, flow: -1, reset: 3 },
  };
}

function note(text: string, changes: Partial<PlacedNote> = {}): PlacedNote {
  return { ...comment(text), id: 'abcdef01', version: 1, changedMs: 1, isFromFile: false, ...changes };
}

async function start(): Promise<void> {
  engine.resets = Array.from({ length: 5 }, (_, id) => sampleReset(id));
  engine.flows = Array.from({ length: 5 }, (_, id) => sampleFlow(id));
  engine.packets = Array.from({ length: 12 }, (_, packet) => samplePacket(packet));
  engine.state = sampleProgress();
  app = createApp(engine.platform);
  render(
    <AppProvider value={app}>
      <Root />
    </AppProvider>,
  );
  await screen.findByText('15 of 30 resets matter');
  await waitFor(() => {
    expect(app.store.getState().notes.files).toHaveLength(1);
  });
}

/** One part of the page by itself, with the notes that the engine has. */
async function show(part: React.ReactNode): Promise<void> {
  engine.state = sampleProgress();
  app = createApp(engine.platform);
  await waitFor(() => {
    expect(app.store.getState().notes.files).toHaveLength(1);
  });
  render(<AppProvider value={app}>{part}</AppProvider>);
}

async function showReset(id: number): Promise<void> {
  await act(() => app.actions.showReset(id));
  await waitFor(() => {
    expect(app.store.getState()).toMatchObject({ view: 'resets', reset: id });
  });
}

function press(key: string, modifiers: { shiftKey?: boolean; ctrlKey?: boolean } = {}): void {
  fireEvent.keyDown(window, { key, ...modifiers });
}

const dialogOf = (name: string) => screen.findByRole('dialog', { name });
const told = () => engine.notes.list.map(({ text, isMarked, reset }) => ({ text, isMarked, reset }));

beforeEach(() => {
  localStorage.clear();
  location.hash = '';
  engine = new FakeEngine();
});

afterEach(() => {
  cleanup();
  app.dispose();
});

it('a note is written by key on what is selected, shows there, and is changed and removed', async () => {
  await start();
  await showReset(3);
  press('N', { shiftKey: true });
  let dialog = await dialogOf('Note on the reset');
  fireEvent.change(within(dialog).getByLabelText('Note'), { target: { value: '  ask the network team ' } });
  fireEvent.keyDown(within(dialog).getByLabelText('Note'), { key: 'Enter', ctrlKey: true });
  await waitFor(() => {
    expect(screen.queryByRole('dialog')).toBeNull();
  });
  expect(told()).toEqual([{ text: 'ask the network team', isMarked: false, reset: 3 }]);
  const block = await screen.findByRole('list', { name: 'Notes on the reset' });
  expect(block.textContent).toContain('ask the network team');

  fireEvent.click(within(block).getByRole('button', { name: /^Change the note/ }));
  dialog = await dialogOf('Note on the reset');
  const field = within(dialog).getByLabelText<HTMLTextAreaElement>('Note');
  expect(field.value).toBe('ask the network team');
  fireEvent.change(field, { target: { value: 'they know' } });
  fireEvent.click(within(dialog).getByLabelText('Marked'));
  fireEvent.click(within(dialog).getByText('Save'));
  await waitFor(() => {
    expect(told()).toEqual([{ text: 'they know', isMarked: true, reset: 3 }]);
  });

  await waitFor(() => {
    expect(screen.queryByRole('dialog')).toBeNull();
  });
  press('N', { shiftKey: true });
  fireEvent.click(within(await dialogOf('Note on the reset')).getByText('Remove'));
  await waitFor(() => {
    expect(screen.queryByRole('list', { name: 'Notes on the reset' })).toBeNull();
  });
  expect(told()).toEqual([]);
});

it('a mark is set and taken away by key, undone and done again', async () => {
  await start();
  await showReset(2);
  press('M', { shiftKey: true });
  await waitFor(() => {
    expect(told()).toEqual([{ text: '', isMarked: true, reset: 2 }]);
  });
  expect((await screen.findByRole('list', { name: 'Notes on the reset' })).textContent).toContain('Marked');
  press('M', { shiftKey: true });
  await waitFor(() => {
    expect(told()).toEqual([]);
  });
  const undoneTo = async (marks: number): Promise<void> => {
    await waitFor(() => {
      expect(app.store.getState().notes.notes).toHaveLength(marks);
    });
  };
  await undoneTo(0);
  press('z', { ctrlKey: true });
  await undoneTo(1);
  press('z', { ctrlKey: true });
  await undoneTo(0);
  press('y', { ctrlKey: true });
  await undoneTo(1);
});

it('what is typed belongs to the field: no key of notes takes it away', async () => {
  await start();
  await showReset(2);
  press('M', { shiftKey: true });
  await waitFor(() => {
    expect(app.store.getState().notes.undo).not.toBeNull();
  });
  const field = document.createElement('textarea');
  document.body.append(field);
  for (const keys of [
    { key: 'N', shiftKey: true },
    { key: 'z', ctrlKey: true },
  ])
    fireEvent.keyDown(field, keys);
  field.remove();
  expect(app.store.getState().dialog).toBeNull();
  expect(engine.calls).not.toContain('notes.undo');
});

it('a note that is refused stays in the dialog, with the reason', async () => {
  await start();
  await showReset(3);
  vi.spyOn(engine.notes, 'put').mockImplementation(() => {
    throw new RpcError('failed', 'the disk is full');
  });
  press('N', { shiftKey: true });
  const dialog = await dialogOf('Note on the reset');
  const field = within(dialog).getByLabelText<HTMLTextAreaElement>('Note');
  fireEvent.change(field, { target: { value: 'long thoughts' } });
  fireEvent.click(within(dialog).getByText('Save'));
  const alert = await within(dialog).findByRole('alert');
  expect(alert.textContent).toContain('the disk is full');
  expect(field.value).toBe('long thoughts');
  expect(field.getAttribute('aria-describedby')).toBe(alert.id);
});

it('where nothing can be noted the page says why', async () => {
  engine.notes.why = 'A capture that still runs has no notes.';
  await start();
  press('N', { shiftKey: true });
  expect(await screen.findByText('A capture that still runs has no notes.')).toBeTruthy();
  expect(screen.queryByRole('dialog')).toBeNull();
});

it('the Notes view says that there are none, lists them, filters them and goes to their place', async () => {
  await start();
  press('9');
  expect(await screen.findByText('No notes yet')).toBeTruthy();
  await showReset(3);
  await act(() => app.actions.saveNote(RESET, null, 'before Friday', false));
  await act(() => app.actions.saveNote({ kind: 'capture', file: 0 }, null, 'of Monday', true));
  press('9');
  const list = await screen.findByRole('list', { name: 'All notes' });
  expect(within(list).getAllByRole('listitem')).toHaveLength(2);
  fireEvent.change(screen.getByLabelText('Filter the notes'), { target: { value: 'friday' } });
  expect(within(list).getAllByRole('listitem')).toHaveLength(1);
  fireEvent.change(screen.getByLabelText('Filter the notes'), { target: { value: 'tuesday' } });
  expect(screen.getByText('No note matches')).toBeTruthy();
  fireEvent.change(screen.getByLabelText('Filter the notes'), { target: { value: '' } });
  fireEvent.click(screen.getByRole('button', { name: /^Reset 4$/ }));
  await waitFor(() => {
    expect(app.store.getState()).toMatchObject({ view: 'resets', reset: 3 });
  });
});

it('comments of the file show with the notes, and cannot be changed', async () => {
  engine.notes.list = [comment('from the field'), note('mine\nin two lines')];
  await show(<NoteBlock target={RESET} />);
  const items = await screen.findAllByRole('listitem');
  expect(items.map(({ textContent }) => textContent)).toEqual(['from the field', 'mine\nin two lines']);
  expect(within(items[0]).queryByRole('button')).toBeNull();
  expect(within(items[0]).getByLabelText('From the file:')).toBeTruthy();
  expect(within(items[1]).getByRole('button', { name: /^Change the note/ })).toBeTruthy();
});

it('a cell has the notes in one line, and hides nothing in them', async () => {
  engine.notes.list = [note('one\n two'), note('a\u202Eb', { id: 'abcdef02', isMarked: true })];
  await show(<NoteCell about="reset 3" />);
  const mark = await screen.findByLabelText('marked');
  const text = mark.closest('.note-cell')?.textContent ?? '';
  expect(text).toContain('one / two · a');
  expect(text).not.toContain('\u202E');
});

it('nothing stands where there is no note', async () => {
  await show(
    <div data-testid="place">
      <NoteBlock target={RESET} />
      <NoteCell about="reset 3" />
    </div>,
  );
  expect(screen.getByTestId('place').childElementCount).toBe(0);
});
