/**
 * The kernel's own word: the tracepoints tcp:tcp_send_reset (why a host sent a reset) and tcp:tcp_receive_reset
 * (a host gave a connection up because of one). One trace instance per run, taken away at its end.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './processes.ts';

export interface KernelReset {
  readonly timeNs: bigint;
  readonly kind: 'sent' | 'received';
  /** Of the host that reports: its own end first. */
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
  /** NO_SOCKET, TCP_ABORT_ON_CLOSE …; empty for `received`. */
  readonly reason: string;
  /** The socket's state, without "TCP_"; empty where there is none. */
  readonly state: string;
}

export class KernelTrace {
  readonly #mount: string;
  readonly #instance: string;
  #offsetNs = 0n;

  private constructor(mount: string, instance: string) {
    this.#mount = mount;
    this.#instance = instance;
  }

  /** Null, with the reason printed, where the kernel has no such tracepoints for us. */
  static async start(name: string): Promise<KernelTrace | null> {
    const mount = await mkdtemp(join(tmpdir(), `${name}-trace-`));
    try {
      await run('mount', '-t', 'tracefs', 'nodev', mount);
    } catch (error) {
      console.warn(`no kernel reasons: ${(error as Error).message}`);
      await rmdir(mount);
      return null;
    }
    const instance = join(mount, 'instances', name);
    const trace = new KernelTrace(mount, instance);
    if (!existsSync(join(mount, 'events/tcp/tcp_send_reset'))) {
      console.warn('no kernel reasons: this kernel has no tracepoint tcp:tcp_send_reset');
      await trace.stop();
      return null;
    }
    await mkdir(instance);
    // TAI is the wall clock plus whole seconds: no drift between it and the captures.
    await writeFile(join(instance, 'trace_clock'), 'tai');
    await writeFile(join(instance, 'buffer_size_kb'), '8192');
    for (const event of ['tcp_send_reset', 'tcp_receive_reset'])
      await writeFile(join(instance, 'events/tcp', event, 'enable'), '1');
    await trace.#measureOffset();
    return trace;
  }

  async read(): Promise<KernelReset[]> {
    const text = await readFile(join(this.#instance, 'trace'), 'utf8');
    return text.split('\n').flatMap((line) => {
      const event = parseTraceLine(line);
      return event === null ? [] : [{ ...event, timeNs: event.timeNs - this.#offsetNs }];
    });
  }

  async stop(): Promise<void> {
    await rmdir(this.#instance).catch(() => undefined);
    await run('umount', this.#mount).catch(() => undefined);
    await rmdir(this.#mount).catch(() => undefined);
  }

  /** The two clocks differ by the whole leap seconds the kernel was told of, often none. */
  async #measureOffset(): Promise<void> {
    await writeFile(join(this.#instance, 'trace_marker'), 'resetscope');
    const wall = BigInt(Date.now()) * 1_000_000n;
    const text = await readFile(join(this.#instance, 'trace'), 'utf8');
    const stamp = /\s(\d+)\.(\d{6}): tracing_mark_write/.exec(text);
    if (stamp === null) return;
    const tai = BigInt(stamp[1]) * 1_000_000_000n + BigInt(stamp[2]) * 1000n;
    const seconds = Number(tai - wall) / 1e9;
    this.#offsetNs = BigInt(Math.round(seconds)) * 1_000_000_000n;
  }
}

/** Null for a line that is no event of ours. */
export function parseTraceLine(line: string): KernelReset | null {
  const head = /\s(\d+)\.(\d{6}): tcp_(send|receive)_reset: (.*)$/.exec(line);
  if (head === null) return null;
  const timeNs = BigInt(head[1]) * 1_000_000_000n + BigInt(head[2]) * 1000n;
  const fields = new Map(
    head[4].split(' ').map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at), part.slice(at + 1)] as const;
    }),
  );
  if (head[3] === 'send') {
    const local = splitEndpoint(fields.get('src') ?? '');
    const remote = splitEndpoint(fields.get('dest') ?? '');
    const state = fields.get('state') ?? '';
    return {
      timeNs,
      kind: 'sent',
      local: local.address,
      localPort: local.port,
      remote: remote.address,
      remotePort: remote.port,
      reason: fields.get('reason') ?? '',
      state: state === 'UNKNOWN' ? '' : state.replace('TCP_', ''),
    };
  }
  const v6 = fields.get('family') === 'AF_INET6';
  return {
    timeNs,
    kind: 'received',
    local: fields.get(v6 ? 'saddrv6' : 'saddr') ?? '',
    localPort: Number(fields.get('sport')),
    remote: fields.get(v6 ? 'daddrv6' : 'daddr') ?? '',
    remotePort: Number(fields.get('dport')),
    reason: '',
    state: '',
  };
}

/** "10.0.0.1:80" or "[fd00::1]:80". */
function splitEndpoint(text: string): { address: string; port: number } {
  const at = text.lastIndexOf(':');
  return { address: text.slice(0, at).replace(/[[\]]/g, ''), port: Number(text.slice(at + 1)) };
}
