import { Option } from 'commander';
import { LESSON_LANGUAGES } from '../../../shared/model/lesson.ts';
import type { LessonOptions } from '../lesson.ts';
import type { CommandMaker } from './command-maker.ts';

export const lessonCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('lesson')
    .description('learn from a reset that can be made again: its story, a question, the verdict, and the fix')
    .argument('[name]', 'which one; without it, all are listed')
    .option(
      '--run',
      'make the reset here and now, and capture it: on loopback, or between namespaces as root',
    )
    .addOption(
      new Option('--language <language>', 'of the programs: node or python')
        .choices([...LESSON_LANGUAGES])
        .default('node'),
    )
    .option('--answer', 'tell the answer without asking')
    .option('--code', 'print the programs as well')
    .option('--save <folder>', 'put programs and captures there, to try and to change them')
    .addOption(new Option('--json', 'as JSON'))
    .option('--no-color', 'no colours, not even on a terminal')
    .action(async (name: string | undefined, options: LessonOptions) => {
      const { lesson } = await import('../lesson.ts');
      done(await lesson(name, options, io));
    });
