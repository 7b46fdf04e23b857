/**
 * Which process owns which socket of this machine, from the kernel's socket diagnostics (sock_diag(7)). They are asked
 * through `ss`, since Node has no netlink.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { LIVE_CAPTURE_LIMITS } from '../live-limits.ts';
import { BlockWriter } from '../blocks/pcapng-blocks.ts';
import type { OwnedSocket } from '../blocks/witness-block.ts';
import { writeSocketOwner } from '../blocks/witness-block.ts';
import { parseSockets, SS_ARGUMENTS } from './socket-list.ts';

/** Shortest pause between two looks; a socket that lives shorter may be missed. */
const LEAST_INTERVAL_MS = 1000;
/** A look walks all file descriptors of the machine: it may take this share of the time, at most. */
const MOST_SHARE = 0.1;
const TIMEOUT_MS = 5000;
/**
 * A small shell that starts `ss` once for each line it is sent. To be started from our own process would cost that, and
 * the analysis in it, some milliseconds each time, for fork marks all of its memory to be copied.
 */
const AT_EACH_LINE = `while read -r _; do if "$0" "$@" 2>/dev/null; then echo '=listed'; else echo '=failed'; fi; done`;
/** Characters of the line that ends an answer, and of the line break before it. */
const LONGEST_END = 9;
const LISTED = /(?:^|\n)=listed\n$/u;
const FAILED = /(?:^|\n)=failed\n$/u;

/** Asks again and again; tells of owners that are new. */
export class OwnerPoll {
  readonly #program: string;
  readonly #leastIntervalMs: number;
  readonly #found: (blocks: Uint8Array) => void;
  readonly #bigEndian: () => boolean;
  /** The sockets of the last look, by `keyOf`. */
  #known = new Map<string, OwnedSocket>();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #shell: ChildProcess | undefined;

  /**
   * @param program path of `ss`
   * @param found gets pcapng blocks of owners that were not told of yet
   * @param leastIntervalMs from an answer to the next question
   */
  constructor(
    program: string,
    bigEndian: () => boolean,
    found: (blocks: Uint8Array) => void,
    leastIntervalMs = LEAST_INTERVAL_MS,
  ) {
    this.#program = program;
    this.#bigEndian = bigEndian;
    this.#found = found;
    this.#leastIntervalMs = leastIntervalMs;
  }

  start(): void {
    void this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#endShell();
  }

  /** Blocks of all owners that are known now, for the beginning of a file. */
  blocks(): Uint8Array {
    return this.#write(this.#known.values());
  }

  async #look(): Promise<void> {
    const started = performance.now();
    const text = await this.#list();
    if (this.#isStopped) return;
    if (text !== undefined) this.#compare(parseSockets(text));
    const took = performance.now() - started;
    const pause = Math.max(this.#leastIntervalMs, took / MOST_SHARE);
    this.#timer = setTimeout(() => void this.#look(), pause);
    this.#timer.unref();
  }

  #compare(sockets: readonly OwnedSocket[]): void {
    const now = new Map(sockets.map((socket) => [keyOf(socket), socket]));
    const fresh = [...now].filter(([key]) => !this.#known.has(key)).map(([, socket]) => socket);
    this.#known = now;
    if (fresh.length > 0) this.#found(this.#write(fresh));
  }

  #write(sockets: Iterable<OwnedSocket>): Uint8Array {
    const out = new BlockWriter(this.#bigEndian());
    const timeNs = BigInt(Date.now()) * 1_000_000n;
    for (const socket of sockets) writeSocketOwner(out, socket, timeNs);
    return out.take();
  }

  /** What `ss` prints; undefined where it fails, does not end in time, or prints too much. */
  #list(): Promise<string | undefined> {
    const shell = (this.#shell ??= this.#startShell());
    return new Promise((resolve) => {
      let text = '';
      const settle = (answer: string | undefined, isUsable: boolean): void => {
        clearTimeout(timer);
        shell.stdout?.removeListener('data', take);
        shell.removeListener('close', onClose);
        if (!isUsable) this.#endShell();
        resolve(answer);
      };
      const take = (part: string): void => {
        text += part;
        // The line that ends an answer is unlike any line of the list.
        const end = text.slice(-LONGEST_END);
        if (LISTED.test(end)) settle(text.slice(0, -LONGEST_END), true);
        else if (FAILED.test(end)) settle(undefined, true);
        else if (text.length > LIVE_CAPTURE_LIMITS.maxSocketListBytes) settle(undefined, false);
      };
      const onClose = (): void => {
        settle(undefined, false);
      };
      const timer = setTimeout(onClose, TIMEOUT_MS);
      shell.stdout?.on('data', take);
      shell.once('close', onClose);
      shell.stdin?.write('\n');
    });
  }

  #startShell(): ChildProcess {
    const shell = spawn('/bin/sh', ['-c', AT_EACH_LINE, this.#program, ...SS_ARGUMENTS], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    shell.stdout?.setEncoding('utf8');
    // The shell may be gone when it is written to, of which 'close' tells.
    for (const stream of [shell.stdin, shell.stdout]) stream?.on('error', () => undefined);
    shell.on('error', () => undefined);
    return shell;
  }

  /** The shell ends with its input; what it still runs is of no use any more. */
  #endShell(): void {
    this.#shell?.stdin?.end();
    this.#shell?.stdout?.destroy();
    this.#shell = undefined;
  }
}

function keyOf({ local, remote, pid, name }: OwnedSocket): string {
  return `${local.address.join('.')} ${local.port} ${remote.address.join('.')} ${remote.port} ${pid} ${name}`;
}
