/** What tshark says about a capture. */
import { execFile, spawnSync } from 'node:child_process';
import type { AnalysisMark, CaptureObservation, FrameObservation } from './observation.ts';
import { ANALYSIS_MARKS } from './observation.ts';

export function hasTshark(): boolean {
  return spawnSync('tshark', ['--version']).status === 0;
}

const FIELDS = [
  'frame.number',
  'tcp.stream',
  'tcp.flags.reset',
  'tcp.analysis.initial_rtt',
  'icmp.type',
  'icmpv6.type',
  'frame.time_epoch',
  'tcp.srcport',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.len',
  'tcp.flags',
  'ip.id',
  ...ANALYSIS_MARKS.map((mark) => `tcp.analysis.${mark}`),
];

/** Dissectors above TCP are of no interest here, and some are slow or change how TCP is seen. */
const PREFERENCES = [
  'tcp.desegment_tcp_streams:FALSE',
  'tcp.check_checksum:FALSE',
  'ip.check_checksum:FALSE',
];

export async function observeWithTshark(path: string): Promise<CaptureObservation> {
  const output = await runTshark([
    // Teredo off its port is known by its addresses, as the decoder does.
    ...['--enable-heuristic', 'teredo_udp'],
    ...['-n', '-r', path, '-T', 'fields', '-E', 'separator=|', '-E', 'occurrence=a', '-E', 'aggregator=;'],
    ...PREFERENCES.flatMap((preference) => ['-o', preference]),
    ...FIELDS.flatMap((field) => ['-e', field]),
  ]);
  const frames: FrameObservation[] = [];
  for (const line of output.split('\n')) {
    if (line === '') continue;
    const cells = line.split('|');
    frames[Number(cells[0])] = parseFrame(cells);
  }
  return { frames };
}

function parseFrame(cells: readonly string[]): FrameObservation {
  const [, stream, reset, initialRtt, icmp, icmpv6, time, port, seq, ack, length, flags, ipId, ...marks] =
    cells;
  // A TCP header inside an ICMP error is a quotation, not a segment.
  const isTcp = stream !== '' && icmp === '' && icmpv6 === '';
  const seen = new Set<AnalysisMark>();
  for (const [i, mark] of ANALYSIS_MARKS.entries()) if (isTcp && marks[i] !== '') seen.add(mark);
  // tshark calls these a retransmission besides; here each frame has the most exact name only.
  if (seen.has('fast_retransmission') || seen.has('spurious_retransmission')) seen.delete('retransmission');
  const rtt = innermost(initialRtt);
  return {
    stream: isTcp ? Number(innermost(stream)) : -1,
    reset: isTcp && /^(?:1|True)$/u.test(innermost(reset)),
    marks: seen,
    initialRttNs: isTcp && rtt !== '' ? Math.round(Number(rtt) * 1e9) : undefined,
    duplicate: false,
    segment: isTcp
      ? {
          timeNs: BigInt(time.replace('.', '')),
          sourcePort: Number(innermost(port)),
          seq: Number(innermost(seq)),
          ack: Number(innermost(ack)),
          length: Number(innermost(length)),
          flags: Number(innermost(flags)),
          ipId: ipId === '' ? undefined : Number(innermost(ipId)),
        }
      : undefined,
  };
}

/** Of a field that occurs in several layers, as inside a tunnel. */
function innermost(cell: string): string {
  return cell.slice(cell.lastIndexOf(';') + 1);
}

/** tshark leaves with an error where the file is cut short, having printed what it read. */
function runTshark(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('tshark', args, { encoding: 'utf8', maxBuffer: 1 << 30 }, (error, stdout) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve(stdout);
    });
  });
}
