/** A process that confined itself tries what one that was taken over would try. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = new URL('../..', import.meta.url);
const build = (await import(new URL('scripts/build-native.mjs', root).href)) as {
  ensureConfinementBuilt(): { built: boolean; reason?: string };
  ensureNativeBuilt(options: { variants: string[] }): { built: boolean; reason?: string };
  nativeProgram(variant: string): string;
};
const built = build.ensureConfinementBuilt();
if (!built.built) console.log(built.reason);
const calls = build.ensureNativeBuilt({ variants: ['confined-calls'] });
if (!calls.built) console.log(calls.reason);
const ADDON = build.nativeProgram('confine');
const PROBE = fileURLToPath(new URL('programs/confined-probe.mjs', import.meta.url));
const canChangeUser = process.getuid?.() === 0;

type Told = Readonly<Record<string, unknown>> & {
  readonly landlock: number;
  readonly held: readonly string[];
};

const ALLOWED = {
  read: 'done',
  listFolder: 'done',
  readInThread: 'done',
  unzip: 'done',
  watch: 'done',
  askSelf: 'done',
};
const REFUSED = [
  ...['connect', 'connectLocally', 'listen', 'datagram', 'program', 'programByShell', 'ownKind'],
  ...['killParent', 'askParent', 'killGroup', 'killAll', 'becomeOther', 'writeOwnMemory'],
  ...[
    'writeHome',
    'changeFile',
    'cutFile',
    'removeFile',
    'renameFile',
    'linkFile',
    'linkByName',
    'makeFolder',
  ],
  ...['rightsOfFile', 'ownerOfFile', 'timesOfFile', 'writeByThread'],
];
const REFUSED_BY_LANDLOCK = ['memoryOfParent', 'writeMemoryOfParent', 'environmentOfParent', 'filesOfParent'];

/** Of programs/confined-calls.c. */
const CALLS_ALLOWED = ['pair', 'pairOfPackets', 'noBlocking', 'noBlockingByRequest', 'terminal'];
const CALLS_REFUSED = [
  ...['pairOfDatagrams', 'pairOfRaw', 'pairOfOthers', 'typeIntoTerminal'],
  ...['ownDescriptor', 'chooseSignal', 'ownByRequest', 'lease', 'flagsOfFile', 'setFlagsOfFile'],
  ...['priorityOfAll', 'priorityOfParent', 'scheduleParent', 'diskOfParent'],
];

const USERS: readonly (readonly [who: string, user: number | undefined])[] = [
  ['as the user who runs the tests', undefined],
  ...(canChangeUser ? ([['as another user', 54_321]] as const) : []),
];

describe.skipIf(!built.built).each(USERS)('a confined process, %s,', (_who, user) => {
  let folder = '';
  let home = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'resetscope-confine-'));
    home = join(folder, 'home');
    for (const path of [home, join(folder, 'captures')]) mkdirSync(path);
    for (const path of [folder, home, join(folder, 'captures')]) chmodSync(path, 0o777);
    writeFileSync(join(home, 'kept'), 'precious');
    chmodSync(join(home, 'kept'), 0o666);
    // A checkout may lie where no other user may look.
    copyFileSync(ADDON, join(folder, 'addon.node'));
    copyFileSync(PROBE, join(folder, 'probe.mjs'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const probe = (folders: readonly string[]): Told => {
    const program = [
      process.execPath,
      join(folder, 'probe.mjs'),
      join(folder, 'addon.node'),
      JSON.stringify(folders),
      home,
    ];
    const argv =
      user === undefined
        ? program
        : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', ...program];
    const { stdout, stderr, status } = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return JSON.parse(stdout) as Told;
  };

  it.each<[string, () => string[]]>([
    ['no folder', () => []],
    ['one folder', () => [join(folder, 'captures')]],
  ])('reads, and reaches nothing but %s', (_what, folders) => {
    const writable = folders();
    const told = probe(writable);
    expect(told).toMatchObject(ALLOWED);
    for (const name of REFUSED)
      expect({ [name]: told[name] }).toEqual({
        [name]: expect.stringMatching(/^E(?:PERM|ACCES|XDEV)$/u) as string,
      });
    if (told.landlock > 0)
      for (const name of REFUSED_BY_LANDLOCK)
        expect({ [name]: told[name] }).toEqual({
          [name]: expect.stringMatching(/^E(?:PERM|ACCES)$/u) as string,
        });
    if (writable.length > 0 && told.landlock > 0)
      expect(told).toMatchObject({
        ...{ writeFolder: 'done', makeInFolder: 'done' },
        ...{ removeInFolder: 'done', removeFolderInFolder: 'done', leaveFolder: 'EACCES' },
      });
    expect(told['worker']).toEqual(['done', expect.stringMatching(/^E(?:PERM|ACCES)$/u)]);
    // All threads alike: held by a filter, and without a right but to read.
    expect(told.held).toEqual([expect.stringMatching(/^1 2 000000000000000[04]$/u)]);
    expect(readdirSync(home)).toEqual(['kept']);
    expect(readFileSync(join(home, 'kept'), 'utf8')).toBe('precious');
    expect(readdirSync(folder).sort()).toEqual(['addon.node', 'captures', 'home', 'probe.mjs']);
  });

  it.runIf(calls.built).each<[string, () => string[]]>([
    ['no folder', () => []],
    ['one folder', () => [join(folder, 'captures')]],
  ])('has no way round that JavaScript has no words for, with %s', (_what, folders) => {
    const program = join(folder, 'confined-calls');
    copyFileSync(build.nativeProgram('confined-calls'), program);
    const argv = [program, join(home, 'kept'), ...folders()];
    if (user !== undefined) argv.unshift('setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups');
    const { stdout, stderr, status } = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8' });
    rmSync(program);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const told = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')),
    ) as unknown;
    expect(told).toEqual({
      ...Object.fromEntries(CALLS_REFUSED.map((name) => [name, 'EPERM'])),
      ...Object.fromEntries(CALLS_ALLOWED.map((name) => [name, 'done'])),
    });
  });
});
