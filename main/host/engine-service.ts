/**
 * Answers pages out of the analysis that is shown, and its host, which alone says what is analysed. Lives in the engine process
 * (or in the test's own).
 */
import { errorText } from '../../shared/format/error.ts';
import type { FlowId, FlowRecord, PacketNumber } from '../../shared/base/units.ts';
import type { EngineMethod, Events, FrameAddress } from '../../shared/contract/methods.ts';
import { writtenReport } from './report/written-report.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { CaptureSummary, Progress } from '../../shared/model/capture.ts';
import { fieldValueCounts } from '../engine/select/value-counts.ts';
import { EMPTY_PROGRESS } from '../../shared/model/capture.ts';
import type { Service, ServiceOf } from '../../shared/rpc/service.ts';
import { BOUNDS } from '../../shared/contract/schemas.ts';
import type { AdmissionLimits } from '../../shared/rpc/admission.ts';
import { Admission } from '../../shared/rpc/admission.ts';
import { Emitter } from '../../shared/base/event.ts';
import { Turns } from '../../shared/base/turns.ts';
import type { AnalysisOptions } from './analysis.ts';
import { Analysis } from './analysis.ts';
import { MeanwhileJudge } from './judging.ts';
import { accountOf, ladderPart, messagesOf, seriesOf } from './flow-answers.ts';
import { joinedLadder, packetPlaces } from './join-answers.ts';
import { monotonicMs } from './monotonic.ts';
import { OpenCaptures, Opened } from './open-captures.ts';
import { reproduceReset } from './reproduce/reproduce-reset.ts';
import { breather } from './sliced-work.ts';
import type { EngineControl, EngineEventSources, EngineSide } from './host-contract.ts';
import type { CaptureId } from './live/capture-contract.ts';
import type { LiveAnalysis } from './live/live-analysis.ts';
import type { AwaitedLive, LiveHost } from './live/live-service.ts';
import { LiveService } from './live/live-service.ts';
import { tooMuchToJoin } from './live/join-limit.ts';
import { anonymiser } from './export/anonymiser.ts';
import { ExportService } from './export/export-service.ts';
import { anchorOf, NotedCaptures, placesOf } from './notes/noted-capture.ts';
import { packetDetail } from './packet-detail.ts';
import { endpointWindow, failureWindow, flowWindow, packetWindow, resetWindow } from './row-windows.ts';
import { streamMessages } from './stream-messages.ts';
import { searchStream } from './stream-search.ts';
import type { StreamView } from './stream-view.ts';

