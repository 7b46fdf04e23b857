/** What weakens an answer, and what cures it. */
import { plural } from '../../../shared/format/count.ts';
import type { FleetCoverage, FleetGap } from '../../../shared/model/fleet.ts';
import { lastedText, utcText } from '../../words/fleet-text.ts';

export interface Trouble {
  readonly what: string;
  readonly cure: string;
}

export function gapText({ fromMs, toMs }: FleetGap): string {
  return `nothing from ${utcText(fromMs)} for ${lastedText(toMs - fromMs)}`;
}

/** What matters most first; empty where nothing is missing in the answer. */
export function coverageTroubles({ hosts, missing, shards }: FleetCoverage): readonly Trouble[] {
  const troubles: Trouble[] = [];
  const silent = shards.total - shards.answered;
  if (silent > 0)
    troubles.push({
      what: `${plural(silent, 'shard')} did not answer`,
      cure: 'Rows of it are missing in every number here. Start its server or a replica of it, then read the fleet anew.',
    });
  const files = missing.filter(({ kind }) => kind === 'file').length;
  if (files > 0)
    troubles.push({
      what: `${plural(files, 'file')} could not be read`,
      cure: 'Ship it again; writing a segment again replaces its files and counts nothing twice.',
    });
  const absent = missing.filter(({ kind }) => kind === 'host').length;
  if (absent > 0)
    troubles.push({
      what: `${plural(absent, 'host')} brought nothing`,
      cure: 'Look whether its agent runs, and whether what takes its spool away does.',
    });
  const gaps = hosts.filter((host) => host.gaps.length > 0).length;
  if (gaps > 0)
    troubles.push({
      what: `${plural(gaps, 'host')} with gaps`,
      cure: 'Its agent was stopped, or its files are still on the way: look into its spool and ship it.',
    });
  const lossy = hosts.filter(({ lost }) => (lost ?? 0) > 0).length;
  if (lossy > 0)
    troubles.push({
      what: `${plural(lossy, 'host')} lost packets`,
      cure: 'What such a host did not see proves nothing. Give its capture a larger buffer or a narrower filter.',
    });
  const uncounted = hosts.filter(({ lost }) => lost === null).length;
  if (uncounted > 0)
    troubles.push({
      what: `${plural(uncounted, 'host')} did not count losses`,
      cure: 'Its word that a reset never passed is no proof. “resetscope live --spool” counts losses; files of others seldom say.',
    });
  const timeless = hosts.filter(({ clockBoundSeconds }) => clockBoundSeconds === null).length;
  if (timeless > 0)
    troubles.push({
      what: `${plural(timeless, 'clock')} of unknown error`,
      cure: 'Let chrony run on such a host, or give its agent --clock-bound, so that its times can be compared.',
    });
  const letGo = hosts.filter(({ spoolLostFiles }) => spoolLostFiles > 0).length;
  if (letGo > 0)
    troubles.push({
      what: `${plural(letGo, 'spool')} overflowed`,
      cure: 'Files were let go before anybody took them away: ship more often, or give the spool more room.',
    });
  const keys = new Set(hosts.flatMap(({ keyId }) => (keyId === null ? [] : [keyId])));
  if (keys.size > 1)
    troubles.push({
      what: `${keys.size} fleet keys were used`,
      cure: 'Hosts with different keys cannot be held against each other: give all agents the same --fleet-key.',
    });
  return troubles;
}
