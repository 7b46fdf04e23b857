/** Trees and values of packets in every encapsulation agree with the facts of the decoder, and of no bytes do they go astray. */
import { describe, expect, it } from 'vitest';
import { encapsulations, SEGMENT } from '../../../test/support/encapsulations.ts';
import type { DetailNode } from '../../../shared/model/packet-detail.ts';
import { Decoder } from '../decode/decoder.ts';
import { DST_PORT, FLAGS, KIND, KIND_TCP, SEQ, SRC_PORT } from '../decode/facts.ts';
import { LimitCounter } from '../limits.ts';
import type { FrameBytes, PacketContext } from './context.ts';
import { fieldValues, TreeReader, WantedFields } from './dissect.ts';

const CONTEXT: PacketContext = {
  frame: 1,
  timeNs: 0n,
  sinceFirstNs: 0,
  sincePreviousNs: 0,
  comments: [],
  interfaceName: undefined,
  isOutgoing: false,
  flow: undefined,
};

function frameOf(data: Uint8Array, linkType: number): FrameBytes {
  return { data, start: 0, capturedLength: data.length, wireLength: data.length, linkType, interfaceId: -1 };
}

const ALL = [...encapsulations(4), ...encapsulations(6)];

describe.each(ALL.map((one) => [one.name, one] as const))('%s', (_, { data, linkType = 1 }) => {
  it('has the segment that the decoder finds', () => {
    const decoder = new Decoder(new LimitCounter());
    decoder.decode(data, 0, data.length, data.length, linkType, 0);
    const { facts } = decoder;
    const wanted = new WantedFields(['tcp.srcport', 'tcp.dstport', 'tcp.seq_raw', 'tcp.flags', 'tcp.len']);
    const values = fieldValues(frameOf(data, linkType), CONTEXT, wanted).map((found) => found.at(-1));
    expect(facts[KIND]).toBe(KIND_TCP);
    expect(values).toEqual([
      facts[SRC_PORT],
      facts[DST_PORT],
      facts[SEQ] >>> 0,
      facts[FLAGS],
      SEGMENT.payload.length,
    ]);
  });

  it('is a tree whose lines lie in the bytes, however few of them there are', () => {
    for (let length = 0; length <= data.length; length++) {
      const frame = { ...frameOf(data.slice(0, length), linkType), wireLength: data.length };
      const { layers, sources } = new TreeReader().read(frame, CONTEXT);
      expect(layers[0]?.name).toBe('frame');
      const check = (node: DetailNode): void => {
        const { bytes } = sources[node.source];
        expect(node.from >= 0 && node.from <= node.to && node.to <= bytes.length).toBe(true);
        node.children.forEach(check);
      };
      layers.forEach(check);
    }
  });
});

describe('a tree', () => {
  const { data, linkType = 1 } = encapsulations(4)[0];

  it('says where a length contradicts the bytes', () => {
    const broken = data.slice();
    broken[14] = 0x4f; // a header of 60 bytes, which are not there
    const { layers } = new TreeReader().read(frameOf(broken.slice(0, 40), linkType), CONTEXT);
    const texts = JSON.stringify(layers, (_, value: unknown) => (typeof value === 'bigint' ? '' : value));
    expect(texts).toContain('"severity":"error"');
  });

  it('offers a filter that asks for the very value', () => {
    const { layers } = new TreeReader().read(frameOf(data, linkType), CONTEXT);
    const tcp = layers.find((layer) => layer.name === 'tcp');
    expect(tcp?.children.find((line) => line.name === 'tcp.srcport')?.filter).toBe(
      `tcp.srcport == ${SEGMENT.srcPort}`,
    );
  });
});
