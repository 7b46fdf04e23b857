/** What stands below the one sentence of the capture, and in which tone. */
import type { CaptureSummary, Overview } from '../../shared/model/capture.ts';
import type { EndingsReport } from '../../shared/model/failure.ts';
import { countText, plural } from '../../shared/format/count.ts';
import { upperFirst } from '../../shared/format/text.ts';
import { failuresText } from './ending.ts';
import { ORIGIN } from '../../shared/texts/origin.ts';

export interface Headline {
  readonly title: string;
  readonly text: string;
  /** `good` only where all is well. */
  readonly tone: 'good' | 'bad' | 'plain';
}

export function headlineOf(summary: CaptureSummary, overview: Overview, endings: EndingsReport): Headline {
  const matter = summary.resetsThatMatter + endings.failuresThatMatter;
  const isCalm =
    summary.resets === 0 && endings.failures === 0 && endings.counts.clean === endings.connections;
  const sentences = [
    originsText(overview.byOrigin),
    failuresText(endings),
    isCalm ? checkedText(summary) : restText(endings),
  ];
  return {
    // A title has no full stop.
    title: endings.headline.replace(/\.$/, ''),
    text: sentences
      .filter((sentence) => sentence !== '')
      .map((sentence) => `${upperFirst(sentence)}.`)
      .join(' '),
    tone: matter > 0 ? 'bad' : endings.allWell && endings.counts.clean > 0 ? 'good' : 'plain',
  };
}

/** Where nothing at all is to be told: what was looked at. */
function checkedText({ tcpPackets, tcpFlows }: CaptureSummary): string {
  return `${plural(tcpPackets, 'TCP packet')} in ${plural(tcpFlows, 'connection')} ${were(tcpPackets)} checked: there is no reset, and none failed without one`;
}

function originsText({ middlebox, endpoint, unknown }: Overview['byOrigin']): string {
  const parts: string[] = [];
  if (middlebox > 0)
    parts.push(`${plural(middlebox, 'reset')} ${were(middlebox)} made by ${ORIGIN.middlebox.phrase}`);
  if (endpoint > 0)
    parts.push(
      middlebox > 0
        ? `${countText(endpoint)} by ${ORIGIN.endpoint.phrase} itself`
        : `${plural(endpoint, 'reset')} ${were(endpoint)} made by ${ORIGIN.endpoint.phrase} itself`,
    );
  if (unknown > 0)
    parts.push(
      parts.length > 0
        ? `for ${countText(unknown)} of them this capture cannot tell`
        : `who made ${plural(unknown, 'reset')} this capture cannot tell`,
    );
  return parts.join(', ');
}

/** What neither failed nor was reset. */
function restText({ counts, connections }: EndingsReport): string {
  const parts: string[] = [];
  if (counts.clean > 0)
    parts.push(`${countText(counts.clean)} of ${plural(connections, 'connection')} ended well`);
  if (counts.open > 0) parts.push(`${countText(counts.open)} ${are(counts.open)} still open`);
  if (counts['not-seen'] > 0)
    parts.push(`the end of ${countText(counts['not-seen'])} is not in this capture`);
  return parts.join(', ');
}

function were(count: number): string {
  return count === 1 ? 'was' : 'were';
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}
