/** The same contract over every transport: what works over one works over all. */
import type { AddressInfo } from 'node:net';
import { connect as connectTo, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { decode, encode } from '@msgpack/msgpack';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { RpcError } from '../../shared/contract/errors.ts';
import type { ByteChannel } from '../../shared/rpc/byte-channel.ts';
import { MAX_FRAME_BYTES } from '../../shared/rpc/byte-channel.ts';
import { CALL_LIMITS } from '../../shared/rpc/caller-budget.ts';
import { createClient } from '../../shared/rpc/client.ts';
import { memoryChannelPair } from '../../shared/rpc/memory-channel.ts';
import { messagePortChannel } from '../../shared/rpc/message-port-channel.ts';
import { serve } from '../../shared/rpc/serve.ts';
import type { Client } from '../../shared/rpc/service.ts';
import { pipeChannel } from '../../main/host/pipe-channel.ts';
import { webSocketChannel } from '../../shared/rpc/web-socket-channel.ts';
import { eventually } from '../support/patience.ts';
import { PROGRESS, ServiceDouble, untilAborted } from './service-double.ts';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanUp.splice(0).reverse()) undo();
});

/** Calling end, serving end. */
const TRANSPORTS: Record<string, () => Promise<[ByteChannel, ByteChannel]>> = {
  memory: () => Promise.resolve(memoryChannelPair()),
  'worker_threads MessagePort': () => {
    const { port1, port2 } = new MessageChannel();
    cleanUp.push(() => {
      port1.close();
    });
    return Promise.resolve([messagePortChannel(port1), messagePortChannel(port2)]);
  },
  WebSocket: async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    cleanUp.push(() => {
      for (const client of server.clients) client.terminate();
      server.close();
    });
    const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
    // Not awaited: the channel may be used while the socket connects.
    const calling = webSocketChannel(new WebSocket(`ws://127.0.0.1:${port}/rpc`));
    return [calling, webSocketChannel(await accepted)];
  },
  pipe: async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanUp.push(() => server.close());
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const calling = connectTo((server.address() as AddressInfo).port, '127.0.0.1');
    return [pipeChannel(calling), pipeChannel(await accepted)];
  },
};

/** A frame as peers send it. */
const PROGRESS_CALL = { t: 'q', i: 'five', m: 'call', a: [5, 'capture.progress', {}] };
const ORDER = { sort: 'importance', direction: 'descending', filter: '' } as const;

