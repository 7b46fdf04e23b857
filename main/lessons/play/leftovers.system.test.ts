import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lessonFolder, sweepFolders, sweepNamespaces } from './leftovers.ts';
import { lacksNamespaces, Namespaces } from './place.ts';
import { runCommand } from './processes.ts';

const lacks = await lacksNamespaces();

/** A process that is over. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('folders of plays', () => {
  let temporary = '';
  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), 'resetscope-leftovers-'));
    vi.stubEnv('TMPDIR', temporary);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true, force: true });
  });

  it('are taken away where their process is gone, and no others', async () => {
    const left = join(temporary, `resetscope-lesson-${deadPid()}-abc123`);
    const others = ['resetscope-lesson-mine', `resetscope-lesson-${deadPid()}`, 'notes'].map((name) =>
      join(temporary, name),
    );
    for (const folder of [left, ...others]) mkdirSync(folder);
    writeFileSync(join(left, 'client.pcapng'), 'bytes');
    const own = await lessonFolder();
    await sweepFolders();
    expect(existsSync(left)).toBe(false);
    for (const folder of [own, ...others]) expect(existsSync(folder), folder).toBe(true);
  });
});

describe.skipIf(lacks !== null)('lab: namespaces of plays', () => {
  it('are taken away where their process is gone, and no others', async () => {
    const left = `rslesson-${deadPid()}-abc-client`;
    await runCommand(['ip', 'netns', 'add', left]);
    const own = await Namespaces.make({ routers: 0, points: {} });
    try {
      await sweepNamespaces();
      const names = await runCommand(['ip', 'netns', 'list']);
      expect(names).not.toContain(left);
      expect(names).toMatch(new RegExp(`rslesson-${process.pid}-[0-9a-f]+-client`, 'u'));
    } finally {
      await own.destroy();
      await runCommand(['ip', 'netns', 'del', left]).catch(() => undefined);
    }
  });
});
