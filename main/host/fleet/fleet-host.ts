/**
 * Answers pages what they ask of a fleet: decides which places they may look at, has each read by a process of its own, and opens the
 * captures behind resets.
 *
 * Invariant: at most MAX_OPEN places are open; the one that nobody asked for longest is closed.
 */
import { isAbsolute } from 'node:path';
import type { FleetCase, FleetMethods } from '../../../shared/contract/fleet-methods.ts';
import { RpcError } from '../../../shared/contract/errors.ts';
import type { ErrorCode } from '../../../shared/contract/methods.ts';
import { storeOf } from '../../../shared/fleet/place-name.ts';
import { errorText } from '../../../shared/format/error.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import type { FleetResetId, FleetSummary } from '../../../shared/model/fleet.ts';
import type { ServiceOf } from '../../../shared/rpc/service.ts';
import type { Access } from '../access.ts';
import { findCase } from './case-place.ts';
import type { FleetPlaces } from './fleet-places.ts';
import { nameOf } from './fleet-places.ts';
import type { FleetReader } from './fleet-reader.ts';

/** Each is a process with the memory of a database. */
const MAX_OPEN = 3;
const MAX_TOLD = 300;

export interface FleetHostOptions {
  readonly access: Access;
  readonly places: Pick<FleetPlaces, 'named' | 'start' | 'recent' | 'learn' | 'whole' | 'opened'>;
  /** Starts what reads one place. */
  readonly start: () => FleetReader;
  /** A folder that the user picks in a dialog of the host; absent where it has none. */
  readonly pickFolder?: () => Promise<string | null>;
}

/** What opens captures: the broker. */
export interface CaptureOpener {
  mayOpen(path: string): boolean;
  open(paths: readonly string[], signal: AbortSignal): Promise<unknown>;
}

export class FleetHost {
  readonly #options: FleetHostOptions;
  readonly #captures: CaptureOpener;
  readonly service: ServiceOf<FleetMethods>;
  /** By the names of places, the one that was asked last at the end. */
  readonly #open = new Map<string, FleetReader>();

