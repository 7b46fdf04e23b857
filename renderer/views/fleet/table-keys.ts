/** Arrow keys go from row to row of a table whose rows each have a button; Tab does too. */
import type { KeyboardEvent } from 'react';

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

export function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  const buttons = Array.from(event.currentTarget.querySelectorAll<HTMLElement>('[data-row]'));
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  const step = STEPS[event.key];
  const to =
    event.key === 'Home' ? 0 : event.key === 'End' ? buttons.length - 1 : step === undefined ? -1 : at + step;
  const next = at < 0 ? undefined : buttons.at(to);
  if (next === undefined || to < 0) return;
  event.preventDefault();
  next.focus();
}
