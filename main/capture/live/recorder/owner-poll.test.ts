import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually, until } from '../../../../test/support/patience.ts';
import { writeProgram } from '../../../../test/support/fake-programs.ts';
import { OwnerPoll } from './owner-poll.ts';

const INTERVAL_MS = 10;

it('are asked for again and again, and told of once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-owners-'));
  const told: Uint8Array[] = [];
  // The program prints a line more each time, and fails at the second time.
  const program = writeProgram(
    folder,
    'ss',
    `echo x >>'${folder}/asked'; n=$(wc -l <'${folder}/asked')
i=0; while [ $i -lt $n ]; do i=$((i + 1))
printf 'ESTAB 0 0 10.0.0.1:%d 10.0.0.2:443 users:(("curl",pid=%d,fd=5)) <->\\n' $i $i; done
[ $n -ne 2 ]`,
  );
  const owners = new OwnerPoll(
    program,
    () => false,
    (blocks) => told.push(blocks),
    INTERVAL_MS,
  );
  owners.start();
  await eventually(() => expect(told.length).toBeGreaterThanOrEqual(3));
  owners.stop();
  const count = told.length;
  const pids = told.flatMap((blocks) => pidsOf(blocks));
  // The second answer was none; the third has both sockets that are new.
  expect(pids.slice(0, 4)).toEqual([1, 2, 3, 4]);
  expect(told.slice(0, 3).map((blocks) => pidsOf(blocks).length)).toEqual([1, 2, 1]);
  expect(pidsOf(owners.blocks())).toEqual(pids);
  await anotherIsAnswered(folder);
  expect(told.length).toBe(count);
  rmSync(folder, { recursive: true });
});

/** Shows that there was time for an answer: one that began later, and asks as often, has had several. */
async function anotherIsAnswered(folder: string): Promise<void> {
  let answers = 0;
  // A process of its own each time, so that each answer has news.
  const line = `ESTAB 0 0 10.0.0.1:1 10.0.0.2:443 users:(("curl",pid=%d,fd=5)) <->\\n`;
  const program = writeProgram(folder, 'other-ss', `printf '${line}' $$`);
  const other = new OwnerPoll(
    program,
    () => false,
    () => answers++,
    INTERVAL_MS,
  );
  other.start();
  await until(() => answers >= 3, 'three answers');
  other.stop();
}

function pidsOf(blocks: Uint8Array): number[] {
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.length);
  const pids: number[] = [];
  for (let at = 0; at < blocks.length; at += view.getUint32(at + 4, true))
    pids.push(view.getUint32(at + 24, true));
  return pids;
}

it('without a program to ask there are none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-owners-'));
  const told: Uint8Array[] = [];
  const owners = new OwnerPoll(
    '/nonexistent/ss',
    () => false,
    (blocks) => told.push(blocks),
    INTERVAL_MS,
  );
  owners.start();
  await anotherIsAnswered(folder);
  owners.stop();
  expect(told).toEqual([]);
  expect(owners.blocks()).toHaveLength(0);
  rmSync(folder, { recursive: true });
});
