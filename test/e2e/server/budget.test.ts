/** Whoever asks for everything at once waits for itself: the engine keeps its size, and other tabs their answers. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { BOUNDS } from '../../../shared/contract/schemas.ts';
import { createClient } from '../../../shared/rpc/client.ts';
import type { Client } from '../../../shared/rpc/service.ts';
import type { WebSocketLike } from '../../../shared/rpc/web-socket-channel.ts';
import { webSocketChannel } from '../../../shared/rpc/web-socket-channel.ts';
import { Conversation } from '../../support/conversation.ts';
import { until } from '../../support/patience.ts';
import { pcap } from '../support/captures.ts';
import { ServerProcess } from '../support/server-process.ts';
import { expect, measured, test } from '../support/test.ts';

const MEBIBYTE = 1024 * 1024;
const SEGMENT_BYTES = 32_000;
/** So many are read; and so many are asked for and never read, as many as one client may have open. */
const READ = 40;
const UNREAD = 500;
const STREAM = { flow: 0, side: 'client', place: 0, packet: null, bytes: BOUNDS.streamBytes } as const;

/** One connection whose stream fills the longest answer. */
function longStream(path: string): void {
  const talk = new Conversation().handshake();
  for (let sent = 0; sent < BOUNDS.streamBytes; sent += SEGMENT_BYTES) {
    talk.clientSends('x'.repeat(SEGMENT_BYTES)).serverAcks();
  }
  writeFileSync(path, pcap(talk.rst({ from: 'server' }).packets));
}

const peakBytes = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

test('hundreds of long answers at once are made a few at a time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-e2e-budget-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'long.pcap');
  longStream(path);
  const server = await ServerProcess.start({ files: [path] });
  onTestFinished(() => server.stop());
  const token = await server.letIn();
  const connect = (): { client: Client; socket: WebSocket } => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, ['resetscope', `token.${token}`], {
      origin: `http://127.0.0.1:${server.port}`,
    });
    socket.on('error', () => undefined);
    return { client: createClient(webSocketChannel(socket as unknown as WebSocketLike)), socket };
  };
  const [greedy, deaf, other] = [connect(), connect(), connect()];
  await until(async () => (await other.client.call('capture.progress', {})).phase === 'done', 'read');
  await deaf.client.call('capture.progress', {});
  const engine = await server.enginePid();
  const before = [engine, server.pid].map(peakBytes);

  // One that takes all it gets, and one that takes nothing of it.
  let bytes = 0;
  const answers = Array.from({ length: READ }, async () => {
    const { pieces } = await greedy.client.call('flows.stream', STREAM);
    for (const part of pieces) if (part.kind === 'data') bytes += part.bytes.length;
  });
  deaf.socket.pause();
  for (let i = 0; i < UNREAD; i++) deaf.client.call('flows.stream', STREAM).catch(() => undefined);
  expect((await other.client.call('flows.stream', STREAM)).total).toBeGreaterThanOrEqual(0);
  await Promise.all(answers);
  // Whole segments of it.
  expect(bytes).toBeGreaterThan(0.99 * READ * BOUNDS.streamBytes);
  const grown = [engine, server.pid].map((pid, i) => peakBytes(pid) - before[i]);
  measured(
    `${READ + UNREAD} streams of ${BOUNDS.streamBytes / MEBIBYTE} MiB asked for at once: engine grew by ` +
      `${Math.round(grown[0] / MEBIBYTE)} MiB, host by ${Math.round(grown[1] / MEBIBYTE)} MiB`,
  );
  expect(grown[0]).toBeLessThan(500 * MEBIBYTE);
  expect(grown[1]).toBeLessThan(500 * MEBIBYTE);
  for (const { client } of [greedy, deaf, other]) client.dispose();
});
