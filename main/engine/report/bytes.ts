/** The bytes of the packet that a report is about, and what in them the verdict is made of. */
import type { DetailNode, PacketDetail } from '../../../shared/model/packet-detail.ts';
import type { ReportBytes, ReportField } from '../../../shared/model/report.ts';
import { REPORT_BOUNDS } from '../../../shared/model/report.ts';

/** What is written into a reset's payload. */
const FOREIGN = 'tcp.reset_cause';

/**
 * Fields that a report tells of, and whether they count. But for FOREIGN none of them identifies a host: an anonymised report shows these bytes and no
 * others, so that a field is added only where that holds. Checksums are left out: they are sums over addresses.
 */
const FIELDS: readonly (readonly [name: string, counts: boolean])[] = [
  ['ip.version', false],
  ['ip.dsfield', false],
  ['ip.len', false],
  ['ip.id', true],
  ['ip.flags', false],
  ['ip.ttl', true],
  ['ip.proto', false],
  ['ipv6.plen', false],
  ['ipv6.nxt', false],
  ['ipv6.hlim', true],
  ['tcp.srcport', false],
  ['tcp.dstport', false],
  ['tcp.seq_raw', true],
  ['tcp.ack_raw', true],
  ['tcp.flags', true],
  ['tcp.window_size_value', true],
  [FOREIGN, true],
];
/** Lines of a tree looked at. */
const MOST_LINES = 20_000;

/** null where the packet's bytes are not there. */
export function reportBytes(detail: PacketDetail | undefined): ReportBytes | null {
  const frame = detail?.sources.at(0)?.bytes;
  if (detail === undefined || frame === undefined || detail.unreadable !== null) return null;
  // The innermost header is the last one with that name: what tunnels carry is what the verdict is about.
  const nodes = new Map<string, DetailNode>();
  for (const node of lines(detail.layers))
    if (node.source === 0 && node.to > node.from) nodes.set(node.name, node);
  const shown = Math.min(frame.length, REPORT_BOUNDS.bytes);
  const fields = FIELDS.flatMap(([name, counts]): ReportField[] => {
    const node = nodes.get(name);
    if (node === undefined || node.from >= shown) return [];
    return [
      {
        from: node.from,
        to: Math.min(node.to, shown),
        title: node.title,
        value: node.value,
        counts,
        isForeign: name === FOREIGN,
      },
    ];
  });
  return {
    file: detail.file,
    frame: detail.frame,
    hex: Array.from(frame.subarray(0, shown), (byte) => byte.toString(16).padStart(2, '0')),
    captured: detail.capturedLength,
    wire: detail.wireLength,
    fields: fields.sort((a, b) => a.from - b.from),
  };
}

function* lines(layers: readonly DetailNode[]): Generator<DetailNode> {
  const open = [...layers].reverse();
  for (let looked = 0; looked < MOST_LINES; looked++) {
    const node = open.pop();
    if (node === undefined) return;
    yield node;
    for (const child of [...node.children].reverse()) open.push(child);
  }
}
