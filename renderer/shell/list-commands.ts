/**
 * The commands that go through resets, or through failures, and copy them. The same keys serve both: they belong to the list
 * that is shown, and from elsewhere to the resets, where there are any; lists of anything else have these keys for their own rows.
 */
import type { App } from '../core/app-context.ts';
import {
  copySelectedFailure,
  copySelectedFailureRow,
  copySelectedReset,
  copySelectedVerdict,
} from '../core/copy.ts';
import type { AppState } from '../state/store.ts';
import type { Command } from './command.ts';

interface ListCommands {
  readonly id: '' | 'failure-';
  readonly section: 'Resets' | 'Failures';
  readonly noun: 'reset' | 'failure';
  /** What is copied of the selected one; null while none is selected. */
  readonly copied: { readonly text: string; run(): Promise<void>; runRow(): Promise<void> } | null;
  readonly hasKeys: boolean;
  step(step: 1 | -1): Promise<void>;
}

export function resetCommands(app: App): Command[] {
  const state = app.store.getState();
  return listCommands({
    id: '',
    section: 'Resets',
    noun: 'reset',
    hasKeys: !keysAreOfFailures(state) && !hasOwnRows(state),
    step: app.actions.stepReset,
    copied:
      state.reset === null
        ? null
        : {
            text: 'Copy verdict as text',
            run: () => copySelectedVerdict(app),
            runRow: () => copySelectedReset(app),
          },
  });
}

export function failureCommands(app: App): Command[] {
  const state = app.store.getState();
  if ((state.endings?.failures ?? 0) === 0) return [];
  return listCommands({
    id: 'failure-',
    section: 'Failures',
    noun: 'failure',
    hasKeys: keysAreOfFailures(state) && !hasOwnRows(state),
    step: app.actions.stepFailure,
    copied:
      state.failure === null
        ? null
        : {
            text: 'Copy failure as text',
            run: () => copySelectedFailure(app),
            runRow: () => copySelectedFailureRow(app),
          },
  });
}

/** Whether the keys that step and copy belong to the failures. */
export function keysAreOfFailures({ view, progress, endings }: AppState): boolean {
  return view === 'failures' || (progress.resets === 0 && (endings?.failures ?? 0) > 0);
}

/** Whether a list of something else is shown, in which a step to another view would surprise. */
function hasOwnRows({ view }: AppState): boolean {
  return view === 'packets' || view === 'flows' || view === 'endpoints';
}

function listCommands({ id, section, noun, copied, hasKeys, step }: ListCommands): Command[] {
  const keys = (text: string): Pick<Command, 'keys'> => (hasKeys ? { keys: text } : {});
  const commands: Command[] = [
    { id: `${id}next`, section, title: `Next ${noun}`, ...keys('j n'), run: () => void step(1) },
    { id: `${id}previous`, section, title: `Previous ${noun}`, ...keys('k p'), run: () => void step(-1) },
  ];
  if (copied === null) return commands;
  return [
    ...commands,
    {
      id: `${id}copy`,
      section,
      title: copied.text,
      ...keys('c'),
      words: ['ticket', 'clipboard'],
      run: () => void copied.run(),
    },
    {
      id: `${id}copy-row`,
      section,
      title: noun === 'reset' ? 'Copy row as text' : 'Copy row of the failure as text',
      ...keys('shift+c'),
      words: ['tsv', 'clipboard'],
      run: () => void copied.runRow(),
    },
  ];
}
