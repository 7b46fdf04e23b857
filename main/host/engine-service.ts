/**
 * Answers the contract's methods out of one analysis at a time. Lives in the engine process (or in the test's own);
 * what is about the host itself (dialogs, recent files) it passes on to `HostServices`.
 */
import { errorText } from '../../shared/format/error.ts';
import type { FlowId, FlowRecord, PacketNumber } from '../../shared/base/units.ts';
import type {
  Capabilities,
  Events,
  FlowColumn,
  Params,
  RecentFile,
  ResetColumn,
  RowWindow,
} from '../../shared/contract/methods.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { CaptureSummary } from '../../shared/model/capture.ts';
import type { FailureRow, FailureWindow } from '../../shared/model/failure.ts';
import { EMPTY_PROGRESS } from '../../shared/model/capture.ts';
import type { EventSources, Service } from '../../shared/rpc/service.ts';
import { FLOW_ROWS, PACKET_ROWS, RESET_ROWS } from '../../shared/columns/rows.ts';
import { BOUNDS } from '../../shared/contract/schemas.ts';
import type { AdmissionLimits } from '../../shared/rpc/admission.ts';
import { Admission } from '../../shared/rpc/admission.ts';
import { Emitter } from '../../shared/base/event.ts';
import { Analysis } from './analysis.ts';
import { MeanwhileJudge } from './judging.ts';
import { ListCache } from './lists.ts';
import { isInside } from './live/capture-folder.ts';
import type { LiveAnalysis } from './live/live-analysis.ts';
import type { LiveHost } from './live/live-service.ts';
import { LiveService } from './live/live-service.ts';
import { prepareReadThread } from './read-thread.ts';
import { readStream } from './stream-reader.ts';

/** What the engine needs of whoever hosts it. */
export interface HostServices extends LiveHost {
  capabilities(): Capabilities;
  recent(): Promise<readonly RecentFile[]>;
  forgetRecent(path: string): Promise<void>;
  pickFiles(): Promise<readonly string[]>;
  pickSavePath(suggestedName: string): Promise<string | null>;
  /** Whether the interface may open this path; the loopback server says no to what nobody chose. */
  mayOpen(path: string): boolean;
  /** Whether a capture may be saved there, besides the folder of captures and what the user picked. */
  maySave(path: string): boolean;
  /** The built read-worker.js, where there is one. */
  readonly readWorker?: URL | undefined;
  /** Told when reading starts, for the list of recent files. */
  opened(paths: readonly string[]): void;
}

/** Between two looks at whether something is left to judge or to tell. */
const TICK_MS = 200;
const MAX_OVERVIEW_BUCKETS = 2000;
/** Streams that are put together at once, whoever asked: each takes several times its bytes meanwhile. */
const STREAMS_AT_ONCE: AdmissionLimits = { running: 2, bytes: 2 * BOUNDS.streamBytes };

const EMPTY_SUMMARY: CaptureSummary = {
  files: [],
  epochNs: null,
  firstNs: 0,
  lastNs: 0,
  packets: 0,
  tcpPackets: 0,
  flows: 0,
  tcpFlows: 0,
  resets: 0,
  resetsThatMatter: 0,
  dropped: null,
  indexBytesPerPacket: 0,
  letGo: null,
};

export class EngineService {
  readonly events = {
    progress: new Emitter<Events['progress']>(),
    'open-request': new Emitter<Events['open-request']>(),
    live: new Emitter<Events['live']>(),
  } satisfies EventSources;
  readonly #host: HostServices;
  #analysis: Analysis | undefined;
  #lists: ListCache | undefined;
  #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  readonly #streams = new Admission(STREAMS_AT_ONCE);
  readonly #live: LiveService;
  /** Where the user wants captures saved. */
  readonly #picked = new Set<string>();

