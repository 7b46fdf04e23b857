import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeHelper, writeProgram } from '../../../../test/support/fake-programs.ts';
import { checkFilter } from './filter-check.ts';
import { findInstalled, findPrograms, type ProgramPlaces } from './find-programs.ts';
import { parseNetDev, readCounters } from './interfaces.ts';
import { bestSource, isRefused, probeSources, type Probe, withUsableWitness } from './probe.ts';
import { runProgram } from './run-program.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-probe-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const places = (more: Partial<ProgramPlaces> = {}): ProgramPlaces => ({
  path: folder,
  moreFolders: [],
  helpers: [],
  capChild: null,
  node: process.execPath,
  ...more,
});

async function probe(more: Partial<ProgramPlaces> = {}): Promise<Probe> {
  return probeSources(await findPrograms(places(more)), runProgram);
}
const why = ({ sources }: Probe): Record<string, string | null> =>
  Object.fromEntries(sources.map((one) => [one.kind, one.why]));

describe('the probe', () => {
  it('says of an empty machine what is missing', async () => {
    const probed = await probe();
    expect(why(probed)).toEqual({
      helper: 'it was not built',
      tcpdump: 'tcpdump is not installed',
      dumpcap: 'dumpcap is not installed',
      cap: 'this build has no place for it',
      ssh: 'ssh is not installed',
    });
    expect(bestSource(probed.sources)).toBeUndefined();
  });

  it('takes the helper first, and its interfaces', async () => {
    writeHelper(folder, []);
    writeProgram(folder, 'tcpdump', 'echo tcpdump version 4.99.3 >&2');
    const probed = await probe();
    expect(probed.sources[0]).toEqual({
      kind: 'helper',
      usable: true,
      version: '9.8',
      program: join(folder, 'resetscope-capd'),
      why: null,
      lacks: [],
    });
    expect(probed.interfaces).toEqual([
      {
        name: 'eth7',
        description: 'a test',
        addresses: ['10.7.0.1'],
        up: true,
        loopback: false,
        wireless: false,
        linkTypes: ['EN10MB'],
      },
    ]);
    expect(bestSource(probed.sources)).toBe('helper');
  });

  it('tells lack of rights from other trouble', async () => {
    writeProgram(
      folder,
      'resetscope-capd',
      `echo '{"version":"1","interfaces":[{"name":"lo","up":true,"linkTypes":null}]}'`,
    );
    writeProgram(
      folder,
      'tcpdump',
      `[ "$1" = --version ] || { echo "tcpdump: lo: You don't have permission" >&2; exit 1; }`,
    );
    writeProgram(
      folder,
      'dumpcap',
      `[ "$1" = --version ] && echo 'Dumpcap 4.0.17' || { echo 'dumpcap: broken' >&2; exit 2; }`,
    );
    const child = join(folder, 'cap-child.cjs');
    writeProgram(folder, 'cap-child.cjs', '');
    writeProgram(folder, 'fakenode', `echo 'resetscope-cap: no interface may be opened' >&2; exit 69`);
    const probed = await probe({ capChild: child, node: join(folder, 'fakenode') });
    expect(why(probed)).toMatchObject({
      helper: 'it lacks the right to capture',
      tcpdump: 'it lacks the right to capture',
      dumpcap: 'dumpcap: broken',
      cap: 'no interface may be opened',
    });
    expect(probed.sources.find(({ kind }) => kind === 'dumpcap')?.version).toBe('4.0.17');
  });

  it.each(['not json', '{}', '{"interfaces":[{"name":7},{"noname":1}]}'])(
    'survives a helper that says %s',
    async (said) => {
      writeProgram(folder, 'resetscope-capd', `echo '${said}'`);
      const probed = await probe();
      expect(probed.sources[0].usable).toBe(false);
    },
  );

  it('finds what is installed even where it may not be run', async () => {
    writeProgram(folder, 'dumpcap', '');
    chmodSync(join(folder, 'dumpcap'), 0o644);
    expect(await findInstalled(places(), 'dumpcap')).toBe(join(folder, 'dumpcap'));
    expect((await findPrograms(places())).dumpcap).toBeNull();
  });
});

describe('the helper', () => {
  const LISTS = `echo '{"version":"1","interfaces":[{"name":"lo","up":true,"linkTypes":["EN10MB"]}]}'`;
  const REFUSED = `echo '{"version":"1","interfaces":[{"name":"lo","up":true,"linkTypes":null}]}'`;

  it('that only others may run is there, and is told as refused', async () => {
    chmodSync(writeProgram(folder, 'resetscope-capd', LISTS), 0o640);
    const probed = await probe();
    expect(why(probed)).toMatchObject({ helper: 'only members of its group may run it' });
    expect(isRefused(probed.sources)).toBe(true);
    expect(bestSource(probed.sources)).toBeUndefined();
  });

  it('that may be run comes before one that may not', async () => {
    chmodSync(writeProgram(folder, 'resetscope-capd', LISTS), 0o640);
    const built = writeProgram(join(folder, 'built'), 'resetscope-capd', LISTS);
    expect((await findPrograms(places({ helpers: [built] }))).helper).toBe(built);
  });

  it('has its copy for the kernel witness beside it, and takes it where that can capture', async () => {
    const user = vi.spyOn(process, 'geteuid').mockReturnValue(1000);
    try {
      const built = join(folder, 'built');
      const helpers = [writeProgram(built, 'resetscope-capd', LISTS)];
      const usable = async (): Promise<string | null> =>
        (await withUsableWitness(await findPrograms(places({ helpers })), runProgram)).witnessHelper;
      expect(await usable()).toBeNull();
      const witness = writeProgram(built, 'resetscope-capd-witness', LISTS);
      expect(await usable()).toBe(witness);
      chmodSync(witness, 0o640);
      expect(await usable()).toBeNull();
      writeProgram(built, 'resetscope-capd-witness', REFUSED);
      expect(await usable()).toBeNull();
      writeProgram(built, 'resetscope-capd-witness', LISTS);
      // Root's ordinary helper asks as well.
      user.mockReturnValue(0);
      expect(await usable()).toBeNull();
    } finally {
      user.mockRestore();
    }
  });
});

describe('a filter', () => {
  it('is compiled by the helper', async () => {
    writeHelper(folder, []);
    const programs = await findPrograms(places());
    expect(await checkFilter('tcp', 'EN10MB', programs, runProgram)).toEqual({ ok: true, message: null });
    expect(await checkFilter('bad', null, programs, runProgram)).toEqual({
      ok: false,
      message: 'syntax error',
    });
    expect(await checkFilter('  ', null, programs, runProgram)).toEqual({ ok: true, message: null });
  });

  it('passes where nobody can tell', async () => {
    expect(await checkFilter('bad', null, await findPrograms(places()), runProgram)).toEqual({
      ok: true,
      message: null,
    });
  });
});

describe('counters of interfaces', () => {
  it('are read from the kernel', () => {
    const text = [
      'Inter-|   Receive                                                |  Transmit',
      ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
      '    lo: 100 2 0 0 0 0 0 0 100 2 0 0 0 0 0 0',
      '  eth0:5000 10 0 3 0 0 0 0 700 5 0 1 0 0 0 0',
      'broken: a b',
    ].join('\n');
    expect(parseNetDev(text)).toEqual([
      { name: 'lo', packets: 4, bytes: 200, dropped: 0 },
      { name: 'eth0', packets: 15, bytes: 5700, dropped: 4 },
    ]);
    expect(parseNetDev('')).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')('are there without any rights', async () => {
    expect((await readCounters()).interfaces.map(({ name }) => name)).toContain('lo');
  });
});
