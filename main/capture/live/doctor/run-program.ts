/** Runs a small program to its end and gives what it said, bounded in time and in bytes. Never rejects. */
import { execFile } from 'node:child_process';

const TIMEOUT_MS = 5000;
const MAX_BYTES = 4 * 1024 * 1024;

export interface Ran {
  /** −1 where it could not be started or did not end. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type RunProgram = (program: string, args: readonly string[]) => Promise<Ran>;

export const runProgram: RunProgram = (program, args) =>
  new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES, windowsHide: true };
    execFile(program, [...args], options, (error, stdout, stderr) => {
      const code = (error as { code?: unknown } | null)?.code;
      const exitCode = error === null ? 0 : typeof code === 'number' ? code : -1;
      resolve({ exitCode, stdout, stderr: stderr === '' && error !== null ? error.message : stderr });
    });
  });
