import { Option } from 'commander';
import { SCRIPT_LANGUAGES } from '../../../shared/model/reproduction.ts';
import { SIDES } from '../../../shared/model/verdict.ts';
import type { CommandMaker } from './command-maker.ts';
import type { ReproduceOptions } from '../reproduce.ts';

export const reproduceCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('reproduce')
    .description('make a small program that resets connections as one side of a captured one did')
    .argument('<files...>', 'capture files, as for analyze')
    .requiredOption(
      '--reset <[file:]frame>',
      'the reset, by its frame as Wireshark numbers it; FILE is a name, a path or a number from 0',
    )
    .addOption(new Option('--language <name>', 'of the program').choices(SCRIPT_LANGUAGES).default('node'))
    .addOption(
      new Option(
        '--side <side>',
        'whose part it plays; else the side whose address the reset carries',
      ).choices(SIDES),
    )
    .option('-o, --output <file>', 'write there instead of to standard output')
    .action(async (files: string[], options: ReproduceOptions) => {
      const { reproduceCommand: reproduce } = await import('../reproduce.ts');
      done(await reproduce(files, options, io));
    });
