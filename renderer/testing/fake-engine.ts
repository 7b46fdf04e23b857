/** An engine for unit tests: answers the contract out of rows that a test can change, over the real RPC. */
import { FakeFleet } from './fake-fleet.ts';
import { FakeNotes } from './fake-notes.ts';
import { Emitter } from '../../shared/base/event.ts';
import { makeSeries } from '../../shared/columns/series.ts';
import { ENDPOINT_ROWS, FLOW_ROWS, PACKET_ROWS, RESET_ROWS } from '../../shared/columns/rows.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { Events, OpenCapture, RecentFile } from '../../shared/contract/methods.ts';
import type { FailureDetail, FailureRow } from '../../shared/model/failure.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { compileFilter } from '../../shared/filter/filter.ts';
import type { Filter } from '../../shared/filter/filter.ts';
import type { Progress } from '../../shared/model/capture.ts';
import type {
  CaptureOffer,
  CatchRule,
  CountersReading,
  FilterCheck,
  LiveError,
  LiveOptions,
  LiveStatus,
} from '../../shared/model/live.ts';
import type { NamedPlace } from '../../shared/names/named.ts';
import type { JoinReport, JoinedLadder, PacketAt } from '../../shared/model/join.ts';
import type { StreamHits, StreamMessages, StreamPage } from '../../shared/model/stream.ts';
import type { ExportPiece } from '../../shared/model/export.ts';
import { NO_LIVE } from '../../shared/model/live.ts';
import type { EndpointRow, FlowRow, PacketRow, ResetRow } from '../../shared/model/rows.ts';
import { SAMPLES } from '../../shared/model/sample.ts';
import { createClient } from '../../shared/rpc/client.ts';
import { memoryChannelPair } from '../../shared/rpc/memory-channel.ts';
import { serve } from '../../shared/rpc/serve.ts';
import type { Service } from '../../shared/rpc/service.ts';
import type { Platform } from '../platform/platform.ts';
import { SAMPLE_LESSON } from './sample-lesson.ts';
import { ladderBytes, sampleFlowAccount } from './sample-connection.ts';
import { samplePacketDetail } from './sample-packet-detail.ts';
import { sampleOffer } from './sample-live.ts';
import {
  sampleDetail,
  sampleEndings,
  sampleFailureDetail,
  sampleOverview,
  sampleProgress,
  sampleStream,
  sampleSummary,
  sampleTimeline,
} from './sample.ts';

