/** The dissectors on damaged packets of every link type, tunnel and transport, and of what applications send. */
import assert from 'node:assert/strict';
import type { PacketContext } from '../../main/engine/dissect/context.ts';
import { FieldReader, TreeReader, WantedFields } from '../../main/engine/dissect/dissect.ts';
import { LIMITS } from '../../main/engine/limits.ts';
import { FIELDS } from '../../shared/fields/catalogue.ts';
import type { DetailNode } from '../../shared/model/packet-detail.ts';
import * as build from '../support/packet-builder.ts';
import { decodeTarget } from './decode.ts';
import type { FuzzTarget } from './fuzz-loop.ts';
import { hintsTarget } from './hints.ts';

const CONTEXT: PacketContext = {
  frame: 1,
  timeNs: 1n,
  sinceFirstNs: 0,
  sincePreviousNs: 0,
  comments: [],
  interfaceName: undefined,
  isOutgoing: true,
  flow: undefined,
};

const ENDS = { src: '192.0.2.1', dst: '198.51.100.2' };
const PORTS = { srcPort: 40_000, dstPort: 53 };

/** What applications send, as TCP segments and as UDP datagrams: link type 101 in two bytes, then the packet. */
const APPLICATIONS = hintsTarget.corpus.flatMap((payload) => {
  const data = payload.subarray(0, 1200);
  return [build.tcp({ ...PORTS, payload: data }), build.udp({ ...PORTS, payload: data })].map((transport) =>
    build.concat(build.be16(101), build.ipv4(ENDS, transport).bytes),
  );
});

const WANTED = new WantedFields(FIELDS.map(({ name }) => name));

export const dissectTarget: FuzzTarget = {
  name: 'dissect',
  corpus: [...decodeTarget.corpus, ...APPLICATIONS],
  check(input, random) {
    if (input.length < 2) return;
    const linkType = (input[0] << 8) | input[1];
    const wireLength = input.length - 2;
    const capturedLength = random.below(3) === 0 ? random.below(wireLength + 1) : wireLength;
    const read = (fill: number): unknown => {
      // What stands around the packet must not matter.
      const data = new Uint8Array(input.length + 64).fill(fill);
      data.set(input.subarray(2, 2 + capturedLength), 32);
      const frame = { data, start: 32, capturedLength, wireLength, linkType, interfaceId: 0 };
      const { layers, sources } = new TreeReader().read(frame, CONTEXT);
      let lines = 0;
      const check = (node: DetailNode): void => {
        lines++;
        const { bytes } = sources[node.source];
        assert.ok(node.from >= 0 && node.from <= node.to && node.to <= bytes.length, node.name);
        node.children.forEach(check);
      };
      layers.forEach(check);
      assert.ok(lines <= LIMITS.maxDetailNodes + 64);
      const values = new FieldReader(WANTED).values(frame, CONTEXT).map((found) => [...found]);
      return { layers, sources, values };
    };
    assert.deepEqual(read(0x45), read(0));
  },
};