  constructor(host: HostServices) {
    this.#host = host;
    this.#live = new LiveService(
      host,
      (live) => this.#openLive(live),
      (path) => this.#picked.has(path),
    );
    this.#live.changed.on((status) => {
      this.events.live.emit(status);
    });
    this.#prepare();
  }

  /** For the next file that is opened. */
  #prepare(): void {
    if (this.#host.readWorker !== undefined) prepareReadThread(this.#host.readWorker);
  }

  readonly #service: Omit<Service, Extract<keyof Service, `live.${string}`>> = {
    'host.capabilities': () => Promise.resolve(this.#host.capabilities()),
    'host.recent': () => this.#host.recent(),
    'host.forgetRecent': async ({ path }) => {
      await this.#host.forgetRecent(path);
      return null;
    },
    'host.pickFiles': () => this.#host.pickFiles(),
    'host.pickSavePath': async ({ suggestedName }) => {
      const path = await this.#host.pickSavePath(suggestedName);
      if (path !== null) this.#picked.add(path);
      return path;
    },
    'capture.open': ({ paths, follow }) => this.open(paths, follow),
    'capture.cancel': async () => {
      // Reading what is captured ends with capturing.
      await this.#live.stop();
      this.#abort.abort();
      return null;
    },
    'capture.close': async () => {
      await this.#close();
      this.events.progress.emit(EMPTY_PROGRESS);
      return null;
    },
    'capture.progress': () => Promise.resolve(this.#analysis?.progress ?? EMPTY_PROGRESS),
    'capture.summary': () => Promise.resolve(this.#analysis?.session.summary() ?? EMPTY_SUMMARY),
    'capture.overview': async ({ buckets, filter }, signal) => {
      const { session, lists } = this.#opened();
      const ids = await lists.resets('frame', 'ascending', filter, signal);
      const bucketCount = Math.max(1, Math.min(MAX_OVERVIEW_BUCKETS, Math.floor(buckets)));
      return session.overview(ids, bucketCount, filter.trim() === '');
    },
    'capture.endings': () => Promise.resolve(this.#opened().session.failures.report()),
    'failures.rows': (query, signal) => this.#failureRows(query, signal),
    'failures.position': async ({ id, sort, direction, filter }, signal) => {
      const { lists } = this.#opened();
      return (await lists.failures(sort, direction, filter, signal)).indexOf(id);
    },
    'failures.detail': ({ id }) => {
      const detail = this.#opened().session.failures.detail(id as FlowId);
      if (detail === undefined) {
        throw new RpcError('not-found', `flow number ${id} has no failure, or its account was let go`);
      }
      return Promise.resolve(detail);
    },
    'resets.rows': (query, signal) => this.#resetRows(query, signal),
    'resets.detail': ({ id }) => {
      const { session } = this.#opened();
      if (id < 0 || id >= session.resets.count)
        throw new RpcError('not-found', `there is no reset number ${id}`);
      const detail = session.findDetail(id);
      if (detail === undefined) {
        throw new RpcError(
          'not-found',
          `the details of reset number ${id} were let go to keep memory bounded`,
        );
      }
      return Promise.resolve(detail);
    },
    'resets.position': async ({ id, sort, direction, filter }, signal) => {
      const { lists } = this.#opened();
      return (await lists.resets(sort, direction, filter, signal)).indexOf(id);
    },
    'flows.rows': (query, signal) => this.#flowRows(query, signal),
    'flows.packets': ({ flow, from, count }) => {
      const { session } = this.#opened();
      const packets = session.flowPackets(this.#flowOf(flow));
      const rows = Array.from(packets.subarray(from, from + count), (packet) =>
        session.packetRow(packet as PacketNumber),
      );
      return Promise.resolve({
        revision: session.revision,
        total: packets.length,
        from,
        rows: PACKET_ROWS.encode(rows),
      });
    },
    'flows.stream': ({ flow, from, maxBytes }, signal) => {
      const side = from === 'client' ? 0 : 1;
      // What is open may be another capture when its turn has come.
      return this.#streams.admit(maxBytes, signal, async () => {
        const record = this.#flowOf(flow);
        return readStream(this.#analysis as Analysis, record, side, maxBytes, signal);
      });
    },
  };

  /** Every method of the contract. */
  get service(): Service {
    const live = this.#live.service;
    return {
      ...this.#service,
      ...live,
      'live.save': async ({ path }, signal) => {
        const { captureFolder } = this.#host.live;
        if (!this.#picked.has(path) && !isInside(captureFolder, path) && !this.#host.maySave(path)) {
          throw new RpcError('bad-request', `${path} was not picked to save a capture to`);
        }
        return live['live.save']({ path }, signal);
      },
    };
  }

  /** Starts reading and answers at once; what was open before is closed first. */
  async open(paths: readonly string[], follow: boolean): Promise<null> {
    const refused = paths.find((path) => !this.#host.mayOpen(path));
    if (refused !== undefined)
      throw new RpcError('bad-request', `${refused} was not given to this program to open`);
    await this.#close();
    const analysis = new Analysis();
    const abort = this.#show(analysis);
    this.#host.opened(paths);
    const judge = new MeanwhileJudge(analysis);
    // What came last before a pause (a followed file) is judged and told of by the clock, not by the next bytes.
    const ticking = setInterval(() => {
      if (judge.judge()) this.#tell(analysis);
    }, TICK_MS);
    this.#running = analysis
      .run(paths, {
        follow,
        readWorker: this.#host.readWorker,
        signal: abort.signal,
        onProgress: (progress) => {
          judge.judge();
          if (progress.phase !== 'reading') this.#lists?.clear();
          this.#tell(analysis);
        },
      })
      .catch((error: unknown) => {
        this.#tellFailure(analysis, error);
      })
      .finally(() => {
        clearInterval(ticking);
        this.#prepare();
      });
    return null;
  }

  /** What is captured from now on; it goes on until the capture ends. */
  async #openLive(live: LiveAnalysis): Promise<void> {
    await this.#closeOpen();
    const { analysis } = live;
    const abort = this.#show(analysis);
    const hooks = {
      onProgress: (): void => {
        this.#lists?.clear();
        this.#tell(analysis);
      },
      onCaught: this.#live.onCaught,
    };
    this.#running = live.run(hooks, abort.signal).catch((error: unknown) => {
      this.#tellFailure(analysis, error);
    });
  }

  #show(analysis: Analysis): AbortController {
    this.#analysis = analysis;
    this.#abort = new AbortController();
    this.#lists = new ListCache(analysis.session);
    return this.#abort;
  }

  #tell(analysis: Analysis): void {
    this.events.progress.emit({ ...analysis.progress, revision: analysis.session.revision });
  }

  #tellFailure(analysis: Analysis, error: unknown): void {
    this.events.progress.emit({
      ...analysis.progress,
      phase: 'failed',
      error: errorText(error),
    });
  }

  async #close(): Promise<void> {
    await this.#live.stop();
    await this.#closeOpen();
  }

  async #closeOpen(): Promise<void> {
    this.#abort.abort();
    await this.#running;
    const analysis = this.#analysis;
    this.#analysis = undefined;
    this.#lists = undefined;
    await analysis?.close();
  }

  async dispose(): Promise<void> {
    await this.#close();
  }

  #opened(): { session: Analysis['session']; lists: ListCache } {
    if (this.#analysis === undefined || this.#lists === undefined) {
      throw new RpcError('not-found', 'no capture is open');
    }
    return { session: this.#analysis.session, lists: this.#lists };
  }

  /** The record of the flow with that id. */
  #flowOf(id: number): FlowRecord {
    const { flows } = this.#opened().session;
    const flow = flows.flowOf(id as FlowId);
    if (flow >= 0) return flow;
    const why =
      id >= 0 && id < flows.count
        ? `flow number ${id} was let go to keep memory bounded`
        : `there is no flow number ${id}`;
    throw new RpcError('not-found', why);
  }

  async #resetRows(query: Params<'resets.rows'>, signal: AbortSignal): Promise<RowWindow> {
    const { session, lists } = this.#opened();
    const ids = await lists.resets(query.sort satisfies ResetColumn, query.direction, query.filter, signal);
    const shown = ids.subarray(query.from, query.from + query.count).filter((id) => session.hasReset(id));
    return {
      revision: session.revision,
      total: ids.length,
      from: query.from,
      rows: RESET_ROWS.encode(Array.from(shown, (id) => session.resetRow(id))),
    };
  }

  async #failureRows(query: Params<'failures.rows'>, signal: AbortSignal): Promise<FailureWindow> {
    const { session, lists } = this.#opened();
    const ids = await lists.failures(query.sort, query.direction, query.filter, signal);
    const rows: FailureRow[] = [];
    for (const id of ids.subarray(query.from, query.from + query.count)) {
      const row = session.failures.row(id as FlowId);
      if (row !== undefined) rows.push(row);
    }
    return { revision: session.revision, total: ids.length, from: query.from, rows };
  }

  async #flowRows(query: Params<'flows.rows'>, signal: AbortSignal): Promise<RowWindow> {
    const { session, lists } = this.#opened();
    const flows = await lists.flows(query.sort satisfies FlowColumn, query.direction, query.filter, signal);
    const shown = flows.subarray(query.from, query.from + query.count);
    return {
      revision: session.revision,
      total: flows.length,
      from: query.from,
      rows: FLOW_ROWS.encode(Array.from(shown, (flow) => session.flowRow(flow as FlowRecord))),
    };
  }
}
