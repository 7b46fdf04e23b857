/** The captures that the tests open, made by code. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { between, ordinary } from '../../golden/scenario.ts';
import { writePcap } from '../../support/capture-writer.ts';
import type { ConversationPacket } from '../../support/conversation.ts';
import { interleave } from '../../support/conversation.ts';
import { failingTalks } from './failing-talks.ts';
import { hostileNotes, hostileTalks } from './hostile-talks.ts';
import { mixedTalks } from './mixed-talks.ts';

/** Name → path. */
export interface Captures {
  /** Some dozen resets of all kinds between many hosts. */
  readonly mixed: string;
  /** The same, cut in the middle of its last packet. */
  readonly truncated: string;
  /** A text file. */
  readonly broken: string;
  /** No byte at all. */
  readonly nothing: string;
  /** A header and no packets. */
  readonly empty: string;
  /** Healthy connections. */
  readonly quiet: string;
  /** Connections that fail without a reset, and no reset. */
  readonly failing: string;
  /** Names and data that try to be more than text. */
  readonly hostile: string;
  /** The same in comments, names of interfaces and questions for names. */
  readonly hostileNotes: string;
  /** Healthy connections as the client's side captured them, and the server's with a clock of its own. */
  readonly ends: readonly [string, string];
  /** The same with one connection that a device between them reset in the server's name, as the client's side alone saw. */
  readonly forgedEnds: readonly [string, string];
  /** Two files of one rotated set. */
  readonly parts: readonly [string, string];
}

/** A file name is hostile text too. */
export const HOSTILE_NAME = 'a<img src=x onerror=window.owned=1>\u202egnp.pcap';

export function writeCaptures(folder: string): Captures {
  const put = (name: string, bytes: Uint8Array | string): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const mixed = interleave(...mixedTalks());
  const healthy = interleave(...ordinary(5));
  const forged = forgedEnds();
  mkdirSync(join(folder, 'forged'));
  const half = Math.floor(mixed.length / 2);
  return {
    mixed: put('mixed.pcap', pcap(mixed)),
    truncated: put('truncated.pcap', pcap(mixed).subarray(0, -20)),
    broken: put('notes.pcap', 'These are my notes about the outage.\nNothing was captured.\n'),
    nothing: put('nothing.pcap', ''),
    empty: put('empty.pcap', pcap([])),
    quiet: put('quiet.pcap', pcap(interleave(...ordinary(5)))),
    failing: put('failing.pcap', pcap(interleave(...failingTalks()))),
    hostileNotes: put('notes.pcapng', hostileNotes()),
    hostile: put(HOSTILE_NAME, pcap(interleave(...hostileTalks()))),
    ends: [put('client.pcap', pcap(healthy)), put('server.pcap', pcap(atServer(healthy)))],
    forgedEnds: [
      put('forged/client.pcap', pcap(forged.client)),
      put('forged/server.pcap', pcap(forged.server)),
    ],
    parts: [
      put('part_00001_20231114221320.pcap', pcap(mixed.slice(0, half))),
      put('part_00002_20231114222320.pcap', pcap(mixed.slice(half))),
    ],
  };
}

export function pcap(packets: readonly ConversationPacket[]): Uint8Array<ArrayBuffer> {
  return writePcap({ packets, nanos: true });
}

const CLOCK_NS = 31_204_000_000n;
/** Less than half of what the server takes to answer there: an answer does not leave before what it answers comes. */
const TRANSIT_NS = 1_000_000n;
const HOPS = 3;
/** Ethernet without VLAN before IPv4. */
const TTL_AT = 22;
const SOURCE_PORT_AT = 34;

/**
 * The same packets beyond three routers: those of the client come later and with less TTL, those of the server left sooner.
 * @param transitNs how long they are on their way
 */
export function atServer(
  packets: readonly ConversationPacket[],
  transitNs = TRANSIT_NS,
): ConversationPacket[] {
  const there = packets.map(({ timeNs, data }) => {
    const isFromServer = new DataView(data.buffer, data.byteOffset).getUint16(SOURCE_PORT_AT) < 1024;
    const bytes = data.slice();
    bytes[TTL_AT] += isFromServer ? HOPS : -HOPS;
    return { timeNs: timeNs + CLOCK_NS + (isFromServer ? -transitNs : transitNs), data: bytes };
  });
  return there.sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0));
}

const FORGED_TTL = 57;
const REQUEST = 'GET /prices HTTP/1.1\r\nHost: prices.example.com\r\n\r\n';

function forgedEnds(): { readonly client: ConversationPacket[]; readonly server: ConversationPacket[] } {
  const talk = between({ client: { port: 40_400 } })
    .handshake()
    .exchange(REQUEST, 3000)
    .clientSends(REQUEST)
    .rst({ from: 'server', ttl: FORGED_TTL, ipId: 0xbeef, after: 0.000_3, options: {}, window: 0 })
    .serverAcks()
    .serverSends(1400);
  const client = interleave(...ordinary(12), talk);
  return { client, server: atServer(client.filter(({ data }) => data[TTL_AT] !== FORGED_TTL)) };
}