export class FakeEngine {
  resets: ResetRow[] = [];
  flows: FlowRow[] = [];
  packets: PacketRow[] = [];
  endpoints: EndpointRow[] = [];
  endings = sampleEndings();
  /** Findings behind those of the overview. */
  moreFindings: Finding[] = [];
  failures: FailureRow[] = [];
  failureDetail: (row: FailureRow) => FailureDetail = sampleFailureDetail;
  recent: RecentFile[] = [];
  names: readonly NamedPlace[] = [];
  /** What a run of traceroute says. */
  traceText = '';
  state: Progress = sampleProgress({ phase: 'empty', revision: 0, packets: 0, flows: 0, resets: 0 });
  summary = sampleSummary();
  overview = sampleOverview();
  timeline = sampleTimeline();
  /** What a timeline is held up by. */
  beforeTimeline: () => Promise<void> = () => Promise.resolve();
  canPdf = false;
  /** What each piece of an export and a PDF are held up by. */
  beforeExport: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  stream: StreamPage = sampleStream();
  streamError: RpcError | null = null;
  hits: StreamHits = { total: 0, hits: [], looked: 0, of: 0 };
  messages: StreamMessages = {
    exchanges: [],
    entries: [],
    resets: [],
    unacknowledged: [],
    trouble: '',
    notLookedAt: 0,
  };
  /** An export that is ready at once: one file of four bytes. */
  exported: ExportPiece = {
    done: 1,
    told: {
      files: [{ name: 'some-reset-3.pcapng', packets: 12, bytes: 4 }],
      packets: 12,
      of: 4000,
      verdicts: 1,
      changed: 0,
      widened: 0,
      replaced: [],
    },
    bytes: Uint8Array.of(1, 2, 3, 4),
    next: 4,
    isLast: true,
    missing: 0,
    rows: null,
  };
  readonly notes = new FakeNotes();
  readonly fleet = new FakeFleet();
  /** What `capture.open` throws, if anything. */
  openError: RpcError | null = null;
  readonly opened: (readonly string[])[] = [];
  readonly openedHow: { readonly replace: boolean; readonly join: boolean }[] = [];
  /** What joining found. */
  join: JoinReport | null = null;
  joinedLadder: JoinedLadder | null = null;
  places: (packet: number) => readonly PacketAt[] = () => [];
  captures: readonly OpenCapture[] = [];
  /** What `capture.show` was asked for. */
  readonly shown: number[] = [];
  offer: CaptureOffer = sampleOffer();
  live: LiveStatus = NO_LIVE;
  /** Readings of the counters, one after the other; the last one stays. */
  counters: () => CountersReading = () => ({ atMs: 0, interfaces: [] });
  /** What `live.start` runs into, if anything. */
  startError: LiveError | null = null;
  /** Answers to a filter, when asked for by a test. */
  check: (filter: string) => Promise<FilterCheck> = () => Promise.resolve({ ok: true, message: null });
  /** Told of every capture that was started. */
  onStart: (options: LiveOptions) => void = () => undefined;
  readonly started: LiveOptions[] = [];
  /** Number of the capture that is started next; 0 on a host that gives none. */
  nextNumber = 0;
  readonly saved: string[] = [];
  readonly rules: (CatchRule | null)[] = [];
  details = sampleDetail;
  /** Methods in the order in which they were called. */
  readonly calls: string[] = [];
  readonly #progress = new Emitter<Events['progress']>();
  readonly #captures = new Emitter<Events['captures']>();
  readonly #live = new Emitter<Events['live']>();
  readonly #openRequest = new Emitter<Events['open-request']>();
  #drop: () => void = () => undefined;

