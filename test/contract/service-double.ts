/** A service that answers with what it was asked, for tests of what carries it. */
import { Emitter } from '../../shared/base/event.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { Events, MethodName } from '../../shared/contract/methods.ts';
import type { Progress } from '../../shared/model/capture.ts';
import type { StreamPage } from '../../shared/model/stream.ts';
import { NO_NOTES } from '../../shared/model/notes.ts';
import { NO_LIVE } from '../../shared/model/live.ts';
import type { Service } from '../../shared/rpc/service.ts';
import type { EngineSide } from '../../main/host/host-contract.ts';

export const PROGRESS: Progress = {
  phase: 'reading',
  revision: 7,
  bytesRead: 2 ** 40,
  bytesTotal: 2 ** 41,
  packets: 3,
  flows: 2,
  resets: 1,
  waiting: 0,
  unjudged: 0,
  error: null,
};

/** A page of a stream with nothing but these bytes. */
export function streamPage(bytes: Uint8Array): StreamPage {
  const own = { bytes: bytes.length, missing: 0, repeated: 0 };
  return {
    revision: 1,
    protocol: 'tcp',
    looksLike: null,
    place: 0,
    next: bytes.length,
    total: bytes.length,
    totals: { client: own, server: { ...own, bytes: 0 } },
    pieces: [{ kind: 'data', from: 'client', place: 0, offset: 0, packet: 0, frame: 1, timeNs: 0, bytes }],
    unacknowledged: [],
    conflicts: [],
    olderLeftOut: false,
  };
}

type Override = Partial<Service>;

export class ServiceDouble {
  readonly progress = new Emitter<Events['progress']>();
  readonly live = new Emitter<Events['live']>();
  readonly captures = new Emitter<Events['captures']>();
  readonly openRequest = new Emitter<Events['open-request']>();
  readonly calls: { readonly method: MethodName; readonly params: unknown; readonly signal: AbortSignal }[] =
    [];
  readonly service: Service;

