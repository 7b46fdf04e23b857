import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defaultOptions } from './live/live-defaults.ts';
import { defaultCaptureFolder, isInside } from './live/capture-folder.ts';
import { LiveMemories } from './live-memory.ts';
import { openSettings } from './settings.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'resetscope-memory-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});
const memories = (): LiveMemories => new LiveMemories(openSettings(directory), pino({ level: 'silent' }));

it('remembers options and filters between runs, the newest first', () => {
  expect(memories().recall()).toEqual({ filters: [], lastOptions: null });
  for (let i = 0; i < 40; i++) memories().remember({ ...defaultOptions('eth0'), filter: `port ${i}` });
  memories().remember({ ...defaultOptions('eth1'), filter: 'port 35' });
  memories().remember(defaultOptions('eth2'));
  const { filters, lastOptions } = memories().recall();
  expect(filters.slice(0, 3)).toEqual(['port 35', 'port 39', 'port 38']);
  expect(filters).toHaveLength(30);
  expect(lastOptions).toEqual(defaultOptions('eth2'));
});

it('forgets options that another version wrote', () => {
  openSettings(directory).set('lastLive', { ...defaultOptions('eth0'), snapLength: -1 });
  expect(memories().recall().lastOptions).toBeNull();
});

it('keeps captures where the user or the system says', () => {
  expect(defaultCaptureFolder({ RESETSCOPE_CAPTURE_DIR: '/data/x' })).toBe('/data/x');
  expect(defaultCaptureFolder({})).toMatch(/resetscope.captures$/u);
});

it.each([
  ['/a/b', true],
  ['/a/b/c', true],
  ['/a/../a/b', true],
  ['/a', false],
  ['/a/', false],
  ['/a/../b', false],
  ['/ab', false],
  ['/', false],
])('%s lies in /a: %s', (path, expected) => {
  expect(isInside('/a', path)).toBe(expected);
});
