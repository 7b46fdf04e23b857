import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecentFiles } from './recent.ts';
import { openSettings } from './settings.ts';

const log = pino({ level: 'silent' });
let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'resetscope-test-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function capture(name: string, size = 3): string {
  const path = join(directory, name);
  writeFileSync(path, 'x'.repeat(size));
  return path;
}

describe('recent files', () => {
  it('are newest first, each once, and stay', () => {
    const [a, b] = [capture('a.pcap'), capture('b.pcap', 5)];
    const recent = new RecentFiles(openSettings(directory), log);
    recent.add([a], 1);
    recent.add([b], 2);
    recent.add([a], 3);
    expect(new RecentFiles(openSettings(directory), log).list()).toEqual([
      { path: a, openedMs: 3, sizeBytes: 3 },
      { path: b, openedMs: 2, sizeBytes: 5 },
    ]);
    expect(recent.has(a)).toBe(true);
    recent.forget(a);
    expect(recent.has(a)).toBe(false);
  });

  it('leave out what is no file, and the oldest', () => {
    const recent = new RecentFiles(openSettings(directory), log);
    recent.add([join(directory, 'missing'), directory], 1);
    expect(recent.list()).toEqual([]);
    for (let i = 0; i < 20; i++) recent.add([capture(`${i}.pcap`)], i);
    expect(recent.list().map(({ openedMs }) => openedMs)).toEqual([
      19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8,
    ]);
  });
});

describe('settings', () => {
  it.each(['{"recent": 7}', '{"recent": [', '{"recent": [], "window": null, "unknown": 1}'])(
    'that cannot be understood are set aside: %s',
    (damaged) => {
      writeFileSync(join(directory, 'settings.json'), damaged);
      expect(openSettings(directory).get('recent')).toEqual([]);
      expect(readFileSync(join(directory, 'settings.json.damaged'), 'utf8')).toBe(damaged);
    },
  );

  it('keep the state of the window', () => {
    const window = { x: -5, y: 0, width: 800, height: 600, maximized: false };
    openSettings(directory).set('window', window);
    expect(openSettings(directory).get('window')).toEqual(window);
    expect(() => {
      openSettings(directory).set('window', { ...window, width: 0 });
    }).toThrow(/window/);
  });
});
