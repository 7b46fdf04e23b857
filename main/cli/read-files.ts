/** Reads the files of a command, with a line of progress, and tells what could not be read. */
import { plural } from '../../shared/format/count.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type { Analysis, AnalysisOptions } from '../host/analysis.ts';
import { EXIT_INTERRUPTED, EXIT_TERMINATED } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { ProgressLine } from './progress-line.ts';

export type Interruption = 'SIGINT' | 'SIGTERM';

export function interruptedExit(by: Interruption): number {
  return by === 'SIGINT' ? EXIT_INTERRUPTED : EXIT_TERMINATED;
}

/** Gives the signal that stopped reading, if one did. */
export async function readFiles(
  analysis: Analysis,
  files: readonly string[],
  io: CliIo,
  options: Pick<AnalysisOptions, 'join' | 'comparing'> = {},
): Promise<Interruption | undefined> {
  const abort = new AbortController();
  let interruptedBy: Interruption | undefined;
  let isJoining = false;
  let wasJoining = false;
  const ignore = io.onInterrupt((signal) => {
    interruptedBy = signal;
    wasJoining = isJoining;
    abort.abort();
    // The next one ends the process at once, as without us.
    ignore();
  });
  const line = io.stderrIsTerminal
    ? new ProgressLine((text) => void io.stderr.write(text), io.columns ?? 80, performance.now())
    : undefined;
  try {
    await analysis.run(files, {
      ...options,
      signal: abort.signal,
      onProgress: (progress) => {
        isJoining = progress.phase === 'joining';
        line?.show(progress, performance.now());
      },
    });
  } finally {
    line?.clear();
    ignore();
  }
  if (interruptedBy !== undefined) {
    io.stderr.write(
      wasJoining
        ? 'resetscope: interrupted before captures were joined; all was read, and each is told for itself\n'
        : 'resetscope: interrupted; this is what was read by then\n',
    );
  }
  return interruptedBy;
}

export function tellUnreadable(analysis: Analysis, io: CliIo): void {
  for (const { path, message } of analysis.unreadable) {
    const text = message.includes(path) ? message : `${path}: ${message}`;
    io.stderr.write(`resetscope: ${sanitiseText(text, 1000)}\n`);
  }
}

export function tellWarnings(analysis: Analysis, io: CliIo): void {
  for (const file of analysis.session.files) {
    for (const warning of file.warnings) {
      io.stderr.write(`resetscope: ${sanitiseText(`${file.path}: ${warning.message}`, 1000)}\n`);
    }
    if (file.moreWarnings > 0) {
      io.stderr.write(
        `resetscope: ${sanitiseText(file.path, 500)}: ${plural(file.moreWarnings, 'more warning')}\n`,
      );
    }
  }
}
