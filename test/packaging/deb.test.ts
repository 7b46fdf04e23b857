/**
 * The life of the Debian package: it is made, installed, used, configured anew, and removed, on this very machine, which is
 * left as it was. A script stands for Electron's program where that is not installed; all else is what people get.
 */
import { createHash } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/patience.ts';
import {
  fleetFindings,
  hasDuckDb,
  makePackages,
  REFUSED_FINDINGS,
  run,
  runWell,
  serve,
  untilConfined,
  writeRefused,
} from './support/packages.ts';

const LIB = '/usr/lib/resetscope';
const NATIVE = `${LIB}/native`;
const NAMES = ['resetscope-capd', 'resetscope-capd-witness'];
const CAPTURE = 'cap_net_admin,cap_net_raw=eip';
const WITNESS = 'cap_dac_override,cap_net_admin,cap_net_raw,cap_sys_admin=eip';
const QUIET = { DEBIAN_FRONTEND: 'noninteractive' };

const canInstall =
  process.getuid?.() === 0 &&
  existsSync('/usr/bin/dpkg-deb') &&
  run(['dpkg-query', '-W', 'resetscope']).status !== 0;

const hasWitness =
  canInstall && run(['unshare', '--net', 'true']).status === 0 && existsSync('/sys/kernel/tracing');

/** Another program may have the package database, which is no failure of ours: it is asked again until it is free. */
async function withDatabase(command: readonly [string, ...string[]]): Promise<string> {
  let said = '';
  await until(() => {
    const { status, stdout, stderr } = run(command, QUIET);
    if (status !== 0 && !/lock/u.test(stderr)) throw new Error(`${command.join(' ')}: ${stderr}${stdout}`);
    said = stdout;
    return status === 0;
  }, 'the package database is free');
  return said;
}

async function choose(rights: 'no' | 'capture' | 'witness'): Promise<void> {
  const line = `resetscope resetscope/capture-rights select ${rights}`;
  await withDatabase(['sh', '-c', `echo "${line}" | debconf-set-selections`]);
}

/** Owner, group, mode and capabilities of each helper. */
function helpers(): string[] {
  return NAMES.map((name) => {
    const path = join(NATIVE, name);
    const state = runWell(['stat', '-c', '%U:%G %a', path]).trim();
    const capabilities = runWell(['getcap', path]).trim().replace(`${path} `, '');
    return `${state} ${capabilities}`.trim();
  });
}

const NO_RIGHTS = ['root:root 755', 'root:root 755'];
const CAPTURE_RIGHTS = [`root:resetscope 750 ${CAPTURE}`, 'root:root 755'];
const ALL_RIGHTS = [`root:resetscope 750 ${CAPTURE}`, `root:resetscope 750 ${WITNESS}`];

/** All names that an installation could leave behind, and the groups. */
function machine(): string {
  const skipped = ['/var/lib/dpkg', '/var/lib/apt', '*/__pycache__'];
  const pruned = skipped.flatMap((path) => ['-path', path, '-prune', '-o']);
  const files = runWell(['find', '/usr', '/etc', '/var/lib', ...pruned, '-print']);
  return `${files.split('\n').sort().join('\n')}\n${groups()}`;
}

function groups(): string {
  return runWell(['getent', 'group']);
}

function groupId(): string {
  return /^resetscope:x:(\d+):/mu.exec(groups())?.[1] ?? '';
}

/** A network with a loopback interface and nothing else, which goes with its last program. */
function inOwnNetwork(...command: readonly string[]): [string, ...string[]] {
  return ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', '-', ...command];
}

const nobody = (...more: string[]): string[] => [
  ...['setpriv', '--reuid=65534', '--regid=65534', '--inh-caps=-all'],
  ...(more.length > 0 ? more : ['--clear-groups']),
];

