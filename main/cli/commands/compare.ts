import { Option } from 'commander';
import { count } from './arguments.ts';
import type { CommandMaker } from './command-maker.ts';
import type { CompareOptions } from '../compare.ts';

export const compareCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('compare')
    .description(
      'put captures of the same connections together that were made at different points of the path: what each saw of every reset, ' +
        'where it was made, and whether that is proven',
    )
    .argument(
      '<files...>',
      'two captures or more, each of another place, as for analyze; clocks need not agree',
    )
    .addOption(new Option('--json', 'one JSON document').conflicts('ndjson'))
    .addOption(new Option('--ndjson', 'one JSON object a line').conflicts('json'))
    .option('--filter <expression>', 'only resets whose packets pass: quick words, or Wireshark’s syntax')
    .addOption(new Option('--limit <n>', 'at most so many resets').argParser(count).conflicts('all'))
    .option('--all', 'all resets; the table shows the 20 most important ones otherwise')
    .option('--verbose', 'under the table, the way of each reset and what happened with its connection')
    .option('--no-color', 'no colours, not even on a terminal')
    .option('-o, --output <file>', 'write there instead of to standard output')
    .action(async (files: string[], options: CompareOptions) => {
      const { compare } = await import('../compare.ts');
      done(await compare(files, options, io));
    });
