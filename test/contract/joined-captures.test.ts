/** Captures of the same traffic, through the engine's service as the page asks it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Analysis } from '../../main/host/analysis.ts';
import { EngineService } from '../../main/host/engine-service.ts';
import { ENGINE_SCHEMAS, type EngineEvents, type EngineMethods } from '../../main/host/host-contract.ts';
import { decodeLadder } from '../../shared/columns/ladder.ts';
import type { Progress } from '../../shared/model/capture.ts';
import { clientOn } from '../../shared/rpc/client.ts';
import { memoryChannelPair } from '../../shared/rpc/memory-channel.ts';
import { openPeer } from '../../shared/rpc/peer.ts';
import { serveOn } from '../../shared/rpc/serve.ts';
import { writePcap } from '../support/capture-writer.ts';
import { eventually } from '../support/patience.ts';
import { Path } from '../support/path.ts';

let folder = '';
let engine: EngineService;
let client: ReturnType<typeof clientOn<EngineMethods, EngineEvents>>;
let close: () => void;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-joined-'));
  engine = new EngineService({
    notify: () => undefined,
    keepCase: () => Promise.reject(new Error('nothing is captured')),
  });
  const [calling, serving] = memoryChannelPair();
  serveOn(openPeer(serving), ENGINE_SCHEMAS, engine.service, engine.events);
  client = clientOn<EngineMethods, EngineEvents>(openPeer(calling));
  close = () => {
    calling.close();
    serving.close();
  };
});
afterEach(async () => {
  close();
  await engine.dispose();
  rmSync(folder, { recursive: true });
});

/** Opens what was captured at both ends of a path, and waits until it is read. */
async function open(wantsJoin: boolean): Promise<void> {
  const path = new Path({ routers: 3, delay: 0.02 }, [{ at: 3, clock: (ns) => ns - 3e9 }, { at: 0 }]);
  for (let i = 0; i < 3; i++) path.connection().handshake().clientSends(100).serverSends(200);
  const paths = path.captures.map((packets, at) => {
    const name = join(folder, at === 0 ? 'server.pcap' : 'client.pcap');
    writeFileSync(name, writePcap({ nanos: true, packets }));
    return name;
  });
  const question = { capture: 1, paths, follow: false, replace: false, join: wantsJoin };
  await engine.service['control.open'](question, new AbortController().signal);
  await eventually(async () => {
    expect((await client.call('capture.progress', {})).phase).toBe('done');
  });
}

describe('captures of the same traffic', () => {
  it('are told with their order, their clocks and what became of each packet', async () => {
    await open(true);
    const report = await client.call('capture.join', {});
    const placed = report?.vantages.map(({ name, files, order }) => ({ name, files, order }));
    expect(placed).toEqual([
      { name: 'client', files: [1], order: 0 },
      { name: 'server', files: [0], order: 1 },
    ]);
    const [, server] = report?.vantages ?? [];
    expect(Math.abs(server.offsetNs + 3e9)).toBeLessThanOrEqual(server.offsetErrorNs ?? 0);

    const { connection } = await client.call('flows.account', { flow: 0 });
    expect(connection.map(({ file }) => file)).toEqual([1, 0]);
    for (const { flow } of connection) {
      const ladder = await client.call('flows.joinedLadder', { flow });
      expect(ladder?.vantages.map(({ name }) => name)).toEqual(['client', 'server']);
      const parts = ladder?.parts ?? [];
      expect(parts.map(({ columns }) => decodeLadder(columns).count)).toEqual([5, 5]);
      expect([...parts[0].journeys]).toEqual([...parts[1].journeys]);
      expect(parts.map(({ changes }) => changes.length)).toEqual([10, 10]);
      const [packet] = decodeLadder(parts[0].columns).packet;
      const places = await client.call('packets.places', { packet });
      expect(places.map(({ vantage, frame }) => [vantage, frame === null])).toEqual([
        [1, false],
        [0, false],
      ]);
    }
  });

  it('are kept apart where that is wanted', async () => {
    await open(false);
    expect(await client.call('capture.join', {})).toBeNull();
    expect(await client.call('flows.joinedLadder', { flow: 0 })).toBeNull();
    expect(await client.call('packets.places', { packet: 0 })).toEqual([]);
    expect((await client.call('flows.account', { flow: 0 })).connection).toEqual([]);
  });

  it('are left apart, and judged, where somebody cancels while they are joined', async () => {
    const path = new Path({ routers: 3, delay: 0.02 }, [{ at: 0 }, { at: 3 }]);
    path.connection().handshake().clientSends(10).send('server', 'RA');
    const paths = path.captures.map((packets, at) => {
      const name = join(folder, `${at}.pcap`);
      writeFileSync(name, writePcap({ nanos: true, packets }));
      return name;
    });
    const cancel = new AbortController();
    const analysis = new Analysis();
    try {
      const onProgress = ({ phase }: Progress): void => {
        if (phase === 'joining') cancel.abort();
      };
      await analysis.run(paths, { comparing: true, signal: cancel.signal, onProgress });
      expect(cancel.signal.aborted).toBe(true);
      expect(analysis.progress).toMatchObject({ phase: 'cancelled', resets: 2, waiting: 0 });
      expect(analysis.session.join.report()).toBeNull();
      expect(analysis.session.resetIds()).toHaveLength(2);
    } finally {
      await analysis.close();
    }
  });

  it('answer no question that is none', async () => {
    await open(true);
    await expect(client.call('flows.joinedLadder', { flow: 4711 })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(client.call('flows.joinedLadder', { flow: -1 })).rejects.toMatchObject({
      code: 'bad-request',
    });
    await expect(client.call('packets.places', { packet: 0.5 })).rejects.toMatchObject({
      code: 'bad-request',
    });
    expect(await client.call('packets.places', { packet: 2 ** 40 })).toEqual([]);
  });
});
