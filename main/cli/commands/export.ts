import { Option } from 'commander';
import { TABLES, TABLE_FORMATS } from '../../../shared/model/table.ts';
import type { CommandMaker } from './command-maker.ts';
import type { ExportTableOptions } from '../export-table.ts';
import { count } from './arguments.ts';
import type { CommandMaker } from './command-maker.ts';
import type { ExportOptions } from '../export.ts';

export const exportCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('export')
    .description('write a table of a capture for other programs: resets, flows, packets …')
    .argument('<files...>', 'capture files, as for analyze')
    .addOption(new Option('--table <name>', 'what the table is of').choices(TABLES).makeOptionMandatory())
    .addOption(
      new Option('--format <name>', 'zeek is a conn.log, of flows; else by the ending of the output').choices(
        TABLE_FORMATS,
      ),
    )
    .option('--filter <expression>', 'only rows whose packets pass: quick words, or Wireshark’s syntax')
    .option('-o, --output <file>', 'write there instead of to standard output')
    .action(async (files: string[], options: ExportTableOptions) => {
      const { exportTable } = await import('../export-table.ts');
      done(await exportTable(files, options, io));
    .description(
      'write the packets of a reset, a finding or a filter as pcapng, so that the verdict stays the same',
    )
    .argument('<files...>', 'capture files, as for analyze')
    .option('--reset <frame>', 'the reset with this number of a frame; of several files FILE:FRAME')
    .addOption(new Option('--flow <n>', 'the connection with this number').argParser(count))
    .addOption(
      new Option('--finding <n>', 'the finding with this number, as analyze lists them, from 1').argParser(
        count,
      ),
    )
    .option('--failures', 'the connections that failed without a reset')
    .option('--filter <expression>', 'the packets that pass, and no others')
    .requiredOption('-o, --output <file>', 'write there; captures of several places become FILE-1, FILE-2 …')
    .option('--anonymise', 'replace addresses, names and payload')
    .option('--json', 'tell what was written as one JSON document')
    .action(async (files: string[], options: ExportOptions) => {
      const { exportPackets } = await import('../export.ts');
      done(await exportPackets(files, options, io));
    });
