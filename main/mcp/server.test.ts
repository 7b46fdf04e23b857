/** The server with engines that lie, that stay silent, and that nobody asks. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EMPTY_PROGRESS } from '../../shared/model/capture.ts';
import { memoryChannelPair } from '../../shared/rpc/memory-channel.ts';
import { openPeer } from '../../shared/rpc/peer.ts';
import { serveOn } from '../../shared/rpc/serve.ts';
import { engineSideOf, ServiceDouble, untilAborted } from '../../test/contract/service-double.ts';
import { CONFINED, ENGINE_SCHEMAS } from '../host/host-contract.ts';
import type { HostedProcess } from '../host/hosted-process.ts';
import { AllowedFolders } from './allowed-folders.ts';
import { pageOf } from './bounded.ts';
import { CaptureBook } from './capture-book.ts';
import { MCP_LIMITS } from './limits.ts';
import { createMcpServer } from './server.ts';
import { TOOLS } from './tools/list.ts';

type Override = ConstructorParameters<typeof ServiceDouble>[0];

const ends: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const end of ends.splice(0).reverse()) await end();
});

/** An engine in this process, that has read all as soon as it was told to. */
function engineOf(override: Override, killed: boolean[]): HostedProcess {
  const [host, engine] = memoryChannelPair();
  const double: ServiceDouble = new ServiceDouble({
    'capture.open': () => {
      double.progress.emit({ ...EMPTY_PROGRESS, phase: 'done' });
      return Promise.resolve(null);
    },
    ...override,
  });
  const peer = openPeer(engine);
  serveOn(peer, ENGINE_SCHEMAS, engineSideOf(double), double.events);
  peer.notify(CONFINED, { isConfined: true, why: null });
  const exits: ((reason: string) => void)[] = [];
  return {
    pid: undefined,
    channel: host,
    onStderr: () => undefined,
    onExit: (listener) => exits.push(listener),
    kill: (hard) => {
      killed.push(hard);
      for (const exit of exits) exit('signal SIGTERM');
    },
  };
}

async function serve(override: Override = {}): Promise<{
  ask: (tool: string, args?: object) => Promise<{ isError: boolean; text: string }>;
  captures: CaptureBook;
  killed: boolean[];
  logged: string[];
}> {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-mcp-unit-'));
  writeFileSync(join(folder, 'a.pcap'), '');
  const killed: boolean[] = [];
  const logged: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => logged.push(line) });
  const captures = new CaptureBook({ launch: () => engineOf(override, killed), log, idleMs: 60_000 });
  const server = createMcpServer({ folders: new AllowedFolders([folder]), captures, schemas: () => [], log });
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1.0.0' });
  await Promise.all([server.connect(far), client.connect(near)]);
  ends.push(() => rmSync(folder, { recursive: true }));
  ends.push(() => captures.dispose());
  ends.push(() => client.close());
  return {
    async ask(tool, args = {}) {
      const { isError, content } = await client.callTool({ name: tool, arguments: { ...args } });
      return { isError: isError === true, text: (content as { text: string }[])[0].text };
    },
    captures,
    killed,
    logged,
  };
}

describe('an engine that was taken over', () => {
  it('cannot answer what the tool has no words for', async () => {
    const lie = { headline: 'x', counts: {}, failures: 0, another: 'IGNORE' };
    const { ask, logged } = await serve({
      'capture.summary': () => Promise.resolve({ files: [], packets: 'many' } as never),
      'capture.endings': () => Promise.resolve(lie as never),
      'capture.overview': () =>
        Promise.resolve({
          byOrigin: { endpoint: 0, middlebox: 0, unknown: 0 },
          findings: { total: 0 },
        } as never),
    });
    expect(await ask('open', { paths: ['a.pcap'] })).toMatchObject({ isError: false });
    const answer = await ask('summary');
    expect(answer).toMatchObject({
      isError: true,
      text: expect.stringContaining('makes no sense; nothing of it is passed on') as string,
    });
    expect(answer.text).not.toContain('many');
    expect(logged.join('')).toContain('does not fit its schema');
  });

  it('cannot hide anything in the words of a failure', async () => {
    const { ask } = await serve({
      'capture.findings': () => {
        throw new Error(`\u202e\n${'x'.repeat(20_000)}`);
      },
    });
    await ask('open', { paths: ['a.pcap'] });
    const { isError, text } = await ask('findings');
    expect(isError).toBe(true);
    expect(text.length).toBeLessThanOrEqual(MCP_LIMITS.errorCharacters);
    expect(text).not.toMatch(/[\u202e\n]/u);
  });
});

it('closes a capture that nobody asked of for a while, and not one that is being asked', async () => {
  vi.useFakeTimers();
  const { ask, captures, killed } = await serve({
    'capture.findings': (_, signal) => untilAborted(signal),
  });
  await ask('open', { paths: ['a.pcap'] });
  await ask('open', { paths: ['a.pcap'] });
  const asked = expect(ask('findings', { capture: 'c2' })).rejects.toThrow('timed out');
  // The client's own patience with an answer ends after a minute.
  await vi.advanceTimersByTimeAsync(59_000);
  expect(captures.list()).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(captures.list().map(({ id }) => id)).toEqual(['c2']);
  expect(killed).toEqual([false]);
  const { text } = await ask('summary', { capture: 'c1' });
  expect(text).toContain('nobody asked of it for a while');
  await asked;
});

describe('a page', () => {
  it('ends where an answer has no room for more, and goes on from there', () => {
    const rows = Array.from({ length: 50 }, () => 'x'.repeat(1000));
    const page = pageOf(rows, 100, 1000);
    expect(page.rows.length).toBe(Math.floor(MCP_LIMITS.answerBytes / 1003));
    expect(page.next).toBe(100 + page.rows.length);
    expect(page.leftOut).toContain(`from: ${page.next}`);
  });

  it('holds one row at least, so that whoever asks gets on', () => {
    const long = 'x'.repeat(100_000);
    expect(pageOf([long, 'y'], 0, 2)).toMatchObject({ next: 1, rows: [long] });
  });

  it('says where it begins behind the end', () => {
    expect(pageOf([], 7, 3)).toMatchObject({ next: null, leftOut: 'No entry stands at 7: there are 3.' });
    expect(pageOf([], 0, 0)).toMatchObject({ next: null, leftOut: null });
  });
});

it('names every tool in the documents', () => {
  const documents = readFileSync(new URL('../../docs/machines.md', import.meta.url), 'utf8');
  const table = [...documents.matchAll(/^\| `(\w+)` /gmu)].map(([, name]) => name);
  expect(table.toSorted()).toEqual(TOOLS.map(({ name }) => name).toSorted());
});
