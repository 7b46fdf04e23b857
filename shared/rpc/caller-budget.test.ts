import { encode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import { ServiceDouble, streamPage, untilAborted } from '../../test/contract/service-double.ts';
import { eventually } from '../../test/support/patience.ts';
import { BOUNDS } from '../contract/schemas.ts';
import type { ByteChannel } from './byte-channel.ts';
import { Inbox } from './byte-channel.ts';
import { CALL_LIMITS } from './caller-budget.ts';
import { createClient } from './client.ts';
import { memoryChannelPair } from './memory-channel.ts';
import { serve } from './serve.ts';

const STREAM = { flow: 0, side: 'client', place: 0, packet: null, bytes: BOUNDS.streamBytes } as const;
/** Answers with as much as was asked for. */
const streaming = (): ServiceDouble =>
  new ServiceDouble({
    'flows.stream': ({ bytes }) => Promise.resolve(streamPage(new Uint8Array(bytes))),
  });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A caller that takes what it was sent only when it is told to. */
class SlowCaller implements ByteChannel {
  readonly inbox = new Inbox();
  sentBytes = 0;
  readonly #taken: (() => void)[] = [];
  #next = 0;

  ask(method: string, params: unknown): void {
    const id = this.#next++;
    this.inbox.push(encode({ t: 'q', i: String(id), m: 'call', a: [id, method, params] }));
  }
  send(bytes: Uint8Array, onGone?: () => void): void {
    this.sentBytes += bytes.length;
    this.#taken.push(() => onGone?.());
  }
  takeAll(): void {
    for (const taken of this.#taken.splice(0)) taken();
  }
  onMessage: ByteChannel['onMessage'] = (listener) => this.inbox.onMessage(listener);
  onClose: ByteChannel['onClose'] = (listener) => this.inbox.onClose(listener);
  close(): void {
    this.inbox.close();
  }
}

describe('a caller that does not read', () => {
  it('gets no more answers made, and holds its own budget only', async () => {
    const double = streaming();
    const slow = new SlowCaller();
    serve(slow, double.service, double.events);
    for (let i = 0; i < 500; i++) slow.ask('flows.stream', STREAM);
    await settled();
    await settled();
    const made = double.calls.length;
    // Those that the budget holds, and at most as many that began while the first ones were on their way.
    expect(made * BOUNDS.streamBytes).toBeLessThanOrEqual(2 * CALL_LIMITS.answerBytes);

    const [calling, serving] = memoryChannelPair();
    serve(serving, double.service, double.events);
    const other = createClient(calling);
    expect((await other.call('flows.stream', STREAM)).pieces).toHaveLength(1);

    slow.takeAll();
    await settled();
    expect(double.calls.length).toBeGreaterThan(made + 1);
    slow.close();
  });

  it('gets all of them as it reads', async () => {
    const double = streaming();
    const slow = new SlowCaller();
    serve(slow, double.service, double.events);
    for (let i = 0; i < 50; i++) slow.ask('flows.stream', { ...STREAM, bytes: 1_000_000 });
    await eventually(() => {
      slow.takeAll();
      expect(slow.sentBytes).toBeGreaterThan(50_000_000);
    });
    expect(double.calls).toHaveLength(50);
  });
});

describe('calls of one caller', () => {
  it('are worked on a few at a time; one that waits can be cancelled', async () => {
    const double = new ServiceDouble({ 'capture.summary': (_params, signal) => untilAborted(signal) });
    const [calling, serving] = memoryChannelPair();
    serve(serving, double.service, double.events);
    const client = createClient(calling);
    const aborts = Array.from({ length: 40 }, () => new AbortController());
    const calls = aborts.map(({ signal }) =>
      client.call('capture.summary', {}, { signal }).catch((error: unknown) => error),
    );
    await settled();
    expect(double.calls).toHaveLength(CALL_LIMITS.running);
    aborts[39].abort();
    expect(await calls[39]).toMatchObject({ code: 'cancelled' });
    aborts[0].abort();
    await eventually(() => {
      expect(double.calls).toHaveLength(CALL_LIMITS.running + 1);
    });
    for (const abort of aborts) abort.abort();
    await Promise.all(calls);
    expect(double.calls.length).toBeLessThan(40);
  });

  it('are refused in words where too many bytes of them wait', async () => {
    const double = new ServiceDouble({ 'capture.open': (_params, signal) => untilAborted(signal) });
    const slow = new SlowCaller();
    serve(slow, double.service, double.events);
    const paths = Array.from({ length: 1000 }, () => `/${'x'.repeat(4000)}`);
    for (let i = 0; i < 12; i++) slow.ask('capture.open', { paths, follow: false });
    await settled();
    // Each of them is about four million bytes long; only errors were answered.
    expect(double.calls).toHaveLength(4);
    expect(slow.sentBytes).toBeGreaterThan(8 * 50);
    slow.close();
  });
});
