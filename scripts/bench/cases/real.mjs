/** Traffic of a web server and its clients, captured on this machine. */
import { count } from '../numbers.mjs';
import { benchReaders } from './readers.mjs';

const PACKETS = 4_000_000;

export async function real(bench) {
  const { path, report } = await bench.captures.real(bench.sizeOf(PACKETS));
  return benchReaders(bench, {
    path,
    title: 'Real traffic',
    packets: report.packets,
    notes: [
      'nginx answers wrk through a router, where tcpdump captures: objects of 180 B, 10 kB and 1 MB, kept and closed ' +
        'connections, IPv4 and IPv6, a link of 2 Gbit/s whose queue overflows now and then. Frames are of the link’s size: ' +
        'TSO is off at the hosts and GRO at the router; GRO is on at the client, as with a network card. ' +
        `The kernel dropped ${count(report.dropped)} packets while it was captured.`,
    ],
    // Of a small capture the start is most.
    aims: report.packets >= PACKETS ? { tcpdump: 1.2, tcptrace: 4, tshark: 40 } : {},
  });
}
