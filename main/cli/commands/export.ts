import { Option } from 'commander';
import { TABLES, TABLE_FORMATS } from '../../../shared/model/table.ts';
import type { ExportTableOptions } from '../export-table.ts';
import type { ExportOptions } from '../export.ts';
import { count } from './arguments.ts';
import type { CommandMaker } from './command-maker.ts';

export const exportCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('export')
    .description(
      'write the packets of a reset, a finding or a filter as pcapng, so that the verdict stays the same; or a table for other programs',
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
    .addOption(
      new Option('--table <name>', 'a table of the capture in place of packets')
        .choices(TABLES)
        .conflicts(['reset', 'flow', 'finding', 'failures', 'anonymise', 'caseKey', 'json']),
    )
    .addOption(
      new Option(
        '--format <name>',
        'of a table; zeek is a conn.log, of flows; else by the ending of the output',
      ).choices(TABLE_FORMATS),
    )
    .option('--filter <expression>', 'the packets that pass, and no others; of a table, the rows')
    .option(
      '-o, --output <file>',
      'write there; captures of several places become FILE-1, FILE-2 …; a table may go to standard output',
    )
    .option('--anonymise', 'replace addresses, names and payload')
    .option('--case-key <hex>', 'replace as the export did that told this key, 64 hexadecimal digits')
    .option('--json', 'tell what was written as one JSON document')
    .action(async (files: string[], options: Partial<ExportOptions> & Partial<ExportTableOptions>) => {
      const { table, output } = options;
      if (table !== undefined) {
        const { exportTable } = await import('../export-table.ts');
        done(await exportTable(files, { ...options, table }, io));
        return;
      }
      if (output === undefined) {
        program.error("error: required option '-o, --output <file>' not specified");
        return;
      }
      if (options.format !== undefined) {
        program.error("error: option '--format <name>' is of tables: choose one with '--table <name>'");
        return;
      }
      const { exportPackets } = await import('../export.ts');
      done(await exportPackets(files, { ...options, output }, io));
    });
