/** /usr/bin/resetscope-app decides whether a window can be shown, and says in one line why not; the programs it starts are doubles. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Run } from './support/packages.ts';
import { root, run, runWell } from './support/packages.ts';

let prefix = '';
let app = '';
beforeEach(() => {
  prefix = mkdtempSync(join(tmpdir(), 'resetscope-starters-'));
  app = join(prefix, 'lib/resetscope/app/resetscope');
  mkdirSync(join(prefix, 'bin'));
  mkdirSync(join(prefix, 'lib/resetscope/app'), { recursive: true });
  copyFileSync(join(root, 'packaging/linux/resetscope-app'), join(prefix, 'bin/resetscope-app'));
  runWell(['chmod', '-R', 'a+rX', prefix]);
});
afterEach(() => rmSync(prefix, { recursive: true }));

/** As an ordinary user, where the test is root. */
function start(env: Readonly<Record<string, string>>): Run {
  const isRoot = process.getuid?.() === 0;
  const as = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const [program = '', ...args] = [...as, join(prefix, 'bin/resetscope-app')];
  return run([program, ...args], env);
}

const DISPLAY = { DISPLAY: ':0' };
const INSTEAD = '"resetscope open" serves the same app to a browser.\n';

describe.skipIf(process.platform !== 'linux')('resetscope-app', () => {
  it('starts the program where nothing stands in the way', () => {
    copyFileSync('/bin/true', app);
    expect(start(DISPLAY)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(start({ WAYLAND_DISPLAY: 'wayland-0' }).status).toBe(0);
  });

  it('says that there is no display', () => {
    copyFileSync('/bin/true', app);
    const stderr = `resetscope-app: there is no display here. ${INSTEAD}`;
    expect(start({})).toEqual({ status: 69, stdout: '', stderr });
  });

  it('says which libraries are missing, and what brings them', () => {
    const program = readFileSync('/bin/true').toString('latin1').replaceAll('libc.so.6\0', 'libz.so.0\0');
    writeFileSync(app, Buffer.from(program, 'latin1'), { mode: 0o755 });
    const { status, stderr } = start(DISPLAY);
    expect(status).toBe(69);
    expect(stderr).toContain('not installed (libz.so.0): sudo apt-get install');
    expect(stderr.endsWith(INSTEAD)).toBe(true);
  });

  it('says what a package without Electron has in its place', () => {
    writeFileSync(app, '#!/bin/sh\necho "made without it" >&2\nexit 69\n', { mode: 0o755 });
    expect(start({})).toEqual({ status: 69, stdout: '', stderr: 'made without it\n' });
  });

  it('does not run for root', () => {
    copyFileSync('/bin/true', app);
    writeFileSync(join(prefix, 'bin/id'), '#!/bin/sh\necho 0\n', { mode: 0o755 });
    const { status, stderr } = start({ ...DISPLAY, PATH: `${join(prefix, 'bin')}:/usr/bin:/bin` });
    expect(status).toBe(69);
    expect(stderr).toContain('does not run as root');
  });
});
