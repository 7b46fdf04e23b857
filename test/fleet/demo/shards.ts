/** The same tables on two ClickHouse shards, then with each of them stopped in turn, then whole again. */
import { isDeepStrictEqual } from 'node:util';
import { startServers, type TestServers } from '../support/clickhouse-servers.ts';
import {
  type Asking,
  type Coverage,
  EXIT_MISSING,
  EXIT_OK,
  type Findings,
  type Join,
  type Joins,
  must,
  nameOf,
} from './asking.ts';
import type { Whole } from './folder.ts';

const SHARDS = 2;

/** @returns sentences that say what was proven */
export async function proveOnShards(
  asking: Asking,
  fleet: string,
  whole: Whole,
  onStart: (servers: TestServers) => void,
): Promise<readonly string[]> {
  const servers = await startServers(SHARDS);
  onStart(servers);
  try {
    const place = servers.all('fleet');
    await asking.ask(EXIT_OK, 'fleet', 'ingest', fleet, '--store', place);
    const again = await asking.ask(EXIT_OK, 'fleet', 'ingest', fleet, '--store', place);
    must(again.startsWith('0 units taken in, 0 replaced'), `a second ingest took something in: ${again}`);
    await proveWhole(asking, place, whole, true);
    const proven = [
      `Two ClickHouse shards gave the same findings and the same ${whole.joins.joins.length} verdicts as the folder; a second ingest took nothing in.`,
    ];
    const told: (readonly Join[])[] = [];
    for (const [at, server] of servers.servers.entries()) {
      await server.stop();
      const joins = await proveWithout(asking, place, at + 1, whole);
      told.push(joins);
      const total = whole.joins.joins.length;
      const open = joins.filter(({ verdict }) => verdict === 'open').length;
      proven.push(
        `With shard ${at + 1} of ${SHARDS} stopped, every answer named it as missing and exited with ${EXIT_MISSING}. Of ${total} resets, ${joins.length - open} were still proven by the shard that lives, ${open} left open, and ${total - joins.length} lie on the one that was stopped.`,
      );
      await server.start();
    }
    const names = told.flat().map(nameOf).sort();
    must(
      isDeepStrictEqual(names, whole.joins.joins.map(nameOf).sort()),
      `each reset lies on one shard, and here the shards told of ${names.join(', ')}`,
    );
    await proveWhole(asking, place, whole, false);
    return [...proven, 'With both shards started again, the answers were whole again.'];
  } finally {
    await servers.close();
  }
}

async function proveWhole(asking: Asking, place: string, whole: Whole, isShown: boolean): Promise<void> {
  const at = ['--store', place];
  if (isShown) for (const what of ['findings', 'join']) await asking.show(EXIT_OK, 'fleet', what, ...at);
  await asking.show(EXIT_OK, 'fleet', 'coverage', ...at);
  const joins = await asking.json<Joins>(EXIT_OK, 'fleet', 'join', ...at);
  const findings = await asking.json<Findings>(EXIT_OK, 'fleet', 'findings', ...at);
  must(isDeepStrictEqual(joins.joins, whole.joins.joins), 'the shards join otherwise than the folder');
  must(
    isDeepStrictEqual(findings.findings, whole.findings.findings),
    'the shards have other findings than the folder',
  );
  mustMiss(joins.coverage, []);
}

/** @returns what is still told of */
async function proveWithout(
  asking: Asking,
  place: string,
  dead: number,
  whole: Whole,
): Promise<readonly Join[]> {
  const at = ['--store', place];
  for (const what of ['findings', 'join', 'coverage']) await asking.show(EXIT_MISSING, 'fleet', what, ...at);
  const { coverage } = await asking.json<{ coverage: Coverage }>(EXIT_MISSING, 'fleet', 'coverage', ...at);
  const findings = await asking.json<Findings>(EXIT_MISSING, 'fleet', 'findings', ...at);
  const { joins, ...rest } = await asking.json<Joins>(EXIT_MISSING, 'fleet', 'join', ...at);
  for (const one of [coverage, findings.coverage, rest.coverage]) mustMiss(one, [dead]);
  must(coverage.hosts.length === 3, 'the hosts that captured are not known without a shard');
  for (const one of joins) {
    const expected = whole.joins.joins.find((other) => nameOf(other) === nameOf(one));
    must(
      expected !== undefined && (one.verdict === 'open' || one.verdict === expected.verdict),
      `without shard ${dead}, the reset ${nameOf(one)} is said to be ${one.verdict}`,
    );
  }
  return joins;
}

function mustMiss({ missing, shards, sentence }: Coverage, dead: readonly number[]): void {
  const named = missing.map(({ kind, name }) => `${kind} ${name}`);
  must(
    named.length === dead.length &&
      dead.every((shard, at) => named[at].startsWith(`shard shard ${shard} of ${SHARDS} (`)),
    `missing should be ${dead.length === 0 ? 'nothing' : `shard ${dead.join(', ')}`}, and is: ${named.join(', ') || 'nothing'}`,
  );
  must(shards.answered === SHARDS - dead.length, `${shards.answered} shards are said to have answered`);
  must(
    dead.length === 0 || sentence.includes('did not answer'),
    `the sentence of coverage does not say it: ${sentence}`,
  );
}
