/** The command line as npm installs it and as the tarball holds it: each is put in place and used. */
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePackages, run, runWell, serve, writeRefused } from './support/packages.ts';

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

async function worksAsInstalled(program: string, node: string): Promise<void> {
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
  } finally {
    expect(await served.end()).toBe(0);
  }
}

describe('the npm package', () => {
  let prefix = '';
  let home = '';
  beforeAll(() => {
    prefix = join(made.folder, 'npm');
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
    await worksAsInstalled(join(prefix, 'bin/resetscope'), process.execPath);
  });

  it('says how its capture helper is built, and builds it and what confines reading by that, where a compiler is', () => {
    const doctor = (): {
      sources: { kind: string; why: string | null }[];
      problems: { code: string; command: string }[];
    } => JSON.parse(run([join(prefix, 'bin/resetscope'), 'doctor', '--json'], env).stdout) as never;
    const { command } = doctor().problems.find(({ code }) => code === 'helper-missing') ?? {};
    expect(command).toContain(`node ${join(home, 'scripts/build-native.mjs')}`);
    const { status, stdout, stderr } = run(['sh', '-c', command!.replace(/^.*&& /u, '')], env);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    if (!/capd is built/u.test(stdout)) {
      expect(stdout).toMatch(/compiler|headers/u);
      return;
    }
    expect(stdout).toMatch(process.platform === 'linux' ? /confine is built/u : /confine is not built/u);
    expect(existsSync(join(home, 'dist/native/resetscope-capd'))).toBe(true);
    expect(doctor().problems.map(({ code }) => code)).not.toContain('helper-missing');
  });
});

describe('the tarball', () => {
  let folder = '';
  beforeAll(() => {
    const place = join(made.folder, 'anywhere');
    mkdirSync(place);
    runWell(['tar', '-C', place, '-xzf', file('.tar.gz')]);
    folder = join(place, readdirSync(place)[0] ?? '');
  });

  it('runs where it was unpacked, with its own Node', async () => {
    await worksAsInstalled(join(folder, 'bin/resetscope'), join(folder, 'lib/resetscope/runtime/node'));
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
