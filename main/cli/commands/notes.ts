import type { NotesOptions } from '../notes.ts';
import type { CommandMaker } from './command-maker.ts';

export const notesCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('notes')
    .description(
      'list the notes and marks of captures, or write them into a copy that Wireshark shows them in',
    )
    .argument(
      '<files...>',
      'capture files, as for analyze; a renamed, recompressed or converted copy has the same notes',
    )
    .option('--json', 'one JSON document')
    .option('--beside', 'keep the notes beside each capture as well, as NAME.resetscope.json')
    .option('--no-beside', 'remove the notes beside the captures; they stay among your own')
    .option('--write <file>', 'write a copy of the capture as pcapng, with the notes as comments')
    .action(async (files: string[], options: NotesOptions) => {
      const { notes } = await import('../notes.ts');
      done(await notes(files, options, io));
    });
