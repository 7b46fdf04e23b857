/** The product itself at one place of a topology: `resetscope live`, and what it says while the packets pass. */
import type { ChildProcess } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { ResetJson } from '../../main/cli/schema.ts';
import { RESET_SCHEMA } from '../../main/cli/schema.ts';
import type { LiveStatus } from '../../shared/model/live.ts';
import type { RawCapture } from '../lab/frames.ts';
import { readPcap } from '../lab/frames.ts';
import { lineFrom, type ProcessGroup, run } from '../lab/processes.ts';
import type { Topology } from '../lab/topology.ts';

/** A verdict with the moment at which it was told. */
export interface ToldReset {
  readonly reset: ResetJson;
  readonly toldNs: bigint;
}

export interface ProductResult {
  readonly raw: RawCapture;
  readonly told: readonly ToldReset[];
  readonly status: Pick<LiveStatus, 'phase' | 'packets' | 'losses' | 'witness'>;
  readonly exitCode: number | null;
  readonly said: string;
}

export class ProductCapture {
  readonly #process: ChildProcess;
  readonly #group: ProcessGroup;
  readonly #folder: string;
  readonly #told: ToldReset[] = [];
  #status: ProductResult['status'] | undefined;
  #said = '';

  private constructor(child: ChildProcess, group: ProcessGroup, folder: string) {
    this.#process = child;
    this.#group = group;
    this.#folder = folder;
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
  }

  /** @param cli the built command line; resolves when packets can come */
  static async start(
    topology: Topology,
    group: ProcessGroup,
    cli: string,
    at: { readonly node: string; readonly interface: string },
    folder: string,
  ): Promise<ProductCapture> {
    await mkdir(folder, { recursive: true });
    const child = topology.start(
      at.node,
      process.execPath,
      ...[cli, 'live', '-i', at.interface, '--json', '-w', folder],
    );
    const capture = new ProductCapture(child, group, folder);
    await lineFrom(child, (line) => line.includes('"phase":"capturing"'), `resetscope at ${at.node}`, 30_000);
    return capture;
  }

  async stop(): Promise<ProductResult> {
    // Ends by itself once the last verdicts were told.
    await this.#group.end(this.#process, 'SIGINT', 20_000);
    const status = this.#status;
    if (status === undefined) throw new Error(`resetscope told no status: ${this.#said}`);
    return {
      raw: await this.#written(),
      told: this.#told,
      status,
      exitCode: this.#process.exitCode,
      said: this.#said,
    };
  }

  #take(line: string): void {
    const told = JSON.parse(line) as { readonly type: string };
    if (told.type === 'status') this.#status = told as unknown as ProductResult['status'];
    if (told.type !== 'reset') return;
    this.#told.push({ reset: v.parse(RESET_SCHEMA, told), toldNs: BigInt(Date.now()) * 1_000_000n });
  }

  /** Through another program's eyes, so that the files are proven to be what they claim. */
  async #written(): Promise<RawCapture> {
    const names = await readdir(this.#folder, { recursive: true });
    const files = names.filter((name) => name.endsWith('.pcapng')).map((name) => join(this.#folder, name));
    if (files.length !== 1) throw new Error(`${files.length} files in ${this.#folder} instead of one`);
    const converted = join(this.#folder, 'converted.pcap');
    await run('editcap', '-F', 'nsecpcap', files[0], converted);
    return readPcap(await readFile(converted));
  }
}
