/** Lists whose filters have to read packets' bytes again, and rows that do: what they find, and what they read for it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePcap } from '../../test/support/capture-writer.ts';
import type { ConversationPacket } from '../../test/support/conversation.ts';
import { Conversation, interleave } from '../../test/support/conversation.ts';
import { eventually } from '../../test/support/patience.ts';
import type { FlowRecord, PacketNumber } from '../../shared/base/units.ts';
import { Analysis } from './analysis.ts';
import { FilterScans } from './filter-scan.ts';
import { ListCache } from './lists.ts';
import { breather } from './sliced-work.ts';
import { PacketBytes } from './packet-bytes.ts';
import { PacketLists } from './packet-lists.ts';

const { signal } = new AbortController();
const breathe = breather(signal);
let folder = '';
let analysis: Analysis;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-filtered-'));
  analysis = new Analysis();
});
afterEach(async () => {
  await analysis.close();
  rmSync(folder, { recursive: true });
});

/** Notes which packets are read. */
class NotedBytes extends PacketBytes {
  readonly asked: PacketNumber[] = [];

  override inOrder(numbers: Iterable<PacketNumber>, until: AbortSignal): ReturnType<PacketBytes['inOrder']> {
    const { asked } = this;
    const noted = function* (): Generator<PacketNumber> {
      for (const packet of numbers) {
        asked.push(packet);
        yield packet;
      }
    };
    return super.inOrder(noted(), until);
  }
}

interface Open {
  readonly bytes: NotedBytes;
  readonly scans: FilterScans;
  readonly packets: PacketLists;
  readonly lists: ListCache;
  readonly steps: () => number;
}

async function open(all: readonly ConversationPacket[]): Promise<Open> {
  const path = join(folder, 'all.pcap');
  writeFileSync(path, writePcap({ packets: all, nanos: true }));
  await analysis.run([path], { signal, onProgress: () => undefined });
  const bytes = new NotedBytes(analysis);
  let count = 0;
  const scans = new FilterScans(analysis.session, bytes, () => count++);
  const { session } = analysis;
  return {
    bytes,
    scans,
    packets: new PacketLists(session, bytes, scans),
    lists: new ListCache(session, scans),
    steps: () => count,
  };
}

const START_NS = 1_700_000_000_000_000_000n;

/** A frame out of hexadecimal digits. */
function frame(place: number, hex: string): ConversationPacket {
  return {
    timeNs: START_NS + BigInt(place),
    data: Uint8Array.from(Buffer.from(hex.replace(/\s/gu, ''), 'hex')),
  };
}

const MACS = '020000000002 020000000001';
const HELLO = `${MACS} 0800 4500 001c 0001 0000 40`;
const ADDRESSES = '0a000001 0a000002';

function talks(): ConversationPacket[] {
  const one = new Conversation({ client: { port: 40_001 } })
    .handshake()
    .exchange('GET /needle HTTP/1.1\r\n\r\n', 500)
    .rst({ from: 'server' });
  const other = new Conversation({ client: { port: 40_002 } })
    .handshake()
    .exchange('GET /hay HTTP/1.1\r\n\r\n', 500)
    .closes();
  return interleave(one, other);
}

/** Asks again until the filter is through. */
async function whole<T extends { readonly looked: unknown }>(ask: () => Promise<T>): Promise<T> {
  return eventually(async () => {
    const list = await ask();
    expect(list.looked).toBeUndefined();
    return list;
  });
}

