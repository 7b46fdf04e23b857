import { type Command, Option } from 'commander';
import { ORIGIN_KINDS } from '../../../shared/model/verdict.ts';
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import type { CompactChoice } from '../fleet/keep.ts';
import type { JoinOptions } from '../fleet/join.ts';
import type { ListOptions } from '../fleet/lists.ts';
import type { QueryOptions } from '../fleet/query.ts';
import { count, size } from './arguments.ts';
import { fleetKeyCommand } from './fleet-key.ts';
import type { CommandMaker, CommandPlace } from './command-maker.ts';

const STORE =
  'where its tables are: a folder, or clickhouse://[user[:password]@]host[:port][,host…]/database[?cluster=name] (otherwise $RESETSCOPE_FLEET)';

export const fleetCommand: CommandMaker = (place) => {
  const fleet = place.program
    .command('fleet')
    .description(
      'ask what many machines captured: their tables in a folder of Parquet files, or in ClickHouse',
    );
  for (const make of [
    queryCommand,
    findingsCommand,
    resetsCommand,
    joinCommand,
    coverageCommand,
    compactCommand,
    ingestCommand,
    retainCommand,
    fleetKeyCommand,
  ])
    make(fleet, place);
  return fleet;
};

function queryCommand(fleet: Command, { io, done }: CommandPlace): void {
  placed(fleet.command('query'))
    .description(
      'run SQL that can only read the tables; “SHOW TABLES” and “DESCRIBE flows” tell what there is',
    )
    .argument('<sql>', 'one statement')
    .addOption(
      new Option('--format <format>', 'table, csv, json, or ndjson: one JSON document a row')
        .choices(['table', 'csv', 'json', 'ndjson'])
        .default('table'),
    )
    .option('--limit <n>', 'rows at most', count, 1000)
    .action(async (sql: string, options: QueryOptions) => {
      const { query } = await import('../fleet/query.ts');
      done(await query(sql, options, io));
    });
}

function findingsCommand(fleet: Command, { io, done }: CommandPlace): void {
  scoped(placed(fleet.command('findings')))
    .description('resets of one origin, cause and server, together over all hosts; what matters most first')
    .option('--limit <n>', 'findings at most', count, 50)
    .action(async (options: ListOptions) => {
      const { findings } = await import('../fleet/lists.ts');
      done(await findings(options, io));
    });
}

function resetsCommand(fleet: Command, { io, done }: CommandPlace): void {
  scoped(placed(fleet.command('resets')))
    .description('resets one by one, the newest first')
    .option('--limit <n>', 'resets at most', count, 50)
    .action(async (options: ListOptions) => {
      const { resets } = await import('../fleet/lists.ts');
      done(await resets(options, io));
    });
}

function joinCommand(fleet: Command, { io, done }: CommandPlace): void {
  scoped(placed(fleet.command('join')))
    .description(
      'hold resets against all hosts that captured their connections: proof of who sent them, or what would decide it',
    )
    .option('--reset <number>', 'this one: CAPTURE/SEGMENT/NUMBER, as “resetscope fleet resets” prints it')
    .option('--limit <n>', 'rows of resets at most, the newest of the scope', count, 20)
    .action(async (options: JoinOptions) => {
      const { join } = await import('../fleet/join.ts');
      done(await join(options, io));
    });
}

function coverageCommand(fleet: Command, { io, done }: CommandPlace): void {
  timed(placed(fleet.command('coverage')))
    .description('which hosts and times there are, what they lost, and what is missing')
    .option('--json', 'one JSON document')
    .action(async (options: ListOptions) => {
      const { coverage } = await import('../fleet/lists.ts');
      done(await coverage(options, io));
    });
}

function compactCommand(fleet: Command, { io, done }: CommandPlace): void {
  fleet
    .command('compact')
    .description(
      'make few large files of the many small ones that agents bring to a folder; of days before today (UTC) unless told otherwise',
    )
    .argument('<folder>', 'the folder of the fleet')
    .option('--target <size>', 'size of a file', size, 128 * 1024 ** 2)
    .option(
      '--today',
      'units of today too, once their files are an hour old: run each hour, it keeps answers fast',
    )
    .action(async (folder: string, options: CompactChoice) => {
      const { compact } = await import('../fleet/keep.ts');
      done(await compact(folder, options, io));
    });
}

function ingestCommand(fleet: Command, { io, done }: CommandPlace): void {
  fleet
    .command('ingest')
    .description(
      'take what is new in a folder into ClickHouse; it makes the tables, takes nothing in twice, and can be run again at any time',
    )
    .argument('<folder>', 'the folder of the fleet')
    .requiredOption(
      '--store <place>',
      'clickhouse://[user[:password]@]host[:port][,host…]/database[?cluster=name]; all hosts of the cluster are named',
    )
    .action(async (folder: string, options: { readonly store: string }) => {
      const { ingestFolder } = await import('../fleet/ingest.ts');
      done(await ingestFolder(folder, options.store, io));
    });
}

function retainCommand(fleet: Command, { io, done }: CommandPlace): void {
  fleet
    .command('retain')
    .description('remove days that are older than so many; of a folder, their case files too')
    .argument('<place>', 'the folder of the fleet, or clickhouse://…')
    .requiredOption('--days <n>', 'days to keep, today among them', count)
    .action(async (place: string, options: { readonly days: number }) => {
      const { retain } = await import('../fleet/keep.ts');
      done(await retain(place, options, io));
    });
}

function placed(command: Command): Command {
  return command
    .option('--store <place>', STORE)
    .option('--time-limit <seconds>', 'give up after so long', count)
    .option('--no-color', 'no colours, not even on a terminal');
}

function timed(command: Command): Command {
  return command
    .option('--from <time>', 'from then on: 2026-11-29T14:00 (UTC), or how long ago: 30m, 2h, 7d')
    .option('--to <time>', 'until then')
    .option('--site <name>', 'of that site')
    .option('--host <name>', 'that this host captured');
}

function scoped(command: Command): Command {
  return timed(command)
    .option(
      '--server <server>',
      'of a server: its address or name, or a part of one; with :PORT, or :PORT alone',
    )
    .option('--client <client>', 'of a client: its address, or a part of it')
    .addOption(new Option('--cause <code>', 'of that cause').choices([...CAUSE_CODES]))
    .addOption(new Option('--origin <kind>', 'sent by that').choices([...ORIGIN_KINDS]))
    .option('--only-matters', 'only what ended unfinished work')
    .option('--json', 'one JSON document');
}
