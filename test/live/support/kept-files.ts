/** Proves of what a capture left on disk that it can be read: by our own reader, and by Wireshark's. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { EXIT_LOSSES, EXIT_OK } from '../../../main/cli/exit-codes.ts';
import type { ResetJson } from '../../../main/cli/schema.ts';
import { runCli } from '../../support/run-cli.ts';

const run = promisify(execFile);

export interface Kept {
  readonly packets: number;
  readonly resets: readonly ResetJson[];
}

interface Warning {
  readonly code: string;
  readonly message: string;
}

interface Analysis {
  readonly files: readonly {
    readonly path: string;
    readonly packets: number;
    readonly warnings: readonly Warning[];
  }[];
  readonly resets: readonly ResetJson[];
}

/** Capture files in a folder and below, in the order of their names. */
export async function keptFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith('.pcapng'))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * Every file by itself is whole; answers what all of them hold together.
 * @param paths files of a ring in their order, or a file by itself
 * @param warnings codes of what our reader has to say of them, besides that packets were lost before it wrote them
 */
export async function expectReadable(
  paths: readonly string[],
  warnings: readonly string[] = [],
): Promise<Kept> {
  expect(paths).not.toEqual([]);
  const { exitCode, stdout } = await runCli(['analyze', '--json', '--all', ...paths]);
  const { files, resets } = JSON.parse(stdout) as Analysis;
  const all = files.flatMap((file) => file.warnings);
  // A file of the ring begins with whatever did not fit into the one before it: the last may hold the last counters alone.
  const emptiable = paths.length > 1 ? paths.at(-1) : undefined;
  const said = files.flatMap(({ path, warnings }) =>
    warnings.filter(
      ({ code }) => code !== 'capture-dropped-packets' && !(code === 'empty-file' && path === emptiable),
    ),
  );
  expect(
    said.map(({ code }) => code),
    said[0]?.message,
  ).toEqual(warnings);
  const hasLosses = all.some(({ code }) => code === 'capture-dropped-packets');
  expect(exitCode).toBe(hasLosses ? EXIT_LOSSES : EXIT_OK);
  // capinfos fails where a file is cut short or a block is damaged.
  const { stdout: table } = await run('capinfos', ['-T', '-r', '-M', '-c', ...paths]);
  const counted = table
    .trimEnd()
    .split('\n')
    .map((line) => Number(line.split('\t')[1]));
  // We list files by the time of their packets, capinfos as it is asked.
  const ours = new Map(files.map(({ path, packets }) => [path, packets]));
  expect(paths.map((path) => ours.get(path))).toEqual(counted);
  return { packets: counted.reduce((sum, packets) => sum + packets, 0), resets };
}

/** Resets in a file as tshark finds them. */
export async function resetsByTshark(path: string): Promise<number> {
  const args = ['-n', '-r', path, '-Y', 'tcp.flags.reset == 1', '-T', 'fields', '-e', 'frame.number'];
  const { stdout } = await run('tshark', args);
  return stdout.split('\n').filter((line) => line !== '').length;
}