describe.skipIf(!canInstall)('the Debian package, installed', () => {
  let folder = '';
  let deb = '';
  let before = '';
  beforeAll(async () => {
    const made = makePackages('package-deb.mjs');
    folder = made.folder;
    deb = made.files.find((file) => file.endsWith('.deb')) ?? '';
    before = machine();
    await withDatabase(['dpkg', '--force-unsafe-io', '-i', deb]);
  });
  afterAll(async () => {
    await withDatabase(['dpkg', '--force-unsafe-io', '--purge', 'resetscope']);
    // A test that failed half way may have left it.
    if (groups().includes('resetscope')) runWell(['groupdel', 'resetscope']);
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives nobody rights unless that was chosen', () => {
    expect(helpers()).toEqual(NO_RIGHTS);
    expect(groups()).not.toContain('resetscope');
  });

  it('is what it was when it was packed', () => {
    expect(runWell(['dpkg', '--verify', 'resetscope'])).toBe('');
    const packed = runWell(['dpkg-deb', '--contents', deb]);
    // Setuid is for Chromium's sandbox alone, and everything is root's.
    const strange = packed
      .split('\n')
      .filter((line) => line !== '' && !/^[-dl](rwxr-xr-x|rw-r--r--|rwxrwxrwx) root\/root /u.test(line));
    expect(strange.filter((line) => !line.endsWith('/chrome-sandbox'))).toEqual([]);
  });

  it('has programs without symbols, and starts nothing with a Node that is not its own', () => {
    for (const name of [...NAMES, 'resetscope-confine.node'])
      expect(readFileSync(join(NATIVE, name)).includes('.symtab'), name).toBe(false);
    expect(readFileSync(`${LIB}/cli/index.js`, 'utf8')).not.toMatch(/^#!/u);
  });

  it('has a command line that takes its own Node, whatever the environment says of another', () => {
    const capture = writeRefused(folder);
    const [program, ...as] = nobody();
    runWell(['chmod', '755', folder]);
    const analysis = runWell([program, ...as, 'resetscope', 'analyze', '--json', capture], {
      NODE_OPTIONS: '--require /nonexistent.js',
      PATH: '/usr/bin:/bin',
    });
    expect(JSON.parse(analysis)).toMatchObject({ schema: 1, resets: [{ frame: 2 }] });
    expect(runWell(['resetscope', '--version'])).toMatch(/^\d+\.\d+\.\d+/u);
  });

  it.skipIf(!hasDuckDb)(
    'reads the folder of a fleet by the DuckDB that came with it, once for both apps',
    () => {
      const capture = writeRefused(folder);
      // Who asks has a home where nothing may be written, and no rights.
      runWell(['chmod', '777', folder]);
      const [program, ...as] = nobody();
      const { status, stdout, stderr } = fleetFindings([program ?? '', ...as, 'resetscope'], capture);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject(REFUSED_FINDINGS);
      expect(readdirSync(join(LIB, 'app/resources/duckdb/node_modules/@duckdb'))).toContain('node-api');
      const native = runWell(['find', LIB, '-type', 'f', '-name', 'duckdb.node']).trim().split('\n');
      expect(native).toHaveLength(1);
    },
  );

  it('serves the app to a browser, reads confined, and no process of it leaves a core dump', async () => {
    const env = { PATH: '/usr/bin:/bin', HOME: folder };
    const served = await serve(['resetscope', 'open', '--no-browser', writeRefused(folder)], env);
    try {
      const page = await fetch(new URL('/', served.url));
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('<title>Resetscope');
      const own = String(served.child.pid);
      const children = runWell(['ps', '-o', 'pid=', '--ppid', own]).trim().split(/\s+/u);
      expect(children).not.toEqual(['']);
      for (const pid of [own, ...children]) {
        expect(readlinkSync(`/proc/${pid}/exe`)).toBe(`${LIB}/runtime/node`);
        expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/^Max core file size +0 +0 /mu);
      }
      await untilConfined(served);
    } finally {
      expect(await served.end()).toBe(0);
    }
  });

  it('says why no window can be shown', () => {
    const { status, stderr } = run(['resetscope-app']);
    expect(status).toBe(69);
    expect(stderr).toMatch(/^resetscope-app: .*"resetscope open" serves the same app to a browser\.\n$/u);
  });

  it('has manual pages, completion, icons, a menu entry, types of files and the licences', () => {
    for (const page of ['resetscope', 'resetscope-app'])
      expect(runWell(['sh', '-c', `gzip -dc /usr/share/man/man1/${page}.1.gz`])).toContain('.SH SYNOPSIS');
    const completion = '/usr/share/bash-completion/completions/resetscope';
    expect(runWell(['bash', '-c', `source ${completion}; complete -p resetscope`])).toContain('_resetscope');
    for (const file of [
      '/usr/share/zsh/vendor-completions/_resetscope',
      '/usr/share/fish/vendor_completions.d/resetscope.fish',
      '/usr/share/applications/resetscope.desktop',
      '/usr/share/mime/packages/resetscope.xml',
      '/usr/share/icons/hicolor/16x16/apps/resetscope.png',
      '/usr/share/icons/hicolor/512x512/apps/resetscope.png',
      '/usr/share/icons/hicolor/scalable/apps/resetscope.svg',
      '/usr/share/doc/resetscope/changelog.gz',
      '/usr/share/doc/resetscope/copyright',
      '/usr/share/doc/resetscope/THIRD-PARTY-NOTICES.txt',
      `${LIB}/runtime/LICENSE`,
    ])
      expect(statSync(file).size, file).toBeGreaterThan(0);
  });

  it('gives members of its group rights when that is chosen, and keeps to it when it is installed anew', async () => {
    await choose('witness');
    await withDatabase(['dpkg-reconfigure', '-fnoninteractive', 'resetscope']);
    expect(helpers()).toEqual(ALL_RIGHTS);
    await withDatabase(['dpkg', '--force-unsafe-io', '-i', deb]);
    expect(helpers()).toEqual(ALL_RIGHTS);

    const group = groupId();
    const usable = (...as: string[]): unknown => {
      const [program, ...args] = nobody(...as);
      const { stdout } = run([program, ...args, 'resetscope', 'doctor', '--json']);
      const { sources } = JSON.parse(stdout) as { sources: { kind: string; usable: boolean }[] };
      return sources.find(({ kind }) => kind === 'helper')?.usable;
    };
    expect(usable(`--groups=${group}`)).toBe(true);
    expect(usable()).toBe(false);
  });

  it.skipIf(!hasWitness)(
    'captures for members of its group, with the kernel witness, and for nobody else',
    () => {
      const ring = join(folder, 'ring');
      mkdirSync(ring);
      chownSync(ring, 65_534, 65_534);
      const live = ['resetscope', 'live', '-i', 'lo', '-f', 'port 9', '--json', '--count', '1'];
      const env = { PATH: '/usr/bin:/bin', RESETSCOPE_CAPTURE_DIR: ring };
      const stranger = run(inOwnNetwork(...nobody(), ...live), env);
      expect(stranger.status).toBe(3);
      expect(stranger.stderr).toContain('sudo usermod -aG resetscope nobody');

      // Nothing listens at the port, so its kernel resets whoever tries.
      const tries =
        'while :; do (exec 3<>/dev/tcp/127.0.0.1/9) 2>&-; sleep 0.2; done & "$@"; e=$?; kill $!; exit $e';
      const member = nobody(`--groups=${groupId()}`);
      const { status, stdout, stderr } = run(inOwnNetwork('bash', '-c', tries, '-', ...member, ...live), env);
      expect({ status, stderr: stderr.split('\n')[0] }).toEqual({
        status: 0,
        stderr: expect.stringContaining(`${NATIVE}/resetscope-capd-witness capture`) as string,
      });
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string });
      expect(lines.find(({ type }) => type === 'reset')).toMatchObject({ witness: { word: 'sent' } });
    },
  );

  it('takes back what is no longer chosen', async () => {
    await choose('capture');
    await withDatabase(['dpkg-reconfigure', '-fnoninteractive', 'resetscope']);
    expect(helpers()).toEqual(CAPTURE_RIGHTS);
    await choose('no');
    await withDatabase(['dpkg-reconfigure', '-fnoninteractive', 'resetscope']);
    expect(helpers()).toEqual(NO_RIGHTS);
  });

  it('leaves nothing behind', async () => {
    await withDatabase(['apt-get', '-y', '-o', 'DPkg::Lock::Timeout=60', 'remove', '--purge', 'resetscope']);
    expect(run(['dpkg-query', '-W', 'resetscope']).status).not.toBe(0);
    expect(runWell(['debconf-show', 'resetscope'])).toBe('');
    const after = machine();
    if (digest(after) === digest(before)) return;
    const had = new Set(before.split('\n'));
    const has = new Set(after.split('\n'));
    expect({
      left: [...has].filter((line) => !had.has(line)),
      lost: [...had].filter((line) => !has.has(line)),
    }).toEqual({ left: [], lost: [] });
  });

  it('does as it was told before it came, and removes no group that was there before', async () => {
    runWell(['groupadd', '--system', 'resetscope']);
    try {
      await choose('capture');
      await withDatabase(['dpkg', '--force-unsafe-io', '-i', deb]);
      expect(helpers()).toEqual(CAPTURE_RIGHTS);
      await withDatabase(['dpkg', '--force-unsafe-io', '--purge', 'resetscope']);
      expect(groups()).toContain('resetscope');
    } finally {
      runWell(['groupdel', 'resetscope']);
    }
  });
});

/** A difference of two lists of 200,000 names would not be readable. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
