import type { CommandMaker } from './command-maker.ts';

export const explainCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('explain')
    .description('what a cause or a failure means, what the application saw, and what to check')
    .argument('[code]', 'a cause of resets, or a kind of failure; without it all are listed')
    .action(async (code: string | undefined) => {
      const { explain } = await import('../explain.ts');
      done(await explain(code, io));
    });
