/**
 * Answers what pages ask beyond the analysis that is open: which files may be opened and written, what is captured and
 * where. It is decided here, in the host's process, and never in one that parses foreign bytes.
 *
 * Invariant: one capture runs at a time; another one, and closing what it shows, ends it. Of two that are asked for at once, by two
 * tabs or two clicks, the later one is carried out: the earlier one gives up between its steps.
 */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Capabilities, HostMethod, RecentFile } from '../../shared/contract/methods.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { Confinement } from '../../shared/model/confinement.ts';
import type { LiveOptions } from '../../shared/model/live.ts';
import { Turns } from '../../shared/base/turns.ts';
import type { Service, ServiceOf } from '../../shared/rpc/service.ts';
import type { Access } from './access.ts';
import type { EngineControl, LiveMemory } from './host-contract.ts';
import type { FleetHostOptions } from './fleet/fleet-host.ts';
import { FleetHost } from './fleet/fleet-host.ts';
import { isInside } from './live/capture-folder.ts';
import type { CaptureId, CaptureService, Existing } from './live/capture-contract.ts';
import { ruleError } from './live/catch-rule.ts';
import type { LessonFiles } from '../lessons/lesson-files.ts';
import { captureFile } from '../lessons/lesson-files.ts';
import type { SamplePlaces } from './samples.ts';
import type { WiresharkAnswer } from './wireshark.ts';
import { openInWireshark } from './wireshark.ts';
import { defaultOptions, likelyInterface } from './live/live-defaults.ts';
import type { NameBook } from './names.ts';
import type { CaseBook } from './notes/case-book.ts';
import { notesService } from './notes/notes-service.ts';
import type { Tracer } from './trace.ts';

export interface BrokerOptions {
  readonly engine: ServiceOf<EngineControl>;
  readonly capturer: CaptureService;
  readonly capabilities: Capabilities;
  /** Whether the process that reads is confined; null where none has said so. */
  readonly confinement?: () => Promise<Confinement | null>;
  readonly access: Access;
  /** Where live captures go unless told otherwise; what is in there may be opened. */
  readonly captureFolder: string;
  readonly samples: Pick<SamplePlaces, 'list' | 'pathOf' | 'has'>;
  readonly lessons: Pick<LessonFiles, 'list' | 'find' | 'page' | 'captures' | 'has'>;
  readonly recent: {
    list(): readonly RecentFile[];
    has(path: string): boolean;
    forget(path: string): void;
  };
  /** These are being read now. */
  readonly opened: (paths: readonly string[]) => void;
  readonly names: Pick<NameBook, 'list' | 'set' | 'remove'>;
  readonly cases: CaseBook;
  readonly tracer: Pick<Tracer, 'offer' | 'start' | 'read' | 'stop'>;
  readonly memories: { recall(): LiveMemory; remember(options: LiveOptions): void };
  /** Differs in tests. */
  readonly wireshark?: (path: string, frame: number) => Promise<WiresharkAnswer>;
  /** Prints a page to PDF; absent where this host cannot. */
  readonly printPdf?: ((html: string, signal: AbortSignal) => Promise<Uint8Array>) | undefined;
  readonly fleet: Omit<FleetHostOptions, 'access'>;
  readonly pickFiles: () => Promise<readonly string[]>;
  readonly pickSavePath: (suggestedName: string) => Promise<string | null>;
}

export class Broker {
  readonly service: Pick<Service, HostMethod>;
  readonly #options: BrokerOptions;
  /** Numbers all that is opened, files and live captures alike. */
  #captures: CaptureId = 0;
  /** The one that is shown last, as far as this process was asked. */
  #looked: readonly CaptureId[] = [];
  /** The one that is captured; null when none was started. */
  #live: CaptureId | null = null;
  /** What was opened since this program began. */
  readonly #opened = new Set<string>();
  /** Counts the captures that were asked for, and the ends of captures. */
  #turn = 0;
  /** A printer takes hundreds of MB: one at a time. */
  readonly #printing = new Turns();
  readonly #fleet: FleetHost;
  /** A start is under way; a second one is refused. */
  #isStarting = false;

