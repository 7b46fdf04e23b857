/** Units as files: what lies where and in which order, that a second run replaces all of the first, and that a failed one leaves nothing. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fleetRows, filesBelow, rowsIn } from '../../../test/support/fleet-tables.ts';
import { FLEET_TABLES, type FleetKind } from '../../../shared/fleet/tables.ts';
import { undisguised } from '../../engine/fleet/disguise.ts';
import type { CaptureFacts } from '../../engine/fleet/capture-cells.ts';
import type { FleetCell } from '../../engine/fleet/fleet-row.ts';
import { madeRows, type FleetRows } from './fleet-rows.ts';
import { keysWith, PUBLIC_FLEET_KEY } from './keys.ts';
import { DAY_NS } from './layout.ts';
import { writeUnit, type FleetUnit } from './unit-writer.ts';

const { signal } = new AbortController();
const MIDNIGHT_NS = 20_600n * DAY_NS;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-unit-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A row with nothing but those cells. */
function row(kind: FleetKind, cells: Readonly<Record<string, FleetCell>>): FleetCell[] {
  return FLEET_TABLES[kind].map(({ name }) => cells[name] ?? null);
}

interface Flow {
  readonly server: string;
  readonly port?: number;
  readonly timeNs?: bigint;
}

function flows(list: readonly Flow[], kind: 'flows' | 'open_flows' = 'flows'): FleetRows {
  return madeRows(
    kind,
    list.map(({ server, port = 80, timeNs = MIDNIGHT_NS }, flow) =>
      row(kind, { flow, time: timeNs, server_address: server, server_port: port, match_key: -(2n ** 63n) }),
    ),
  );
}

const FACTS: CaptureFacts = {
  ...{ host: 'web-1', site: 'berlin', interface: 'eth0', filter: null, source: 'live', files: [] },
  ...{ fromNs: MIDNIGHT_NS, toNs: MIDNIGHT_NS + 1n, packets: 3, bytes: 180, flows: 1, resets: 0, untold: 0 },
  lost: { kernel: 1, interface: null, queue: 2, analysis: null },
  ...{ snapLength: null, isWhole: true, clock: null, keyId: 'public', isAnonymised: false },
  ...{ engineVersion: '1', weightsVersion: '2', spoolLost: null },
};

function unit(rows: readonly FleetRows[], others: Partial<FleetUnit> & { segment?: number } = {}): FleetUnit {
  const { segment = 0, ...rest } = others;
  return {
    ...{ folder, site: 'berlin', rows, open: null, cases: [] },
    context: {
      ...{ capture: -1n, segment, epochNs: 0n },
      ...{ keys: keysWith(PUBLIC_FLEET_KEY), disguise: undisguised(() => null) },
    },
    captures: () => FACTS,
    ...rest,
  };
}

const write = (made: FleetUnit) => writeUnit(made, signal);
const DAY = 'day=2026-05-27/site=berlin';
const NAME = 'ffffffffffffffff-00000.parquet';

