/** `resetscope analyze --parquet`: what an analysis tells a fleet, written as tables. */
import { join, resolve } from 'node:path';
import { plural } from '../../shared/format/count.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { tryWholeFile, WriteError } from '../capture/whole-file.ts';
import type { Analysis } from '../host/analysis.ts';
import { FOLDER_MODE } from '../host/fleet/unit-writer.ts';
import { makeFolder } from '../host/live/make-folder.ts';
import { siteOf } from '../host/fleet/layout.ts';
import { writeAnalysis, type AgentOptions, type WrittenCapture } from '../host/fleet/write-analysis.ts';
import { agentOf } from './agent-options.ts';
import type { AgentCommandOptions } from './commands/agent-options.ts';
import { interruptible } from './interruptible.ts';
import type { CliIo } from './io.ts';
import { type Interruption } from './read-files.ts';

export class FleetTables {
  readonly #options: AgentOptions;

  private constructor(options: AgentOptions) {
    this.#options = options;
  }

  /**
   * Makes the folder where it is not there, and sees that it can be written to.
   * @throws WriteError, FleetKeyError, or Error for wrong options, all for people
   */
  static async open(
    folder: string,
    options: AgentCommandOptions & { readonly cases?: boolean },
  ): Promise<FleetTables> {
    const agent = await agentOf(options);
    const path = resolve(folder);
    await makeFolder(path, FOLDER_MODE).catch((error: unknown) => {
      throw new WriteError(path, error);
    });
    await tryWholeFile(join(path, 'tables'), { existing: 'replace', mode: 0o666 });
    return new FleetTables({ ...agent, folder: path, keepsCases: options.cases === true });
  }

  get folder(): string {
    return this.#options.folder;
  }

  /**
   * Writes the tables of all captures and tells what was written.
   * @returns the signal that ended it, if one did
   * @throws WriteError
   */
  async write(analysis: Analysis, io: CliIo): Promise<Interruption | undefined> {
    const interrupt = interruptible(io);
    try {
      const written = await writeAnalysis(analysis, this.#options, interrupt.abort.signal);
      this.#tell(written, io);
    } catch (error) {
      if (interrupt.by === undefined) throw error;
      this.tellInterrupted(io);
    } finally {
      interrupt.ignore();
    }
    return interrupt.by;
  }

  tellInterrupted(io: CliIo): void {
    io.stderr.write('resetscope: interrupted; the tables for the fleet are not whole\n');
  }

  #tell(written: readonly WrittenCapture[], io: CliIo): void {
    const { folder, host, site } = this.#options;
    const where = `${sanitiseText(folder, 500)} (${sanitiseText(host, 255)} at ${siteOf(site)})`;
    for (const { names, rows, casesLeftOut } of written) {
      const [first = ''] = names;
      const files = names.length === 1 ? first : `${first} and ${plural(names.length - 1, 'more file')}`;
      const counts = [
        plural(rows.flows, 'flow'),
        plural(rows.resets, 'reset'),
        plural(rows.findings, 'finding'),
        plural(rows.failures, 'failure'),
        ...(rows.cases > 0 ? [plural(rows.cases, 'case file')] : []),
      ].join(', ');
      const left =
        casesLeftOut === 0
          ? ''
          : `; ${plural(casesLeftOut, 'older connection')} whose resets mattered left without a case file: resetscope export makes one of any`;
      io.stderr.write(`resetscope: ${sanitiseText(files, 500)}: ${counts} written to ${where}${left}\n`);
    }
    if (written.length === 0) {
      io.stderr.write(`resetscope: no packets were read: nothing was written to ${where}\n`);
    }
  }
}