describe('packets of no flow', () => {
  it('are told as complete as the others, and nothing else is read for them', async () => {
    const alone = [
      frame(
        0,
        `ffffffffffff 020000000001 0806 0001 0800 0604 0001 020000000001 0a000001 000000000000 0a000002`,
      ),
      frame(1, `${MACS} 0806 0001 0800 0604 0002 020000000001 0a000002 020000000002 0a000001`),
      frame(2, `${HELLO} 01 0000 ${ADDRESSES} 0800 0000 0007 0009`),
      frame(3, `${HELLO} 59 0000 ${ADDRESSES} 0201 0000 0000 0000`),
      frame(4, `0180c200000e 020000000001 88cc 0207 0402 0000 0000`),
      frame(
        5,
        `${MACS} 86dd 60000000 0018 3a ff fe800000000000000000000000000001 ff0200000000000000000001ff000002
         87000000 00000000 fe800000000000000000000000000002`,
      ),
    ];
    const { packets, bytes } = await open([...alone, ...talks()]);
    const list = await packets.list('', undefined, breathe);
    const rows = await packets.rows(list, 0, 100, signal);
    expect(bytes.asked).toEqual([0, 1, 2, 3, 4, 5]);
    const lines = rows
      .slice(0, 6)
      .map((row) => `${row.source} ${row.destination} ${row.protocol}: ${row.info}`);
    expect(lines).toEqual([
      '02:00:00:00:00:01 ff:ff:ff:ff:ff:ff ARP: Who has 10.0.0.2? Tell 10.0.0.1',
      '02:00:00:00:00:01 02:00:00:00:00:02 ARP: 10.0.0.2 is at 02:00:00:00:00:01',
      '10.0.0.1 10.0.0.2 ICMP: Echo (ping) request id=0x0007, seq=9, ttl=64',
      '10.0.0.1 10.0.0.2 OSPF: IP protocol 89 (OSPF IGP)',
      '02:00:00:00:00:01 01:80:c2:00:00:0e LLDP: 802.1 Link Layer Discovery Protocol (LLDP) (0x88cc)',
      'fe80::1 ff02::1:ff00:2 ICMPv6: Neighbor Solicitation for fe80::2',
    ]);
    expect(rows.every(({ protocol }) => protocol !== '')).toBe(true);
  });
});

describe('a filter that reads bytes', () => {
  const NEEDLE = 'tcp.payload contains "needle"';

  it('says how far it is, tells each step, and is through in the end', async () => {
    const { packets, scans, steps } = await open(talks());
    const first = await packets.list(NEEDLE, undefined, breathe);
    const { count } = analysis.session.packets;
    expect(first.total).toBe(0);
    expect(first.looked).toMatchObject({ of: count });
    const { total, slice } = await whole(() => packets.list(NEEDLE, undefined, breathe));
    expect(total).toBe(1);
    expect(await packets.position(NEEDLE, undefined, slice(0, 1)[0], breathe, signal)).toBe(0);
    expect(steps()).toBeGreaterThan(0);
    await scans.close();
  });

  it('reads a flow’s packets only where the list is of one flow', async () => {
    const { packets, bytes } = await open(talks());
    const flow = 1 as FlowRecord;
    const { total } = await whole(() => packets.list(NEEDLE, flow, breathe));
    expect(total).toBe(0);
    expect(bytes.asked.length).toBeGreaterThan(0);
    const { session } = analysis;
    expect(bytes.asked.every((packet) => session.packets.flow(packet) === flow)).toBe(true);
  });

  it('reads resets only where the list is of resets', async () => {
    const { lists, bytes } = await open(talks());
    const filter = 'ip[8] > 0';
    await lists.resets('frame', 'ascending', filter, signal);
    await whole(async () => {
      await lists.resets('frame', 'ascending', filter, signal);
      return { looked: lists.looked('resets', filter) };
    });
    lists.clear();
    expect(await lists.resets('frame', 'ascending', filter, signal)).toHaveLength(1);
    const { session } = analysis;
    expect(bytes.asked).toEqual([session.resets.packet(session.resetIds()[0])]);
  });

  it('finds the next packet without waiting for the rest', async () => {
    const { packets, bytes } = await open(talks());
    const found = await packets.find('', NEEDLE, undefined, -1, false, breathe, signal);
    const { session } = analysis;
    expect(session.packets.payload(found as PacketNumber)).toBeGreaterThan(0);
    expect(Math.max(...bytes.asked)).toBe(found);
    expect(await packets.find('', NEEDLE, undefined, found, false, breathe, signal)).toBe(-1);
    const { file, frame: number } = session.packetRow(found as PacketNumber);
    expect(packets.at(file, number)).toBe(found);
    expect(packets.at(file, session.packets.count + 1)).toBe(-1);
    expect(packets.at(file + 1, 1)).toBe(-1);
  });

  it('ends when it is stopped, and begins again when somebody asks', async () => {
    const { packets, scans, bytes } = await open(talks());
    await packets.list(NEEDLE, undefined, breathe);
    scans.stop();
    await scans.close();
    expect(bytes.asked.length).toBeLessThanOrEqual(analysis.session.packets.count);
    const again = new FilterScans(analysis.session, bytes, () => undefined);
    const others = new PacketLists(analysis.session, bytes, again);
    expect((await whole(() => others.list(NEEDLE, undefined, breathe))).total).toBe(1);
    await again.close();
  });
});
