/** The capture in one sentence. */
import type { CaptureSummary, Overview } from '../../shared/model/capture.ts';
import { countText, plural } from '../../shared/format/count.ts';
import { ORIGIN } from './origin.ts';
import { upperFirst } from '../../shared/format/text.ts';

export interface Headline {
  readonly title: string;
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'plain';
}

export function headlineOf(summary: CaptureSummary, overview: Overview): Headline {
  const { resets, resetsThatMatter } = summary;
  const { middlebox, unknown, endpoint } = overview.byOrigin;
  const parts: string[] = [];
  if (middlebox > 0)
    parts.push(`${countText(middlebox)} ${were(middlebox)} made by ${ORIGIN.middlebox.phrase}`);
  if (endpoint > 0) parts.push(`${countText(endpoint)} by ${ORIGIN.endpoint.phrase} itself`);
  if (unknown > 0) parts.push(`for ${countText(unknown)} of them this capture cannot tell`);
  const title =
    resetsThatMatter === 0
      ? `None of ${plural(resets, 'reset')} interrupted work`
      : `${countText(resetsThatMatter)} of ${plural(resets, 'reset')} ${resetsThatMatter === 1 ? 'matters' : 'matter'}`;
  return {
    title:
      resets === 1 ? (resetsThatMatter === 1 ? 'The one reset matters' : 'The one reset is harmless') : title,
    text: `${upperFirst(parts.join(', '))}.`,
    tone: resetsThatMatter === 0 ? 'good' : 'bad',
  };
}

function were(count: number): string {
  return count === 1 ? 'was' : 'were';
}
