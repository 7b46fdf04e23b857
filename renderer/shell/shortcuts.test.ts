import { describe, expect, it } from 'vitest';
import type { KeyPress } from './shortcuts.ts';
import { chordOf, isLetterChord, isTyping } from './shortcuts.ts';

const press = (key: string, changes: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...changes,
});

describe('chords', () => {
  it.each([
    [press('k', { ctrlKey: true }), 'mod+k'],
    [press('k', { metaKey: true }), 'mod+k'],
    [press('K', { ctrlKey: true, shiftKey: true }), 'mod+shift+k'],
    [press('?', { shiftKey: true }), '?'],
    [press('/'), '/'],
    [press('F6', { shiftKey: true }), 'shift+F6'],
    [press('Escape'), 'Escape'],
  ])('%o is %s', (event, chord) => {
    expect(chordOf(event)).toBe(chord);
  });

  it('of one letter can be turned off', () => {
    expect(isLetterChord('j')).toBe(true);
    expect(isLetterChord('mod+k')).toBe(false);
    expect(isLetterChord('Escape')).toBe(false);
  });
});

it('knows what is typed into', () => {
  expect(isTyping(document.createElement('input'))).toBe(true);
  expect(isTyping(document.createElement('button'))).toBe(false);
  const choice = document.createElement('input');
  choice.type = 'radio';
  expect(isTyping(choice)).toBe(false);
  expect(isTyping(null)).toBe(false);
});