  readonly platform: Platform = {
    connect: () => {
      const [near, far] = memoryChannelPair();
      serve(far, this.#service, {
        progress: this.#progress,
        'open-request': this.#openRequest,
        captures: this.#captures,
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

  /** Pushes the next status of the live capture. */
  pushLive(changes: Partial<LiveStatus>): void {
    this.live = { ...this.live, ...changes, revision: this.live.revision + 1 };
    this.#live.emit(this.live);
  }

  /** Tells which captures are open. */
  pushCaptures(captures: readonly OpenCapture[]): void {
    this.captures = captures;
    this.#captures.emit(captures);
  }

  /** Breaks the connection. */
  drop(): void {
    this.#drop();
  }

  readonly #service: Service = {
    ...this.fleet.service,
    'host.capabilities': () =>
      this.#answer('host.capabilities', {
        host: 'server',
        pickFiles: false,
        upload: true,
        version: '0',
        pdf: this.canPdf,
      }),
    'host.recent': () => this.#answer('host.recent', this.recent),
    'host.samples': () => this.#answer('host.samples', SAMPLES),
    'host.openSample': ({ name }) => {
      this.opened.push([name]);
      return this.#answer('host.openSample', null);
    },
    'host.lessons': () => this.#answer('host.lessons', [SAMPLE_LESSON.lesson]),
    'host.lesson': () => this.#answer('host.lesson', SAMPLE_LESSON),
    'host.openLesson': ({ name, part, at }) => {
      this.opened.push([name, part, ...(at === null ? [] : [at])]);
      return this.#answer('host.openLesson', null);
    },
    'host.openInWireshark': ({ path, frame }) =>
      this.#answer('host.openInWireshark', { command: `wireshark -r ${path} -g ${frame}`, why: 'not here' }),
    'host.forgetRecent': ({ path }) => {
      this.recent = this.recent.filter((file) => file.path !== path);
      return this.#answer('host.forgetRecent', null);
    },
    'host.pickFiles': () => this.#answer('host.pickFiles', []),
    'host.pickSavePath': () => this.#answer('host.pickSavePath', null),
    'capture.open': ({ paths, replace, join }) => {
      if (this.openError !== null) return Promise.reject(this.openError);
      this.opened.push(paths);
      this.openedHow.push({ replace: replace ?? false, join: join ?? true });
      return this.#answer('capture.open', null);
    },
    'capture.list': () => this.#answer('capture.list', this.captures),
    'capture.show': ({ capture }) => {
      this.shown.push(capture);
      return this.#answer('capture.show', null);
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
    'capture.timeline': async () => {
      await this.beforeTimeline();
      return this.#answer('capture.timeline', this.timeline);
    },
    'capture.findings': ({ from, count }) =>
      this.#answer('capture.findings', {
        ...this.overview.findings,
        list: this.moreFindings.slice(from - this.overview.findings.list.length).slice(0, count),
      }),
    'capture.endings': () => this.#answer('capture.endings', this.endings),
    'failures.rows': ({ filter, from, count }) => {
      const rows = this.#failing(filter);
      return this.#answer('failures.rows', {
        revision: this.state.revision,
        total: rows.length,
        from,
        rows: rows.slice(from, from + count),
      });
    },
    'failures.position': ({ id, filter }) =>
      this.#answer(
        'failures.position',
        this.#failing(filter).findIndex((row) => row.id === id),
      ),
    'failures.detail': ({ id }) => {
      const row = this.failures.find((failure) => failure.id === id);
      if (row === undefined) return Promise.reject(new RpcError('not-found', `flow ${id} did not fail`));
      return this.#answer('failures.detail', this.failureDetail(row));
    },
    'resets.rows': ({ filter, from, count }) => {
      const rows = this.#matching(filter);
      return this.#answer('resets.rows', {
        revision: this.state.revision,
        total: rows.length,
        from,
        rows: RESET_ROWS.encode(rows.slice(from, from + count)),
      });
    },
    'resets.detail': ({ id }) => this.#answer('resets.detail', this.details(id)),
    'resets.position': ({ id, filter }) =>
      this.#answer(
        'resets.position',
        this.#matching(filter).findIndex((row) => row.id === id),
      ),
    'resets.at': ({ file, frame }) =>
      this.#answer(
        'resets.at',
        this.resets.find((row) => row.file === file && row.frame === frame)?.id ?? -1,
      ),
    'resets.frame': ({ id }) => {
      const row = this.resets.find((reset) => reset.id === id);
      return this.#answer(
        'resets.frame',
        row === undefined ? null : { file: row.file, frame: row.frame, timeNs: row.timeNs },
      );
    },
    'packets.frame': ({ packet }) => {
      const row = this.packets.find((one) => one.packet === packet);
      return this.#answer('packets.frame', row === undefined ? null : { file: row.file, frame: row.frame });
    },
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
    'flows.position': ({ id, filter }) => {
      const compiled = compiledOrThrow(filter);
      return this.#answer(
        'flows.position',
        this.flows.filter((row) => compiled.matchesFlow(row)).findIndex((row) => row.id === id),
      );
    },
    'endpoints.rows': ({ from, count }) =>
      this.#answer('endpoints.rows', {
        revision: this.state.revision,
        total: this.endpoints.length,
        from,
        rows: ENDPOINT_ROWS.encode(this.endpoints.slice(from, from + count)),
      }),
    'endpoints.position': ({ id }) =>
      this.#answer(
        'endpoints.position',
        this.endpoints.findIndex((row) => row.id === id),
      ),
    'packets.rows': ({ from, count }) =>
      this.#answer('packets.rows', {
        revision: this.state.revision,
        total: this.packets.length,
        from,
        rows: PACKET_ROWS.encode(this.packets.slice(from, from + count)),
      }),
    'packets.position': ({ packet }) =>
      this.#answer(
        'packets.position',
        this.packets.findIndex((row) => row.packet === packet),
      ),
    'packets.find': () => this.#answer('packets.find', -1),
    'packets.at': ({ file, frame }) =>
      this.#answer(
        'packets.at',
        this.packets.find((row) => row.file === file && row.frame === frame)?.packet ?? -1,
      ),
    'capture.join': () => this.#answer('capture.join', this.join),
    'packets.places': ({ packet }) => this.#answer('packets.places', this.places(packet)),
    'packets.detail': ({ packet }) => {
      const row = this.packets.find((one) => one.packet === packet);
      if (row === undefined)
        return Promise.reject(new RpcError('not-found', `there is no packet number ${packet}`));
      return this.#answer('packets.detail', samplePacketDetail(row));
    },
    'reproduce.script': ({ language, side }) =>
      this.#answer('reproduce.script', {
        side: side ?? 'server',
        language,
        script: '// a program\n',
        fileName: 'reset-aborted-server.mjs',
        why: '',
        differs: [],
        otherSees: [],
      }),
    'filter.values': () => this.#answer('filter.values', []),
    'filter.stop': () => this.#answer('filter.stop', null),
    'notes.read': () => this.#answer('notes.read', this.notes.answer()),
    'notes.put': (put) => this.#answer('notes.put', this.notes.put(put)),
    'notes.mark': (marked) => this.#answer('notes.mark', this.notes.mark(marked)),
    'notes.remove': ({ notes }) => this.#answer('notes.remove', this.notes.remove(notes)),
    'notes.undo': () => this.#answer('notes.undo', this.notes.undo()),
    'notes.redo': () => this.#answer('notes.redo', this.notes.redo()),
    'notes.keepBeside': ({ isWanted }) => this.#answer('notes.keepBeside', this.notes.keepBeside(isWanted)),
    'live.offer': () => this.#answer('live.offer', this.offer),
    'live.counters': () => this.#answer('live.counters', this.counters()),
    'live.checkFilter': ({ filter }) => {
      this.calls.push('live.checkFilter');
      return this.check(filter);
    },
    'live.command': ({ options }) => this.#answer('live.command', commandOf(options)),
    'live.start': ({ options }) => this.#start(options),
    'live.stop': () => {
      this.pushLive({ phase: 'stopped', endedMs: Date.now(), packetsPerSecond: 0, bytesPerSecond: 0 });
      this.push({ phase: 'done', revision: this.state.revision + 1 });
      return this.#answer('live.stop', null);
    },
    'live.status': () => this.#answer('live.status', this.live),
    'live.catch': ({ rule }) => {
      this.rules.push(rule);
      const { options } = this.live;
      this.pushLive({ options: options === null ? null : { ...options, catch: rule } });
      return this.#answer('live.catch', null);
    },
    'live.save': ({ path }) => {
      this.saved.push(path);
      return this.#answer('live.save', path);
    },
    'names.list': () => this.#answer('names.list', this.names),
    'names.set': ({ names }) => {
      const keys = new Set(names.map(({ key }) => key));
      this.names = [...names, ...this.names.filter(({ key }) => !keys.has(key))];
      return this.#answer('names.set', this.names);
    },
    'names.remove': ({ keys }) => {
      this.names = this.names.filter(({ key }) => !keys.includes(key));
      return this.#answer('names.remove', this.names);
    },
    'trace.command': ({ target, port }) =>
      this.#answer('trace.command', { command: `traceroute -n -T -p ${port} ${target}`, refusal: null }),
    'trace.start': () => this.#answer('trace.start', null),
    'trace.read': ({ from }) =>
      this.#answer('trace.read', { text: this.traceText.slice(from), ended: 'It has ended.', isWhole: true }),
    'trace.stop': () => this.#answer('trace.stop', null),
    'flows.account': ({ flow }) => {
      const row = this.flows.find(({ id }) => id === flow);
      if (row === undefined)
        return Promise.reject(new RpcError('not-found', `there is no flow number ${flow}`));
      return this.#answer('flows.account', sampleFlowAccount(row, this.resets));
    },
    'flows.joinedLadder': () => this.#answer('flows.joinedLadder', this.joinedLadder),
    'flows.ladder': ({ from, count }) =>
      this.#answer('flows.ladder', {
        revision: this.state.revision,
        total: this.packets.length,
        from,
        columns: ladderBytes(this.packets.slice(from, from + count)),
      }),
    'flows.series': ({ side, fromNs, toNs, columns }) =>
      this.#answer('flows.series', {
        revision: this.state.revision,
        side,
        fromNs,
        toNs,
        columns,
        values: new Uint8Array(makeSeries(columns).buffer),
        most: { seq: 0, window: 0, flight: 0, rttNs: 0 },
        isScaled: true,
        packets: this.packets.length,
      }),
    'packets.messages': ({ packets }) =>
      this.#answer(
        'packets.messages',
        packets.map(() => ''),
      ),
    'flows.stream': () =>
      this.streamError === null
        ? this.#answer('flows.stream', this.stream)
        : Promise.reject(this.streamError),
    'flows.search': () => this.#answer('flows.search', this.hits),
    'flows.messages': () => this.#answer('flows.messages', this.messages),
    'export.start': () => this.#answer('export.start', { id: 1 }),
    'export.read': async (_params, signal) => {
      await this.beforeExport(signal);
      return this.#answer('export.read', this.exported);
    },
    'export.stop': () => this.#answer('export.stop', null),
    'report.make': ({ format }) =>
      this.#answer('report.make', format === 'html' ? '<!DOCTYPE html><title>Report</title>' : '# Report\n'),
    'report.pdf': async ({ html }, signal) => {
      await this.beforeExport(signal);
      return this.#answer('report.pdf', new TextEncoder().encode(html));
    },
  };

  #start(options: LiveOptions): Promise<null> {
    const { startError } = this;
    if (startError !== null) {
      this.pushLive({
        ...NO_LIVE,
        revision: this.live.revision,
        phase: 'failed',
        options,
        error: startError,
      });
      return Promise.reject(new RpcError('failed', startError.message));
    }
    this.started.push(options);
    this.live = { ...NO_LIVE, revision: this.live.revision };
    this.pushLive({
      phase: 'capturing',
      options,
      source: options.source === 'auto' ? 'helper' : options.source,
      command: commandOf(options),
      startedMs: Date.now(),
      losses: { kernel: 0, interface: 0, queue: 0, analysis: 0 },
      folder: options.folder ?? this.offer.folder,
      freeBytes: this.offer.freeBytes,
    });
    const number = this.nextNumber === 0 ? {} : { capture: this.nextNumber };
    this.push({ phase: 'following', revision: 1, packets: 0, flows: 0, resets: 0, bytesRead: 0, ...number });
    this.onStart(options);
    return this.#answer('live.start', null);
  }

  #answer<T>(method: string, value: T): Promise<T> {
    this.calls.push(method);
    return Promise.resolve(value);
  }

  #failing(filter: string): FailureRow[] {
    const compiled = compiledOrThrow(filter);
    return this.failures.filter((row) => compiled.matchesFailure(row));
  }

  #matching(filter: string): ResetRow[] {
    const compiled = compiledOrThrow(filter);
    return this.resets.filter((row) => compiled.matchesReset(row));
  }
}

function commandOf({ host, interface: name, filter }: LiveOptions): string {
  const capture = `tcpdump -i ${name} -w - ${filter}`.trim();
  return host === null ? capture : `ssh ${host} ${capture}`;
}

function compiledOrThrow(text: string): Filter {
  const filter = compileFilter(text);
  if (!filter.ok) throw new RpcError('bad-request', filter.error.message);
  return filter.value;
}
