/** Going from one open capture to another, and closing them. */
import type { App } from '../core/app-context.ts';
import { captureName } from '../words/capture-name.ts';
import type { Command } from './command.ts';

/** Alt with a digit: Ctrl+Tab and Ctrl with a digit belong to the browser. */
const KEYED = 9;

export function tabCommands({ store, actions }: App): Command[] {
  const { captures, running } = store.getState();
  if (captures.length < 2) return [];
  return [
    ...captures.map((tab, index): Command => ({
      id: `tab ${tab.capture}`,
      section: 'Captures',
      title: `Show ${captureName(tab, running)}`,
      ...(index < KEYED ? { keys: `alt+${index + 1}` } : {}),
      words: ['tab', 'switch', ...tab.paths],
      run: () => void actions.showCapture(tab.capture),
    })),
    {
      id: 'next-tab',
      section: 'Captures',
      title: 'Show the next capture',
      keys: 'alt+PageDown',
      words: ['tab', 'switch'],
      run: () => void actions.stepCapture(1),
    },
    {
      id: 'previous-tab',
      section: 'Captures',
      title: 'Show the previous capture',
      keys: 'alt+PageUp',
      words: ['tab', 'switch'],
      run: () => void actions.stepCapture(-1),
    },
  ];
}
