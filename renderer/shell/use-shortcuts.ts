/** Runs commands by their keys, wherever the focus is. */
import { useEffect } from 'react';
import { useApp } from '../core/app-context.ts';
import type { App } from '../core/app-context.ts';
import { commandsOf } from './commands.ts';
import { chordOf, isLetterChord, isTyping } from './shortcuts.ts';

export function useShortcuts(): void {
  const app = useApp();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const chord = chordOf(event);
      if (event.key === 'F6') {
        if (cyclePanes(event.shiftKey ? -1 : 1)) event.preventDefault();
        return;
      }
      const command = wanted(app, chord, event);
      if (command === undefined) return;
      event.preventDefault();
      command.run();
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  }, [app]);
}

function wanted(app: App, chord: string, event: KeyboardEvent) {
  const { dialog, letterKeys } = app.store.getState();
  const isLetter = isLetterChord(chord) || chord === 'shift+c';
  if (isLetter && (!letterKeys || isTyping(event.target))) return undefined;
  // An open dialog owns the keys, but for those that open another dialog.
  if (dialog !== null && chord !== 'mod+k' && chord !== 'mod+o') return undefined;
  // The chord of a letter has no shift in it: the key arrives as the capital.
  const pressed = event.shiftKey && /^[A-Z]$/.test(event.key) ? `shift+${chord}` : chord;
  return commandsOf(app).find((command) => command.keys?.split(' ').includes(pressed));
}

/** F6 moves between the panes, as in most desktop programs. */
function cyclePanes(step: 1 | -1): boolean {
  const panes = Array.from(document.querySelectorAll<HTMLElement>('[data-pane]'));
  if (panes.length === 0) return false;
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(at + step + panes.length) % panes.length];
  const inside = next.querySelector<HTMLElement>('[aria-current], button, input, [tabindex="0"]');
  (next.matches('[tabindex="0"]') ? next : (inside ?? next)).focus();
  return true;
}
