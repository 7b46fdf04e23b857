/** Traffic of the generator: many connections, losses, a tenth of them reset. */
import { count } from '../numbers.mjs';
import { benchReaders } from './readers.mjs';

const PACKETS = [1_000_000, 5_000_000];

export async function generated(bench) {
  const sections = [];
  for (const packets of bench.packets ?? PACKETS) {
    const { path, report } = await bench.captures.generated(packets);
    const flows = count(report.tcpFlows + report.udpFlows);
    const section = benchReaders(bench, {
      path,
      title: `Generated traffic, ${flows} flows, ${count(report.resetPackets)} resets`,
      packets: report.packets,
      aims: packets >= Math.max(...PACKETS) ? { tcpdump: 1.2, tcptrace: 5, tshark: 40 } : {},
    });
    sections.push(...section);
  }
  return sections;
}
