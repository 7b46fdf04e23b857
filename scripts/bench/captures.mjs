/** The captures that the bench reads: made once, by the generators of test/bench, and kept in .cache/bench. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../../test/bench/bundle.mjs';
import { BenchError, measure } from './measure.mjs';

/** Part of the names of what has no version of its own: grows whenever other bytes would be made. */
const FLOOD_VERSION = 1;

export class Captures {
  #root;
  #folder;
  #seed;
  #programs = new Map();

  constructor(root, folder, seed) {
    this.#root = root;
    this.#folder = folder;
    this.#seed = seed;
  }

  /** @returns {Promise<{ path: string, report: object }>} */
  generated(packets, ...more) {
    return this.#made('run-generate', `${packets} packets`, this.#folder, packets, this.#seed, ...more);
  }

  real(packets) {
    return this.#made('run-real', `${packets} packets of real traffic`, this.#folder, packets);
  }

  /** One file of a flood; `sizes` says how it was made. */
  async flood(kind, size) {
    const path = join(this.#folder, `flood-${kind}-${size}-v${FLOOD_VERSION}.pcap`);
    return this.#kept(path, (part) => this.#run('run-flood', `a flood of ${size} ${kind}`, part, kind, size));
  }

  /** A storm of resets that are hard to judge. */
  async storm(kind, resets) {
    const path = join(this.#folder, `storm-${kind}-${resets}-v${FLOOD_VERSION}.pcap`);
    return this.#kept(path, (part) =>
      this.#run('run-storm', `a storm of ${resets} resets`, part, kind, resets),
    );
  }

  /** The paths of so many files of ten packets. @param kind `files` or `parts` */
  async files(kind, size) {
    const folder = await this.#kept(join(this.#folder, `${kind}-${size}-v${FLOOD_VERSION}`), (part) =>
      this.#run('run-flood', `${size} files`, part, kind, size),
    );
    return readdirSync(folder)
      .toSorted()
      .map((name) => join(folder, name));
  }

  /** Bundles a program of test/bench, once. */
  async program(name) {
    if (!this.#programs.has(name)) {
      const made = await bundle(this.#root, `test/bench/${name}.ts`, join(this.#folder, 'bin'));
      this.#programs.set(name, made);
    }
    return this.#programs.get(name);
  }

  async #kept(path, make) {
    if (existsSync(path)) return path;
    mkdirSync(this.#folder, { recursive: true });
    const part = `${path}.${process.pid}.part`;
    try {
      await make(part);
      renameSync(part, path);
    } finally {
      rmSync(part, { recursive: true, force: true });
    }
    return path;
  }

  async #made(program, what, ...args) {
    const { path, ...rest } = JSON.parse(await this.#run(program, what, ...args));
    return { path, ...rest };
  }

  async #run(program, what, ...args) {
    const run = spawnSync(process.execPath, [await this.program(program), ...args.map(String)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (run.status !== 0) throw new BenchError(`could not make ${what}: ${run.stderr.trim().slice(-500)}`);
    return run.stdout;
  }
}

/** So that the disk is not what is measured. */
export function warm(...paths) {
  measure(['cat', ...paths]);
}

const PCAP_HEADER = 24;
const RECORD_HEADER = 16;

/** How many packets a little-endian pcap file has, by its records' lengths alone. */
export function packetsIn(path) {
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(4 << 20);
  try {
    let packets = 0;
    // Place in the file of the next record; where it is in the buffer follows from where that was read.
    for (let at = PCAP_HEADER; ;) {
      const length = readSync(file, buffer, 0, buffer.length, at);
      if (length < RECORD_HEADER) return packets;
      let next = 0;
      while (next + RECORD_HEADER <= length) {
        next += RECORD_HEADER + buffer.readUInt32LE(next + 8);
        packets++;
      }
      at += next;
    }
  } finally {
    closeSync(file);
  }
}
