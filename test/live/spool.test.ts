/** Tables for a fleet while a capture goes on: each flow and each reset once, whatever ends the agent, and what is lost is told. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fleetRows } from '../support/fleet-tables.ts';
import { keptFiles } from './support/kept-files.ts';
import { LiveCommand } from './support/live-command.ts';
import { CABLE, canCapture, DIST, makeWorld } from './support/setup.ts';
import { keepMakingResets, makeResets } from './support/traffic.ts';

type Row = Record<string, unknown>;

describe.skipIf(!canCapture)('live capture under faults: a spool', () => {
  const world = makeWorld();

  const args = (name: string, spool: string): string[] => {
    const ring = `${join(world.folder, `ring-${name}`)}/`;
    return ['-i', CABLE, '-w', ring, '--spool', spool, '--spool-every', '1', '--clock-bound', '0.001'];
  };

  /** What a file of the same packets tells. */
  async function analysed(ring: string): Promise<string> {
    const tables = join(ring, 'tables');
    const program = [join(DIST, 'cli/index.js'), 'analyze', ...(await keptFiles(ring)), '--parquet', tables];
    execFileSync(process.execPath, program, { stdio: 'ignore' });
    return tables;
  }

  it('tells over all of its segments what the kept files tell at once, and of every moment', async () => {
    const spool = join(world.folder, 'spool-whole');
    const capture = await new LiveCommand(world.network.here, args('whole', spool)).captures();
    makeResets(world.network, 5);
    // Half a minute later they are final, and told while the capture goes on.
    await capture.until(() => (capture.statuses.at(-1)?.spool?.resets ?? 0) === 5, 'resets in the spool');
    const early = await fleetRows(spool, 'resets');
    expect(early).toHaveLength(5);
    makeResets(world.network, 3);
    await capture.until(() => capture.resets.length === 8, 'all resets');
    capture.child.kill('SIGTERM');
    expect(await capture.ended).toEqual({ code: 0, signal: null });

    const tables = await analysed(join(world.folder, 'ring-whole'));
    for (const [kind, columns] of [
      ['flows', ['flow', 'time', 'match_key', 'ending', 'client_packets', 'server_resets']],
      ['resets', ['reset', 'flow', 'frame', 'file', 'time', 'reset_key', 'cause', 'origin', 'matters']],
    ] as const) {
      const told = async (place: string): Promise<unknown[][]> =>
        (await fleetRows(place, kind))
          .map((row) => columns.map((column) => row[column]))
          .sort((a, b) => Number(a[0]) - Number(b[0]));
      expect(await told(spool)).toEqual(await told(tables));
    }
    const captures = (await fleetRows(spool, 'captures')).sort(
      (a, b) => Number(a['segment']) - Number(b['segment']),
    );
    expect(captures.length).toBeGreaterThan(1);
    expect(captures.map((row) => Number(row['segment']))).toEqual(captures.map((_, i) => i));
    for (const [i, row] of captures.slice(1).entries()) expect(row['time']).toEqual(captures[i]['last_time']);
    const sum = (column: string): number => captures.reduce((all, row) => all + Number(row[column]), 0);
    expect([sum('packets'), sum('resets'), sum('untold')]).toEqual([capture.status.packets, 8, 0]);
    // What is told last tells of no connection that goes on.
    expect(await fleetRows(spool, 'open_flows')).toEqual([]);
  });

  it('holds no half of a segment when the agent is killed, and one that is started again is another capture', async () => {
    const spool = join(world.folder, 'spool-killed');
    const killed = await new LiveCommand(world.network.here, args('killed', spool)).captures();
    keepMakingResets(world.network, 20);
    await killed.until(() => (killed.statuses.at(-1)?.spool?.segments ?? 0) > 0, 'a segment');
    killed.child.kill('SIGKILL');
    await killed.ended;
    const next = await new LiveCommand(world.network.here, args('next', spool)).captures();
    await next.until(() => next.resets.length > 0, 'resets');
    expect((await next.interrupt()).code).toBe(0);
    const captures = await fleetRows(spool, 'captures');
    const units = new Set(captures.map(unitOf));
    expect(units.size).toBe(captures.length);
    expect(new Set(captures.map((row) => row['capture'])).size).toBe(2);
    for (const row of captures) {
      const resets = (await fleetRows(spool, 'resets')).filter((reset) => unitOf(reset) === unitOf(row));
      const told = resets.reduce((all, reset) => all + Number(reset['count']), 0);
      expect(told).toBe(Number(row['resets']) - Number(row['untold']));
    }
  });

  it('does not end the capture where the disk is full: the oldest tables go, and are counted', async () => {
    const disk = join(world.folder, 'disk-of-spool');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=192k', 'tmpfs', disk]);
    try {
      const capture = await new LiveCommand(world.network.here, args('full', disk)).captures();
      keepMakingResets(world.network, 5);
      const hasLost = (): boolean => (capture.statuses.at(-1)?.spool?.lostFiles ?? 0) > 0;
      await capture.until(hasLost, 'a spool that is full');
      const before = capture.status.packets;
      await capture.until(() => capture.status.packets > before, 'packets all the same');
      await capture.interrupt();
      expect(capture.status.error).toBeNull();
      expect(capture.stderr).toMatch(/the disk of .* is full \(ENOSPC\)/u);
      expect(readdirSync(disk)).toContain('.resetscope-spool.json');
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

function unitOf(row: Row): string {
  return `${String(row['capture'])}-${String(row['segment'])}`;
}
