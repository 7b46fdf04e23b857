/** Answers about the whole capture, or about what passes a filter: overview, findings, the strip of time. */
import type { MethodResult, Params } from '../../shared/contract/methods.ts';
import { countTimeline } from '../engine/answers/timeline.ts';
import { breather } from './lists.ts';
import type { Listed } from './row-windows.ts';

const MAX_OVERVIEW_BUCKETS = 2000;

export async function overviewOf(
  { analysis: { session }, lists }: Listed,
  { buckets, filter }: Params<'capture.overview'>,
  signal: AbortSignal,
): Promise<MethodResult<'capture.overview'>> {
  const ids = await lists.resets('frame', 'ascending', filter, signal);
  const bucketCount = Math.max(1, Math.min(MAX_OVERVIEW_BUCKETS, Math.floor(buckets)));
  return session.overview(ids, bucketCount, filter.trim() === '');
}

export async function findingsOf(
  { analysis: { session }, lists }: Listed,
  { from, count }: Params<'capture.findings'>,
  signal: AbortSignal,
): Promise<MethodResult<'capture.findings'>> {
  const ids = await lists.resets('frame', 'ascending', '', signal);
  return session.findings(ids, count, true, from);
}

export async function timelineOf(
  { analysis: { session }, lists }: Listed,
  { filter, fromNs, toNs, buckets }: Params<'capture.timeline'>,
  signal: AbortSignal,
): Promise<MethodResult<'capture.timeline'>> {
  const resets = await lists.resets('frame', 'ascending', filter, signal);
  const failures = await lists.failureTimes(filter, signal);
  const packets = await lists.passing(filter, signal);
  return countTimeline(session, { packets, resets, failures }, fromNs, toNs, buckets, breather(signal));
}
