/** The commands that hand over what is looked at: as a report, packets, a table, or a program. */
import type { App } from '../core/app-context.ts';
import type { HandOverPart } from '../state/hand-over-slice.ts';
import { focusedFinding } from './focused-finding.ts';
import type { Command } from './command.ts';

const WORDS: Readonly<Record<HandOverPart, readonly string[]>> = {
  report: ['share', 'html', 'pdf', 'markdown', 'ticket', 'print', 'save'],
  packets: ['share', 'export', 'pcapng', 'anonymise', 'save as', 'capture'],
  table: ['share', 'export', 'csv', 'json', 'ndjson', 'parquet', 'zeek', 'conn.log'],
  reproduce: ['script', 'program', 'node', 'python', 'server', 'client', 'test'],
};

export function handOverCommands({ store, actions }: App): Command[] {
  const command = (part: HandOverPart, title: string, keys?: string): Command => ({
    id: `hand-over ${part}`,
    section: 'Hand over',
    title,
    words: WORDS[part],
    ...(keys === undefined ? {} : { keys }),
    run: () => void actions.handOver(part, focusedFinding(store.getState())),
  });
  return [
    command('report', 'Hand over: report…', 'shift+h'),
    command('packets', 'Hand over: packets…'),
    command('table', 'Hand over: table…'),
    command('reproduce', 'Hand over: reproduce…'),
  ];
}
