/** What all places of a live lab come to, for people; and whether it is good enough. */
import type { PlaceReport } from './compare.ts';

/** Shares of resets; the fixtures' floors say more (test/lab/floors.json), this is what must hold while it happens. */
const LEAST_RIGHT = 0.95;
const MOST_FALSE_ACCUSATIONS = 0.005;
/** A run that the kernel never spoke in proves nothing about its word. */
const LEAST_WITNESSED = 20;

export interface LiveSummary {
  readonly lines: readonly string[];
  readonly failures: readonly string[];
}

export function summarize(reports: readonly PlaceReport[], kernelKnown: boolean): LiveSummary {
  const total = {
    resets: sum(reports, (r) => r.resets),
    right: sum(reports, (r) => r.right),
    genuine: sum(reports, (r) => r.genuine),
    falseAccusations: sum(reports, (r) => r.falseAccusations),
    sent: sum(reports, (r) => r.witnessed.sent),
    notSent: sum(reports, (r) => r.witnessed.notSent),
    received: sum(reports, (r) => r.witnessed.received),
  };
  const delays = reports.flatMap((r) => [...r.delaysMs]).sort((a, b) => a - b);
  const quantile = (q: number): string => (delays[Math.floor(q * (delays.length - 1))] ?? 0).toFixed(0);
  const lines = [
    '| topology | place | resets | right | false accusations | kernel: sent | not sent | received |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...reports.map(
      (r) =>
        `| ${r.topology} | ${r.place} | ${r.resets} | ${percent(r.right, r.resets)} | ${r.falseAccusations} | ` +
        `${r.witnessed.sent} | ${r.witnessed.notSent} | ${r.witnessed.received} |`,
    ),
    `| all | | ${total.resets} | ${percent(total.right, total.resets)} | ${total.falseAccusations} | ${total.sent} | ` +
      `${total.notSent} | ${total.received} |`,
    '',
    `From a packet until its verdict is told: median ${quantile(0.5)} ms, at most ${quantile(1)} ms`,
  ];
  const failures = reports.flatMap((r) => [...r.faults]);
  if (total.right < LEAST_RIGHT * total.resets)
    failures.push(`only ${percent(total.right, total.resets)} right`);
  if (total.falseAccusations > MOST_FALSE_ACCUSATIONS * total.genuine)
    failures.push(`${total.falseAccusations} false accusations of ${total.genuine} genuine resets`);
  if (kernelKnown && total.sent < LEAST_WITNESSED)
    failures.push(`the kernel spoke of ${total.sent} resets only`);
  return { lines, failures };
}

function sum(reports: readonly PlaceReport[], of: (report: PlaceReport) => number): number {
  return reports.reduce((total, report) => total + of(report), 0);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}
