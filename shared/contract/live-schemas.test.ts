import * as v from 'valibot';
import { expect, it } from 'vitest';
import { METHOD_SCHEMAS } from './schemas.ts';

const takes = (name: string): boolean =>
  v.safeParse(METHOD_SCHEMAS['live.checkFilter'], { source: 'dumpcap', interface: name, filter: '' }).success;

it.each([
  ...['eth0', 'any', 'eth0:1', 'wlan0.100', 'nflog:5', 'pktap,en0', 'dbus-system', 'tcp0', 'a b', 'é0'],
  ...['\\Device\\NPF_{AB12}', '\\\\.\\USBPcap1'],
])('captures on %s', (name) => {
  expect(takes(name)).toBe(true);
});

it.each([
  ['an option', '-w'],
  ['a line more', 'lo\n-w'],
  ['nothing', ''],
  ['a connection', 'TCP@192.0.2.1:80'],
  ['a connection, in other letters', 'tcp@192.0.2.1'],
  ['a connection of libpcap', 'rpcap://192.0.2.1/eth0'],
  ['a socket or a pipe', '/run/user/1000/bus'],
  ['a file', '../x'],
])('takes %s for no interface', (_what, name) => {
  expect(takes(name)).toBe(false);
});
