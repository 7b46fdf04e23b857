/**
 * Answers pages out of one analysis at a time, and its host, which alone says what is analysed. Lives in the engine process
 * (or in the test's own).
 */
import { errorText } from '../../shared/format/error.ts';
import type { FlowId, FlowRecord, PacketNumber } from '../../shared/base/units.ts';
import type {
  EngineMethod,
  Events,
  FlowColumn,
  Params,
  ResetColumn,
  RowWindow,
} from '../../shared/contract/methods.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { CaptureSummary } from '../../shared/model/capture.ts';
import type { FailureRow, FailureWindow } from '../../shared/model/failure.ts';
import { EMPTY_PROGRESS } from '../../shared/model/capture.ts';
import type { Service, ServiceOf } from '../../shared/rpc/service.ts';
import { ENDPOINT_ROWS, FLOW_ROWS, PACKET_ROWS, RESET_ROWS } from '../../shared/columns/rows.ts';
import { BOUNDS } from '../../shared/contract/schemas.ts';
import type { AdmissionLimits } from '../../shared/rpc/admission.ts';
import { Admission } from '../../shared/rpc/admission.ts';
import { Emitter } from '../../shared/base/event.ts';
import { Turns } from '../../shared/base/turns.ts';
import { Analysis } from './analysis.ts';
import { MeanwhileJudge } from './judging.ts';
import { EndpointLists } from './endpoint-lists.ts';
import { ListCache } from './lists.ts';
import type { EngineControl, EngineEventSources, EngineSide } from './host-contract.ts';
import type { LiveAnalysis } from './live/live-analysis.ts';
import type { LiveHost } from './live/live-service.ts';
import { LiveService } from './live/live-service.ts';
import { packetDetail } from './packet-detail.ts';
import { prepareReadThread } from './read-thread.ts';
import { packetAt, packetsFrom, placeOf } from '../engine/answers/all-packets.ts';
import { readStream } from './stream-reader.ts';

