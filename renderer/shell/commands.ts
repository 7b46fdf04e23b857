/** Every command: palette, shortcuts and help are made from this one list. */
import type { App } from '../core/app-context.ts';
import { canCompare } from '../core/compare-actions.ts';
import { fileName } from '../words/file-text.ts';
import { TIME_NAMES, TIME_STYLES } from '../words/values.ts';
import { VIEWS } from '../views/registry.ts';
import type { Command } from './command.ts';
import { connectionCommands } from './connection-commands.ts';
import { failureCommands, keysAreOfFailures, resetCommands } from './list-commands.ts';
import { fleetCommands } from './fleet-commands.ts';
import { handOverCommands } from './hand-over-commands.ts';
import { liveCommands } from './live-commands.ts';
import { noteCommands } from './note-commands.ts';
import { packetCommands } from './packet-commands.ts';
import { wayCommands } from './way-commands.ts';
import { tabCommands } from './tab-commands.ts';
import { PRESETS } from './presets.ts';

/** The commands that make sense now. */
export function commandsOf(app: App): Command[] {
  const { progress, view } = app.store.getState();
  const isOpen = progress.phase !== 'empty';
  const isFleet = view === 'fleet';
  return [
    ...fileCommands(app),
    ...goCommands(app, isOpen),
    ...(isOpen || isFleet ? wayCommands(app) : []),
    ...fleetCommands(app),
    ...liveCommands(app),
    ...tabCommands(app),
    // Keys that step through the lists of a capture would lead away from the fleet.
    ...(isOpen && !isFleet ? captureCommands(app) : []),
    ...lookCommands(app),
  ];
}

function fileCommands({ store, actions }: App): Command[] {
  const { recent, samples, lessons, progress, join } = store.getState();
  const isReading = ['reading', 'joining', 'following'].includes(progress.phase);
  return [
    {
      id: 'open',
      section: 'File',
      title: 'Open capture…',
      keys: 'mod+o',
      run: () => void actions.pickFiles(),
    },
    {
      id: 'follow',
      section: 'File',
      title: 'Open capture and follow its growth…',
      words: ['tail', 'live', 'watch'],
      run: () => void actions.pickFiles(true),
    },
    ...when(canCompare(store.getState()), {
      id: 'compare',
      section: 'File',
      title: 'Compare with another capture…',
      words: ['join', 'same connection', 'client and server', 'both ends', 'second capture', 'merge'],
      run: () => void actions.pickToCompare(),
    }),
    ...when(join !== null, {
      id: 'keep-apart',
      section: 'File',
      title: 'Keep the captures apart',
      words: ['join', 'separate', 'split'],
      run: () => void actions.keepApart(),
    }),
    ...recent.slice(0, 8).map((file): Command => ({
      id: `recent ${file.path}`,
      section: 'Recent',
      title: `Open ${fileName(file.path)}`,
      words: ['recent', file.path],
      run: () => void actions.openPaths([file.path]),
    })),
    ...lessons.map((lesson): Command => ({
      id: `lesson ${lesson.name}`,
      section: 'Learn',
      title: `Lesson: ${lesson.title}`,
      words: ['learn', 'teach', 'example', lesson.name, lesson.about],
      run: () => {
        actions.showLesson(lesson.name);
      },
    })),
    ...samples.map((sample): Command => ({
      id: `sample ${sample.name}`,
      section: 'File',
      title: `Try the sample “${sample.title}”`,
      words: ['example', 'demo', sample.story],
      run: () => void actions.openSample(sample),
    })),
    ...when(isReading, {
      id: 'stop',
      section: 'File',
      title: 'Stop reading',
      words: ['cancel'],
      run: () => void actions.cancelReading(),
    }),
    ...when(progress.phase !== 'empty', {
      id: 'close',
      section: 'File',
      title: 'Close capture',
      run: () => void actions.closeCapture(),
    }),
  ];
}

function captureCommands(app: App): Command[] {
  const { actions } = app;
  return [
    ...handOverCommands(app),
    {
      id: 'filter',
      section: 'Resets',
      title: 'Filter the list',
      keys: '/ mod+f',
      run: () => focusFilter(app),
    },
    // First: the keys of a list of packets that is shown are its own.
    ...packetCommands(app),
    ...connectionCommands(app),
    ...resetCommands(app),
    ...failureCommands(app),
    ...noteCommands(app),
    ...PRESETS.map(({ id, title, filter }): Command => ({
      id: `preset ${id}`,
      section: 'Show',
      title,
      words: ['filter', filter],
      run: () => {
        actions.filterResets(filter);
      },
    })),
  ];
}

/** @param isOpen whether a capture is */
function goCommands({ store, actions }: App, isOpen: boolean): Command[] {
  const state = store.getState();
  return VIEWS.flatMap(({ id, way, isOfCapture = true }): Command[] =>
    way === undefined || (isOfCapture && !isOpen) || way.isOffered?.(state) === false
      ? []
      : [
          {
            id: `go ${id}`,
            section: 'Go to',
            title: way.title,
            keys: way.key,
            run: () => {
              actions.go(id);
              takeFocus();
            },
          },
        ],
  );
}

/** Who goes to a view by its key goes on there: its list takes the focus, wherever it was before. */
function takeFocus(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>('#main [role="grid"][tabindex="0"]')?.focus({ preventScroll: true });
  });
}

function lookCommands({ store, actions }: App): Command[] {
  const { timeStyle, letterKeys } = store.getState();
  const theme = (name: 'system' | 'light' | 'dark', title: string): Command => ({
    id: `theme ${name}`,
    section: 'Look',
    title,
    words: ['theme', 'colour', 'color', 'mode'],
    run: () => {
      actions.setTheme(name);
    },
  });
  return [
    {
      id: 'names',
      section: 'Look',
      title: 'Names of addresses and devices…',
      words: ['hosts file', 'label', 'alias', 'import', 'export'],
      run: () => {
        actions.editNames();
      },
    },
    theme('dark', 'Dark theme'),
    theme('light', 'Light theme'),
    theme('system', 'Theme of the system'),
    ...TIME_STYLES.filter((style) => style !== timeStyle).map((style): Command => ({
      id: `time ${style}`,
      section: 'Look',
      title: `Show times as ${TIME_NAMES[style]}`,
      words: ['absolute', 'relative', 'utc', 'zone', 'clock'],
      run: () => {
        actions.setTimeStyle(style);
      },
    })),
    {
      id: 'letter-keys',
      section: 'Look',
      title: letterKeys ? 'Turn off one-letter shortcuts' : 'Turn on one-letter shortcuts',
      words: ['keyboard', 'accessibility'],
      run: () => {
        actions.setLetterKeys(!letterKeys);
      },
    },
    {
      id: 'palette',
      section: 'Look',
      title: 'Command palette',
      keys: 'mod+k',
      run: () => actions.setDialog('palette'),
    },
    {
      id: 'help',
      section: 'Look',
      title: 'Keyboard shortcuts and filter help',
      keys: '?',
      run: () => actions.setDialog('help'),
    },
  ];
}

function when(condition: boolean, command: Command): Command[] {
  return condition ? [command] : [];
}

/** The filter field of the shown list; from elsewhere, that of the list that the keys belong to. */
function focusFilter({ actions, store }: App): void {
  if (filterField() === null) actions.go(keysAreOfFailures(store.getState()) ? 'failures' : 'resets');
  // After the view is drawn.
  requestAnimationFrame(() => {
    const field = filterField();
    field?.focus();
    field?.select();
  });
}

function filterField(): HTMLInputElement | null {
  return document.querySelector('[data-filter-field]');
}
