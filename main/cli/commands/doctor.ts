import type { CommandMaker } from './command-maker.ts';

export const doctorCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('doctor')
    .description('what can capture here, what stands in the way, and the command that helps')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const { doctor } = await import('../doctor.ts');
      done(await doctor(options, await io.live(), io));
    });
