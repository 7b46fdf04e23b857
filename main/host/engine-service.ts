/**
 * Answers the contract's methods out of one analysis at a time. Lives in the engine process (or in the test's own);
 * what is about the host itself (dialogs, recent files) it passes on to `HostServices`.
 */
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
import type { CaptureSummary, Progress } from '../../shared/model/capture.ts';
import type { EventSources, Service } from '../../shared/rpc/service.ts';
import { FLOW_ROWS, PACKET_ROWS, RESET_ROWS } from '../../shared/columns/rows.ts';
import { Emitter } from '../../shared/base/event.ts';
import { Analysis } from './analysis.ts';
import { ListCache } from './lists.ts';
import { NO_LIVE_SERVICE } from './live-service.ts';
import { readStream } from './stream-reader.ts';

/** What the engine needs of whoever hosts it. */
export interface HostServices {
  capabilities(): Capabilities;
  recent(): Promise<readonly RecentFile[]>;
  forgetRecent(path: string): Promise<void>;
  pickFiles(): Promise<readonly string[]>;
  pickSavePath(suggestedName: string): Promise<string | null>;
  /** Whether the interface may open this path; the loopback server says no to what nobody chose. */
  mayOpen(path: string): boolean;
  /** The built read-worker.js, where there is one. */
  readonly readWorker?: URL | undefined;
  /** Told when reading starts, for the list of recent files. */
  opened(paths: readonly string[]): void;
}

/** While reading, provisional verdicts are made again this often. */
const RECONSIDER_MS = 1500;
/** Judging in between chunks may take this much of every progress report's 100 ms. */
const JUDGE_WHILE_READING_MS = 15;
/** Between two looks at whether something is left to judge or to tell. */
const TICK_MS = 200;
const MAX_OVERVIEW_BUCKETS = 2000;

const EMPTY_PROGRESS: Progress = {
  phase: 'empty',
  revision: 0,
  bytesRead: 0,
  bytesTotal: 0,
  packets: 0,
  flows: 0,
  resets: 0,
  error: null,
};

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
  #reconsidered = 0;
  /** Revision after the last provisional judging, and whether that came to its end. */
  #judgedRevision = -1;
  #isJudged = false;

  constructor(host: HostServices) {
    this.#host = host;
  }

  readonly service: Service = {
    'host.capabilities': () => Promise.resolve(this.#host.capabilities()),
    'host.recent': () => this.#host.recent(),
    'host.forgetRecent': async ({ path }) => {
      await this.#host.forgetRecent(path);
      return null;
    },
    'host.pickFiles': () => this.#host.pickFiles(),
    'host.pickSavePath': ({ suggestedName }) => this.#host.pickSavePath(suggestedName),
    'capture.open': ({ paths, follow }) => this.open(paths, follow),
    'capture.cancel': () => {
      this.#abort.abort();
      return Promise.resolve(null);
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
      const rows = Array.from(packets.subarray(from, from + count), (packet) => session.packetRow(packet));
      return Promise.resolve({
        revision: session.revision,
        total: packets.length,
        from,
        rows: PACKET_ROWS.encode(rows),
      });
    },
    ...NO_LIVE_SERVICE,
    'flows.stream': ({ flow, from, maxBytes }, signal) => {
      const record = this.#flowOf(flow);
      const analysis = this.#analysis as Analysis;
      return readStream(analysis, record, from === 'client' ? 0 : 1, maxBytes, signal);
    },
  };

  /** Starts reading and answers at once; what was open before is closed first. */
  async open(paths: readonly string[], follow: boolean): Promise<null> {
    const refused = paths.find((path) => !this.#host.mayOpen(path));
    if (refused !== undefined)
      throw new RpcError('bad-request', `${refused} was not given to this program to open`);
    await this.#close();
    const analysis = new Analysis();
    const abort = new AbortController();
    this.#analysis = analysis;
    this.#abort = abort;
    this.#lists = new ListCache(analysis.session);
    this.#reconsidered = performance.now();
    this.#host.opened(paths);
    const tell = (): void => {
      this.events.progress.emit({ ...analysis.progress, revision: analysis.session.revision });
    };
    // What came last before a pause (a followed file) is judged and told of by the clock, not by the next bytes.
    const ticking = setInterval(() => {
      if (this.#judgeMeanwhile(analysis)) tell();
    }, TICK_MS);
    this.#running = analysis
      .run(paths, {
        follow,
        readWorker: this.#host.readWorker,
        signal: abort.signal,
        onProgress: (progress) => {
          this.#judgeMeanwhile(analysis);
          if (progress.phase !== 'reading') this.#lists?.clear();
          tell();
        },
      })
      .catch((error: unknown) => {
        this.events.progress.emit({
          ...analysis.progress,
          phase: 'failed',
          error: error instanceof Error ? error.message : String(error),
        });
      })
      .finally(() => clearInterval(ticking));
    return null;
  }

  /** Provisional verdicts while packets still come. @returns whether there is anything new to tell */
  #judgeMeanwhile(analysis: Analysis): boolean {
    const { session, progress } = analysis;
    if (progress.phase !== 'reading' && progress.phase !== 'following') return false;
    const now = performance.now();
    const isNew = session.revision !== this.#judgedRevision;
    if (isNew && now - this.#reconsidered > RECONSIDER_MS) {
      session.reconsider();
      this.#reconsidered = now;
      this.#isJudged = false;
    }
    if (!isNew && this.#isJudged) return false;
    this.#isJudged = session.judgeFor(JUDGE_WHILE_READING_MS, () => performance.now());
    session.revision++;
    this.#judgedRevision = session.revision;
    return true;
  }

  async #close(): Promise<void> {
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

  /** The flow with that id, as the engine numbers it. */
  #flowOf(id: number): number {
    const { flows } = this.#opened().session;
    const flow = flows.flowOf(id);
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

  async #flowRows(query: Params<'flows.rows'>, signal: AbortSignal): Promise<RowWindow> {
    const { session, lists } = this.#opened();
    const ids = await lists.flows(query.sort satisfies FlowColumn, query.direction, query.filter, signal);
    const shown = ids.subarray(query.from, query.from + query.count);
    return {
      revision: session.revision,
      total: ids.length,
      from: query.from,
      rows: FLOW_ROWS.encode(Array.from(shown, (id) => session.flowRow(id))),
    };
  }
}
