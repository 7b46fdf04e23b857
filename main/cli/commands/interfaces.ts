import type { CommandMaker } from './command-maker.ts';

export const interfacesCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('interfaces')
    .description('the interfaces that can be captured')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const { interfaces } = await import('../doctor.ts');
      done(await interfaces(options, await io.live(), io));
    });
