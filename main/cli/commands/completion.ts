import { Argument } from 'commander';
import type { CommandMaker } from './command-maker.ts';
import type { Shell } from '../shells.ts';
import { SHELLS } from '../shells.ts';

export const completionCommand: CommandMaker = ({ program, io }) =>
  program
    .command('completion')
    .description('print what a shell needs to complete commands and options')
    .addArgument(new Argument('<shell>', 'which one').choices(SHELLS))
    .action(async (shell: Shell) => {
      const { completionScript } = await import('../completion.ts');
      io.stdout.write(completionScript(shell, program));
    });
