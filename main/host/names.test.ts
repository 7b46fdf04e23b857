import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NAME_BOUNDS } from '../../shared/names/named.ts';
import { createLog } from './log.ts';
import { NameBook } from './names.ts';
import { openSettings } from './settings.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'names-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const book = (): NameBook => new NameBook(openSettings(folder), createLog('test'));

it('keeps names beside the settings, for the next run', () => {
  book().set([{ key: '10.0.0.1', name: 'office firewall' }]);
  expect(book().list()).toEqual([{ key: '10.0.0.1', name: 'office firewall' }]);
  expect(readFileSync(join(folder, 'settings.json'), 'utf8')).toContain('office firewall');
});

it('gives a key one name, and takes it away', () => {
  const names = book();
  names.set([{ key: '10.0.0.1', name: 'old' }]);
  names.set([{ key: '10.0.0.1', name: 'new' }]);
  expect(names.list()).toEqual([{ key: '10.0.0.1', name: 'new' }]);
  expect(names.remove(['10.0.0.1'])).toEqual([]);
});

it('lets the oldest make room', () => {
  const names = book();
  names.set([{ key: '10.0.0.1', name: 'oldest' }]);
  names.set(
    Array.from({ length: NAME_BOUNDS.names }, (_, i) => ({ key: `10.1.${i >> 8}.${i & 255}`, name: 'n' })),
  );
  expect(names.list()).toHaveLength(NAME_BOUNDS.names);
  expect(names.list().some(({ name }) => name === 'oldest')).toBe(false);
});