/** What the engine needs of whoever hosts it. */
export interface EngineHost extends LiveHost {
  /** The built read-worker.js, where there is one. */
  readonly readWorker?: URL | undefined;
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
    live: new Emitter<Events['live']>(),
  } satisfies EngineEventSources;
  readonly #host: EngineHost;
  #analysis: Analysis | undefined;
  #lists: ListCache | undefined;
  #endpoints: EndpointLists | undefined;
  #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  /** What is open changes one after the other: two that come at once would both close what was, and both read on. */
  readonly #changes = new Turns();
  readonly #streams = new Admission(STREAMS_AT_ONCE);
  readonly #live: LiveService;

  constructor(host: EngineHost) {
    this.#host = host;
    this.#live = new LiveService(host);
    this.#live.changed.on((status) => {
      this.events.live.emit(status);
    });
    this.#prepare();
  }

  /** For the next file that is opened. */
  #prepare(): void {
    if (this.#host.readWorker !== undefined) prepareReadThread(this.#host.readWorker);
  }

  readonly #reads: Pick<Service, Exclude<EngineMethod, `live.${string}`>> = {
    'capture.progress': () => Promise.resolve(this.#analysis?.progress ?? EMPTY_PROGRESS),
    'capture.summary': () => Promise.resolve(this.#analysis?.session.summary() ?? EMPTY_SUMMARY),
    'capture.overview': async ({ buckets, filter }, signal) => {
      const { session, lists } = this.#opened();
      const ids = await lists.resets('frame', 'ascending', filter, signal);
      const bucketCount = Math.max(1, Math.min(MAX_OVERVIEW_BUCKETS, Math.floor(buckets)));
      return session.overview(ids, bucketCount, filter.trim() === '');
    },
    'capture.findings': async ({ from, count }, signal) => {
      const { session, lists } = this.#opened();
      const ids = await lists.resets('frame', 'ascending', '', signal);
      return session.findings(ids, count, true, from);
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
    'flows.position': async ({ id, sort, direction, filter }, signal) => {
      const { session, lists } = this.#opened();
      const record = session.flows.flowOf(id as FlowId);
      return record < 0 ? -1 : (await lists.flows(sort, direction, filter, signal)).indexOf(record);
    },
    'endpoints.rows': (query, signal) => this.#endpointRows(query, signal),
    'endpoints.position': async ({ id, of, sort, direction, filter }, signal) => {
      const { order } = await this.#opened().endpoints.list(of, sort, direction, filter, signal);
      return order.indexOf(id);
    },
    'packets.rows': ({ flow, from, count }) => {
      const { session } = this.#opened();
      const { packets } = session;
      const ofFlow = flow === null ? null : session.flowPackets(this.#flowOf(flow));
      const numbers =
        ofFlow === null ? packetsFrom(packets, from, count) : [...ofFlow.subarray(from, from + count)];
      return Promise.resolve({
        revision: session.revision,
        total: ofFlow === null ? packets.count - packets.gone : ofFlow.length,
        from,
        rows: PACKET_ROWS.encode(numbers.map((packet) => session.packetRow(packet as PacketNumber))),
      });
    },
    'packets.position': ({ flow, packet }) => {
      const { session } = this.#opened();
      if (flow !== null) return Promise.resolve(session.flowPackets(this.#flowOf(flow)).indexOf(packet));
      return Promise.resolve(placeOf(session.packets, packet as PacketNumber));
    },
    'packets.find': () => Promise.resolve(-1),
    'packets.at': ({ file, frame }) => Promise.resolve(packetAt(this.#opened().session.packets, file, frame)),
    'packets.detail': ({ packet }) => {
      this.#opened();
      return packetDetail(this.#analysis as Analysis, packet as PacketNumber);
    },
    'filter.values': () => Promise.resolve([]),
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

  readonly #control: ServiceOf<EngineControl> = {
    'control.open': ({ paths, follow }) => this.open(paths, follow),
    'control.cancel': () => {
      this.#abort.abort();
      return Promise.resolve(null);
    },
    'control.close': () =>
      this.#changes.take(async () => {
        await this.#close();
        this.events.progress.emit(EMPTY_PROGRESS);
        return null;
      }),
    'control.awaitLive': ({ capture, options }) => {
      this.#live.await(capture, options);
      return Promise.resolve(null);
    },
    'control.capture': ({ told }) => {
      for (const one of told) this.#live.take(one);
      return Promise.resolve(null);
    },
    'control.openLive': ({ capture }) =>
      this.#changes.take(async () => {
        await this.#openLive(this.#live.analysisOf(capture));
        return null;
      }),
  };

  /** Every method of the engine, for its host; pages get those of ENGINE_METHOD_SCHEMAS. */
  get service(): EngineSide {
    return { ...this.#reads, ...this.#live.service, ...this.#control };
  }

  /** Starts reading and answers at once; what was open before is closed first. */
  open(paths: readonly string[], follow: boolean): Promise<null> {
    return this.#changes.take(() => this.#openFiles(paths, follow));
  }

  async #openFiles(paths: readonly string[], follow: boolean): Promise<null> {
    await this.#close();
    const analysis = new Analysis();
    const abort = this.#show(analysis);
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
    await this.#close();
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
    this.#endpoints = new EndpointLists(analysis.session, this.#lists);
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
    this.#abort.abort();
    await this.#running;
    const analysis = this.#analysis;
    this.#analysis = undefined;
    this.#lists = undefined;
    this.#endpoints = undefined;
    await analysis?.close();
  }

  async dispose(): Promise<void> {
    await this.#changes.take(() => this.#close());
  }

  #opened(): { session: Analysis['session']; lists: ListCache; endpoints: EndpointLists } {
    if (this.#analysis === undefined || this.#lists === undefined || this.#endpoints === undefined) {
      throw new RpcError('not-found', 'no capture is open');
    }
    return { session: this.#analysis.session, lists: this.#lists, endpoints: this.#endpoints };
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

  async #endpointRows(query: Params<'endpoints.rows'>, signal: AbortSignal): Promise<RowWindow> {
    const { session, endpoints } = this.#opened();
    const { of, sort, direction, filter, from, count } = query;
    const { totals, order } = await endpoints.list(of, sort, direction, filter, signal);
    return {
      revision: session.revision,
      total: order.length,
      from,
      rows: ENDPOINT_ROWS.encode(Array.from(order.subarray(from, from + count), (id) => totals.row(id))),
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
