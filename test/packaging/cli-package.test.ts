/** The command line as npm installs it and as the tarball holds it: each is put in place and used. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DUCKDB,
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

/** Node, npm and what a shell needs. */
const PATH = `${dirname(process.execPath)}:/usr/bin:/bin`;

let made: ReturnType<typeof makePackages>;
let capture = '';
let env: Readonly<Record<string, string>> = {};
beforeAll(() => {
  made = makePackages('package-cli.mjs');
  capture = writeRefused(made.folder);
  env = { PATH, HOME: made.folder };
});
afterAll(() => rmSync(made.folder, { recursive: true, force: true }));

function file(ending: string): string {
  const found = made.files.find((name) => name.endsWith(ending));
  if (found === undefined) throw new Error(`no ${ending} among ${made.files.join(', ')}`);
  return found;
}

async function worksAsInstalled(program: string, node: string, isConfined: boolean): Promise<void> {
  expect(runWell([program, '--version'], env)).toMatch(/^\d+\.\d+\.\d+/u);
  const analysis = JSON.parse(runWell([program, 'analyze', '--json', capture], env)) as unknown;
  expect(analysis).toMatchObject({ schema: 1, resets: [{ frame: 2 }] });
  const { status, stdout } = run([program, 'doctor', '--json'], env);
  const { canCapture } = JSON.parse(stdout) as { canCapture: boolean };
  expect(status).toBe(canCapture ? 0 : 1);
  const served = await serve([program, 'open', '--no-browser', capture], env);
  try {
    const page = await fetch(new URL('/', served.url));
    const text = await page.text();
    expect(text).toContain('<title>Resetscope');
    const script = /src="([^"]+)"/u.exec(text)?.[1] ?? '';
    expect((await fetch(new URL(script, new URL('/', served.url)))).status).toBe(200);
    expect(readlinkSync(`/proc/${served.child.pid}/exe`)).toBe(node);
    if (isConfined) await untilConfined(served);
  } finally {
    expect(await served.end()).toBe(0);
  }
}

describe('the npm package', () => {
  let prefix = '';
  let home = '';
  beforeAll(() => {
    prefix = join(made.folder, 'a prefix');
    home = join(prefix, 'lib/node_modules/resetscope');
    // Offline: what npm would have to fetch would fail here. Without a cache: nothing can come from there either.
    const npm = ['npm', 'install', '--global', '--offline', '--foreground-scripts'] as const;
    runWell([...npm, '--prefix', prefix, '--cache', join(made.folder, 'cache'), file('.tgz')], env);
  });

  it('installs itself and nothing else, and runs nothing meanwhile', () => {
    expect(readdirSync(join(prefix, 'lib/node_modules'))).toEqual(['resetscope']);
    expect(existsSync(join(home, 'node_modules'))).toBe(false);
    const about = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(Object.keys(about)).not.toContain('scripts');
    expect(Object.keys(about).filter((key) => /dependencies/iu.test(key))).toEqual([]);
    expect(existsSync(join(home, 'dist/native'))).toBe(false);
    for (const name of ['LICENSE', 'THIRD-PARTY-NOTICES.txt', 'README.md', 'man/resetscope.1'])
      expect(existsSync(join(home, name)), name).toBe(true);
  });

  it('reads captures, serves the app and knows what can capture', async () => {
    await worksAsInstalled(join(prefix, 'bin/resetscope'), process.execPath, false);
  });

  it('says how DuckDB is installed where a fleet’s folder is asked for', () => {
    const program = [join(prefix, 'bin/resetscope')] as const;
    const { status, stdout, stderr } = fleetFindings([...program], capture, env);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('npm install --global @duckdb/node-api');
    if (!hasDuckDb) return;
    // Where npm would put it, by that.
    const installed = join(prefix, 'lib/node_modules/@duckdb');
    symlinkSync(DUCKDB, installed);
    try {
      expect(JSON.parse(fleetFindings([...program], capture, env).stdout)).toMatchObject(REFUSED_FINDINGS);
    } finally {
      rmSync(installed);
    }
  });

  it('says how its native parts are built, and builds both by that, where a compiler is', async () => {
    const doctor = (): {
      problems: { code: string; command: string }[];
      confinement: { isConfined: boolean; why: string | null };
    } => JSON.parse(run([join(prefix, 'bin/resetscope'), 'doctor', '--json'], env).stdout) as never;
    const { command } = doctor().problems.find(({ code }) => code === 'helper-missing') ?? {};
    expect(command).toContain(`node '${join(home, 'scripts/build-native.mjs')}'`);
    expect(doctor().confinement.why).toContain(`node '${join(home, 'scripts/build-native.mjs')}'`);
    const { status, stdout, stderr } = run(['sh', '-c', command!.replace(/^.*&& /u, '')], env);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [helper, confinement] = stdout.trimEnd().split('\n');
    if (helper === 'native/capd is built') {
      expect(existsSync(join(home, 'dist/native/resetscope-capd'))).toBe(true);
      expect(doctor().problems.map(({ code }) => code)).not.toContain('helper-missing');
    } else expect(helper).toMatch(/^native\/capd is not built: .*(?:compiler|headers)/u);
    // What confines takes no headers of the machine.
    if (confinement !== 'native/confine is built') {
      expect(confinement).toMatch(/^native\/confine is not built: .*(?:compiler|nothing that it could use)/u);
      return;
    }
    expect(doctor().confinement.isConfined).toBe(true);
    await worksAsInstalled(join(prefix, 'bin/resetscope'), process.execPath, true);
  });
});

describe('the tarball', () => {
  let folder = '';
  beforeAll(() => {
    const place = join(made.folder, 'any where');
    mkdirSync(place);
    runWell(['tar', '-C', place, '-xzf', file('.tar.gz')]);
    folder = join(place, readdirSync(place)[0] ?? '');
  });

  it('runs where it was unpacked, with its own Node, and reads confined', async () => {
    const program = join(folder, 'bin/resetscope');
    await worksAsInstalled(program, join(folder, 'lib/resetscope/runtime/node'), true);
  });

  it.skipIf(!hasDuckDb)('reads the folder of a fleet by the DuckDB that came with it', () => {
    const { status, stdout, stderr } = fleetFindings([join(folder, 'bin/resetscope')], capture, env);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject(REFUSED_FINDINGS);
  });

  it('serves who has no home, and who has no name either where root can be somebody else', async () => {
    chmodSync(made.folder, 0o755);
    const stranger = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups', '--inh-caps=-all'];
    const [first, ...more] = [...(process.getuid?.() === 0 ? stranger : []), join(folder, 'bin/resetscope')];
    const env = { PATH: '/usr/bin:/bin' };
    const served = await serve([first ?? '', ...more, 'open', '--no-browser', capture], env);
    try {
      expect((await fetch(new URL('/', served.url))).status).toBe(200);
      await untilConfined(served);
    } finally {
      expect(await served.end()).toBe(0);
    }
  });

  it('has the capture helper, both copies of it', () => {
    const { sources } = JSON.parse(run([join(folder, 'bin/resetscope'), 'doctor', '--json'], env).stdout) as {
      sources: { kind: string; program: string | null }[];
    };
    expect(sources.map(({ kind }) => kind)).toContain('helper');
    expect(readdirSync(join(folder, 'lib/resetscope/native'))).toEqual(
      expect.arrayContaining(['resetscope-capd', 'resetscope-capd-witness']),
    );
  });
});
