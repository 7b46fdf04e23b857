/** A finding in one sentence. */
import { countText } from '../../../shared/format/count.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { causeText } from '../../../shared/texts/cause-text.ts';
import { participleText } from '../../../shared/texts/confidence.ts';
import { delayText } from '../reset/phrases.ts';
import type { FoundPattern } from './idle-pattern.ts';

export type Untold = Omit<Finding, 'sentence' | 'idle'> & {
  readonly idle: FoundPattern | null;
  /** Probability that the cause is right, mean over the resets: apart from that of who sent them. */
  readonly meanCauseConfidence: number;
  /** A device sent them to both ends of a connection at once. */
  readonly isOneAct: boolean;
  /** Of all of them it is proven who sent them. */
  readonly isProven: boolean;
  /** What they have in common as one event: see Happening. */
  readonly happening: string | null;
};

/**
 * "37 resets in the server's name, likely made by a device one hop in front of the server, on connections of
 * 12 clients to 10.0.0.9:443, each after 350 s of silence (a usual timer of …); why: likely idle timeout (92 %)."
 */
export function findingSentence(finding: Untold): string {
  const { kind, cause, label, meanConfidence, isProven, isOneAct } = finding;
  const what = finding.count === 1 ? 'One reset' : `${countText(finding.count)} resets`;
  const where = `on ${connections(finding)} to ${serverText(finding)}${finding.happening === null ? silenceText(finding) : `, ${finding.happening}`}`;
  const why = causeText(cause, finding.meanCauseConfidence);
  switch (kind) {
    case 'endpoint':
      return `${what}, ${participleText(meanConfidence, 'sent by', isProven)} ${label}${itselfText(finding)}, ${where}; why: ${why}.`;
    case 'middlebox':
      return `${what} in ${nameText(finding.claimed)} name,${isOneAct ? ' sent to both ends at once,' : ''} ${participleText(meanConfidence, 'made by', isProven)} ${label}, ${where}; why: ${withoutMaker(why)}.`;
    case 'unknown':
      return `${what}, sent by ${label} (this capture cannot tell which), ${where}; the likeliest cause: ${why}.`;
  }
}

/** Who speaks for a host is named already by what it is. */
function itselfText({ claimed, clients, label }: Untold): string {
  if (claimed === 'client' && clients > 1) return ' themselves';
  return label.includes(', ') || !/^the (?:client|server) /u.test(label) ? '' : ' itself';
}

function connections({ count, clients }: Untold): string {
  if (clients > 1) return `connections of ${countText(clients)} clients`;
  return count === 1 ? 'a connection' : 'connections of one client';
}

function serverText({ server, serverName }: Untold): string {
  return serverName === '' ? server : `${serverName} (${server})`;
}

function nameText(claimed: Finding['claimed']): string {
  return claimed === 'both' ? "both sides'" : `the ${claimed}'s`;
}

/** Only a pattern, or what the cause rests on, is worth a mention. */
function silenceText({ idle, cause, count }: Untold): string {
  if (idle === null) return '';
  const { medianSeconds, constant, always, matchesKnownTimeout: known } = idle;
  const timer = known === null ? '' : ` (a usual timer of ${known})`;
  const silence = delayText(medianSeconds * 1e9);
  if (constant) return `, ${always ? 'each' : 'most of them'} after ${silence} of silence${timer}`;
  return cause === 'idle-timeout' && count === 1 ? `, after ${silence} of silence${timer}` : '';
}

/** The sentence has named the middlebox already. */
function withoutMaker(why: string): string {
  return why.replace(/ by a (device|firewall) on the path(?= \()/, '');
}
