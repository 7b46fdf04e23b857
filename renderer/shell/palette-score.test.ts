import { expect, it } from 'vitest';
import { paletteScore } from './palette-score.ts';

const LINK = ['Copy link to what is shown', 'Go to', 'address', 'deep link', 'share'];
const DARK = ['Dark theme', 'Look', 'colour'];

it.each([
  ['dark', LINK, 0],
  ['dark', DARK, 1],
  ['theme dark', DARK, 0.9],
  ['colour', DARK, 0.7],
  ['olour', DARK, 0.4],
  ['dark address', DARK, 0],
  ['', LINK, 1],
  ['  Copy  LINK ', LINK, 0.9],
])('%j in %j: %d', (typed, texts, score) => {
  expect(paletteScore(typed, texts)).toBeCloseTo(score);
});
