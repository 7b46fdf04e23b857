/** Runs the command line in this process, without a terminal, and keeps what it writes. */
import { Writable } from 'node:stream';
import type { CliIo } from '../../main/cli/io.ts';
import type { LiveParts } from '../../main/host/live/live-parts.ts';
import { LessonFiles } from '../../main/lessons/lesson-files.ts';
import { main } from '../../main/cli/main.ts';
import { NO_PROGRAMS } from './no-programs.ts';

const LESSONS = new URL('../../main/lessons', import.meta.url).pathname;

export interface CliRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What stands in for the world, where it matters. */
export type RunIo = Partial<Omit<CliIo, 'live'>> & { readonly live?: LiveParts };

export async function runCli(
  argv: readonly string[],
  { live = NO_PROGRAMS, ...io }: RunIo = {},
): Promise<CliRun> {
  const stdout = new Sink();
  const stderr = new Sink();
  const exitCode = await main(argv, {
    stdout,
    stderr,
    columns: undefined,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    env: {},
    live: () => Promise.resolve(live),
    lessons: () => Promise.resolve(new LessonFiles([LESSONS])),
    duckDbPlaces: [],
    fleet: () => Promise.reject(new Error('no fleet is read here')),
    program: [process.execPath, '-e', 'process.exitCode = 3'],
    serve: () => Promise.reject(new Error('nothing is served here')),
    onInterrupt: () => () => undefined,
    ...io,
  });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

class Sink extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}
