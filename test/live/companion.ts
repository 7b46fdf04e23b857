/** The product captures live at all three places of a topology while the lab makes resets there. */
import { join } from 'node:path';
import type { LabelledCapture } from '../lab/output.ts';
import type { Place } from '../lab/places.ts';
import { PLACES } from '../lab/places.ts';
import type { TopologyPlan } from '../lab/plan.ts';
import type { ProcessGroup } from '../lab/processes.ts';
import type { CapturePoint, Companion } from '../lab/topology-run.ts';
import type { Topology } from '../lab/topology.ts';
import type { RawCapture } from '../lab/frames.ts';
import { compare, type PlaceReport } from './compare.ts';
import { ProductCapture, type ProductResult } from './product-capture.ts';

export class LiveCompanion implements Companion {
  readonly #plan: TopologyPlan;
  readonly #group: ProcessGroup;
  readonly #cli: string;
  readonly #folder: string;
  readonly #report: (report: PlaceReport) => void;
  readonly #captures = new Map<Place, ProductCapture>();
  readonly #results = new Map<Place, ProductResult>();

  /** @param cli the built command line @param folder where its captures go */
  constructor(
    plan: TopologyPlan,
    group: ProcessGroup,
    cli: string,
    folder: string,
    report: (report: PlaceReport) => void,
  ) {
    this.#plan = plan;
    this.#group = group;
    this.#cli = cli;
    this.#folder = folder;
    this.#report = report;
  }

  async start(topology: Topology, where: Readonly<Record<Place, CapturePoint>>): Promise<void> {
    for (const place of PLACES) {
      const folder = join(this.#folder, this.#plan.name, place);
      const capture = await ProductCapture.start(topology, this.#group, this.#cli, where[place], folder);
      this.#captures.set(place, capture);
    }
  }

  async stop(): Promise<void> {
    for (const [place, capture] of this.#captures) this.#results.set(place, await capture.stop());
  }

  judge(label: (place: Place, raw: RawCapture) => LabelledCapture): void {
    for (const [place, result] of this.#results)
      this.#report(compare(this.#plan.name, place, label(place, result.raw), result));
  }
}
