/** The commands of live capture that make sense now. */
import { isCapturing } from '../state/live-slice.ts';
import { placeText } from '../words/live-text.ts';
import type { App } from '../core/app-context.ts';
import type { Command } from './command.ts';

export function liveCommands({ store, actions }: App): Command[] {
  const { live, running, draft, held, following } = store.getState();
  const last = running.options ?? draft;
  const isRunning = isCapturing(running);
  const command = (id: string, title: string, run: () => void, more: Partial<Command> = {}): Command => ({
    id: `live ${id}`,
    section: 'Live',
    title,
    ...more,
    run,
  });
  if (!isRunning) {
    return [
      command('choose', 'Capture live…', () => actions.setDialog('capture'), {
        keys: 'mod+l',
        words: ['interface', 'record', 'sniff', 'start'],
      }),
      command(
        'start',
        last === null || last.interface === ''
          ? 'Start capture on the last interface'
          : `Start capture on ${placeText(last)}`,
        () => void actions.startLast(),
        { keys: 'mod+e', words: ['live', 'record', 'last', 'again'] },
      ),
      ...(live.startedMs === null ? [] : [saveCommand()]),
    ];
  }
  return [
    command('stop', 'Stop the capture', () => void actions.stopCapture(), {
      keys: 'mod+e',
      words: ['live', 'end'],
    }),
    command('restart', 'Restart the capture', () => void actions.restartCapture(), {
      words: ['live', 'again'],
    }),
    command('hold', held === null ? 'Pause the view' : 'Resume the view', actions.toggleHeld, {
      keys: 'f',
      words: ['live', 'freeze', 'hold'],
    }),
    command(
      'follow',
      following.resets ? 'Stay where the list is' : 'Follow the newest reset',
      () => {
        actions.setFollowing('resets', !following.resets);
      },
      { words: ['live', 'scroll', 'tail'] },
    ),
    saveCommand(),
    command('catch', 'Catch the next reset…', () => actions.setDialog('catch'), {
      keys: 'mod+j',
      words: ['live', 'rule', 'wait', 'case'],
    }),
  ];

  function saveCommand(): Command {
    return command('save', 'Save the captured packets as…', () => void actions.saveAs(), {
      keys: 'mod+s',
      words: ['live', 'export', 'pcapng'],
    });
  }
}
