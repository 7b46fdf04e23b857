/** `resetscope fleet key`: what it makes, what it says, and that it leaves a key that is there alone. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readFleetKey } from '../../host/fleet/keys.ts';
import { fleetKeyCommand } from '../commands/fleet-key.ts';
import type { CliIo } from '../io.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-key-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(...argv: string[]): Promise<string> {
  const stderr = new PassThrough();
  const codes: number[] = [];
  const program = new Command('resetscope').exitOverride();
  const io = { stderr } as unknown as CliIo;
  fleetKeyCommand(program.command('fleet'), { io, done: (code) => codes.push(code) });
  await program.parseAsync(['fleet', 'key', ...argv], { from: 'user' });
  expect(codes).toEqual([0]);
  return String(stderr.read());
}

it('makes a key, says which it is, and nothing of it', async () => {
  const path = join(folder, 'fleet.key');
  const said = await run('-o', path);
  const { id } = await readFleetKey(path);
  expect(said).toContain(`the key ${id} of a fleet is in ${path}`);
  expect(said).not.toContain(readFileSync(path, 'latin1').trim());
  await expect(run('-o', path)).rejects.toThrow(/exists already/u);
});
