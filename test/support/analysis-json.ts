/** What `resetscope analyze FILE --json` prints, without a process for each of thousands of files. */
import { Writable } from 'node:stream';
import { analyze } from '../../main/cli/analyze.ts';
import { NO_PROGRAMS } from './no-programs.ts';

/** @returns the object that was printed; every reset is in it */
export async function analysisJson(file: string): Promise<unknown> {
  let text = '';
  let said = '';
  const into = (take: (chunk: string) => void): Writable =>
    new Writable({
      write(chunk, _encoding, done) {
        take(String(chunk));
        done();
      },
    });
  await analyze(
    [file],
    { json: true, all: true },
    {
      stdout: into((chunk) => (text += chunk)),
      stderr: into((chunk) => (said += chunk)),
      columns: undefined,
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      env: {},
      live: () => Promise.resolve(NO_PROGRAMS),
      lessons: () => Promise.reject(new Error('no lessons are given here')),
      duckDbPlaces: [],
      fleet: () => Promise.reject(new Error('no fleet is read here')),
      program: [],
      serve: () => Promise.reject(new Error('nothing is served here')),
      onInterrupt: () => () => undefined,
    },
  );
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message} ${said}`, { cause: error });
  }
}
