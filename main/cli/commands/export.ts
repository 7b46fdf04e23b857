import { Option } from 'commander';
import { count } from './arguments.ts';
import type { CommandMaker } from './command-maker.ts';
import type { ExportOptions } from '../export.ts';

export const exportCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('export')
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
    .option('--case-key <hex>', 'replace as the export did that told this key, 64 hexadecimal digits')
    .option('--json', 'tell what was written as one JSON document')
    .action(async (files: string[], options: ExportOptions) => {
      const { exportPackets } = await import('../export.ts');
      done(await exportPackets(files, options, io));
    });
