import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Conversation, interleave } from '../../test/support/conversation.ts';
import { fleetRows } from '../../test/support/fleet-tables.ts';
import { partsWith, writeHelper } from '../../test/support/fake-programs.ts';
import { runCli, type CliRun } from '../../test/support/run-cli.ts';
import { FLEET_KINDS } from '../../shared/fleet/tables.ts';
import type { LiveParts } from '../host/live/live-parts.ts';

const packets = interleave(
  new Conversation().handshake().clientSends('hello').serverAcks().rst({ from: 'server' }),
  new Conversation({ client: { address: '10.0.0.77' } })
    .handshake()
    .clientSends('GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n')
    .serverSends(10)
    .closes('client'),
);

/** What names hosts in these packets. */
const SECRETS = ['10.0.0.77', 'shop.example', '192.0.2.80'];

let folder = '';
let spool = '';
let live: LiveParts;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-cli-spool-'));
  spool = join(folder, 'spool');
  live = partsWith(writeHelper(join(folder, 'bin'), packets), join(folder, 'captures'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const run = (...argv: string[]): Promise<CliRun> => runCli(argv, { live });
const capture = (...argv: string[]): Promise<CliRun> =>
  run('live', '-i', 'eth7', '--count', '1', '--spool', spool, ...argv);

describe('resetscope live --spool', () => {
  it('tells a fleet what analyze tells of the file that was kept', async () => {
    const file = join(folder, 'all.pcapng');
    const { exitCode, stderr } = await capture('-w', file, '--site', 'lab', '--clock-bound', '0.25');
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`spool: 2 flows and 1 reset in 1 segment told to ${spool}\n`);
    const tables = join(folder, 'tables');
    await run('analyze', file, '--parquet', tables, '--site', 'lab');
    for (const kind of ['flows', 'resets', 'findings'] as const) {
      const common = (row: Record<string, unknown>): object => ({ ...row, capture: 0, file: '' });
      const told = (await fleetRows(spool, kind)).map(common);
      expect(told.length).toBeGreaterThan(0);
      expect(told).toEqual((await fleetRows(tables, kind)).map(common));
    }
    expect(await fleetRows(spool, 'captures')).toMatchObject([
      {
        ...{ host: hostname(), site: 'lab', interface: 'eth7', source: 'live', segment: 0n },
        ...{ packets: BigInt(packets.length), flows: 2n, resets: 1n, untold: 0n, is_whole: true },
        ...{ clock_bound_seconds: 0.25, clock_source: 'operator', key_id: 'public', is_anonymised: false },
        ...{ spool_lost_files: 0n, spool_lost_bytes: 0n },
      },
    ]);
    expect(await fleetRows(spool, 'open_flows')).toEqual([]);
  });

  it('keeps the case files of caught resets, under the name that their rows have', async () => {
    await capture('--catch', '--after', '0');
    const [kept] = await fleetRows(spool, 'cases');
    const name = String(kept['case_name']);
    expect((await fleetRows(spool, 'resets')).map((row) => row['case_name'])).toEqual([name]);
    expect((await fleetRows(spool, 'findings')).map((row) => row['case_name'])).toEqual([name]);
    const path = readdirSync(spool, { recursive: true, encoding: 'utf8' }).find((one) => one.endsWith(name));
    const report = await run('analyze', join(spool, path ?? ''), '--json');
    expect(JSON.parse(report.stdout)).toMatchObject({
      resets: [{ cause: { code: expect.any(String) as string } }],
    });
    expect(kept).toMatchObject({ resets: 1n, bytes: BigInt(readFileSync(join(spool, path ?? '')).length) });
  });

  it('does not thin out the tables where only some resets are shown', async () => {
    const { stdout } = await capture('--only-matters', '--catch', 'origin:middlebox', '--duration', '1');
    expect(stdout).not.toBe('');
    expect(await fleetRows(spool, 'resets')).toHaveLength(1);
    expect(await fleetRows(spool, 'flows')).toHaveLength(2);
  });

  it('takes a run that is made anew for another capture, and counts what the spool lets go of', async () => {
    await capture();
    await capture();
    const captures = await fleetRows(spool, 'captures');
    expect(new Set(captures.map((row) => row['capture'])).size).toBe(2);
    const { stderr, stdout } = await capture('--spool-limit', '1', '--json');
    expect(stderr).toContain('at its limit');
    expect(await fleetRows(spool, 'captures')).toEqual([]);
    const status = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { spool: { lostFiles: number } };
    // Of each of the three: captures, flows, open flows (none), resets and findings.
    expect(status.spool).toMatchObject({ lostFiles: 15, segments: 1, failed: 0, error: null });
    await capture();
    expect(await fleetRows(spool, 'captures')).toMatchObject([{ spool_lost_files: 15n }]);
  });

  it('leaves nothing of who is who, where that is asked for, and keys that pair with those of other hosts', async () => {
    const key = join(folder, 'fleet.key');
    writeFileSync(key, `${'5c'.repeat(32)}\n`);
    const file = join(folder, 'all.pcapng');
    const options = ['--fleet-key', key, '--catch', '--after', '0'];
    await capture('-w', file, ...options, '--anonymise');
    const told = await Promise.all(FLEET_KINDS.map((kind) => fleetRows(spool, kind)));
    const cells = told.flat().flatMap((row) => Object.values(row).map(String));
    expect(cells.filter((cell) => SECRETS.some((secret) => cell.includes(secret)))).toEqual([]);
    const [kept] = (await fleetRows(spool, 'cases')).map((row) => String(row['case_name']));
    const place = readdirSync(spool, { recursive: true, encoding: 'utf8' }).find((one) => one.endsWith(kept));
    const report = await run('analyze', join(spool, place ?? ''), '--json');
    expect(report.stdout).toContain('"resets"');
    expect(SECRETS.filter((secret) => report.stdout.includes(secret))).toEqual([]);
    const tables = join(folder, 'tables');
    await run('analyze', file, '--parquet', tables, '--fleet-key', key);
    const keys = async (from: string): Promise<unknown[]> =>
      (await fleetRows(from, 'flows')).map((row) => row['match_key']).sort();
    expect(await keys(spool)).toEqual(await keys(tables));
    const [row] = await fleetRows(spool, 'captures');
    expect(row).toMatchObject({ is_anonymised: true });
    expect(row['key_id']).not.toBe('public');
  });

  it('refuses what it cannot do, before it captures', async () => {
    for (const [argv, words] of [
      [['live', '-i', 'eth7', '--site', 'lab'], '--site goes with --spool only'],
      [['live', '-i', 'eth7', '--spool-every', '5'], '--spool-every goes with --spool only'],
      [['live', '-i', 'eth7', '--spool', spool, '--spool-every', '0'], 'a number of seconds from 1'],
      [['live', '-i', 'eth7', '--spool', spool, '--also-interface', 'lo'], '--spool tells of one place'],
      [['live', '-i', 'eth7', '--spool', spool, '--fleet-key', join(folder, 'none')], 'cannot be read'],
    ] as const) {
      const { exitCode, stderr } = await run(...argv);
      expect(stderr).toContain(words);
      expect(exitCode).toBe(1);
    }
    writeFileSync(join(folder, 'file'), '');
    const { exitCode, stderr } = await run('live', '-i', 'eth7', '--spool', join(folder, 'file'));
    expect(stderr).toMatch(/cannot be written: .*; --spool takes another folder/u);
    expect(exitCode).toBe(3);
  });
});
