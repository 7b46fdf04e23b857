import { expect, it } from 'vitest';
import { vantageNames } from './vantage-names.ts';

it.each([
  [
    ['/data/client.pcapng', '/data/server.pcapng'],
    ['client', 'server'],
  ],
  [
    ['run-7-client.pcap', 'run-7-server.pcap.gz'],
    ['client', 'server'],
  ],
  [
    ['client.2024-05-01.pcap', 'server.2024-05-01.pcap'],
    ['client', 'server'],
  ],
  [
    ['/a/client/trace.pcap', '/a/server/trace.pcap'],
    ['client', 'server'],
  ],
  [
    ['web1.pcap', 'web2.pcap', 'lb.pcap'],
    ['web1', 'web2', 'lb'],
  ],
  [
    ['C:\\captures\\eth0.pcap', 'C:\\captures\\eth1.pcap'],
    ['eth0', 'eth1'],
  ],
  [
    ['trace.pcap', 'trace-2.pcap'],
    ['trace', 'trace-2'],
  ],
  // The first files of two rings, begun a second after each other.
  [
    ['/a/eth0_00001_20260102030405.pcapng', '/a/second/web_00001_20260102030406.pcapng'],
    ['eth0', 'web'],
  ],
  // tcpdump puts the number of a ring's file behind the name.
  [
    ['client.pcap', 'web.pcap07'],
    ['client', 'web'],
  ],
  [
    ['same.pcap', 'same.pcap'],
    ['same 1', 'same 2'],
  ],
  [
    ['', ''],
    ['capture 1', 'capture 2'],
  ],
])('%j are called %j', (paths, names) => {
  expect(vantageNames(paths)).toEqual(names);
});
