/** A fleet for unit tests: answers out of what a test can change, and notes what it was asked. */
import { RpcError } from '../../shared/contract/errors.ts';
import type { FleetCase, FleetMethods, FleetPlace } from '../../shared/contract/fleet-methods.ts';
import { storeOf, withoutPassword } from '../../shared/fleet/place-name.ts';
import type { FleetScope } from '../../shared/model/fleet.ts';
import type { ServiceOf } from '../../shared/rpc/service.ts';
import {
  sampleCoverage,
  sampleFleetBuckets,
  sampleFleetFinding,
  sampleFleetJoin,
  sampleFleetReset,
  sampleFleetSummary,
  sampleFleetTalker,
} from './sample-fleet.ts';

export class FakeFleet {
  places: readonly FleetPlace[] = [];
  start: string | null = null;
  canPick = false;
  canType = false;
  picked: string | null = null;
  summary = sampleFleetSummary();
  coverage = sampleCoverage();
  findings = [
    sampleFleetFinding(),
    sampleFleetFinding({
      origin: 'endpoint',
      originSide: 'server',
      cause: 'connection-refused',
      example: { capture: '77', segment: 0, reset: 1 },
      server: '192.0.2.9:8443',
      serverName: null,
      count: 320,
      matters: 12,
      hosts: 1,
      sites: ['berlin'],
    }),
    sampleFleetFinding({
      origin: 'unknown',
      originSide: null,
      cause: 'unknown',
      example: { capture: '78', segment: 2, reset: 4 },
      server: '192.0.2.8:80',
      serverName: null,
      count: 71,
      matters: 0,
      hosts: 1,
      sites: ['tokyo'],
      meanConfidence: 0.5,
    }),
  ];
  totalFindings = 3;
  buckets = sampleFleetBuckets();
  talkers = Array.from({ length: 6 }, (_, at) => sampleFleetTalker(at));
  resets = Array.from({ length: 8 }, (_, at) => sampleFleetReset(at));
  totalResets = 1_536;
  join = sampleFleetJoin();
  opened: FleetCase = { opened: 'case', paths: ['/srv/fleet/case.pcapng'], frame: null, why: null };
  /** What opening and questions run into, if anything. */
  openError: RpcError | null = null;
  askError: RpcError | null = null;
  /** What opening and each question are held up by. */
  before: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  /** What was asked, in order. */
  readonly asked: (readonly [method: keyof FleetMethods, params: unknown])[] = [];
  /** Questions that were given up. */
  stopped = 0;

  readonly service: ServiceOf<FleetMethods> = {
    'fleet.places': () =>
      Promise.resolve({
        places: this.places,
        start: this.start,
        canPick: this.canPick,
        canType: this.canType,
      }),
    'fleet.pickFolder': () => Promise.resolve(this.picked),
    'fleet.open': async ({ place }, signal) => {
      this.asked.push(['fleet.open', { place }]);
      await this.#held(signal);
      if (this.openError !== null) throw this.openError;
      const name = withoutPassword(place);
      if (!this.places.some((one) => one.place === name))
        this.places = [{ place: name, store: storeOf(name), openedMs: 0 }, ...this.places];
      return { place: name, summary: { ...this.summary, name } };
    },
    'fleet.coverage': ({ scope }, signal) => this.#answer('fleet.coverage', scope, signal, this.coverage),
    'fleet.findings': ({ scope, limit }, signal) =>
      this.#answer('fleet.findings', scope, signal, {
        findings: this.findings.slice(0, limit),
        total: this.totalFindings,
        coverage: this.coverage,
      }),
    'fleet.timeline': ({ scope }, signal) =>
      this.#answer('fleet.timeline', scope, signal, {
        bucketMs: 3_600_000,
        buckets: this.buckets,
        coverage: this.coverage,
      }),
    'fleet.talkers': ({ scope, limit }, signal) =>
      this.#answer('fleet.talkers', scope, signal, {
        talkers: this.talkers.slice(0, limit),
        total: this.talkers.length,
        coverage: this.coverage,
      }),
    'fleet.resets': ({ scope, limit }, signal) =>
      this.#answer('fleet.resets', scope, signal, {
        resets: this.resets.slice(0, limit),
        total: this.totalResets,
        coverage: this.coverage,
      }),
    'fleet.join': async ({ reset }, signal) => {
      this.asked.push(['fleet.join', reset]);
      await this.#held(signal);
      if (this.askError !== null) throw this.askError;
      return { ...this.join, reset: { ...this.join.reset, ...reset } };
    },
    'fleet.openCase': ({ reset }) => {
      this.asked.push(['fleet.openCase', reset]);
      return Promise.resolve(this.opened);
    },
    'fleet.close': () => Promise.resolve(null),
  };

  /** The scopes that a method was asked for. */
  scopesOf(method: keyof FleetMethods): unknown[] {
    return this.asked.filter(([name]) => name === method).map(([, scope]) => scope);
  }

  async #answer<T>(method: keyof FleetMethods, scope: FleetScope, signal: AbortSignal, value: T): Promise<T> {
    this.asked.push([method, scope]);
    await this.#held(signal);
    if (this.askError !== null) throw this.askError;
    return value;
  }

  async #held(signal: AbortSignal): Promise<void> {
    await Promise.race([
      this.before(signal),
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          this.stopped++;
          reject(new RpcError('cancelled', 'stopped'));
        });
      }),
    ]);
  }
}