describe.each(Object.entries(TRANSPORTS))('over %s', (_name, makePair) => {
  async function connect(double = new ServiceDouble()): Promise<{
    client: Client;
    double: ServiceDouble;
    calling: ByteChannel;
    serving: ByteChannel;
  }> {
    const [calling, serving] = await makePair();
    cleanUp.push(() => {
      calling.close();
      serving.close();
    });
    serve(serving, double.service, double.events);
    return { client: createClient(calling), double, calling, serving };
  }

  it('carries parameters and results', async () => {
    const { client, double } = await connect();
    expect(await client.call('capture.progress', {})).toEqual(PROGRESS);
    expect(await client.call('capture.open', { paths: ['/tmp/é.pcap'], follow: false })).toBeNull();
    expect(double.calls.at(-1)?.params).toEqual({ paths: ['/tmp/é.pcap'], follow: false });
  });

  it('carries rows as bytes', async () => {
    const { client } = await connect();
    const window = await client.call('resets.rows', { ...ORDER, from: 3, count: 1000 });
    expect(window.rows).toBeInstanceOf(Uint8Array);
    expect(window.rows).toHaveLength(1000);
    expect(window.rows.every((byte) => byte === 0xab)).toBe(true);
  });

  it('answers concurrent calls each with its own', async () => {
    const { client } = await connect();
    const ids = Array.from({ length: 200 }, (_, id) => id);
    const answers = await Promise.all(ids.map((id) => client.call('resets.position', { ...ORDER, id })));
    expect(answers).toEqual(ids);
  });

  it('carries errors as code and message', async () => {
    const { client } = await connect();
    await expect(client.call('resets.detail', { id: 1 })).rejects.toMatchObject({
      name: 'RpcError',
      code: 'not-found',
      message: 'no capture is open',
    });
  });

  it('tells unexpected errors as failed, without a stack', async () => {
    const { client } = await connect(
      new ServiceDouble({ 'capture.close': () => Promise.reject(new TypeError('oops')) }),
    );
    const error: unknown = await client.call('capture.close', {}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'failed', message: 'oops' });
    expect(JSON.stringify(error)).not.toContain('.ts');
  });

  it.each([
    ['resets.rows', { ...ORDER, from: 0, count: 1001 }, 'count'],
    ['resets.rows', { ...ORDER, sort: 'constructor', from: 0, count: 1 }, 'sort'],
    ['resets.rows', { ...ORDER, from: -1, count: 1 }, 'from'],
    ['resets.rows', { ...ORDER, from: 0.5, count: 1 }, 'from'],
    ['resets.detail', { id: '1' }, 'id'],
    ['resets.detail', { id: 1, more: 1 }, 'more'],
    ['resets.detail', null, 'resets.detail'],
    ['capture.open', { paths: ['a\0b'], follow: false }, 'paths.0'],
    ['capture.open', { paths: [], follow: false }, 'paths'],
    ['flows.stream', { flow: 0, side: 'client', place: 0, packet: null, bytes: 2 ** 30 }, 'bytes'],
    ['toString', {}, 'no method'],
    ['__proto__', {}, 'no method'],
  ])('refuses %s %j', async (method, params, named) => {
    const { client, double } = await connect();
    const call = client.call as (method: string, params: unknown) => Promise<unknown>;
    const error: unknown = await call(method, params).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'bad-request' });
    expect((error as RpcError).message).toContain(named);
    expect(double.calls).toEqual([]);
  });

  it('lets go of a cancelled call and aborts it at the other end', async () => {
    const { client, double } = await connect(
      new ServiceDouble({ 'capture.summary': (_params, signal) => untilAborted(signal) }),
    );
    const abort = new AbortController();
    const call = client.call('capture.summary', {}, { signal: abort.signal });
    await eventually(() => {
      expect(double.calls).toHaveLength(1);
    });
    abort.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    await eventually(() => {
      expect(double.calls[0].signal.aborted).toBe(true);
    });
    // The connection goes on.
    expect(await client.call('capture.progress', {})).toEqual(PROGRESS);
  });

  it('does not send a call that was cancelled before', async () => {
    const { client, double } = await connect();
    const abort = new AbortController();
    abort.abort();
    await expect(client.call('capture.progress', {}, { signal: abort.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await client.call('host.recent', {});
    expect(double.calls.map(({ method }) => method)).toEqual(['host.recent']);
  });

  it('pushes events until the listener lets go', async () => {
    const { client, double } = await connect();
    await client.call('host.recent', {});
    const seen: number[] = [];
    const registration = client.on('progress', ({ revision }) => seen.push(revision));
    const opened: (readonly string[])[] = [];
    client.on('open-request', ({ paths }) => opened.push(paths));
    double.progress.emit({ ...PROGRESS, revision: 1 });
    double.progress.emit({ ...PROGRESS, revision: 2 });
    double.openRequest.emit({ paths: ['/a'] });
    await eventually(() => {
      expect(opened).toEqual([['/a']]);
    });
    registration.dispose();
    double.progress.emit({ ...PROGRESS, revision: 3 });
    await client.call('host.recent', {});
    expect(seen).toEqual([1, 2]);
  });

  it('fails what waits, and everything after, when the other end goes away', async () => {
    const { client, double, serving } = await connect(
      new ServiceDouble({ 'capture.summary': (_params, signal) => untilAborted(signal) }),
    );
    const closed = vi.fn();
    client.onClose(closed);
    const call = client.call('capture.summary', {});
    call.catch(() => undefined);
    await eventually(() => {
      expect(double.calls).toHaveLength(1);
    });
    serving.close();
    await expect(call).rejects.toMatchObject({ code: 'failed' });
    await eventually(() => {
      expect(closed).toHaveBeenCalledTimes(1);
    });
    await expect(client.call('capture.progress', {})).rejects.toMatchObject({ code: 'failed' });
    expect(double.calls[0].signal.aborted).toBe(true);
  });

  it('aborts what it works on when the caller goes away', async () => {
    const { client, double } = await connect(
      new ServiceDouble({ 'capture.summary': (_params, signal) => untilAborted(signal) }),
    );
    client.call('capture.summary', {}).catch(() => undefined);
    await eventually(() => {
      expect(double.calls).toHaveLength(1);
    });
    client.dispose();
    await eventually(() => {
      expect(double.calls[0].signal.aborted).toBe(true);
    });
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['no msgpack', Uint8Array.of(0xc1, 0xff, 0x00)],
    ['a cut frame', encode(PROGRESS_CALL).subarray(0, 10)],
    ['a number', encode(17)],
    ['null', encode(null)],
    ['an object of something else', encode({ hello: 1 })],
    ['a function that is not offered', encode({ ...PROGRESS_CALL, m: 'toString' })],
    ['arguments that are no list', encode({ ...PROGRESS_CALL, a: 5 })],
    ['a cancellation without an id', encode({ t: 'q', m: 'cancel', a: [] })],
    ['too much', new Uint8Array(MAX_FRAME_BYTES + 1)],
  ])('answers a malformed frame (%s) with an error and goes on', async (_what, frame) => {
    const [calling, serving] = await makePair();
    cleanUp.push(() => {
      calling.close();
      serving.close();
    });
    const double = new ServiceDouble();
    serve(serving, double.service, double.events);
    const answers: unknown[] = [];
    calling.onMessage((bytes) => answers.push(decode(bytes)));
    calling.send(frame);
    calling.send(encode(PROGRESS_CALL));
    await eventually(() => {
      expect(answers).toHaveLength(2);
    });
    expect(answers[0]).toMatchObject({
      t: 's',
      i: null,
      e: { message: expect.stringContaining('frame') as string },
    });
    expect(answers[1]).toEqual({ t: 's', i: 'five', r: PROGRESS });
  });

  it('bounds the calls that wait, and refuses an id that is taken', async () => {
    const [calling, serving] = await makePair();
    cleanUp.push(() => {
      calling.close();
      serving.close();
    });
    const double = new ServiceDouble({ 'capture.summary': (_params, signal) => untilAborted(signal) });
    serve(serving, double.service, double.events);
    const answers: unknown[] = [];
    calling.onMessage((bytes) => answers.push(decode(bytes)));
    const wait = (id: number): void => {
      calling.send(encode({ t: 'q', i: `w${id}`, m: 'call', a: [id, 'capture.summary', {}] }));
    };
    for (let id = 0; id < 511; id++) wait(id);
    calling.send(encode({ t: 'q', i: 'again', m: 'call', a: [0, 'capture.progress', {}] }));
    wait(511);
    wait(512);
    await eventually(() => {
      expect(answers).toEqual([
        { t: 's', i: 'again', e: { code: 'bad-request', message: expect.any(String) as string } },
        {
          t: 's',
          i: 'w512',
          e: { code: 'failed', message: expect.stringMatching(/^too many calls/) as string },
        },
      ]);
    });
    calling.send(encode({ t: 'q', m: 'cancel', a: [0] }));
    await eventually(() => {
      expect(answers.at(-1)).toMatchObject({ i: 'w0', e: { code: 'cancelled' } });
    });
    // The others wait; one of them has taken the place of the first.
    expect(double.calls).toHaveLength(CALL_LIMITS.running + 1);
  });

  it('says of what cannot be sent that it failed', async () => {
    const { client } = await connect(
      new ServiceDouble({ 'capture.progress': () => Promise.resolve((() => 1) as never) }),
    );
    await expect(client.call('capture.progress', {})).rejects.toMatchObject({ code: 'failed' });
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    await expect(client.call('host.recent', cyclic as never)).rejects.toMatchObject({
      name: 'RpcError',
      code: 'failed',
    });
    expect(await client.call('host.recent', {})).toEqual([]);
  });

  it('turns an answer that is too large into an error', async () => {
    const rows = new Uint8Array(MAX_FRAME_BYTES);
    const { client } = await connect(
      new ServiceDouble({ 'flows.rows': () => Promise.resolve({ revision: 1, total: 1, from: 0, rows }) }),
    );
    const query = { sort: 'start', direction: 'ascending', filter: '', from: 0, count: 1 } as const;
    await expect(client.call('flows.rows', query)).rejects.toMatchObject({ code: 'failed' });
    expect(await client.call('capture.progress', {})).toEqual(PROGRESS);
  });
});

describe('the types of the contract', () => {
  it('hold at compile time', () => {
    const check = async (client: Client): Promise<void> => {
      // @ts-expect-error there is no such method
      await client.call('resets.nothing', {});
      // @ts-expect-error a parameter is missing
      await client.call('resets.detail', {});
      // @ts-expect-error a column of flows is none of resets
      await client.call('resets.rows', { ...ORDER, sort: 'start', from: 0, count: 1 });
      // @ts-expect-error there is no such event
      client.on('nothing', () => undefined);
      // @ts-expect-error the payload is a Progress
      client.on('progress', (payload: string) => payload);
      const detail = await client.call('resets.detail', { id: 1 });
      // @ts-expect-error results are typed
      expect(detail.nothing);
    };
    expect(check).toBeTypeOf('function');
    // @ts-expect-error a service answers every method
    const incomplete: ServiceDouble['service'] = {};
    expect(incomplete).toEqual({});
  });

  it('fits the ports and sockets of the browser', () => {
    const port = (browser: globalThis.MessagePort): ByteChannel => messagePortChannel(browser);
    const socket = (browser: globalThis.WebSocket): ByteChannel => webSocketChannel(browser);
    expect([port, socket]).toHaveLength(2);
  });
});
