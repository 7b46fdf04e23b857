/**
 * A fleet as agents write it: what two hosts captured of the same connections, one of which a device between them reset, and a third host.
 *
 * The two prove that the reset was forged: both captured connections before it and after it, and counted that they lost nothing.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { between, ordinary } from '../../golden/scenario.ts';
import { writePcapng } from '../../support/capture-writer.ts';
import type { ConversationPacket } from '../../support/conversation.ts';
import { DEFAULT_START_NS, interleave } from '../../support/conversation.ts';
import { atServer, type Captures } from './captures.ts';
import { DIST } from './places.ts';

const PROGRAM = join(DIST, 'cli/index.js');
/** Not even the answer to what comes right before the reset leaves the server before that comes there. */
const TRANSIT_NS = 50_000n;
const LATER_NS = 20_000_000_000n;
const FORGED_IP_ID = 0xbeef;
/** Ethernet without VLAN before IPv4. */
const IP_ID_AT = 18;
const REQUEST = 'GET /prices HTTP/1.1\r\nHost: prices.example.com\r\n\r\n';

/** @returns its folder, which is named `fleet`; whoever asked removes what it lies in */
export async function writeFleet({ mixed }: Captures): Promise<string> {
  const parent = mkdtempSync(join(tmpdir(), 'resetscope-e2e-fleet-'));
  const folder = join(parent, 'fleet');
  const packets = join(parent, 'packets');
  mkdirSync(packets);
  const put = (name: string, captured: readonly ConversationPacket[]): string => {
    const path = join(packets, name);
    writeFileSync(path, countedCapture(captured));
    return path;
  };
  const { client, server } = forgedOnTheWay();
  await write(folder, put('client.pcapng', client), 'client-host', 'berlin');
  await write(folder, put('server.pcapng', server), 'server-host', 'tokyo');
  await write(folder, mixed, 'gateway', 'tokyo');
  return folder;
}

/** With the counters of its interface behind the packets, as dumpcap writes them. */
function countedCapture(packets: readonly ConversationPacket[]): Uint8Array {
  const blocks = packets.map((packet) => ({ kind: 'packet' as const, ...packet }));
  const received = BigInt(packets.length);
  const counters = { kind: 'statistics', received, droppedByInterface: 0n, droppedByKernel: 0n } as const;
  return writePcapng({ sections: [{ interfaces: [{ tsresol: 9 }], blocks: [...blocks, counters] }] });
}

function forgedOnTheWay(): Readonly<Record<'client' | 'server', ConversationPacket[]>> {
  const cut = between({ client: { port: 40_400 } })
    .handshake()
    .exchange(REQUEST, 3000)
    .clientSends(REQUEST)
    .rst({ from: 'server', ttl: 57, ipId: FORGED_IP_ID, after: 0.000_3, options: {}, window: 0 })
    .serverAcks()
    .serverSends(1400);
  const later = between({
    startNs: DEFAULT_START_NS + LATER_NS,
    client: { port: 40_401, initialSeq: 5_000_000 },
  })
    .handshake()
    .exchange(REQUEST, 3000)
    .closes('client');
  const client = interleave(...ordinary(12), cut, later);
  const sent = client.filter(
    ({ data }) => new DataView(data.buffer, data.byteOffset).getUint16(IP_ID_AT) !== FORGED_IP_ID,
  );
  return { client, server: atServer(sent, TRANSIT_NS) };
}

async function write(folder: string, capture: string, host: string, site: string): Promise<void> {
  const words = ['analyze', capture, '--parquet', folder, '--cases', '--as-host', host, '--site', site];
  await promisify(execFile)(process.execPath, [PROGRAM, ...words], { maxBuffer: 64 * 1024 * 1024 });
}