  constructor(options: BrokerOptions) {
    this.#options = options;
    const {
      engine,
      capturer,
      capabilities,
      confinement,
      recent,
      samples,
      lessons,
      names,
      tracer,
      pickFiles,
      pickSavePath,
    } = options;
    this.#fleet = new FleetHost(
      { ...options.fleet, access: options.access },
      { mayOpen: (path) => this.#mayOpen(path), open: (paths, signal) => this.open(paths, false, signal) },
    );
    this.service = {
      'host.capabilities': async () => ({
        ...capabilities,
        pdf: options.printPdf !== undefined,
        confinement: (await confinement?.()) ?? null,
      }),
      'host.recent': () => Promise.resolve(recent.list()),
      'host.forgetRecent': ({ path }) => {
        recent.forget(path);
        return Promise.resolve(null);
      },
      'host.samples': () => Promise.resolve(samples.list()),
      'host.openSample': ({ name }, signal) => {
        const path = samples.pathOf(name);
        if (path === undefined)
          throw new RpcError('not-found', `the sample ${name} did not come with this program`);
        return this.open([path], false, signal);
      },
      'host.lessons': () =>
        Promise.resolve(
          lessons.list().map(({ name, title, theme, about }) => ({ name, title, theme, about })),
        ),
      'host.lesson': ({ name }) => {
        const page = lessons.page(name);
        if (page === undefined) throw new RpcError('not-found', `there is no lesson ${name}`);
        return Promise.resolve(page);
      },
      'host.openLesson': ({ name, part, at }, signal) => {
        const lesson = lessons.find(name);
        const all = lesson === undefined ? [] : lessons.captures(lesson, part);
        const paths = at === null ? all : all.filter((path) => basename(path) === captureFile(at, part));
        if (paths.length === 0)
          throw new RpcError('not-found', `there is no such capture of the lesson ${name}`);
        return this.open(paths, false, signal);
      },
      'host.openInWireshark': ({ path, frame }) => {
        const file = resolve(path);
        if (!this.#opened.has(file) && !isInside(options.captureFolder, file))
          throw new RpcError('bad-request', `${file} is not open`);
        return (options.wireshark ?? openInWireshark)(file, frame);
      },
      'host.pickFiles': () => pickFiles(),
      'host.pickSavePath': ({ suggestedName }) => pickSavePath(suggestedName),
      'capture.open': async ({ paths, follow, replace, join }, signal) => {
        const absolute = paths.map((path) => resolve(path));
        const refused = absolute.find((path) => !this.#mayOpen(path));
        if (refused !== undefined)
          throw new RpcError('bad-request', `${refused} ${options.access.cures.open}`);
        return this.open(absolute, follow, signal, replace, join);
      },
      'capture.cancel': async (_params, signal) => {
        // Reading what is captured ends with capturing.
        if (this.#isLive(this.#shown)) await capturer.stop({}, signal);
        return engine['control.cancel']({}, signal);
      },
      'capture.close': async ({ capture = this.#shown }, signal) => {
        if (this.#isLive(capture)) await this.#endCapture(signal);
        this.#looked = this.#looked.filter((other) => other !== capture);
        return engine['control.close']({ capture }, signal);
      },
      'capture.show': async ({ capture }, signal) => {
        await engine['control.show']({ capture }, signal);
        this.#show(capture);
        return null;
      },
      'live.offer': async (_params, signal) => {
        const outlook = await capturer.outlook({}, signal);
        const { filters, lastOptions } = options.memories.recall();
        return {
          ...outlook,
          filterHistory: filters,
          lastOptions: lastOptions ?? defaultOptions(likelyInterface(outlook.interfaces)),
        };
      },
      'live.counters': (_params, signal) => capturer.counters({}, signal),
      'live.checkFilter': (question, signal) => capturer.checkFilter(question, signal),
      'live.command': (params, signal) => capturer.command(params, signal),
      'live.start': async ({ options: wanted }, signal) => {
        await this.#startOnce(wanted, signal);
        return null;
      },
      'live.stop': (_params, signal) => capturer.stop({}, signal),
      'names.list': () => Promise.resolve(names.list()),
      'names.set': ({ names: given }) => Promise.resolve(names.set(given)),
      'names.remove': ({ keys }) => Promise.resolve(names.remove(keys)),
      'trace.command': (question) => tracer.offer(question),
      'trace.start': async (question) => {
        const { target } = question;
        if (!(await options.access.mayTrace(target)))
          throw new RpcError('bad-request', `asking the way to ${target} was not allowed`);
        await tracer.start(question);
        return null;
      },
      'report.pdf': ({ html }, signal) => {
        const { printPdf } = options;
        if (printPdf === undefined)
          throw new RpcError(
            'failed',
            'this host cannot make a PDF: save the report as HTML and print it in any browser',
          );
        return this.#printing.take(() => printPdf(html, signal));
      },
      'trace.read': ({ from }, signal) => tracer.read(from, signal),
      'trace.stop': () => {
        tracer.stop();
        return Promise.resolve(null);
      },
      'live.save': async ({ path }, signal) => {
        const target = resolve(options.captureFolder, path);
        const existing = this.#existingAt(target);
        if (existing === 'refuse' && existsSync(target))
          throw new RpcError('bad-request', `${target} exists already`);
        return capturer.save({ path: target, existing }, signal);
      },
      ...this.#fleet.service,
      ...notesService({
        engine,
        book: options.cases,
        isOpen: (path) => this.#opened.has(path) || isInside(options.captureFolder, path),
        mayKeepBeside: (path) => options.access.mayKeepBeside(path),
        cure: options.access.cures.write,
      }),
    };
  }

  /** Opens what the user named to this very process. */
  async open(
    paths: readonly string[],
    follow: boolean,
    signal: AbortSignal,
    replace = false,
    join = true,
  ): Promise<null> {
    const { engine, opened } = this.#options;
    if (replace && this.#isLive(this.#shown)) await this.#endCapture(signal);
    const capture = ++this.#captures;
    await engine['control.open']({ capture, paths, follow, replace, ...(join ? {} : { join }) }, signal);
    this.#show(capture);
    for (const path of paths) this.#opened.add(path);
    const { samples, lessons } = this.#options;
    opened(paths.filter((path) => !samples.has(path) && !lessons.has(path)));
    return null;
  }

  /** Ends what reads fleets. */
  dispose(): Promise<void> {
    return this.#fleet.dispose();
  }

  get #shown(): CaptureId | null {
    return this.#looked.at(-1) ?? null;
  }

  #show(capture: CaptureId): void {
    this.#looked = [...this.#looked.filter((other) => other !== capture), capture];
  }

  #isLive(capture: CaptureId | null): boolean {
    return capture !== null && capture === this.#live;
  }

  /** @returns what fails once something else is to be shown @throws RpcError where that is so already */
  async #endCapture(signal: AbortSignal): Promise<() => void> {
    const turn = ++this.#turn;
    const ensureNewest = (): void => {
      if (turn !== this.#turn) throw new RpcError('cancelled', 'the capture was ended meanwhile');
    };
    await this.#options.capturer.stop({}, signal);
    this.#live = null;
    ensureNewest();
    return ensureNewest;
  }

  #mayOpen(path: string): boolean {
    const { access, captureFolder, recent, samples, lessons } = this.#options;
    const isOurs = samples.has(path) || lessons.has(path);
    return isOurs || isInside(captureFolder, path) || recent.has(path) || access.mayOpen(path);
  }

  /** @throws RpcError where nothing may be written there */
  #existingAt(target: string): Existing {
    const { access, captureFolder } = this.#options;
    const allowed = access.mayWrite(target);
    if (allowed === 'replace') return 'replace';
    if (allowed === 'no' && !isInside(captureFolder, target)) {
      throw new RpcError('bad-request', `${target} is not in ${captureFolder}${access.cures.write}`);
    }
    return 'refuse';
  }

  async #startOnce(wanted: LiveOptions, signal: AbortSignal): Promise<void> {
    if (this.#isStarting) throw new RpcError('failed', 'a capture is being started');
    this.#isStarting = true;
    try {
      await this.#start(await this.#allowed(wanted), signal);
    } finally {
      this.#isStarting = false;
    }
  }

  /** The options with the folder as a path, once nothing in them is refused. @throws RpcError */
  async #allowed(wanted: LiveOptions): Promise<LiveOptions> {
    const { access, captureFolder } = this.#options;
    const error = await ruleError(wanted.catch);
    if (error !== null) throw new RpcError('bad-request', error);
    const folder = wanted.folder === null ? null : resolve(captureFolder, wanted.folder);
    if (folder !== null && folder !== resolve(captureFolder) && !isInside(captureFolder, folder)) {
      if (!(await access.mayCaptureInto(folder)))
        throw new RpcError('bad-request', `${folder} is not in ${captureFolder}${access.cures.write}`);
    }
    for (const place of [wanted, wanted.second]) {
      // Another source takes no notice of the host.
      const host = place?.source === 'ssh' ? place.host : null;
      if (host !== null && !(await access.mayCaptureOn(host))) {
        throw new RpcError(
          'bad-request',
          `capturing on ${host} over ssh was not allowed${access.cures.ssh(host)}`,
        );
      }
    }
    return { ...wanted, folder };
  }

  async #start(options: LiveOptions, signal: AbortSignal): Promise<void> {
    const { engine, capturer, memories } = this.#options;
    const ensureNewest = await this.#endCapture(signal);
    const capture = ++this.#captures;
    const joined = options.second === null ? {} : { joined: ++this.#captures };
    await engine['control.awaitLive']({ capture, options, ...joined }, signal);
    ensureNewest();
    await capturer.start({ capture, options }, signal);
    try {
      ensureNewest();
      await engine['control.openLive']({ capture }, signal);
      this.#live = capture;
      this.#show(capture);
    } catch (error) {
      await capturer.stop({}, signal);
      throw error;
    }
    memories.remember(options);
  }
}
