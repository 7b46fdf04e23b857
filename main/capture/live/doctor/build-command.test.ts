import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildCommand } from './build-command.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope build-'));
  mkdirSync(join(folder, 'dist/cli'), { recursive: true });
  mkdirSync(join(folder, 'scripts'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('names the script by its whole path, wherever the user is', () => {
  writeFileSync(join(folder, 'scripts/build-native.mjs'), '');
  const program = pathToFileURL(join(folder, 'dist/cli/index.js')).href;
  expect(buildCommand(program)).toBe(`node '${join(folder, 'scripts/build-native.mjs')}'`);
});

it('names no path where there is no script', () => {
  const program = pathToFileURL(join(folder, 'dist/cli/index.js')).href;
  expect(buildCommand(program)).toBe('node scripts/build-native.mjs');
});
