import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunProgram } from '../doctor/run-program.ts';
import { leavingOut, ownConnections } from './own-connections.ts';

const PROGRAMS = { ss: '/b/ss', ssh: '/b/ssh' };
const line = (local: string, remote: string, pid: number): string =>
  `ESTAB 0 0 ${local} ${remote} users:(("ssh",pid=${pid},fd=3)) ino:1 sk:1 <->\n`;

let child: ChildProcess;
let pid = 0;
beforeEach(() => {
  child = spawn('/bin/sh', ['-c', 'read _'], { stdio: ['pipe', 'ignore', 'ignore'] });
  pid = child.pid ?? 0;
});
afterEach(() => {
  child.stdin?.end();
});

const answering =
  (sockets: string, master = ''): RunProgram =>
  (program) =>
    Promise.resolve({ exitCode: 0, stdout: program === '/b/ss' ? sockets : '', stderr: master });

describe.skipIf(!existsSync('/proc/self/stat'))('the connections of our own programs', () => {
  it('are those of processes that we started', async () => {
    const sockets = line('10.0.0.1:40000', '10.0.0.9:22', pid) + line('10.0.0.1:40001', '10.0.0.9:22', 1);
    const found = await ownConnections('web', PROGRAMS, answering(sockets));
    expect(found.map(({ local }) => local.port)).toEqual([40_000]);
  });

  it('are those of the ssh that shares its connection, where ours has none', async () => {
    const sockets = line('10.0.0.1:40001', '10.0.0.9:22', 1) + line('10.0.0.1:40002', '10.0.0.9:22', 2);
    const found = await ownConnections('web', PROGRAMS, answering(sockets, 'Master running (pid=1)\r\n'));
    expect(found.map(({ local }) => local.port)).toEqual([40_001]);
  });

  it('are unknown without ss', async () => {
    const sockets = line('10.0.0.1:40000', '10.0.0.9:22', pid);
    expect(await ownConnections('web', { ...PROGRAMS, ss: null }, answering(sockets))).toEqual([]);
  });

  it('are left out of what a filter passes', async () => {
    const sockets =
      line('10.0.0.1:40000', '10.0.0.9:22', pid) + line('[2001:db8::1]:5', '[2001:db8::9]:22', pid);
    const found = await ownConnections('web', PROGRAMS, answering(sockets));
    const out =
      'not ((host 10.0.0.1 and tcp port 40000 and host 10.0.0.9 and tcp port 22) or ' +
      '(host 2001:db8::1 and tcp port 5 and host 2001:db8::9 and tcp port 22))';
    expect(leavingOut(found, '')).toBe(out);
    expect(leavingOut(found, 'tcp or udp')).toBe(`${out} and (tcp or udp)`);
    expect(leavingOut([], 'tcp')).toBe('tcp');
  });
});