describe('a unit', () => {
  it('lies by kind, day and site, in rows by server, port and time', async () => {
    const list = [
      { server: '10.0.0.9' },
      { server: '10.0.0.10', port: 443 },
      { server: '10.0.0.10', port: 80, timeNs: MIDNIGHT_NS + 2n },
      { server: '10.0.0.10', port: 80, timeNs: MIDNIGHT_NS + 1n },
      { server: '::1' },
    ];
    const written = await write(unit([flows(list)]));
    expect(written).toMatchObject({ files: 2, rows: { flows: 5, captures: 1, resets: 0 } });
    expect(filesBelow(folder)).toEqual([`captures/${DAY}/${NAME}`, `flows/${DAY}/${NAME}`]);
    expect((await fleetRows(folder, 'flows')).map((one) => one['flow'])).toEqual([3n, 2n, 1n, 0n, 4n]);
    const [captures] = await fleetRows(folder, 'captures');
    expect(captures).toMatchObject({ capture: -1n, host: 'web-1', lost: 3n, lost_interface: null });
  });

  it('has the columns of the tables with their types, keys whole', async () => {
    await write(unit([flows([{ server: '10.0.0.1' }])]));
    for (const kind of ['flows', 'captures'] as const) {
      const file = new Uint8Array(readFileSync(join(folder, kind, DAY, NAME))).buffer;
      const [, ...columns] = parquetMetadata(file).schema;
      expect(columns.map(({ name }) => name)).toEqual(FLEET_TABLES[kind].map(({ name }) => name));
      const physical = {
        text: 'BYTE_ARRAY',
        int: 'INT64',
        key: 'INT64',
        real: 'DOUBLE',
        flag: 'BOOLEAN',
        time: 'INT64',
      };
      expect(columns.map(({ type }) => type)).toEqual(FLEET_TABLES[kind].map(({ type }) => physical[type]));
    }
    expect((await fleetRows(folder, 'flows'))[0]).toMatchObject({
      match_key: -(2n ** 63n),
      time: MIDNIGHT_NS,
    });
  });

  it('is split at midnight of UTC', async () => {
    const late = { server: '10.0.0.1', timeNs: MIDNIGHT_NS - 1n };
    await write(unit([flows([late, { server: '10.0.0.2' }, { ...late, timeNs: MIDNIGHT_NS + DAY_NS }])]));
    const days = ['day=2026-05-26', 'day=2026-05-27', 'day=2026-05-28'];
    const paths = days.map((day) => join(folder, 'flows', day, 'site=berlin', NAME));
    const told = await Promise.all(paths.map(async (path) => (await rowsIn(path)).map((one) => one['flow'])));
    expect(told).toEqual([[0n], [1n], [2n]]);
  });

  it('takes the place of what an older run wrote of it, on all days, and of nothing else', async () => {
    const other = unit([flows([{ server: '10.0.0.7' }])], { segment: 1 });
    await write(other);
    const piece = new Uint8Array([1, 2, 3]);
    const kept = {
      name: 'ffffffffffffffff-00000-5.pcapng',
      serverAddress: '10.0.0.1',
      serverPort: 80,
      resets: 1,
    };
    const cases = [{ ...kept, fromNs: MIDNIGHT_NS, toNs: MIDNIGHT_NS, pieces: () => [piece] }];
    const before = [{ server: '10.0.0.1' }, { server: '10.0.0.1', timeNs: MIDNIGHT_NS + DAY_NS }];
    await write(unit([flows(before)], { cases }));
    expect(filesBelow(folder)).toContain(`cases/${DAY}/${kept.name}`);
    expect(await fleetRows(folder, 'cases')).toEqual([
      expect.objectContaining({
        ...{ case_name: kept.name, bytes: 3n, resets: 1n },
        sha256: '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81',
      }),
    ]);
    await write(unit([flows([{ server: '10.0.0.2' }])]));
    await write(unit([flows([{ server: '10.0.0.2' }])]));
    expect(filesBelow(folder)).toEqual([
      ...[`captures/${DAY}/${NAME}`, `captures/${DAY}/ffffffffffffffff-00001.parquet`],
      ...[`flows/${DAY}/${NAME}`, `flows/${DAY}/ffffffffffffffff-00001.parquet`],
    ]);
    expect((await fleetRows(folder, 'flows')).map((one) => one['server_address'])).toEqual([
      '10.0.0.2',
      '10.0.0.7',
    ]);
  });

  it('is the same, byte for byte, however often it is written', async () => {
    const make = () => unit([flows([{ server: '10.0.0.2' }, { server: '10.0.0.1' }])]);
    await write(make());
    const first = filesBelow(folder).map((name) => readFileSync(join(folder, name)));
    await write(make());
    expect(filesBelow(folder).map((name) => readFileSync(join(folder, name)))).toEqual(first);
  });

  it('keeps flows that go on until the next segment tells of them', async () => {
    const open = (...list: Flow[]) => ({ rows: flows(list, 'open_flows'), dayNs: MIDNIGHT_NS });
    await write(unit([], { open: open({ server: '10.0.0.1' }, { server: '10.0.0.2' }) }));
    await write(unit([], { segment: 1, open: open({ server: '10.0.0.2', timeNs: 5n }) }));
    expect(filesBelow(join(folder, 'open_flows'))).toEqual([`${DAY}/ffffffffffffffff.parquet`]);
    expect(await fleetRows(folder, 'open_flows')).toHaveLength(1);
    await write(unit([], { segment: 2 }));
    expect(filesBelow(join(folder, 'open_flows'))).toEqual([]);
  });

  it('counts rows that were let go while it was written as none', async () => {
    const rows = flows([{ server: '10.0.0.1' }, { server: '10.0.0.2' }]);
    const gone = { ...rows, cells: (index: number) => (index === 0 ? undefined : rows.cells(index)) };
    let counted = -1;
    await write(
      unit([gone], {
        captures: (written) => {
          counted = written.flows;
          return FACTS;
        },
      }),
    );
    expect(counted).toBe(1);
    expect(await fleetRows(folder, 'flows')).toHaveLength(1);
  });
});

