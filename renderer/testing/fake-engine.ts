/** An engine for unit tests: answers the contract out of rows that a test can change, over the real RPC. */
import { Emitter } from '../../shared/base/event.ts';
import { FLOW_ROWS, PACKET_ROWS, RESET_ROWS } from '../../shared/columns/rows.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { Events, RecentFile } from '../../shared/contract/methods.ts';
import { compileFilter } from '../../shared/filter/filter.ts';
import type { Filter } from '../../shared/filter/filter.ts';
import type { Progress } from '../../shared/model/capture.ts';
import { NO_LIVE } from '../../shared/model/live.ts';
import type { FlowRow, PacketRow, ResetRow } from '../../shared/model/rows.ts';
import { createClient } from '../../shared/rpc/client.ts';
import { memoryChannelPair } from '../../shared/rpc/memory-channel.ts';
import { serve } from '../../shared/rpc/serve.ts';
import type { Service } from '../../shared/rpc/service.ts';
import type { Platform } from '../platform/platform.ts';
import { sampleDetail, sampleOverview, sampleProgress, sampleSummary } from './sample.ts';

export class FakeEngine {
  resets: ResetRow[] = [];
  flows: FlowRow[] = [];
  packets: PacketRow[] = [];
  recent: RecentFile[] = [];
  state: Progress = sampleProgress({ phase: 'empty', revision: 0, packets: 0, flows: 0, resets: 0 });
  summary = sampleSummary();
  overview = sampleOverview();
  /** What `capture.open` throws, if anything. */
  openError: RpcError | null = null;
  readonly opened: (readonly string[])[] = [];
  /** Methods in the order in which they were called. */
  readonly calls: string[] = [];
  readonly #progress = new Emitter<Events['progress']>();
  readonly #live = new Emitter<Events['live']>();
  readonly #openRequest = new Emitter<Events['open-request']>();
  #drop: () => void = () => undefined;

  readonly platform: Platform = {
    connect: () => {
      const [near, far] = memoryChannelPair();
      serve(far, this.#service, {
        progress: this.#progress,
        'open-request': this.#openRequest,
        live: this.#live,
      });
      this.#drop = () => {
        far.close();
      };
      return Promise.resolve(createClient(near));
    },
    pathsOf: (files) => Promise.resolve(files.map((file) => `/uploads/${file.name}`)),
  };

  push(changes: Partial<Progress>): void {
    this.state = { ...this.state, ...changes };
    this.#progress.emit(this.state);
  }

  /** The connection breaks. */
  drop(): void {
    this.#drop();
  }

  readonly #service: Service = {
    'host.capabilities': () =>
      this.#answer('host.capabilities', { host: 'server', pickFiles: false, upload: true, version: '0' }),
    'host.recent': () => this.#answer('host.recent', this.recent),
    'host.forgetRecent': ({ path }) => {
      this.recent = this.recent.filter((file) => file.path !== path);
      return this.#answer('host.forgetRecent', null);
    },
    'host.pickFiles': () => this.#answer('host.pickFiles', []),
    'host.pickSavePath': () => this.#answer('host.pickSavePath', null),
    'capture.open': ({ paths }) => {
      if (this.openError !== null) return Promise.reject(this.openError);
      this.opened.push(paths);
      return this.#answer('capture.open', null);
    },
    'capture.cancel': () => {
      this.push({ phase: 'cancelled' });
      return this.#answer('capture.cancel', null);
    },
    'capture.close': () => {
      this.push({ phase: 'empty', revision: 0, packets: 0 });
      return this.#answer('capture.close', null);
    },
    'capture.progress': () => this.#answer('capture.progress', this.state),
    'capture.summary': () => this.#answer('capture.summary', this.summary),
    'capture.overview': () => this.#answer('capture.overview', this.overview),
    'resets.rows': ({ filter, from, count }) => {
      const rows = this.#matching(filter);
      return this.#answer('resets.rows', {
        revision: this.state.revision,
        total: rows.length,
        from,
        rows: RESET_ROWS.encode(rows.slice(from, from + count)),
      });
    },
    'resets.detail': ({ id }) => this.#answer('resets.detail', sampleDetail(id)),
    'resets.position': ({ id, filter }) =>
      this.#answer(
        'resets.position',
        this.#matching(filter).findIndex((row) => row.id === id),
      ),
    'flows.rows': ({ filter, from, count }) => {
      const compiled = compiledOrThrow(filter);
      const rows = this.flows.filter((row) => compiled.matchesFlow(row));
      return this.#answer('flows.rows', {
        revision: this.state.revision,
        total: rows.length,
        from,
        rows: FLOW_ROWS.encode(rows.slice(from, from + count)),
      });
    },
    'flows.packets': ({ from, count }) =>
      this.#answer('flows.packets', {
        revision: this.state.revision,
        total: this.packets.length,
        from,
        rows: PACKET_ROWS.encode(this.packets.slice(from, from + count)),
      }),
    'live.offer': () => Promise.reject(new RpcError('failed', 'nothing to capture with')),
    'live.counters': () => this.#answer('live.counters', { atMs: 0, interfaces: [] }),
    'live.checkFilter': () => this.#answer('live.checkFilter', { ok: true, message: null }),
    'live.command': ({ options }) => this.#answer('live.command', `capture ${options.interface}`),
    'live.start': () => this.#answer('live.start', null),
    'live.stop': () => this.#answer('live.stop', null),
    'live.status': () => this.#answer('live.status', NO_LIVE),
    'live.catch': () => this.#answer('live.catch', null),
    'live.save': ({ path }) => this.#answer('live.save', path),
    'flows.stream': () => this.#answer('flows.stream', { parts: [], truncatedBytes: 0, conflictingBytes: 0 }),
  };

  #answer<T>(method: string, value: T): Promise<T> {
    this.calls.push(method);
    return Promise.resolve(value);
  }

  #matching(filter: string): ResetRow[] {
    const compiled = compiledOrThrow(filter);
    return this.resets.filter((row) => compiled.matchesReset(row));
  }
}

function compiledOrThrow(text: string): Filter {
  const filter = compileFilter(text);
  if (!filter.ok) throw new RpcError('bad-request', filter.error.message);
  return filter.value;
}
