/** Which fleets pages may look at, what is opened behind a reset, and how failures of a store are told. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FleetJoin, FleetReset, FleetSummary } from '../../../shared/model/fleet.ts';
import { desktopAccess, type Question } from '../../electron/access.ts';
import { serverAccess } from '../../server/access.ts';
import type { Access } from '../access.ts';
import { Confirmations } from '../confirmations.ts';
import { GrantedPaths } from '../granted-paths.ts';
import type { SettingsStore } from '../settings.ts';
import { openSettings } from '../settings.ts';
import { FleetHost } from './fleet-host.ts';
import { FleetPlaces } from './fleet-places.ts';
import type { FleetReader } from './fleet-reader.ts';

const never = new AbortController().signal;
const log = pino({ level: 'silent' });
const ID = { capture: '-42', segment: 0, reset: 7 };
const SERVER = 'clickhouse://ann@db.example/fleet';
let folder = '';
let fleet = '';
let settings: SettingsStore;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'resetscope-fleet-')));
  fleet = join(folder, 'fleet');
  mkdirSync(fleet);
  settings = openSettings(join(folder, 'settings'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const COVERAGE = {
  hosts: [],
  moreHosts: 0,
  missing: [],
  shards: { answered: 1, total: 1 },
  sentence: 'Nothing is in this answer.',
};

function resetOf(more: Partial<FleetReset> = {}): FleetReset {
  return {
    ...ID,
    host: 'a1',
    site: 'Berlin/1',
    timeMs: Date.UTC(2026, 0, 2, 0, 0, 1),
    client: '10.0.0.1:40000',
    server: '10.0.0.2:443',
    serverName: null,
    claimed: 'server',
    origin: 'middlebox',
    originLabel: 'Device on the path',
    confidence: 0.9,
    cause: 'injected',
    matters: true,
    count: 1,
    summary: '',
    next: '',
    file: null,
    frame: null,
    caseName: null,
    ...more,
  } as FleetReset;
}

class Reader implements FleetReader {
  readonly asked: string[] = [];
  reset = resetOf();
  failure: Error | null = null;
  isClosed = false;
  open = (place: string): Promise<FleetSummary> => {
    this.asked.push(place);
    if (this.failure !== null) return Promise.reject(this.failure);
    return Promise.resolve({
      name: 'fleet',
      store: 'folder',
      hosts: [],
      sites: [],
      fromMs: null,
      toMs: null,
      resets: 0,
      flows: 0,
      coverage: COVERAGE,
    });
  };
  coverage = (): Promise<typeof COVERAGE> =>
    this.failure === null ? Promise.resolve(COVERAGE) : Promise.reject(this.failure);
  findings = () => Promise.resolve({ findings: [], total: 0, coverage: COVERAGE });
  timeline = () => Promise.resolve({ bucketMs: 1, buckets: [], coverage: COVERAGE });
  talkers = () => Promise.resolve({ talkers: [], total: 0, coverage: COVERAGE });
  resets = () => Promise.resolve({ resets: [], total: 0, coverage: COVERAGE });
  joinOne = (): Promise<FleetJoin> =>
    Promise.resolve({
      reset: this.reset,
      witnesses: [],
      verdict: 'open',
      between: null,
      sentence: '',
      next: '',
    });
  close = (): Promise<void> => {
    this.isClosed = true;
    return Promise.resolve();
  };
}

interface Hosted {
  readonly service: FleetHost['service'];
  readonly readers: Reader[];
  readonly opened: (readonly string[])[];
  readonly questions: Question[];
  readonly picked: GrantedPaths;
  readonly host: FleetHost;
}

function hosted(
  makeAccess: (parts: Pick<Hosted, 'questions' | 'picked'> & { readonly places: FleetPlaces }) => Access,
  named: readonly string[] = [],
  mayOpen: readonly string[] = [],
  prepare: (reader: Reader) => void = () => undefined,
): Hosted {
  const places = new FleetPlaces(settings, log, { shown: named, known: undefined });
  const readers: Reader[] = [];
  const opened: (readonly string[])[] = [];
  const questions: Question[] = [];
  const picked = new GrantedPaths();
  const host = new FleetHost(
    {
      access: makeAccess({ questions, picked, places }),
      places,
      start: () => {
        const reader = new Reader();
        prepare(reader);
        readers.push(reader);
        return reader;
      },
    },
    {
      mayOpen: (path) => mayOpen.includes(path),
      open: (paths) => {
        opened.push(paths);
        return Promise.resolve(null);
      },
    },
  );
  return { service: host.service, readers, opened, questions, picked, host };
}

const desktop =
  (isYes: boolean): Parameters<typeof hosted>[0] =>
  ({ questions, picked, places }) =>
    desktopAccess({
      mayOpen: picked,
      mayReplace: new GrantedPaths(),
      confirmed: new Confirmations(settings, log),
      fleets: places,
      ask: (question) => {
        questions.push(question);
        return Promise.resolve(isYes);
      },
    });

const server: Parameters<typeof hosted>[0] = ({ places }) =>
  serverAccess({
    paths: [],
    isUpload: () => false,
    allowPaths: true,
    sshHosts: [],
    fleets: places.named,
  });

describe('a browser', () => {
  it('looks at what the command line named, and at nothing else', async () => {
    const { service, readers } = hosted(server, [fleet]);
    await expect(service['fleet.open']({ place: join(folder, 'other') }, never)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('--fleet') as string,
    });
    expect(readers).toEqual([]);
    expect((await service['fleet.open']({ place: fleet }, never)).place).toBe(fleet);
    expect(await service['fleet.places']({}, never)).toMatchObject({
      start: fleet,
      places: [{ place: fleet, store: 'folder' }],
      canPick: false,
      canType: false,
    });
  });

  it('never gets the password of a server, which it needs not', async () => {
    const { service, readers } = hosted(server, ['clickhouse://ann:secret@db.example/fleet']);
    const places = await service['fleet.places']({}, never);
    expect(JSON.stringify(places)).not.toContain('secret');
    expect(places.start).toBe(SERVER);
    expect((await service['fleet.open']({ place: SERVER }, never)).place).toBe(SERVER);
    expect(readers[0].asked).toEqual(['clickhouse://ann:secret@db.example/fleet']);
    expect(JSON.stringify(settings.get('fleets'))).not.toContain('secret');
  });
});

describe('the desktop', () => {
  it('looks at a folder that its dialog gave, and again in the next run', async () => {
    const first = hosted(desktop(false));
    await expect(first.service['fleet.open']({ place: fleet }, never)).rejects.toThrow('was not picked');
    first.picked.add(fleet);
    await first.service['fleet.open']({ place: fleet }, never);
    const later = hosted(desktop(false));
    await later.service['fleet.open']({ place: fleet }, never);
    expect(later.questions).toEqual([]);
  });

  it('connects to a server once the user has agreed, and shows no password', async () => {
    const place = 'clickhouse://ann:secret@db.example/fleet';
    const refused = hosted(desktop(false));
    await expect(refused.service['fleet.open']({ place }, never)).rejects.toMatchObject({
      code: 'bad-request',
    });
    expect(refused.readers).toEqual([]);
    expect(refused.questions[0].message).toBe(`Look at the fleet of ${SERVER}?`);
    const agreed = hosted(desktop(true));
    await agreed.service['fleet.open']({ place }, never);
    // Whoever comes back by the name is not asked again, in this run.
    await agreed.service['fleet.open']({ place: SERVER }, never);
    expect(agreed.questions).toHaveLength(1);
    expect(agreed.readers.map(({ asked }) => asked[0])).toEqual([place, place]);
  });
});

describe('what reads a place', () => {
  it('is ended when it cannot, and told with the reason', async () => {
    const failure = Object.assign(new Error('no tables of a fleet are there'), {
      name: 'FleetError',
      code: 'not-a-fleet',
    });
    const { service, readers } = hosted(server, [fleet], [], (reader) => {
      reader.failure = failure;
    });
    await expect(service['fleet.open']({ place: fleet }, never)).rejects.toMatchObject({
      code: 'unreadable',
      message: failure.message,
    });
    expect(readers[0].isClosed).toBe(true);
    await expect(service['fleet.coverage']({ place: fleet, scope: {} }, never)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('is ended when too many are open, when it is read anew and with the host', async () => {
    const named = [1, 2, 3, 4].map((at) => join(folder, `fleet-${at}`));
    const { service, readers, host } = hosted(server, named);
    for (const place of named) await service['fleet.open']({ place }, never);
    expect(readers.map(({ isClosed }) => isClosed)).toEqual([true, false, false, false]);
    await service['fleet.open']({ place: named[1] }, never);
    expect(readers.map(({ isClosed }) => isClosed)).toEqual([true, true, false, false, false]);
    await host.dispose();
    expect(readers.every(({ isClosed }) => isClosed)).toBe(true);
  });
});

describe('the capture behind a reset', () => {
  const name = 'case-20260101T235959.000Z-0001-10.0.0.2_443.pcapng';
  const openCase = async (
    reset: Partial<FleetReset>,
    mayOpen: readonly string[] = [],
  ): Promise<{ opened: Hosted['opened']; answer: unknown }> => {
    const { service, opened } = hosted(server, [fleet], mayOpen, (reader) => {
      reader.reset = resetOf(reset);
    });
    await service['fleet.open']({ place: fleet }, never);
    return { answer: await service['fleet.openCase']({ place: fleet, reset: ID }, never), opened };
  };

  it('is its case file, also of a case that began on the day before', async () => {
    const at = join(fleet, 'cases', 'day=2026-01-01', 'site=Berlin_1');
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, name), 'x');
    const { answer, opened } = await openCase({ caseName: name });
    expect(answer).toEqual({ opened: 'case', paths: [join(at, name)], frame: null, why: null });
    expect(opened).toEqual([[join(at, name)]]);
  });

  it('is never a file outside of the folder, whatever the table and links in it say', async () => {
    writeFileSync(join(folder, 'secret.pcapng'), 'x');
    const at = join(fleet, 'cases', 'day=2026-01-02', 'site=Berlin_1');
    mkdirSync(at, { recursive: true });
    symlinkSync(join(folder, 'secret.pcapng'), join(at, name));
    for (const caseName of [name, '../../../../secret.pcapng', join(folder, 'secret.pcapng'), '.', '']) {
      const { answer, opened } = await openCase({ caseName });
      expect(answer).toMatchObject({ opened: null, paths: [] });
      expect(opened).toEqual([]);
    }
    const { opened } = await openCase({ caseName: 'secret.pcapng', site: '../../../..' });
    expect(opened).toEqual([]);
  });

  it('is the capture file where that may be opened, at its frame', async () => {
    const file = join(folder, 'a.pcapng');
    expect((await openCase({ file, frame: 12 })).answer).toMatchObject({
      opened: null,
      why: expect.stringContaining(`The capture is ${file} on a1, frame 12.`) as string,
    });
    expect((await openCase({ file, frame: 12 }, [file])).answer).toEqual({
      opened: 'capture',
      paths: [file],
      frame: 12,
      why: null,
    });
  });
});