/** Between two looks at whether something is left to judge or to tell. */
const TICK_MS = 200;
/** How far captures are that are not shown is told at most this often. */
const CAPTURES_TOLD_MS = 500;
/** Values offered for completion. */
const MAX_VALUES = 200;
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
    captures: new Emitter<Events['captures']>(),
  } satisfies EngineEventSources;
  readonly #captures = new OpenCaptures();
  #toldCapturesMs = -Infinity;
  /** What is open changes one after the other: two that come at once would both close what was, and both read on. */
  readonly #changes = new Turns();
  readonly #streams = new Admission(STREAMS_AT_ONCE);
  readonly #live: LiveService;
  readonly #exports = new ExportService({ anonymiser: anonymiser() });
  readonly #noted = new NotedCaptures();

  /** @param host what the engine needs of whoever hosts it */
  constructor(host: LiveHost) {
    this.#live = new LiveService(host);
    this.#live.changed.on((status) => {
      this.events.live.emit(status);
    });
  }

  readonly #reads: Pick<Service, Exclude<EngineMethod, `live.${string}`>> = {
    'capture.progress': () => Promise.resolve(this.#progress()),
    'capture.list': () => Promise.resolve(this.#captures.list()),
    'capture.summary': () =>
      Promise.resolve(this.#captures.shown?.analysis.session.summary() ?? EMPTY_SUMMARY),
    'capture.join': () => Promise.resolve(this.#captures.shown?.analysis.session.join.report() ?? null),
    'capture.overview': (query, signal) => this.#opened().whole.overview(query, signal),
    'capture.timeline': (query, signal) => this.#opened().whole.timeline(query, signal),
    'capture.findings': (query, signal) => this.#opened().whole.findings(query, signal),
    'capture.endings': () => Promise.resolve(this.#opened().session.failures.report()),
    'failures.rows': (query, signal) => failureWindow(this.#opened(), query, signal),
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
    'resets.rows': (query, signal) => resetWindow(this.#opened(), query, signal),
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
      const { lists, session } = this.#opened();
      return (await lists.resets(sort, direction, filter, signal)).indexOf(session.join.primary(id));
    },
    'resets.at': (address) => Promise.resolve(this.#resetAt(address)),
    'resets.frame': ({ id }) => {
      const { session } = this.#opened();
      if (!session.hasReset(id)) return Promise.resolve(null);
      const { file, frame, timeNs } = session.resetRow(id);
      return Promise.resolve({ file, frame, timeNs });
    },
    'packets.frame': ({ packet }) => {
      const { session } = this.#opened();
      if (packet >= session.packets.count) return Promise.resolve(null);
      const { file, frame } = session.packetRow(packet as PacketNumber);
      return Promise.resolve({ file, frame });
    },
    'flows.rows': (query, signal) => flowWindow(this.#opened(), query, signal),
    'flows.position': async ({ id, sort, direction, filter }, signal) => {
      const { session, lists } = this.#opened();
      const record = session.flows.flowOf(id as FlowId);
      return record < 0 ? -1 : (await lists.flows(sort, direction, filter, signal)).indexOf(record);
    },
    'endpoints.rows': (query, signal) => endpointWindow(this.#opened(), query, signal),
    'endpoints.position': async ({ id, of, sort, direction, filter }, signal) => {
      const { order } = await this.#opened().endpoints.list(of, sort, direction, filter, signal);
      return order.indexOf(id);
    },
    'packets.rows': ({ flow, ...query }, signal) => {
      const record = flow === null ? undefined : this.#flowOf(flow);
      return packetWindow(this.#opened(), query, record, signal);
    },
    'packets.position': ({ filter, flow, packet }, signal) => {
      const { packets } = this.#opened();
      const record = flow === null ? undefined : this.#flowOf(flow);
      return packets.position(filter, record, packet as PacketNumber, breather(signal), signal);
    },
    'packets.find': ({ filter, match, flow, packet, backward }, signal) => {
      const { packets } = this.#opened();
      const record = flow === null ? undefined : this.#flowOf(flow);
      return packets.find(filter, match, record, packet, backward, breather(signal), signal);
    },
    'packets.at': ({ file, frame }) => Promise.resolve(this.#opened().packets.at(file, frame)),
    'reproduce.script': ({ packet, language, side }) => {
      const { session } = this.#opened();
      const reset = session.packets.holds(packet as PacketNumber)
        ? session.packetRow(packet as PacketNumber).reset
        : -1;
      if (reset < 0) throw new RpcError('not-found', `packet number ${packet} is no reset, or was let go`);
      return Promise.resolve(reproduceReset(session, reset, language, side));
    },
    'packets.places': ({ packet }) =>
      Promise.resolve(packetPlaces(this.#opened().session, packet as PacketNumber)),
    'packets.detail': ({ packet }) => packetDetail(this.#opened().analysis, packet as PacketNumber),
    'filter.values': ({ field, prefix, count }, signal) => {
      const { session } = this.#opened();
      return fieldValueCounts(session, field, prefix, Math.min(count, MAX_VALUES), breather(signal));
    },
    'filter.stop': () => {
      this.#captures.shown?.stopScans();
      return Promise.resolve(null);
    },
    'flows.account': ({ flow }) => Promise.resolve(accountOf(this.#opened().session, this.#flowOf(flow))),
    'flows.ladder': ({ flow, from, count }) =>
      Promise.resolve(ladderPart(this.#opened().session, this.#flowOf(flow), from, count)),
    'flows.joinedLadder': ({ flow }) =>
      Promise.resolve(joinedLadder(this.#opened().session, this.#flowOf(flow))),
    'flows.series': (query, signal) =>
      seriesOf(this.#opened().session, this.#flowOf(query.flow), query, signal),
    'packets.messages': ({ packets }, signal) => messagesOf(this.#opened().analysis, packets, signal),
    'flows.stream': ({ flow, side, place, packet, bytes }, signal) =>
      this.#streamed(
        bytes,
        signal,
        (view, record) => view.page(record, side, place, packet, bytes, signal),
        flow,
      ),
    'flows.search': ({ flow, side, ...wanted }, signal) =>
      this.#streamed(
        BOUNDS.streamBytes,
        signal,
        (view, record) => searchStream(view, record, side, wanted, signal),
        flow,
      ),
    'flows.messages': ({ flow, as, from, count }, signal) =>
      this.#streamed(
        BOUNDS.streamBytes,
        signal,
        (view, record) => streamMessages(view, record, as, from, count, signal),
        flow,
      ),
    'export.start': (order) => Promise.resolve(this.#exports.start(this.#opened().analysis, order)),
    'export.read': ({ id, file, from }) => this.#exports.read(id, file, from),
    'export.stop': ({ id }) => {
      this.#exports.stop(id);
      return Promise.resolve(null);
    },
    'report.make': (params, signal) => writtenReport(this.#opened().analysis, params, signal),
  };

  readonly #control: ServiceOf<EngineControl> = {
    'control.open': (order) => this.#changes.take(() => this.#openFiles(order)),
    'control.show': ({ capture }) =>
      this.#changes.take(() => {
        const opened = this.#captures.get(capture);
        if (opened === undefined) throw new RpcError('not-found', 'this capture was closed');
        this.#show(opened);
        return Promise.resolve(null);
      }),
    'control.cancel': () => {
      this.#captures.shown?.abort.abort();
      return Promise.resolve(null);
    },
    'control.close': ({ capture }) =>
      this.#changes.take(async () => {
        const opened = capture === null ? this.#captures.shown : this.#captures.get(capture);
        if (opened !== undefined) await this.#close(opened);
        this.#tellShown();
        return null;
      }),
    'control.awaitLive': async ({ capture, options, joined }) => {
      await this.#live.await(capture, options, joined);
      return null;
    },
    'control.capture': ({ told }) => {
      for (const one of told) this.#live.take(one);
      return Promise.resolve(null);
    },
    'control.openLive': ({ capture }) =>
      this.#changes.take(async () => {
        await this.#openLive(this.#live.awaited(capture));
        return null;
      }),
    'control.noted': (_params, signal) => {
      const { shown } = this.#captures;
      return shown === undefined
        ? Promise.resolve({ why: 'No capture is open.', files: [], comments: [], moreComments: 0 })
        : this.#noted.tell(shown.analysis, signal);
    },
    'control.anchors': ({ targets }) => {
      const { session } = this.#opened();
      return Promise.resolve(targets.map((target) => anchorOf(session, target)));
    },
    'control.notePlaces': ({ frames }) =>
      Promise.resolve(frames.length === 0 ? [] : placesOf(this.#opened().session, frames)),
  };

  /** Every method of the engine, for its host; pages get those of ENGINE_METHOD_SCHEMAS. */
  get service(): EngineSide {
    return { ...this.#reads, ...this.#live.service, ...this.#control };
  }

  /** Starts reading and answers at once. */
  async #openFiles({
    capture,
    paths,
    follow,
    replace,
    join,
  }: EngineControl['control.open']['params']): Promise<null> {
    if (replace && this.#captures.shown !== undefined) await this.#close(this.#captures.shown);
    const analysis = new Analysis();
    const opened = new Opened(capture, paths, false, analysis, this.#tell);
    this.#show(opened);
    await this.#closeTooMuch();
    this.#read(opened, paths, { follow, join });
    return null;
  }

  /** Starts reading files. */
  #read(
    opened: Opened,
    paths: readonly string[],
    options: Pick<AnalysisOptions, 'follow' | 'join' | 'comparing'>,
  ): void {
    const { analysis } = opened;
    const judge = new MeanwhileJudge(analysis);
    // What came last before a pause (a followed file) is judged and told of by the clock, not by the next bytes.
    const ticking = setInterval(() => {
      if (judge.judge()) this.#tell(opened);
    }, TICK_MS);
    opened.running = analysis
      .run(paths, {
        ...options,
        signal: opened.abort.signal,
        onProgress: (progress) => {
          judge.judge();
          if (progress.phase !== 'reading') opened.forgetKept();
          this.#tell(opened);
        },
      })
      .catch((error: unknown) => {
        this.#tellFailure(opened, error);
      })
      .finally(() => {
        clearInterval(ticking);
      });
  }

  /** What is captured from now on; it goes on until the capture ends. */
  async #openLive({ capture, joined, analysis: live }: AwaitedLive): Promise<void> {
    // Of live captures the status knows one only.
    for (const earlier of this.#captures.live()) await this.#close(earlier);
    const opened = new Opened(capture, [], true, live.analysis, this.#tell);
    this.#show(opened);
    await this.#closeTooMuch();
    const hooks = {
      onProgress: (): void => {
        opened.lists.clear();
        this.#tell(opened);
      },
      onCaught: this.#live.onCaught,
    };
    opened.running = live.run(hooks, opened.abort.signal).catch((error: unknown) => {
      this.#tellFailure(opened, error);
    });
    if (joined === undefined) return;
    void opened.running.then(() =>
      this.#changes.take(async () => {
        // It may have been closed meanwhile.
        if (this.#captures.get(capture) === opened) await this.#openBothPlaces(joined, opened, live);
        return null;
      }),
    );
  }

  /** What was captured at two places, as one case; what was analysed live is all in it. */
  async #openBothPlaces(capture: CaptureId, opened: Opened, live: LiveAnalysis): Promise<void> {
    const paths = live.filesOfBoth;
    if (paths === undefined) return;
    const refusal = await tooMuchToJoin(paths);
    if (refusal !== null) {
      live.analysis.session.warn(refusal);
      live.analysis.session.revision++;
      this.#tell(opened);
      return;
    }
    const both = new Opened(capture, [], true, new Analysis(), this.#tell);
    this.#captures.replace(opened, both);
    await this.#exports.forget(opened.analysis);
    await opened.close();
    this.#read(both, paths, { comparing: true });
    this.#tellShown();
  }

  #show(opened: Opened): void {
    this.#captures.show(opened);
    this.#tellShown();
  }

  /** Which one is shown, and how far it is. */
  #tellShown(): void {
    this.#tellCaptures();
    this.events.progress.emit(this.#progress());
  }

  #progress(): Progress {
    const { shown } = this.#captures;
    return shown === undefined ? EMPTY_PROGRESS : { ...shown.analysis.progress, capture: shown.capture };
  }

  readonly #tell = (opened: Opened): void => {
    if (opened === this.#captures.shown) {
      this.events.progress.emit({ ...this.#progress(), revision: opened.analysis.session.revision });
      if (opened.analysis.progress.phase === 'reading') return;
    }
    if (monotonicMs() - this.#toldCapturesMs > CAPTURES_TOLD_MS || !isReading(opened)) this.#tellCaptures();
  };

  #tellCaptures(): void {
    this.#toldCapturesMs = monotonicMs();
    this.events.captures.emit(this.#captures.list());
  }

  #tellFailure(opened: Opened, error: unknown): void {
    if (opened !== this.#captures.shown) return;
    this.events.progress.emit({ ...this.#progress(), phase: 'failed', error: errorText(error) });
  }

  async #close(opened: Opened): Promise<void> {
    this.#captures.remove(opened);
    await this.#exports.forget(opened.analysis);
    await opened.close();
  }

  async #closeTooMuch(): Promise<void> {
    const tooMuch = this.#captures.tooMuch();
    for (const opened of tooMuch) await this.#close(opened);
    if (tooMuch.length > 0) this.#tellCaptures();
  }

  async dispose(): Promise<void> {
    await this.#changes.take(async () => {
      for (let { shown } = this.#captures; shown !== undefined; { shown } = this.#captures)
        await this.#close(shown);
    });
  }

  #opened(): Pick<Opened, 'analysis' | 'lists' | 'endpoints' | 'packets' | 'stream' | 'whole'> & {
    readonly session: Analysis['session'];
  } {
    const { shown } = this.#captures;
    if (shown === undefined) throw new RpcError('not-found', 'no capture is open');
    const { analysis, lists, endpoints, packets, stream, whole } = shown;
    return { session: analysis.session, lists, endpoints, packets, stream, whole, analysis };
  }

  /** Reads of a flow's bytes once it may: what is open may be another capture when its turn has come. */
  #streamed<T>(
    bytes: number,
    signal: AbortSignal,
    read: (view: StreamView, record: FlowRecord) => Promise<T>,
    flow: number,
  ): Promise<T> {
    return this.#streams.admit(bytes, signal, async () => {
      return read(this.#opened().stream, this.#flowOf(flow));
    });
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

  /** Ids of resets are in the order of their frames. */
  #resetAt({ file, frame }: FrameAddress): number {
    const { session } = this.#opened();
    const ids = session.resetSightings();
    let [from, to] = [0, ids.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const row = session.resetRow(ids[middle]);
      if (row.file < file || (row.file === file && row.frame < frame)) from = middle + 1;
      else to = middle;
    }
    if (from === ids.length) return -1;
    const row = session.resetRow(ids[from]);
    return row.file === file && row.frame === frame ? session.join.primary(row.id) : -1;
  }
}

function isReading({ analysis }: Opened): boolean {
  const { phase } = analysis.progress;
  return phase === 'reading' || phase === 'following';
}
