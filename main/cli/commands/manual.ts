import type { CommandMaker } from './command-maker.ts';

export const manualCommand: CommandMaker = ({ program, io, examples }) =>
  program
    .command('manual', { hidden: true })
    .description('print the manual page, for packages')
    .action(async () => {
      const { manualPage } = await import('../manual.ts');
      io.stdout.write(manualPage(program, examples));
    });
