import type { Command } from 'commander';
import type { CommandPlace } from './command-maker.ts';

/** @param fleet the command that it is a part of */
export function fleetKeyCommand(fleet: Command, { io, done }: Pick<CommandPlace, 'io' | 'done'>): void {
  fleet
    .command('key')
    .description('make a key that joins the hosts of a fleet, and hides connections from who has it not')
    .requiredOption('-o, --output <file>', 'write it there; a file that is there is left as it is')
    .action(async ({ output }: { readonly output: string }) => {
      const { makeKey } = await import('../fleet/key.ts');
      done(await makeKey(output, io));
    });
}
