import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { forgetPartial, rememberPartial } from './partial-files.ts';

let folder = '';
let partial = '';
const kill = vi.spyOn(process, 'kill');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-partial-'));
  partial = join(folder, 'partial');
  writeFileSync(partial, 'half');
  kill.mockReset().mockReturnValue(true);
});
afterEach(() => {
  forgetPartial(partial);
  rmSync(folder, { recursive: true });
});

it.each(['SIGHUP', 'SIGINT', 'SIGTERM'] as const)(
  '%s removes it and ends the process as without us',
  (signal) => {
    const others = process.listenerCount(signal);
    rememberPartial(partial);
    expect(process.listenerCount(signal)).toBe(others + 1);
    if (others > 0) return;
    process.emit(signal, signal);
    expect(existsSync(partial)).toBe(false);
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, signal);
    expect(process.listenerCount(signal)).toBe(0);
  },
);

it('leaves the end to others who listen', () => {
  const other = vi.fn();
  process.on('SIGHUP', other);
  rememberPartial(partial);
  process.emit('SIGHUP', 'SIGHUP');
  process.off('SIGHUP', other);
  expect(other).toHaveBeenCalledOnce();
  expect(kill).not.toHaveBeenCalled();
  expect(existsSync(partial)).toBe(true);
});

it('listens to nothing when nothing is half written', () => {
  rememberPartial(partial);
  forgetPartial(partial);
  expect(process.listeners('SIGHUP')).toEqual([]);
});
