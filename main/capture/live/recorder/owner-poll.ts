/**
 * Which process owns which socket of this machine, from the kernel's socket diagnostics. Asked through `ss` (iproute2),
 * since Node has no netlink; what it prints is parsed as text that may be anything.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { isIPv4, isIPv6 } from 'node:net';
import { LIVE_CAPTURE_LIMITS } from '../live-limits.ts';
import { BlockWriter } from '../blocks/pcapng-blocks.ts';
import type { OwnedSocket, SocketEnd } from '../blocks/witness-block.ts';
import { writeSocketOwner } from '../blocks/witness-block.ts';

/** Between two looks; sockets that live shorter are missed. */
const LEAST_INTERVAL_MS = 1000;
/** A look walks all file descriptors of the machine: it may take this share of the time, at most. */
const MOST_SHARE = 0.1;
const TIMEOUT_MS = 5000;
const ARGUMENTS = ['-H', '-O', '-t', '-a', '-n', '-p', '-e', '--cgroup'];
/**
 * Starts the program once for each line that comes, from a process that is small: to be started from ours costs it, and
 * the analysis beside it, some milliseconds each time, for all of its memory is marked to be copied.
 */
const AT_EACH_LINE = `while read -r _; do if "$0" "$@" 2>/dev/null; then echo '=listed'; else echo '=failed'; fi; done`;
/** Characters of the line that ends an answer, and of the line break before it. */
const LONGEST_END = 9;
const LISTED = /(?:^|\n)=listed\n$/u;
const FAILED = /(?:^|\n)=failed\n$/u;

const USERS = /users:\(\("((?:[^"\\]|\\.)*)",pid=(\d+),/u;
const CGROUP = /\bcgroup:(\S+)/u;

/** Sockets with a peer and a known owner; lines that cannot be understood are passed over. */
export function parseSockets(text: string): OwnedSocket[] {
  const found: OwnedSocket[] = [];
  for (const line of text.split('\n')) {
    if (found.length >= LIVE_CAPTURE_LIMITS.maxSocketOwners) break;
    const users = USERS.exec(line);
    const fields = line.trim().split(/\s+/u);
    if (users === null || fields.length < 5 || fields[0] === 'LISTEN') continue;
    const local = parseEnd(fields[3]);
    const remote = parseEnd(fields[4]);
    const pid = Number(users[2]);
    if (local === undefined || remote === undefined || local.address.length !== remote.address.length)
      continue;
    if (!Number.isSafeInteger(pid) || pid > 0xffff_ffff) continue;
    const cgroup = CGROUP.exec(line)?.[1] ?? '';
    found.push({ local, remote, pid, name: users[1], cgroup });
  }
  return found;
}

/** 10.0.0.1:80, 10.0.0.1%eth0:80, [2001:db8::1]:80, [fe80::1]%eth0:80, [::ffff:10.0.0.1]:80 */
function parseEnd(text: string): SocketEnd | undefined {
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  if (colon < 0 || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  const name = text
    .slice(0, colon)
    .replace(/%.*$/u, '')
    .replace(/^\[|\]$/gu, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(name)?.[1] ?? name;
  if (isIPv4(mapped)) return { address: Uint8Array.from(mapped.split('.'), Number), port };
  return isIPv6(mapped) ? { address: ipv6Bytes(mapped), port } : undefined;
}

function ipv6Bytes(text: string): Uint8Array {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/u.exec(text);
  const hex = (high: string, low: string): string => ((Number(high) << 8) | Number(low)).toString(16);
  const plain =
    dotted === null
      ? text
      : `${text.slice(0, dotted.index)}${hex(dotted[1], dotted[2])}:${hex(dotted[3], dotted[4])}`;
  const [before, after] = plain.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const missing = after === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...(after ?? [])];
  const bytes = new Uint8Array(16);
  for (const [i, group] of groups.slice(0, 8).entries()) {
    const value = parseInt(group, 16);
    bytes[i * 2] = value >>> 8;
    bytes[i * 2 + 1] = value & 0xff;
  }
  return bytes;
}

/** Asks again and again; tells of owners that are new. */
export class OwnerPoll {
  readonly #program: string;
  readonly #leastIntervalMs: number;
  readonly #found: (blocks: Uint8Array) => void;
  readonly #bigEndian: () => boolean;
  /** The sockets of the last look, by what tells them apart. */
  #known = new Map<string, OwnedSocket>();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #asker: ChildProcess | undefined;

  /**
   * @param program ss
   * @param found gets pcapng blocks of owners that were not told of yet
   * @param leastIntervalMs from an answer to the next question
   */
  constructor(
    program: string,
    bigEndian: () => boolean,
    found: (blocks: Uint8Array) => void,
    leastIntervalMs = LEAST_INTERVAL_MS,
  ) {
    this.#leastIntervalMs = leastIntervalMs;
    this.#program = program;
    this.#bigEndian = bigEndian;
    this.#found = found;
  }

  start(): void {
    void this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#endAsker();
  }

  /** All that are known now, for the beginning of a file. */
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

  /** undefined where there is no answer, or none that can be used. */
  #list(): Promise<string | undefined> {
    const asker = (this.#asker ??= this.#startAsker());
    return new Promise((resolve) => {
      let text = '';
      const settle = (answer: string | undefined, isUsable: boolean): void => {
        clearTimeout(timer);
        asker.stdout?.removeListener('data', take);
        asker.removeListener('close', onClose);
        if (!isUsable) this.#endAsker();
        resolve(answer);
      };
      const take = (part: string): void => {
        text += part;
        // No line of the list begins like this.
        const end = text.slice(-LONGEST_END);
        if (LISTED.test(end)) settle(text.slice(0, -LONGEST_END), true);
        else if (FAILED.test(end)) settle(undefined, true);
        else if (text.length > LIVE_CAPTURE_LIMITS.maxSocketListBytes) settle(undefined, false);
      };
      const onClose = (): void => {
        settle(undefined, false);
      };
      const timer = setTimeout(onClose, TIMEOUT_MS);
      asker.stdout?.on('data', take);
      asker.once('close', onClose);
      asker.stdin?.write('\n');
    });
  }

  #startAsker(): ChildProcess {
    const asker = spawn('/bin/sh', ['-c', AT_EACH_LINE, this.#program, ...ARGUMENTS], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    asker.stdout?.setEncoding('utf8');
    // It may be gone by then; 'close' tells.
    asker.stdin?.on('error', () => undefined);
    asker.on('error', () => undefined);
    return asker;
  }

  /** With the end of its input it ends; what it has running is of no use any more. */
  #endAsker(): void {
    this.#asker?.stdin?.end();
    this.#asker?.stdout?.destroy();
    this.#asker = undefined;
  }
}

function keyOf({ local, remote, pid, name }: OwnedSocket): string {
  return `${local.address.join('.')} ${local.port} ${remote.address.join('.')} ${remote.port} ${pid} ${name}`;
}
