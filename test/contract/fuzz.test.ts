/** Whatever comes in as a frame, the serving end stays and answers the next one. */
import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createClient } from '../../shared/rpc/client.ts';
import { memoryChannelPair } from '../../shared/rpc/memory-channel.ts';
import { serve } from '../../shared/rpc/serve.ts';
import { METHOD_SCHEMAS } from '../../shared/contract/schemas.ts';
import { PROGRESS, ServiceDouble } from './service-double.ts';

const anything = fc.oneof(fc.anything({ maxDepth: 2 }), fc.record({ id: fc.anything() }));
const method = fc.oneof(fc.constantFrom(...Object.keys(METHOD_SCHEMAS), 'toString'), fc.string(), anything);
const id = fc.oneof(fc.nat(3), fc.string(), fc.constant(null), anything);
/** Nearly what a peer sends: each part may be of another kind, missing, or right. */
const message = fc.record(
  {
    t: fc.oneof(fc.constantFrom('q', 's'), anything),
    i: id,
    m: fc.oneof(fc.constantFrom('call', 'cancel', 'event', 'toString', '__proto__'), anything),
    a: fc.oneof(fc.tuple(id, method, anything), fc.tuple(id), fc.array(anything, { maxLength: 4 }), anything),
    o: fc.boolean(),
    r: anything,
    e: anything,
  },
  { requiredKeys: ['t'] },
);
const frame = fc.oneof(fc.uint8Array({ maxLength: 200 }), message.map(tryEncode));

it('survives any frames', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 20 }), async (frames) => {
      const [calling, serving] = memoryChannelPair();
      const double = new ServiceDouble();
      serve(serving, double.service, double.events);
      for (const bytes of frames) calling.send(bytes);
      const client = createClient(calling);
      expect(await client.call('capture.progress', {})).toEqual(PROGRESS);
      client.dispose();
    }),
    { numRuns: 1000 },
  );
});

function tryEncode(value: unknown): Uint8Array {
  try {
    return encode(value);
  } catch {
    return new Uint8Array(1);
  }
}
