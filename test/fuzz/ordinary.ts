/**
 * The short way of ordinary segments against the way through the layers, on captures that were damaged: by packets, so that each is
 * read and is odd, and by bytes. Whatever comes, both keep the same of it, and so does reading in pieces.
 */
import { Conversation, interleave } from '../support/conversation.ts';
import { writePcap, writePcapng, type PcapPacket } from '../support/capture-writer.ts';
import { differenceOf, readCapture } from '../support/held-against.ts';
import { damagePackets } from '../support/tcp-damage.ts';
import { generate } from '../bench/generate.ts';
import type { FuzzTarget } from './fuzz-loop.ts';
import type { Random } from './mutate.ts';

/** File header, record header. */
const PCAP_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

const PACKETS: readonly (readonly PcapPacket[])[] = [talks(4), talks(6), ...[1, 2, 3].map(generated)];

/** Few connections with all that is usual: data both ways, options, ends of several kinds. */
function talks(version: 4 | 6): readonly PcapPacket[] {
  const address = (host: number): string => (version === 4 ? `192.0.2.${host}` : `2001:db8::${host}`);
  return interleave(
    ...Array.from({ length: 4 }, (_, i) => {
      const talk = new Conversation({
        client: { address: address(1 + i), port: 40_000 + i, initialSeq: 0xffff_fc00 + 512 * i },
        server: { address: address(100), port: i % 2 === 0 ? 80 : 443, initialSeq: 1000 * i },
        startNs: 1_700_000_000_000_000_000n + BigInt(i) * 313_000n,
        ...(i === 1 ? { vlan: 12 } : {}),
      }).handshake();
      for (let j = 0; j < 5; j++)
        talk.exchange(`GET /${i}/${j} HTTP/1.1\r\nHost: h.example\r\n\r\n`, 700 * (1 + i));
      if (i % 3 === 0) talk.rst({ from: 'server' });
      else if (i % 3 === 1) talk.rst({ from: 'client', payload: 'gone' });
      else talk.closes();
      return talk;
    }),
  );
}

/** A little of what the bench reads: loss, disorder, tags, IPv6, names, ICMP. */
function generated(seed: number): readonly PcapPacket[] {
  const parts: Uint8Array[] = [];
  generate({ packets: 250, seed, concurrent: 5 }, (bytes) => parts.push(bytes.slice()));
  // A Buffer would hand out views of itself where an array makes copies.
  return packetsOf(new Uint8Array(Buffer.concat(parts)));
}

/** The packets of a file as the generator writes it: little endian, microseconds. */
function packetsOf(file: Uint8Array): readonly PcapPacket[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const packets: PcapPacket[] = [];
  for (let at = PCAP_HEADER_BYTES; at < file.length;) {
    const timeNs =
      BigInt(view.getUint32(at, true)) * 1_000_000_000n + BigInt(view.getUint32(at + 4, true)) * 1000n;
    const data = file.slice(
      at + RECORD_HEADER_BYTES,
      at + RECORD_HEADER_BYTES + view.getUint32(at + 8, true),
    );
    packets.push({ timeNs, data, wireLength: view.getUint32(at + 12, true) });
    at += RECORD_HEADER_BYTES + data.length;
  }
  return packets;
}

/** As a file of either format, sometimes with directions. */
function written(packets: readonly PcapPacket[], random: Random): Uint8Array {
  if (random.below(3) > 0) return writePcap({ nanos: true, packets });
  const direction = random.below(4);
  const blocks = packets.map((packet, i) => ({
    kind: 'packet' as const,
    ...packet,
    interfaceId: i % 2,
    ...(direction === 3 ? {} : { direction }),
  }));
  return writePcapng({ sections: [{ interfaces: [{ tsresol: 9 }, { tsresol: 9, name: 'other' }], blocks }] });
}

function check(input: Uint8Array, random: Random): void {
  const expected = readCapture(input, { throughLayers: true });
  if (expected.ordinaryPackets > 0) throw new Error('the reference took the short way');
  const short = differenceOf(expected, readCapture(input));
  if (short !== undefined) throw new Error(`the layers first, then the short way: ${short}`);
  if (random.below(4) > 0) return;
  const pieces = random.pick([7, 100, 1500, 65_536]);
  const inPieces = differenceOf(expected, readCapture(input, { pieces }));
  if (inPieces !== undefined)
    throw new Error(`at once first, then in pieces of ${pieces} bytes: ${inPieces}`);
}

const SOUND: readonly Uint8Array[] = PACKETS.flatMap((packets) => [
  writePcap({ nanos: true, packets }),
  writePcap({ packets }),
]);

export const ordinaryTarget: FuzzTarget = {
  name: 'ordinary',
  corpus: SOUND,
  damage: (random) => written(damagePackets(random.pick(PACKETS), random), random),
  check,
};

export const ordinaryBytesTarget: FuzzTarget = { name: 'ordinary-bytes', corpus: SOUND, check };
