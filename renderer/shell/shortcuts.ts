/** Which key press means which chord of the command registry: `mod+k`, `?`, `/`, `j`, `Escape`. */

export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'> &
  Partial<Pick<KeyboardEvent, 'code'>>;

export function chordOf(press: KeyPress): string {
  const parts: string[] = [];
  if (press.ctrlKey || press.metaKey) parts.push('mod');
  if (press.altKey) parts.push('alt');
  // With most keys Shift makes another character ("?"): it is then part of the key and not of the chord.
  if (press.shiftKey && (press.key.length > 1 || parts.length > 0)) parts.push('shift');
  // With Alt, a Mac's digits make other characters.
  const digit = press.altKey ? /^Digit(\d)$/.exec(press.code ?? '')?.[1] : undefined;
  if (digit !== undefined) parts.push(digit);
  else parts.push(press.key.length === 1 ? press.key.toLowerCase() : press.key);
  return parts.join('+');
}

/** Whether the chord is one character without a modifier: the user may turn those off. */
export function isLetterChord(chord: string): boolean {
  return chord.length === 1;
}

/** Inputs that take no text: a letter pressed on them is a shortcut as elsewhere. */
const UNTYPED = ['radio', 'checkbox', 'range', 'button', 'file'].map((type) => `[type="${type}"]`).join(', ');

/** Whether what is typed belongs to a field. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches(`input:not(${UNTYPED}), textarea, select`);
}
