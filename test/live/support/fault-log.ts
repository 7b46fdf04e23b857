/** What the tests of faults really saw, for people to read: test-results/live-faults.md. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { ROOT } from './setup.ts';

export interface FaultRow {
  readonly fault: string;
  readonly happened: string;
  readonly told: string;
  readonly lost: string;
}

export function noteFault({ fault, happened, told, lost }: FaultRow): void {
  const folder = new URL('test-results/', ROOT);
  mkdirSync(folder, { recursive: true });
  appendFileSync(new URL('live-faults.md', folder), `| ${fault} | ${happened} | ${told} | ${lost} |\n`);
}

/** How long something takes, in whole milliseconds. */
export function stopwatch(): () => number {
  const startMs = performance.now();
  return () => Math.round(performance.now() - startMs);
}

/** Losses where there are any, as the status counts them. */
export function lossText(losses: object): string {
  const counted = Object.entries(losses).filter(([, count]) => typeof count === 'number' && count > 0);
  return counted.length === 0 ? 'nothing' : counted.map(([where, count]) => `${where} ${count}`).join(', ');
}
