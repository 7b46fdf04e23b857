import { Option } from 'commander';
import { added, count, size } from './arguments.ts';
import type { CommandMaker } from './command-maker.ts';
import type { OpenOptions } from '../open.ts';

export const openCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('open')
    .description('open the app in a browser of this machine, and capture files in it; Ctrl-C ends it')
    .argument('[files...]', 'capture files')
    .addOption(new Option('--port <n>', 'port on 127.0.0.1 (any free one)').argParser(count))
    .option('--follow', 'wait for more at the end of the last file')
    .option('--allow-paths', 'let the page open any file of this machine by its path')
    .addOption(
      new Option('--allow-ssh <host>', 'let the page capture there over ssh; may be repeated').argParser(
        added,
      ),
    )
    .addOption(
      new Option(
        '--fleet <place>',
        'look at this fleet: a folder, or clickhouse://host/database; may be repeated',
      ).argParser(added),
    )
    .addOption(
      new Option('--upload-limit <bytes>', 'all files that the page may send together').argParser(size),
    )
    .option('--no-browser', 'print the address only')
    .action(async (files: string[], options: OpenOptions) => {
      const { open } = await import('../open.ts');
      done(await open(files, options, io.serve, io));
    });
