/** What other flows, and the other tries of the same one, say of a reset. One object serves all resets, as the facts do. */
import { MadeFlows } from '../../flow/made-flows.ts';
import type { ResetFacts } from '../observe/facts.ts';
import type { FlowWindow } from '../observe/flow-window.ts';
import type { CaptureView } from '../observe/view.ts';
import { Attempt, observeAttempt } from './attempts.ts';
import { PortIndex } from './port-index.ts';
import { Refusal, readRefusal } from './refusals.ts';
import { Scans } from './scans.ts';
import { ServiceHistories } from './service-history.ts';
import { Twin, observeTwin } from './twins.ts';

export class Across {
  readonly attempt = new Attempt();
  readonly twin = new Twin();
  readonly refusal = new Refusal();
  readonly scans: Scans;
  readonly #view: CaptureView;
  readonly #ports: PortIndex;
  readonly #made: MadeFlows;
  readonly #services: ServiceHistories;

  constructor(view: CaptureView) {
    this.#view = view;
    this.#ports = new PortIndex(view);
    this.#made = new MadeFlows(view.flows);
    this.#services = new ServiceHistories(view);
    this.scans = new Scans(view);
  }

  /** More packets were read: forgets what was learned from fewer. */
  clear(): void {
    this.#ports.clear();
    this.#made.clear();
    this.#services.clear();
    this.scans.clear();
  }

  /** Looks around the reset of which all facts were observed. */
  observe(w: FlowWindow, f: ResetFacts): void {
    observeAttempt(this.#view, this.#ports, this.#made, w, f, this.attempt);
    observeTwin(this.#view, this.#ports, w, f, this.twin);
    this.refusal.clear();
    if (f.sender !== 1 || f.established || f.packetsBefore[1] > 0) return;
    const history = this.#services.of(f.flow);
    if (history !== undefined) readRefusal(history, f.time, this.refusal);
  }
}
