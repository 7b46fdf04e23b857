/** What capture points are called, for people. */
import type { Vantage } from '../../../../shared/model/join.ts';
import type { CaptureView } from '../observe/view.ts';

/** The capture point as the report of the join has it. @param vantage its timeline */
export function vantageOf(view: CaptureView, vantage: number): Vantage | undefined {
  return view.join.report()?.vantages.find(({ files }) => view.timelineOf(files[0]) === vantage);
}

/** "the capture server.pcap": a name of a file is no name of a host. */
export function captureText(view: CaptureView, vantage: number): string {
  return `the capture ${vantageOf(view, vantage)?.name ?? String(vantage)}`;
}

/** First file of the capture point, by which others know it. */
export function firstFile(view: CaptureView, vantage: number): number {
  return vantageOf(view, vantage)?.files[0] ?? 0;
}
