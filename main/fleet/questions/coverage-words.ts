/** Coverage in one or two sentences, which stand under every answer. */
import { countText, plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import type { FleetCoverage, HostCoverage } from '../../../shared/model/fleet.ts';

const NS_PER_MS = 1e6;
/** Names that are spelled out; the lists beside the sentence have all. */
const NAMED = 3;

export function coverageSentence(coverage: Omit<FleetCoverage, 'sentence'>): string {
  const { hosts, shards, missing } = coverage;
  const absent = missing.filter(({ kind }) => kind === 'host');
  const files = missing.filter(({ kind }) => kind === 'file');
  const silent = missing.filter(({ kind }) => kind === 'shard');
  const flaws = [
    ...(silent.length === 0
      ? []
      : [
          `${shards.total - shards.answered} of ${plural(shards.total, 'shard')} did not answer (${named(silent)}), so that whatever only they hold is missing`,
        ]),
    ...(files.length === 0 ? [] : [`${plural(files.length, 'file')} could not be read (${named(files)})`]),
    ...(absent.length === 0
      ? []
      : [`${plural(absent.length, 'host')} brought nothing of this time (${named(absent)})`]),
    ...hostFlaws(hosts),
  ];
  if (hosts.length === 0)
    return flaws.length === 0
      ? 'Nothing was captured in this time, as far as anybody brought it.'
      : `Nothing is in this answer: ${flaws.join('; ')}.`;
  const machines = new Set(hosts.map(({ host, site }) => `${site}\n${host}`)).size;
  const sites = new Set(hosts.map(({ site }) => site)).size;
  const from = Math.min(...hosts.map(({ fromMs }) => fromMs));
  const to = Math.max(...hosts.map(({ toMs }) => toMs));
  const what = `In it: ${plural(machines, 'host')} at ${plural(sites, 'site')}, from ${minute(from)} to ${minute(to)}, ${plural(
    sum(hosts, ({ packets }) => packets),
    'packet',
  )}.`;
  return flaws.length === 0
    ? `${what} Nothing of that is missing.`
    : `${what} Missing or in doubt: ${flaws.join('; ')}.`;
}

function hostFlaws(hosts: readonly HostCoverage[]): string[] {
  const flaws: string[] = [];
  const broken = hosts.filter(({ gaps }) => gaps.length > 0);
  if (broken.length > 0) {
    const ms = sum(broken, ({ gaps }) => sum(gaps, ({ fromMs, toMs }) => toMs - fromMs));
    flaws.push(
      `${plural(broken.length, 'host')} did not capture all the time (${names(broken)}; ${durationText(ms * NS_PER_MS)} together)`,
    );
  }
  const losing = hosts.filter(({ lost }) => lost !== null && lost > 0);
  if (losing.length > 0)
    flaws.push(
      `${plural(
        sum(losing, ({ lost }) => lost ?? 0),
        'packet',
      )} lost at ${plural(losing.length, 'host')} (${names(losing)})`,
    );
  const uncounted = hosts.filter(({ lost }) => lost === null);
  if (uncounted.length > 0)
    flaws.push(`${plural(uncounted.length, 'host')} did not count losses (${names(uncounted)})`);
  const spools = hosts.filter(({ spoolLostFiles }) => spoolLostFiles > 0);
  if (spools.length > 0)
    flaws.push(
      `spools let go of ${plural(
        sum(spools, ({ spoolLostFiles }) => spoolLostFiles),
        'file',
      )} before they were taken away (${names(spools)})`,
    );
  const clocks = hosts.filter(({ clockBoundSeconds }) => clockBoundSeconds === null);
  if (clocks.length > 0)
    flaws.push(
      `nobody says how wrong the clock of ${plural(clocks.length, 'host')} may be (${names(clocks)})`,
    );
  const keys = new Set(hosts.map(({ keyId }) => keyId));
  if (keys.size > 1)
    flaws.push(`hosts hash by ${countText(keys.size)} different keys, and only alike ones can be joined`);
  return flaws;
}

function names(hosts: readonly HostCoverage[]): string {
  return named([...new Set(hosts.map(({ host }) => host))].map((name) => ({ name })));
}

function named(parts: readonly { readonly name: string }[]): string {
  const shown = parts.slice(0, NAMED).map(({ name }) => name);
  const more = parts.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${countText(more)} more` : ''}`;
}

function minute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function sum<T>(list: readonly T[], value: (one: T) => number): number {
  return list.reduce((total, one) => total + value(one), 0);
}
