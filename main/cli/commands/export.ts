import { Option } from 'commander';
import { TABLES, TABLE_FORMATS } from '../../../shared/model/table.ts';
import type { CommandMaker } from './command-maker.ts';
import type { ExportTableOptions } from '../export-table.ts';

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
    });