describe('a run that fails', () => {
  const breaking = (): FleetRows => ({
    ...flows([{ server: '10.0.0.1' }]),
    kind: 'resets',
    cells: () => {
      throw new Error('broken');
    },
  });

  it('leaves nothing, and an older run’s unit as it was', async () => {
    await expect(write(unit([flows([{ server: '10.0.0.1' }]), breaking()]))).rejects.toThrow('broken');
    expect(filesBelow(folder)).toEqual([]);
    await write(unit([flows([{ server: '10.0.0.1' }])]));
    const before = filesBelow(folder);
    await expect(write(unit([flows([{ server: '10.0.0.2' }]), breaking()]))).rejects.toThrow('broken');
    expect(filesBelow(folder)).toEqual(before);
    expect((await fleetRows(folder, 'flows'))[0]['server_address']).toBe('10.0.0.1');
  });

  it('leaves nothing where it cannot be put in place', async () => {
    mkdirSync(join(folder, 'captures', DAY, NAME), { recursive: true });
    await expect(write(unit([flows([{ server: '10.0.0.1' }])]))).rejects.toThrow(
      /is a folder|cannot be written/u,
    );
    expect(filesBelow(folder)).toEqual([]);
  });

  it('ends with the signal, leaving nothing', async () => {
    const abort = new AbortController();
    abort.abort(new Error('enough'));
    await expect(writeUnit(unit([flows([{ server: '10.0.0.1' }])]), abort.signal)).rejects.toThrow('enough');
    expect(filesBelow(folder)).toEqual([]);
  });

  it.skipIf(process.geteuid?.() === 0)('says which folder cannot be written to', async () => {
    chmodSync(folder, 0o500);
    await expect(write(unit([]))).rejects.toThrow(/captures.*cannot be written/u);
    chmodSync(folder, 0o700);
  });

  it('that was killed goes from the folder a day later', async () => {
    await write(unit([flows([{ server: '10.0.0.1' }])]));
    const at = (name: string): string => join(folder, 'flows', DAY, name);
    for (const name of ['.tmp-00.partial', '.tmp-11.partial']) writeFileSync(at(name), 'half');
    const longAgo = new Date(Date.now() - 2 * 86_400_000);
    utimesSync(at('.tmp-00.partial'), longAgo, longAgo);
    await write(unit([flows([{ server: '10.0.0.1' }])]));
    expect([existsSync(at('.tmp-00.partial')), existsSync(at('.tmp-11.partial'))]).toEqual([false, true]);
  });
});
