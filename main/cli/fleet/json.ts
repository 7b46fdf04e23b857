/** Answers of a fleet as JSON: times as people and programs both read them. */
import { isoTime } from '../../../shared/format/time.ts';
import type { FleetCoverage, FleetFinding, FleetReset, HostCoverage } from '../../../shared/model/fleet.ts';

const NS_PER_MS = 1_000_000n;

export function timeJson(ms: number): string {
  return isoTime(BigInt(Math.round(ms)) * NS_PER_MS);
}

export function coverageJson({ hosts, moreHosts, missing, shards, sentence }: FleetCoverage): unknown {
  return { sentence, hosts: hosts.map(hostJson), moreHosts, missing, shards };
}

function hostJson({ fromMs, toMs, gaps, ...host }: HostCoverage): unknown {
  return {
    ...host,
    from: timeJson(fromMs),
    to: timeJson(toMs),
    gaps: gaps.map((gap) => ({ from: timeJson(gap.fromMs), to: timeJson(gap.toMs) })),
  };
}

export function findingJson({ firstMs, lastMs, ...finding }: FleetFinding): unknown {
  return { ...finding, first: timeJson(firstMs), last: timeJson(lastMs) };
}

export function resetJson({ timeMs, ...reset }: FleetReset): unknown {
  return { time: timeJson(timeMs), ...reset };
}
