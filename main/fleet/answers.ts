/** A fleet’s answers out of whichever store keeps it. */
import type { FleetResetId, FleetScope } from '../../shared/model/fleet.ts';
import type { FleetService } from './fleet-service.ts';
import { joinReset, joinScope } from './join/join.ts';
import { openStore, type StoreNeeds } from './open-store.ts';
import { kindOfPlace } from './place.ts';
import { Asking } from './questions/asking.ts';
import { coverageOf } from './questions/coverage.ts';
import { findingsOf } from './questions/findings.ts';
import { resetsOf } from './questions/resets.ts';
import { summaryOf } from './questions/summary.ts';
import { talkersOf } from './questions/talkers.ts';
import { timelineOf } from './questions/timeline.ts';
import { FleetError, type FleetStore } from './store.ts';

export class FleetAnswers implements FleetService {
  readonly #needs: StoreNeeds;
  #store: FleetStore | undefined;

  constructor(needs: StoreNeeds) {
    this.#needs = needs;
  }

  async open(place: string, signal: AbortSignal): ReturnType<FleetService['open']> {
    await this.close();
    this.#store = await openStore(place, this.#needs, signal);
    return summaryOf(new Asking(this.#store, signal), kindOfPlace(place));
  }

  coverage(scope: FleetScope, signal: AbortSignal): ReturnType<FleetService['coverage']> {
    return coverageOf(this.#asking(signal), scope);
  }

  findings(scope: FleetScope, limit: number, signal: AbortSignal): ReturnType<FleetService['findings']> {
    return this.#covered(scope, signal, (asking) => findingsOf(asking, scope, limit));
  }

  timeline(scope: FleetScope, stretches: number, signal: AbortSignal): ReturnType<FleetService['timeline']> {
    return this.#covered(scope, signal, (asking) => timelineOf(asking, scope, stretches));
  }

  talkers(scope: FleetScope, limit: number, signal: AbortSignal): ReturnType<FleetService['talkers']> {
    return this.#covered(scope, signal, (asking) => talkersOf(asking, scope, limit));
  }

  resets(scope: FleetScope, limit: number, signal: AbortSignal): ReturnType<FleetService['resets']> {
    return this.#covered(scope, signal, (asking) => resetsOf(asking, scope, limit));
  }

  joinOne(reset: FleetResetId, signal: AbortSignal): ReturnType<FleetService['joinOne']> {
    return joinReset(this.#asking(signal), reset);
  }

  join(scope: FleetScope, limit: number, signal: AbortSignal): ReturnType<FleetService['join']> {
    return this.#covered(scope, signal, (asking) => joinScope(asking, scope, limit));
  }

  async sql(statement: string, limit: number, signal: AbortSignal): ReturnType<FleetService['sql']> {
    return this.#opened().sql(statement, { limit, signal });
  }

  async close(): Promise<void> {
    const store = this.#store;
    this.#store = undefined;
    await store?.close();
  }

  #opened(): FleetStore {
    if (this.#store === undefined) throw new FleetError('failed', 'No fleet is open.');
    return this.#store;
  }

  #asking(signal: AbortSignal): Asking {
    return new Asking(this.#opened(), signal);
  }

  async #covered<T>(
    scope: FleetScope,
    signal: AbortSignal,
    answer: (asking: Asking) => Promise<T>,
  ): Promise<T & { readonly coverage: Awaited<ReturnType<FleetService['coverage']>> }> {
    const asking = this.#asking(signal);
    const answered = await answer(asking);
    return { ...answered, coverage: await coverageOf(asking, scope) };
  }
}
