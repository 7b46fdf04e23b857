import { Option } from 'commander';
import { count, names } from './arguments.ts';
import type { CommandMaker } from './command-maker.ts';
import type { PacketsOptions } from '../packets.ts';

export const packetsCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('packets')
    .description('list the packets that pass a display filter, as tshark does')
    .argument('<files...>', 'capture files, as for analyze')
    .option('--filter <expression>', 'in Wireshark’s syntax or in quick words; without it all packets')
    .addOption(
      new Option(
        '--fields <names>',
        'print these fields, with tabs between them: frame.number,ip.src',
      ).argParser(names),
    )
    .option('--json', 'one JSON document with the numbers of the frames')
    .addOption(new Option('--limit <n>', 'at most so many packets').argParser(count))
    .action(async (files: string[], options: PacketsOptions) => {
      const { packets } = await import('../packets.ts');
      done(await packets(files, options, io));
    });
