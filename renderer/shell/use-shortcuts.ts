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
    /** The desktop window has no browser around it that knows the side buttons of a mouse. */
    const onMouse = ({ button }: MouseEvent): void => {
      if (app.trail.canLeave) return;
      if (button === 3) app.trail.back();
      if (button === 4) app.trail.forward();
    };
    window.addEventListener('keydown', leaveField, true);
    window.addEventListener('keydown', onKey);
    window.addEventListener('mouseup', onMouse);
    return () => {
      window.removeEventListener('keydown', leaveField, true);
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('mouseup', onMouse);
    };
  }, [app]);
}

/**
 * The first Escape leaves a field, before any pane that it lies in closes; its list goes on from there. A field with something to close
 * or to clear of its own takes it first, as do those of dialogs.
 */
function leaveField(event: KeyboardEvent): void {
  const { target } = event;
  if (event.key !== 'Escape' || event.isComposing || !(target instanceof HTMLElement) || !isTyping(target))
    return;
  if (
    target.getAttribute('aria-expanded') === 'true' ||
    target.closest('[role=dialog], [data-own-escape]') !== null
  )
    return;
  event.preventDefault();
  event.stopPropagation();
  const list = target.closest('.list-pane')?.querySelector<HTMLElement>('[role="grid"]');
  if (list === undefined || list === null) target.blur();
  else list.focus();
}

function wanted(app: App, chord: string, event: KeyboardEvent) {
  const { dialog, letterKeys } = app.store.getState();
  const isLetter = isLetterChord(chord) || chord === 'shift+c';
  // A field undoes what was typed in it.
  if (/^mod\+(?:shift\+)?[zy]$/u.test(chord) && isTyping(event.target)) return undefined;
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
