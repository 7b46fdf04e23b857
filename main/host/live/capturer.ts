/** Answers a host for its capture process: what there is to capture, and one capture at a time. */
import { Emitter } from '../../../shared/base/event.ts';
import { RpcError } from '../../../shared/contract/errors.ts';
import type { FilterQuestion } from '../../../shared/contract/methods.ts';
import { errorText } from '../../../shared/format/error.ts';
import type { FilterCheck, LiveOptions } from '../../../shared/model/live.ts';
import { diagnose } from '../../capture/live/doctor/doctor.ts';
import { collectFacts } from '../../capture/live/doctor/doctor-facts.ts';
import { checkFilter } from '../../capture/live/doctor/filter-check.ts';
import { findPrograms } from '../../capture/live/doctor/find-programs.ts';
import { helperList, readCounters } from '../../capture/live/doctor/interfaces.ts';
import { probeSources } from '../../capture/live/doctor/probe.ts';
import { freeSpaceOf } from '../../capture/live/ring/free-space.ts';
import { commandText } from '../../capture/live/sources/source.ts';
import { monotonicMs } from '../monotonic.ts';
import type {
  CaptureId,
  CaptureOutlook,
  CaptureService,
  CaptureTold,
  CaseOrder,
  KeptCase,
} from './capture-contract.ts';
import type { RunningCapture } from './capture-pair.ts';
import { captureOf } from './capture-pair.ts';
import { LiveStartError, planLaunch } from './capture-run.ts';
import type { LiveParts } from './live-parts.ts';
import { makeFolder } from './make-folder.ts';
import { ToldThrottle } from './told-throttle.ts';

/** The newest capture, and the one before, whose last cases may still be asked for. */
const MAX_RUNS = 2;

export class Capturer {
  readonly told = new Emitter<CaptureTold>();
  readonly #parts: LiveParts;
  readonly #throttle = new ToldThrottle((told) => this.told.emit(told), monotonicMs);
  /** By their ids, oldest first. */
  readonly #runs = new Map<CaptureId, RunningCapture>();
  #newest: RunningCapture | undefined;

  constructor(parts: LiveParts) {
    this.#parts = parts;
  }

  readonly service: CaptureService = {
    outlook: () => this.#outlook(),
    counters: () => readCounters(),
    checkFilter: (question) => this.#checkFilter(question),
    command: async ({ options }) => {
      try {
        return commandText(await planLaunch(options, this.#parts));
      } catch (error) {
        throw asRpcError(error);
      }
    },
    start: async ({ capture, options }) => {
      await this.#start(capture, options);
      return null;
    },
    stop: async () => {
      await this.#newest?.stop();
      return null;
    },
    save: async ({ path, existing }) => {
      if (this.#newest === undefined) throw new RpcError('not-found', 'nothing was captured');
      try {
        return await this.#newest.save(path, existing);
      } catch (error) {
        throw new RpcError('failed', errorText(error));
      }
    },
    keepCase: (order) => this.#keepCase(order),
  };

  async #start(capture: CaptureId, options: LiveOptions): Promise<void> {
    await this.#newest?.stop();
    const run = captureOf(options, this.#parts, (message, place) => {
      this.#throttle.push({ capture, message, ...(place === undefined ? {} : { place }) });
    });
    this.#newest = run;
    this.#runs.set(capture, run);
    for (const old of [...this.#runs.keys()].slice(0, -MAX_RUNS)) this.#runs.delete(old);
    try {
      await run.start();
    } catch (error) {
      throw asRpcError(error);
    }
  }

  async #keepCase({ capture, ...order }: CaseOrder): Promise<KeptCase> {
    const run = this.#runs.get(capture);
    if (run === undefined) throw new RpcError('not-found', 'that capture was let go');
    return run.keepCase(order);
  }

  async #outlook(): Promise<CaptureOutlook> {
    const { places, run, captureFolder } = this.#parts;
    const programs = await findPrograms(places);
    const [{ sources, interfaces }, freeBytes] = await Promise.all([
      probeSources(programs, run),
      freeSpace(captureFolder),
    ]);
    const diagnosis = diagnose(await collectFacts(places, sources, run));
    return { interfaces, diagnosis, folder: captureFolder, freeBytes };
  }

  async #checkFilter({ interface: name, filter }: FilterQuestion): Promise<FilterCheck> {
    const { places, run } = this.#parts;
    const programs = await findPrograms(places);
    const list = programs.helper === null ? undefined : await helperList(programs.helper, run);
    const linkType = list?.interfaces.find((one) => one.name === name)?.linkTypes?.[0] ?? null;
    return checkFilter(filter, linkType, programs, run);
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
