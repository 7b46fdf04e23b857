/** Answers the contract's `live.*` methods. One capture at a time; what it captures is opened as any capture is. */
import { isAbsolute, join } from 'node:path';
import { Emitter } from '../../../shared/base/event.ts';
import { RpcError } from '../../../shared/contract/errors.ts';
import type { Events, FilterQuestion } from '../../../shared/contract/methods.ts';
import { errorText } from '../../../shared/format/error.ts';
import type {
  CaptureOffer,
  CaughtCase,
  FilterCheck,
  LiveOptions,
  LiveStatus,
} from '../../../shared/model/live.ts';
import { NO_LIVE } from '../../../shared/model/live.ts';
import type { Service } from '../../../shared/rpc/service.ts';
import { diagnose } from '../../capture/live/doctor/doctor.ts';
import { collectFacts } from '../../capture/live/doctor/doctor-facts.ts';
import { checkFilter } from '../../capture/live/doctor/filter-check.ts';
import { findPrograms } from '../../capture/live/doctor/find-programs.ts';
import { helperList, readCounters } from '../../capture/live/doctor/interfaces.ts';
import { probeSources } from '../../capture/live/doctor/probe.ts';
import { freeSpaceOf } from '../../capture/live/ring/free-space.ts';
import { WriteError } from '../../capture/whole-file.ts';
import { commandText } from '../../capture/live/sources/source.ts';
import type { LiveMemory, Notice } from '../host-contract.ts';
import { LiveAnalysis, ruleError } from './live-analysis.ts';
import { LiveStartError, planLaunch } from './live-capture.ts';
import { defaultOptions, likelyInterface } from './live-defaults.ts';
import type { LiveParts } from './live-parts.ts';
import { makeFolder } from './make-folder.ts';

/** What live capture needs of whoever hosts it. */
export interface LiveHost {
  readonly live: LiveParts;
  liveMemory(): Promise<LiveMemory>;
  /** Keeps the options of a capture that has started. */
  rememberLive(options: LiveOptions): void;
  /** A case was caught; somebody may want to look. */
  notify(notice: Notice): void;
}

export class LiveService {
  readonly changed = new Emitter<Events['live']>();
  readonly #host: LiveHost;
  readonly #open: (live: LiveAnalysis) => Promise<void>;
  readonly #wasPicked: (path: string) => boolean;
  #live: LiveAnalysis | undefined;
  /** A start is under way; a second one is refused. */
  #isStarting = false;

  /**
   * @param open closes what is open, and opens the live capture instead
   * @param wasPicked the user chose the path in a dialog, which asks whether to replace what is there
   */
  constructor(
    host: LiveHost,
    open: (live: LiveAnalysis) => Promise<void>,
    wasPicked: (path: string) => boolean,
  ) {
    this.#host = host;
    this.#open = open;
    this.#wasPicked = wasPicked;
  }

  readonly service: Pick<Service, Extract<keyof Service, `live.${string}`>> = {
    'live.offer': () => this.#offer(),
    'live.counters': () => readCounters(),
    'live.checkFilter': (question) => this.#checkFilter(question),
    'live.command': async ({ options }) => {
      try {
        return commandText(await planLaunch(options, this.#host.live));
      } catch (error) {
        throw asRpcError(error);
      }
    },
    'live.start': async ({ options }) => {
      await this.#start(options);
      return null;
    },
    'live.stop': async () => {
      await this.stop();
      return null;
    },
    'live.status': () => Promise.resolve(this.status),
    'live.catch': ({ rule }) => {
      const error = ruleError(rule);
      if (error !== null) return Promise.reject(new RpcError('bad-request', error));
      if (this.#live === undefined || this.#live.capture.isEnded) {
        return Promise.reject(new RpcError('not-found', 'nothing is being captured'));
      }
      this.#live.setRule(rule);
      return Promise.resolve(null);
    },
    'live.save': ({ path }) => this.#save(path, this.#wasPicked(path) ? 'replace' : 'refuse'),
  };

  get status(): LiveStatus {
    return this.#live?.capture.status ?? NO_LIVE;
  }

  /** Ends the capture, if one runs; answers when all is on disk. */
  async stop(): Promise<void> {
    await this.#live?.capture.stop();
  }

  async #start(options: LiveOptions): Promise<void> {
    const error = ruleError(options.catch);
    if (error !== null) throw new RpcError('bad-request', error);
    if (this.#isStarting) throw new RpcError('failed', 'a capture is being started');
    this.#isStarting = true;
    try {
      await this.stop();
      const live = new LiveAnalysis(options, this.#host.live);
      this.#live = live;
      live.capture.changed.on((status) => {
        if (this.#live === live) this.changed.emit(status);
      });
      await live.start();
      await this.#open(live);
      this.#host.rememberLive(options);
    } catch (failure) {
      throw asRpcError(failure);
    } finally {
      this.#isStarting = false;
    }
  }

  /** Notifies the user, who may not be looking. */
  readonly onCaught = (caught: CaughtCase): void => {
    const { client, server, summary } = caught;
    this.#host.notify({ title: `Reset caught: ${client} → ${server}`, text: summary });
  };

  async #offer(): Promise<CaptureOffer> {
    const { live } = this.#host;
    const programs = await findPrograms(live.places);
    const [{ sources, interfaces }, memory, freeBytes] = await Promise.all([
      probeSources(programs, live.run),
      this.#host.liveMemory(),
      freeSpace(live.captureFolder),
    ]);
    return {
      interfaces,
      diagnosis: diagnose(await collectFacts(live.places, sources, live.run)),
      folder: live.captureFolder,
      freeBytes,
      filterHistory: memory.filters,
      lastOptions: memory.lastOptions ?? defaultOptions(likelyInterface(interfaces)),
    };
  }

  async #checkFilter({ interface: name, filter }: FilterQuestion): Promise<FilterCheck> {
    const { places, run } = this.#host.live;
    const programs = await findPrograms(places);
    const list = programs.helper === null ? undefined : await helperList(programs.helper, run);
    const linkType = list?.interfaces.find((one) => one.name === name)?.linkTypes?.[0] ?? null;
    return checkFilter(filter, linkType, programs, run);
  }

  async #save(path: string, existing: 'refuse' | 'replace'): Promise<string> {
    const capture = this.#live?.capture;
    if (capture === undefined || capture.files.length === 0)
      throw new RpcError('not-found', 'nothing was captured');
    const folder = capture.status.folder ?? this.#host.live.captureFolder;
    const target = isAbsolute(path) ? path : join(folder, path);
    if (capture.files.some((file) => file.path === target)) {
      throw new RpcError('bad-request', `${target} is a file of the ring itself`);
    }
    try {
      await capture.save(target, existing);
    } catch (error) {
      const why =
        error instanceof WriteError ? error.message : `${target} could not be written (${errorText(error)})`;
      throw new RpcError('failed', why);
    }
    return target;
  }
}

function asRpcError(error: unknown): unknown {
  return error instanceof LiveStartError ? new RpcError('failed', error.message) : error;
}

async function freeSpace(folder: string): Promise<number | null> {
  try {
    await makeFolder(folder);
  } catch {
    return null;
  }
  const { bytes } = await freeSpaceOf(folder, 0);
  return bytes;
}
