/** What a fleet is, before anything is asked of it. */
import type { FleetSummary } from '../../../shared/model/fleet.ts';
import { type Asking, numberOf } from './asking.ts';
import { coverageOf } from './coverage.ts';

export async function summaryOf(asking: Asking, store: FleetSummary['store']): Promise<FleetSummary> {
  const [resets] = await asking.rows({ from: 'resets', columns: { count: { sum: 'count' } }, limit: 1 });
  const [ended] = await asking.rows({ from: 'flows', columns: { count: { count: true } }, limit: 1 });
  const [open] = await asking.rows({ from: 'open_flows', columns: { count: { count: true } }, limit: 1 });
  const coverage = await coverageOf(asking, {});
  const { hosts } = coverage;
  return {
    name: asking.store.name,
    store,
    hosts: [...new Set(hosts.map(({ host }) => host))].sort(),
    sites: [...new Set(hosts.map(({ site }) => site))].sort(),
    fromMs: hosts.length === 0 ? null : Math.min(...hosts.map(({ fromMs }) => fromMs)),
    toMs: hosts.length === 0 ? null : Math.max(...hosts.map(({ toMs }) => toMs)),
    resets: numberOf(resets?.count ?? null),
    flows: numberOf(ended?.count ?? null) + numberOf(open?.count ?? null),
    coverage,
  };
}
