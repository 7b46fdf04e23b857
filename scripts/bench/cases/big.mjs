/** One capture larger than memory would be by any means: what is held of it, and how fast it opens. Made once; mind the disk. */
import { rmSync, statSync } from 'node:fs';
import { measure } from '../measure.mjs';
import { count, table } from '../numbers.mjs';
import { PEERS } from '../peers.mjs';

const AIM_MIB = 1024;

export async function big(bench) {
  const packets = Number(bench.options['big-packets']);
  const snap = Number(bench.options['big-snap']);
  const { path, report } = await bench.captures.generated(packets, 'snap', snap);
  const bytes = statSync(path).size;
  const limit = { limitSeconds: 3 * 3600 };
  const commands = { resetscope: [bench.cli, 'analyze', path], tcpdump: PEERS.tcpdump.command(path) };
  const rows = [];
  for (const [name, command] of Object.entries(commands)) {
    process.stderr.write(`${packets} packets: ${name} …\n`);
    const { seconds, cpu, kibibytes } = measure(command, limit);
    const rate = (report.packets / seconds / 1e6).toFixed(2);
    rows.push([
      name,
      seconds.toFixed(1),
      cpu.toFixed(1),
      rate,
      Math.round(bytes / seconds / 1e6),
      Math.round(kibibytes / 1024),
    ]);
  }
  if (!bench.options['big-keep']) for (const made of [path, `${path}.json`]) rmSync(made);
  return [
    '',
    `## A big capture: ${count(report.packets)} packets, ${(bytes / 1e9).toFixed(1)} GB, ${count(report.tcpFlows + report.udpFlows)} flows`,
    '',
    `Generated, cut to ${snap} bytes a packet, read from the disk. Resetscope is to stay under ${AIM_MIB} MiB.`,
    ...table(['-tool', 's', 'CPU s', 'Mpackets/s', 'MB/s', 'peak RSS MiB'], rows),
  ];
}
