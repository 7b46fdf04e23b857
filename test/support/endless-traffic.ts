/**
 * Traffic without end, as the bytes of one pcap file: the same conversation again and again, each time of another client.
 * Made by patching one template in place, so that millions of packets cost no more than their bytes.
 */
import { writePcap } from './capture-writer.ts';
import type { ConversationPacket } from './conversation.ts';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET = 14;
const SOURCE = ETHERNET + 12;
const PORTS = ETHERNET + 20;

export class EndlessTraffic {
  /** Starts the file. */
  readonly header: Uint8Array;
  readonly packetsOfOne: number;
  readonly #template: Uint8Array;
  readonly #records: { readonly at: number; readonly fromClient: boolean; readonly ns: number }[] = [];

  /** @param packets of one conversation over IPv4, in time order; its client speaks first */
  constructor(packets: readonly ConversationPacket[]) {
    const file = writePcap({ nanos: true, packets });
    this.header = file.slice(0, FILE_HEADER);
    this.#template = file.slice(FILE_HEADER);
    this.packetsOfOne = packets.length;
    const [first] = packets;
    const client = addressAt(first.data, SOURCE);
    let at = 0;
    for (const { data, timeNs } of packets) {
      const fromClient = addressAt(data, SOURCE) === client;
      this.#records.push({ at, fromClient, ns: Number(timeNs - first.timeNs) });
      at += RECORD_HEADER + data.length;
    }
  }

  /** Conversations [from, from + count), one after the other, `stepNs` apart. The bytes are used again by the next call. */
  *chunks(from: number, count: number, stepNs: number): Iterable<Uint8Array> {
    const bytes = this.#template;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let talk = from; talk < from + count; talk++) {
      for (const { at, fromClient, ns } of this.#records) {
        const time = talk * stepNs + ns;
        view.setUint32(at, 1_700_000_000 + Math.floor(time / 1e9), true);
        view.setUint32(at + 4, time % 1e9, true);
        const packet = at + RECORD_HEADER;
        // 10.x.x.x, another one every 1,000 conversations; the port tells those of one client apart.
        view.setUint32(packet + (fromClient ? SOURCE : SOURCE + 4), 0x0a00_0000 + Math.floor(talk / 1000));
        view.setUint16(packet + (fromClient ? PORTS : PORTS + 2), 20_000 + (talk % 40_000));
      }
      yield bytes;
    }
  }
}

function addressAt(data: Uint8Array, at: number): number {
  return new DataView(data.buffer, data.byteOffset).getUint32(at);
}
