import { Option } from 'commander';
import type { NoteOptions } from '../note.ts';
import { count } from './arguments.ts';
import type { CommandMaker } from './command-maker.ts';

export const noteCommand: CommandMaker = ({ program, io, done }) => {
  const numbered = (flags: string, about: string): Option => new Option(flags, about).argParser(count);
  return program
    .command('note')
    .description('keep a note on a capture, or on a packet, connection, reset or finding of it')
    .usage('[options] <files...> [text]')
    .argument(
      '<files...>',
      'capture files, as for analyze, and behind them what to note, which takes the place of your note that is there',
    )
    .addOption(
      new Option(
        '--packet <[file:]frame>',
        'on that frame; FILE is a name, a path or a number from 0',
      ).conflicts(['flow', 'reset', 'finding']),
    )
    .addOption(
      numbered(
        '--flow <n>',
        'on that connection, by its number, which in a single file is tcp.stream',
      ).conflicts(['reset', 'finding']),
    )
    .addOption(new Option('--reset <[file:]frame>', 'on the reset in that frame').conflicts(['finding']))
    .addOption(numbered('--finding <n>', 'on that finding, from 1, in the order of analyze'))
    .option('--mark', 'mark it as well, or without a text only mark it')
    .option('--remove', 'remove your notes and marks on it')
    .action(async (words: string[], options: NoteOptions) => {
      const { note } = await import('../note.ts');
      done(await note(words, options, io));
    });
};
