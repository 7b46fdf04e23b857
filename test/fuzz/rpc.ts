/**
 * What comes over the wire of the RPC, whoever sends it: a frame is either a message of the protocol or refused in words, it
 * is refused before much is made of it, and the serving end answers the next one.
 */
import assert from 'node:assert/strict';
import { encode } from '@msgpack/msgpack';
import { RpcError } from '../../shared/contract/errors.ts';
import type { Message } from '../../shared/rpc/frame.ts';
import { QUESTION_FRAME, readFrame, writeFrame } from '../../shared/rpc/frame.ts';
import { checkFrame, FrameLimitError } from '../../shared/rpc/frame-limits.ts';
import { Inbox } from '../../shared/rpc/byte-channel.ts';
import { serve } from '../../shared/rpc/serve.ts';
import { ServiceDouble } from '../contract/service-double.ts';
import type { FuzzTarget } from './fuzz-loop.ts';

const ROWS = { sort: 'importance', direction: 'descending', filter: 'cause=refused', from: 0, count: 100 };
const call = (id: number, method: string, params: unknown): Uint8Array =>
  encode({ t: 'q', i: `id-${id}`, m: 'call', a: [id, method, params] });

const CORPUS: readonly Uint8Array[] = [
  call(1, 'capture.progress', {}),
  call(2, 'resets.rows', ROWS),
  call(3, 'flows.stream', { flow: 5, side: 'client', place: 0, packet: null, bytes: 65_536 }),
  call(4, 'capture.open', { paths: ['/captures/a.pcap', '/captures/é.pcap.gz'], follow: true }),
  encode({ t: 'q', m: 'cancel', a: [3] }),
  encode({ t: 'q', m: 'event', a: ['progress', { revision: 1, bytesRead: 2 ** 40 }] }),
  encode({
    t: 's',
    i: 'id-1',
    r: { rows: new Uint8Array(300), list: [1.5, -1, 2 ** 33, null, true, 'x'.repeat(40)] },
  }),
  encode({ t: 's', i: null, e: { code: 'failed', message: 'no' } }),
  new Uint8Array(3000).fill(0x91),
  new Uint8Array(3000).fill(0x81),
  Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff, 0x90, 0x90),
  Uint8Array.of(0xdf, 0x00, 0x10, 0x00, 0x00, 0xa1, 0x61, 0x01),
];

/** Values that lists and maps promise to hold are at most the bytes that are there. */
function valuesOf(value: unknown): number {
  let values = 0;
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    values++;
    if (next instanceof Uint8Array || typeof next !== 'object' || next === null) continue;
    for (const inner of Object.values(next)) left.push(inner);
  }
  return values;
}

function read(input: Uint8Array): Message | undefined {
  try {
    return readFrame(input, QUESTION_FRAME);
  } catch (error) {
    assert.ok(error instanceof RpcError, `not an RpcError: ${String(error)}`);
    assert.equal(error.code, 'bad-request');
    return undefined;
  }
}

export const rpcTarget: FuzzTarget = {
  name: 'rpc',
  corpus: CORPUS,
  check(input) {
    const message = read(input);
    if (message !== undefined) {
      assert.ok(valuesOf(message) <= input.length + 8, 'more values than bytes');
      // What was taken for a message can be sent on as one, unless it holds what only its sender could have meant.
      const frame = writeFrame(message);
      // As bytes: a zero has no sign there.
      assert.deepEqual(writeFrame(readFrame(frame, QUESTION_FRAME)), frame);
    }
    assert.equal(Object.keys(Object.prototype).length, 0, 'all objects have changed');
    try {
      checkFrame(input, QUESTION_FRAME);
    } catch (error) {
      assert.ok(error instanceof FrameLimitError, String(error));
      assert.equal(message, undefined, 'a frame beyond the limits was read');
    }

    const double = new ServiceDouble();
    const inbox = new Inbox();
    let answers = 0;
    const end = serve(
      {
        send: (_bytes, onGone) => {
          answers++;
          onGone?.();
        },
        onMessage: (listener) => inbox.onMessage(listener),
        onClose: (listener) => inbox.onClose(listener),
        close: () => inbox.close(),
      },
      double.service,
      double.events,
    );
    // Refusals are answered at once, calls a little later.
    inbox.push(input);
    assert.equal(answers, message === undefined ? 1 : 0);
    assert.ok(double.calls.length <= 1);
    end.dispose();
  },
};