  constructor(options: FleetHostOptions, captures: CaptureOpener) {
    this.#options = options;
    this.#captures = captures;
    const { access, places, pickFolder } = options;
    this.service = {
      'fleet.places': () => {
        const named = places.named.map((place) => ({ place, store: storeOf(place), openedMs: null }));
        const recent = access.fleets === 'named' ? [] : places.recent();
        return Promise.resolve({
          places: [...named, ...recent.filter(({ place }) => !places.named.includes(place))],
          start: places.start,
          canPick: pickFolder !== undefined,
          canType: access.fleets !== 'named',
        });
      },
      'fleet.pickFolder': () => pickFolder?.() ?? Promise.resolve(null),
      'fleet.open': ({ place }, signal) => this.#openPlace(place, signal),
      'fleet.coverage': ({ place, scope }, signal) => told(() => this.#reader(place).coverage(scope, signal)),
      'fleet.findings': ({ place, scope, limit }, signal) =>
        told(() => this.#reader(place).findings(scope, limit, signal)),
      'fleet.timeline': ({ place, scope, stretches }, signal) =>
        told(() => this.#reader(place).timeline(scope, stretches, signal)),
      'fleet.talkers': ({ place, scope, limit }, signal) =>
        told(() => this.#reader(place).talkers(scope, limit, signal)),
      'fleet.resets': ({ place, scope, limit }, signal) =>
        told(() => this.#reader(place).resets(scope, limit, signal)),
      'fleet.join': ({ place, reset }, signal) => told(() => this.#reader(place).joinOne(reset, signal)),
      'fleet.openCase': ({ place, reset }, signal) => this.#openCase(place, reset, signal),
      'fleet.close': async ({ place }) => {
        await this.#close(place);
        return null;
      },
    };
  }

  /** Ends all that reads. */
  async dispose(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((place) => this.#close(place)));
  }

  async #openPlace(
    place: string,
    signal: AbortSignal,
  ): Promise<{ readonly place: string; readonly summary: FleetSummary }> {
    const { access, places, start } = this.#options;
    const name = nameOf(place);
    if (!(await access.mayLookAt(name)))
      throw new RpcError('bad-request', `${sanitiseText(name, MAX_TOLD)} ${access.cures.fleet}`);
    places.learn(place);
    // Always read anew: what came since is in the answer, and what died meanwhile is started again.
    const reader = start();
    let summary: FleetSummary;
    try {
      summary = await told(() => reader.open(places.whole(name), signal));
    } catch (error) {
      await reader.close().catch(() => undefined);
      throw error;
    }
    await this.#close(name);
    this.#open.set(name, reader);
    places.opened(name);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MAX_OPEN) break;
      await this.#close(oldest);
    }
    return { place: name, summary };
  }

  /** @throws RpcError 'not-found' where it is not open */
  #reader(place: string): FleetReader {
    const reader = this.#open.get(place);
    if (reader === undefined)
      throw new RpcError('not-found', `the fleet ${sanitiseText(place, MAX_TOLD)} is not open`);
    this.#open.delete(place);
    this.#open.set(place, reader);
    return reader;
  }

  async #close(place: string): Promise<void> {
    const reader = this.#open.get(place);
    this.#open.delete(place);
    // One that cannot be ended any more has ended.
    await reader?.close().catch(() => undefined);
  }

  async #openCase(place: string, id: FleetResetId, signal: AbortSignal): Promise<FleetCase> {
    const { reset } = await told(() => this.#reader(place).joinOne(id, signal));
    const { caseName, site, timeMs, file, frame, host } = reset;
    if (caseName !== null && storeOf(place) === 'folder') {
      const path = await findCase(place, { name: caseName, site, timeMs });
      if (path !== undefined) {
        await this.#captures.open([path], signal);
        return { opened: 'case', paths: [path], frame: null, why: null };
      }
    }
    // The table is foreign: it may name a file of this machine, and decides nothing about whether it is opened.
    if (file !== null && isAbsolute(file) && this.#captures.mayOpen(file)) {
      await this.#captures.open([file], signal);
      return { opened: 'capture', paths: [file], frame, why: null };
    }
    const why = whyNoCapture({ caseName, file, frame, host, store: storeOf(place) });
    return { opened: null, paths: [], frame: null, why };
  }
}

interface Kept {
  readonly caseName: string | null;
  readonly file: string | null;
  readonly frame: number | null;
  readonly host: string;
  readonly store: 'folder' | 'clickhouse';
}

/** What stands in the way, and what cures it. */
function whyNoCapture({ caseName, file, frame, host, store }: Kept): string {
  const machine = sanitiseText(host, MAX_TOLD);
  const where =
    file === null
      ? ''
      : ` The capture is ${sanitiseText(file, MAX_TOLD)} on ${machine}${frame === null ? '' : `, frame ${frame}`}.`;
  if (caseName === null)
    return `No case file was kept of this reset.${where} Agents keep one of each reset that \`resetscope live --catch\` waits for.`;
  const name = sanitiseText(caseName, MAX_TOLD);
  if (store === 'clickhouse')
    return `A server keeps tables and no case files: ${name} lies in the folder that ${machine} ships to.${where} Open that folder as a fleet to open it from here.`;
  return `The case file ${name} is not in this folder.${where} Ship the folder cases along with the tables, or look for it in the spool of ${machine}.`;
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  'bad-query': 'bad-request',
  'not-a-fleet': 'unreadable',
};

/** What a store says went wrong is for people; it crosses to the page with one of the page's codes. */
async function told<T>(answer: () => Promise<T>): Promise<T> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof RpcError || !(error instanceof Error)) throw error;
    const code: unknown = Reflect.get(error, 'code');
    if (error.name !== 'FleetError' || typeof code !== 'string') throw error;
    throw new RpcError(CODES[code] ?? 'failed', errorText(error));
  }
}
