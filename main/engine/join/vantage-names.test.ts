import { expect, it } from 'vitest';
import { vantageNames } from './vantage-names.ts';

it.each([
  [
    ['/a/client.pcap', '/a/server.pcapng.gz'],
    ['client', 'server'],
  ],
  [
    ['/a/client/trace.pcap', '/a/server/trace.pcap'],
    ['client', 'server'],
  ],
  [
    ['/a/lab-client-1.pcap', '/a/lab-server-1.pcap'],
    ['client', 'server'],
  ],
  // The first files of two rings, begun a second after each other.
  [
    ['/a/eth0_00001_20260102030405.pcapng', '/a/second/web_00001_20260102030406.pcapng'],
    ['eth0', 'web'],
  ],
  [
    ['/a/x.pcap', '/a/x.pcap'],
    ['x 1', 'x 2'],
  ],
])('calls %j %j', (paths, names) => {
  expect(vantageNames(paths)).toEqual(names);
});