  constructor(override: Override = {}) {
    const refused = (): never => {
      throw new RpcError('not-found', 'no capture is open');
    };
    const base: Service = {
      'host.capabilities': () =>
        Promise.resolve({ host: 'server', pickFiles: false, upload: true, version: '0' }),
      'host.recent': () => Promise.resolve([]),
      'host.samples': () => Promise.resolve([]),
      'host.openSample': () => Promise.resolve(null),
      'host.lessons': () => Promise.resolve([]),
      'host.lesson': refused,
      'host.openLesson': () => Promise.resolve(null),
      'host.openInWireshark': () => Promise.resolve({ command: 'wireshark', why: null }),
      'host.forgetRecent': () => Promise.resolve(null),
      'host.pickFiles': () => Promise.resolve([]),
      'host.pickSavePath': () => Promise.resolve(null),
      'report.make': refused,
      'report.pdf': ({ html }) => Promise.resolve(new TextEncoder().encode(html)),
      'capture.open': () => Promise.resolve(null),
      'capture.list': () => Promise.resolve([]),
      'capture.show': () => Promise.resolve(null),
      'capture.cancel': () => Promise.resolve(null),
      'capture.close': () => Promise.resolve(null),
      'capture.progress': () => Promise.resolve(PROGRESS),
      'capture.summary': refused,
      'capture.overview': refused,
      'capture.timeline': refused,
      'capture.findings': refused,
      'capture.endings': refused,
      'failures.rows': ({ from }) => Promise.resolve({ revision: 1, total: 0, from, rows: [] }),
      'failures.detail': refused,
      'failures.position': () => Promise.resolve(-1),
      'resets.rows': ({ from, count }) =>
        Promise.resolve({ revision: 1, total: 5000, from, rows: new Uint8Array(count).fill(0xab) }),
      'resets.detail': refused,
      'resets.position': ({ id }) => Promise.resolve(id),
      'resets.at': () => Promise.resolve(-1),
      'resets.frame': () => Promise.resolve(null),
      'packets.frame': () => Promise.resolve(null),
      'flows.rows': ({ from }) => Promise.resolve({ revision: 1, total: 0, from, rows: new Uint8Array() }),
      'flows.position': () => Promise.resolve(-1),
      'endpoints.rows': ({ from }) =>
        Promise.resolve({ revision: 1, total: 0, from, rows: new Uint8Array() }),
      'endpoints.position': () => Promise.resolve(-1),
      'packets.rows': ({ from }) => Promise.resolve({ revision: 1, total: 0, from, rows: new Uint8Array() }),
      'packets.position': () => Promise.resolve(-1),
      'packets.find': () => Promise.resolve(-1),
      'packets.at': () => Promise.resolve(-1),
      'capture.join': refused,
      'packets.places': refused,
      'reproduce.script': refused,
      'packets.detail': refused,
      'filter.values': () => Promise.resolve([]),
      'filter.stop': () => Promise.resolve(null),
      'flows.account': refused,
      'flows.joinedLadder': refused,
      'flows.ladder': refused,
      'flows.series': refused,
      'packets.messages': ({ packets }) => Promise.resolve(packets.map(() => '')),
      'flows.stream': refused,
      'flows.search': refused,
      'flows.messages': refused,
      'export.start': refused,
      'export.read': refused,
      'export.stop': () => Promise.resolve(null),
      'live.offer': refused,
      'live.counters': () => Promise.resolve({ atMs: 0, interfaces: [] }),
      'live.checkFilter': () => Promise.resolve({ ok: true, message: null }),
      'live.command': ({ options }) => Promise.resolve(`capture ${options.interface}`),
      'live.start': () => Promise.resolve(null),
      'live.stop': () => Promise.resolve(null),
      'live.status': () => Promise.resolve(NO_LIVE),
      'live.catch': () => Promise.resolve(null),
      'live.save': ({ path }) => Promise.resolve(path),
      'notes.read': () => Promise.resolve(NO_NOTES),
      'notes.put': refused,
      'notes.mark': refused,
      'notes.remove': refused,
      'notes.undo': refused,
      'notes.redo': refused,
      'notes.keepBeside': refused,
      'names.list': () => Promise.resolve([]),
      'names.set': ({ names }) => Promise.resolve(names),
      'names.remove': () => Promise.resolve([]),
      'trace.command': ({ target, port }) =>
        Promise.resolve({ command: `traceroute -n -T -p ${port} ${target}`, refusal: null }),
      'trace.start': () => Promise.resolve(null),
      'trace.read': () => Promise.resolve({ text: '', ended: 'it ended', isWhole: true }),
      'trace.stop': () => Promise.resolve(null),
      'fleet.places': () => Promise.resolve({ places: [], start: null, canPick: false, canType: false }),
      'fleet.pickFolder': () => Promise.resolve(null),
      'fleet.open': refused,
      'fleet.coverage': refused,
      'fleet.findings': refused,
      'fleet.timeline': refused,
      'fleet.talkers': refused,
      'fleet.resets': refused,
      'fleet.join': refused,
      'fleet.openCase': refused,
      'fleet.close': () => Promise.resolve(null),
      ...override,
    };
    this.service = Object.fromEntries(
      Object.entries(base).map(([method, answer]) => [
        method,
        (params: never, signal: AbortSignal) => {
          this.calls.push({ method: method as MethodName, params, signal });
          return (answer as (params: never, signal: AbortSignal) => Promise<unknown>)(params, signal);
        },
      ]),
    ) as unknown as Service;
  }

  get events(): {
    readonly progress: Emitter<Events['progress']>;
    readonly 'open-request': Emitter<Events['open-request']>;
    readonly live: Emitter<Events['live']>;
    readonly captures: Emitter<Events['captures']>;
  } {
    return {
      progress: this.progress,
      'open-request': this.openRequest,
      live: this.live,
      captures: this.captures,
    };
  }
}

/** The double as an engine: what it is told to do it does at once. */
export function engineSideOf({ service }: ServiceDouble): EngineSide {
  return {
    ...service,
    'control.open': service['capture.open'],
    'control.cancel': service['capture.cancel'],
    'control.show': service['capture.show'],
    'control.close': ({ capture }, signal) =>
      service['capture.close'](capture === null ? {} : { capture }, signal),
    'control.awaitLive': () => Promise.resolve(null),
    'control.capture': () => Promise.resolve(null),
    'control.openLive': () => Promise.resolve(null),
    'control.noted': () =>
      Promise.resolve({ why: 'this is a double', files: [], comments: [], moreComments: 0 }),
    'control.anchors': ({ targets }) => Promise.resolve(targets.map(() => null)),
    'control.notePlaces': () => Promise.resolve([]),
  };
}

/** Never settles before the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new RpcError('cancelled', 'stopped'));
    });
  });
}
