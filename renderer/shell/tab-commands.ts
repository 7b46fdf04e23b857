/** Going from one open capture to another, and closing them. */
import type { App } from '../core/app-context.ts';
import { captureName } from '../words/capture-name.ts';
import type { Command } from './command.ts';

/** Alt with a digit: Ctrl+Tab and Ctrl with a digit belong to the browser. */
const KEYED = 9;

export function tabCommands({ store, actions }: App): Command[] {
  const { captures, running, caseNames } = store.getState();
  if (captures.length < 2) return [];
  const shown = captures.find(({ isShown }) => isShown);
  const others = captures.filter(({ isShown, paths }) => !isShown && paths.length > 0);
  return [
    ...captures.map((tab, index): Command => ({
      id: `tab ${tab.capture}`,
      section: 'Captures',
      title: `Show ${captureName(tab, running, caseNames)}`,
      ...(index < KEYED ? { keys: `alt+${index + 1}` } : {}),
      words: ['tab', 'switch', ...tab.paths],
      run: () => void actions.showCapture(tab.capture),
    })),
    ...(shown === undefined || shown.paths.length === 0 ? [] : others).map((tab): Command => ({
      id: `compare ${tab.capture}`,
      section: 'Captures',
      title: `Compare with ${captureName(tab, running, caseNames)}`,
      words: ['join', 'same connection', 'both ends', ...tab.paths],
      run: () => void actions.compareWith(tab.paths),
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
