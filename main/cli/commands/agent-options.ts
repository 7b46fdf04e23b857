import { type Command, InvalidArgumentError, Option } from 'commander';

export interface AgentCommandOptions {
  readonly site?: string;
  readonly asHost?: string;
  readonly fleetKey?: string;
  readonly anonymise?: boolean;
  readonly clockBound?: number;
}

/** What every command takes that writes tables for a fleet. */
export function withAgentOptions(command: Command): Command {
  return command
    .option('--site <name>', 'in tables for a fleet: where the capturing machine stands')
    .option('--as-host <name>', 'in tables for a fleet: the machine that captured; this one without it')
    .option(
      '--fleet-key <file>',
      'the key that joins the hosts of a fleet, as “resetscope fleet key” makes it; without it a public one is used',
    )
    .addOption(
      new Option(
        '--clock-bound <seconds>',
        'in tables for a fleet: how wrong the clock of the capturing machine may be at most',
      ).argParser(seconds),
    )
    .option(
      '--anonymise',
      'replace addresses and names in tables for a fleet, alike on all hosts that have its key',
    );
}

/** The options, as they are typed, that say something of tables for a fleet only. */
export function agentOptionsGiven(options: AgentCommandOptions): string[] {
  const given: readonly (readonly [name: string, isGiven: boolean])[] = [
    ['--site', options.site !== undefined],
    ['--as-host', options.asHost !== undefined],
    ['--fleet-key', options.fleetKey !== undefined],
    ['--anonymise', options.anonymise === true],
    ['--clock-bound', options.clockBound !== undefined],
  ];
  return given.filter(([, isGiven]) => isGiven).map(([name]) => name);
}

function seconds(text: string): number {
  if (!/^\d{1,6}(?:\.\d{1,9})?$/u.test(text)) {
    throw new InvalidArgumentError('It is a number of seconds, such as 0.005.');
  }
  return Number(text);
}
