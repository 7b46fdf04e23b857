/** Captures with tcpdump inside a namespace. */
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { type RawCapture, readPcap } from './frames.ts';
import { lineFrom, type ProcessGroup } from './processes.ts';
import type { Topology } from './topology.ts';

export class CaptureRun {
  readonly #file: string;
  readonly #process: ChildProcess;
  readonly #group: ProcessGroup;
  #said = '';

  private constructor(file: string, process: ChildProcess, group: ProcessGroup) {
    this.#file = file;
    this.#process = process;
    this.#group = group;
    process.stderr?.on('data', (chunk) => (this.#said += chunk));
  }

  /** @param snapLength bytes kept of a frame. */
  static async start(
    topology: Topology,
    group: ProcessGroup,
    at: { node: string; interface: string },
    file: string,
    snapLength: number,
  ): Promise<CaptureRun> {
    // -Z root: the output folder need not be open to tcpdump's own user. --immediate-mode: nothing waits in a
    // half-filled block when it is told to stop.
    const process = topology.start(
      at.node,
      'tcpdump',
      ...['-n', '-i', at.interface, '-w', file, '-s', String(snapLength), '-B', '16384', '-Z', 'root'],
      ...['--immediate-mode', '-U', '--time-stamp-precision=nano'],
    );
    const run = new CaptureRun(file, process, group);
    await lineFrom(process, (line) => line.includes('listening on'), `tcpdump at ${at.node}`);
    return run;
  }

  /** Ends the capture; fails if the kernel dropped frames, since the truth rests on it. */
  async stop(): Promise<RawCapture> {
    await this.#group.end(this.#process, 'SIGINT');
    const dropped = /(\d+) packets dropped by kernel/.exec(this.#said);
    if (dropped === null || dropped[1] !== '0')
      throw new Error(`${this.#file} is not complete: ${this.#said.trim()}`);
    return readPcap(await readFile(this.#file));
  }
}
