/** `resetscope fleet` over a folder: what it prints, what it promises to programs, and what its exit code says. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLEET_CONTRACTS } from '../../main/cli/contracts/fleet.ts';
import { FleetAnswers } from '../../main/fleet/answers.ts';
import type { Row } from '../../main/fleet/store.ts';
import { type CliRun, runCli } from '../support/run-cli.ts';
import { writeFolder } from './support/write-folder.ts';

const root = new URL('../..', import.meta.url).pathname;
const MINUTE_NS = 60_000_000_000n;
/** 2025-06-15T00:00Z. */
const START = 20_254n * 1440n * MINUTE_NS;

let home = '';
let folder = '';
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'resetscope-commands-'));
  folder = join(home, 'fleet');
  mkdirSync(folder);
  const [captures, resets, findings]: Row[][] = [[], [], []];
  for (const [n, host] of ['web', 'db'].entries()) {
    for (let segment = 0; segment < 12; segment++) {
      // The second host captured nothing from 00:20 to 00:30.
      if (n === 1 && (segment === 4 || segment === 5)) continue;
      const time = START + BigInt(segment) * 5n * MINUTE_NS;
      const unit = { capture: String(n + 1), segment };
      captures.push({
        ...unit,
        host,
        site: n === 0 ? 'berlin' : 'oslo',
        interface: 'eth0',
        time,
        last_time: time + 5n * MINUTE_NS,
        packets: 1000,
        resets: 2,
        lost: 0,
        clock_bound_seconds: 0.001,
        key_id: 'public',
        engine_version: '1.0.0',
      });
      const finding = {
        ...unit,
        server_address: '192.0.2.1',
        server_port: 443,
        server_name: 'www.example',
        claimed: 'server',
        origin: 'middlebox',
        origin_side: 'path',
        cause: 'idle-timeout',
        count: 2,
      };
      findings.push({
        ...finding,
        ...{ time, first_time: time + MINUTE_NS, last_time: time + 2n * MINUTE_NS },
        ...{ matters: 1, clients: 2, mean_confidence: 0.9, example_reset: segment * 2 },
      });
      for (let reset = 0; reset < 2; reset++) {
        resets.push({
          ...finding,
          count: 1,
          reset: segment * 2 + reset,
          flow: reset,
          time: time + BigInt(reset + 1) * MINUTE_NS,
          client_address: `10.0.0.${reset + 1}`,
          client_port: 40_000 + segment,
          origin_confidence: 0.9,
          origin_label: 'a device',
          cause_confidence: 0.8,
          matters: reset === 0,
          summary: '\u001b[31mred',
          next: '',
        });
      }
    }
  }
  await writeFolder(folder, { captures, resets, findings });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function fleet(...argv: readonly string[]): Promise<CliRun> {
  return runCli(['fleet', ...argv], {
    env: { RESETSCOPE_FLEET: folder },
    fleet: () => Promise.resolve(new FleetAnswers({ duckdb: [root], temporary: home })),
  });
}

describe.each(FLEET_CONTRACTS)('$name', ({ schema, command }) => {
  it('is what was promised', async () => {
    const { exitCode, stdout, stderr } = await fleet(
      ...command.slice(1).map((one) => (one === 'FOLDER' ? folder : one)),
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    v.parse(schema, JSON.parse(stdout));
  });
});

it('counts the same out of roll-ups and out of resets', async () => {
  const scoped = async (...scope: readonly string[]): Promise<unknown> => {
    const { stdout } = await fleet('findings', '--json', ...scope);
    const { findings } = JSON.parse(stdout) as { findings: Record<string, unknown>[] };
    return findings.map(({ count, matters, hosts, sites, meanConfidence }) => ({
      count,
      matters,
      hosts,
      sites,
      meanConfidence: Number(meanConfidence).toFixed(6),
    }));
  };
  const all = { count: 44, matters: 22, hosts: 2, sites: ['berlin', 'oslo'], meanConfidence: '0.900000' };
  expect(await scoped()).toEqual([all]);
  // A scope that cuts through five minutes asks the resets themselves.
  expect(await scoped('--from', '2025-06-14T23:59:59')).toEqual([all]);
  expect(await scoped('--client', '10.0.0.')).toEqual([all]);
  expect(await scoped('--only-matters')).toEqual([{ ...all, count: 22 }]);
  expect(await scoped('--from', '2025-06-15T00:02', '--to', '2025-06-15T00:05')).toEqual([
    { ...all, count: 2, matters: 0 },
  ]);
  expect(await scoped('--host', 'db')).toEqual([
    { ...all, count: 20, matters: 10, hosts: 1, sites: ['oslo'] },
  ]);
  expect(await scoped('--server', '192.0.2.1:80')).toEqual([]);
});

it('says which times are missing, last of all', async () => {
  const { exitCode, stdout } = await fleet('coverage');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^db +oslo +eth0 .* 10 min /mu);
  expect(stdout.trimEnd().replaceAll('\n', ' ')).toMatch(
    /In it: 2 hosts at 2 sites, .* 1 host did not capture all the time \(db; 10 min together\)\.$/u,
  );
});

it('has another exit code where a host brought nothing of the time', async () => {
  const { exitCode, stdout } = await fleet(
    'resets',
    ...['--from', '2025-06-15T00:20', '--to', '2025-06-15T00:30'],
  );
  expect(exitCode).toBe(2);
  expect(stdout).toContain('1 host brought nothing of this time (db)');
});

it('prints text of tables so that a terminal only shows it', async () => {
  const { stdout } = await fleet('query', 'SELECT summary FROM resets LIMIT 1');
  expect(stdout).not.toContain('\u001b');
  expect(stdout).toContain('red');
});

it('gives rows alone to what reads rows', async () => {
  const sql = 'SELECT host, max(time) AS newest FROM captures GROUP BY host ORDER BY host';
  const csv = await fleet('query', sql, '--format', 'csv');
  expect(csv.stdout).toBe(
    'host,newest\r\ndb,2025-06-15T00:55:00.000000000Z\r\nweb,2025-06-15T00:55:00.000000000Z\r\n',
  );
  expect(csv.stderr).toContain('In it: 2 hosts');
  const lines = await fleet('query', sql, '--format', 'ndjson', '--limit', '1');
  expect(lines.stdout).toBe('{"host":"db","newest":"2025-06-15T00:55:00.000000000Z"}\n');
  expect(lines.stderr).toContain('only the first 1 rows');
});

it.each([
  [['query', "FROM '/etc/passwd'"], 'none of the tables'],
  [['findings', '--from', 'yesterday'], '--from is a time such as'],
  [['findings', '--from', '1h', '--to', '2h'], '--from is not before --to'],
  [['coverage', '--store', '/nonexistent'], 'There is no folder'],
  [['coverage', '--store', 'postgres://x/y'], 'no store of the kind postgres://'],
  [['coverage', '--store', ''], 'say where the fleet is'],
])('refuses %j in words', async (argv, words) => {
  const { exitCode, stderr } = await fleet(...argv);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(words);
});

it('tells of files that are no tables, and answers out of the others', async () => {
  const shelf = join(folder, 'resets/day=2025-06-16/site=test');
  mkdirSync(shelf, { recursive: true });
  // Of a unit whose row of captures is there.
  writeFileSync(join(shelf, '0000000000000001-00000.parquet'), 'nothing');
  const { exitCode, stdout } = await fleet('resets', '--limit', '1');
  rmSync(shelf, { recursive: true });
  expect(exitCode).toBe(2);
  expect(stdout).toContain('1 reset of 44');
});
