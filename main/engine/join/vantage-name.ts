/** What a capture point is called, for people; others know it by its first file. */
import type { Vantage } from '../../../shared/model/join.ts';
import type { JoinView } from './join-view.ts';

/** What has a join and knows whose timeline a file is of. */
export interface JoinedCaptures {
  readonly join: JoinView;
  timelineOf(file: number): number;
}

/** The capture point as the report has it. @param vantage its timeline */
export function vantageOf(view: JoinedCaptures, vantage: number): Vantage | undefined {
  return view.join.report()?.vantages.find(({ files }) => view.timelineOf(files[0]) === vantage);
}

export function vantageName(view: JoinedCaptures, vantage: number): string {
  return vantageOf(view, vantage)?.name ?? String(vantage);
}

/** "the capture point server": its name is that of a file, and not of a host. */
export function pointText(view: JoinedCaptures, vantage: number): string {
  return `the capture point ${vantageName(view, vantage)}`;
}

/** First file of the capture point. */
export function firstFile(view: JoinedCaptures, vantage: number): number {
  return vantageOf(view, vantage)?.files[0] ?? 0;
}
