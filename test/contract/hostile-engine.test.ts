/** What an engine can do to its host that foreign bytes have taken over: end itself, and nothing else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forkEngine } from '../../main/host/fork-engine.ts';
import { EngineSupervisor } from '../../main/host/supervisor.ts';
import type { LiveStatus } from '../../shared/model/live.ts';
import { NO_LIVE } from '../../shared/model/live.ts';
import { eventually } from '../support/patience.ts';

const MSGPACK = pathToFileURL(new URL(import.meta.resolve('@msgpack/msgpack')).pathname).href;
/** What hostile engines have at hand: the descriptor to their host, and frames as its peer sends them. */
const PRELUDE = `
import { writeSync } from 'node:fs';
import { encode } from ${JSON.stringify(MSGPACK)};
const write = (bytes) => {
  for (let at = 0; at < bytes.length; ) {
    try { at += writeSync(3, bytes, at); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
  }
};
const frame = (bytes) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  write(Buffer.concat([length, bytes]));
};
const event = (name, payload) => frame(encode({ t: 'q', m: 'event', a: [name, payload] }));
`;

let folder = '';
let supervisor: EngineSupervisor | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-hostile-'));
});
afterEach(async () => {
  await supervisor?.dispose();
  supervisor = undefined;
  rmSync(folder, { recursive: true });
});

/** Runs it as an engine until it ends; answers how it ended, and what was told of live capture. */
async function run(program: string): Promise<{ died: string; live: readonly LiveStatus[] }> {
  const path = join(folder, 'engine.mjs');
  writeFileSync(path, `${PRELUDE}\n${program}`);
  const live: LiveStatus[] = [];
  let died = '';
  supervisor = new EngineSupervisor({
    launch: forkEngine(path),
    host: {
      notify: () => Promise.resolve(null),
      keepCase: () => Promise.reject(new Error('nothing is captured')),
    },
    log: pino({ level: 'silent' }),
  });
  supervisor.events.live.on((status) => live.push(status));
  supervisor.died.on((reason) => (died ||= reason));
  await eventually(() => {
    expect(died).not.toBe('');
  });
  return { died, live };
}

const CAPTURING = { ...NO_LIVE, phase: 'capturing' };

it.each<[string, string]>([
  [
    "messages of Node's own",
    `for (const cmd of ['NODE_HANDLE_ACK', 'NODE_HANDLE']) process.send?.({ cmd });`,
  ],
  ['bytes that are none of a message', `write(Buffer.from([0, 0, 0, 5, 0xff, 0x0f, 0x99, 0x99, 0x99]));`],
  ['an endless message', `write(Buffer.from([0xff, 0xff, 0xff, 0xf0])); write(Buffer.alloc(64 * 2 ** 20));`],
  ['nothing in place of a status', `event('live', null);`],
  [
    'a status that is none',
    `event('live', { phase: 'capturing' }); event('progress', [1]); event('confined', 7);`,
  ],
  [
    'a status that is too long to be handed on',
    `event('live', { ...${JSON.stringify(CAPTURING)}, folder: '/' + 'x'.repeat(1024 * 1024) });`,
  ],
])('ends itself, not its host, by %s', async (_what, program) => {
  const { died } = await run(`${program}\nprocess.exit(3);`);
  expect(died).toContain('exit code 3');
});

it('passes on a status that may be, and shortens what is handed to the next engine', async () => {
  const rule = { causes: [], filter: '', onlyThatMatter: false, beforeSeconds: 1, afterSeconds: 1 };
  const options = {
    source: 'auto',
    interface: 'lo',
    host: null,
    filter: '',
    snapLength: 96,
    promiscuous: true,
    bufferBytes: 1048576,
    folder: null,
    ring: { fileBytes: 1048576, fileSeconds: null, files: 2 },
    keepFreeBytes: 0,
    witness: false,
    catch: { ...rule, origins: Array.from({ length: 15_000 }, () => 'endpoint') },
    second: null,
  };
  const status = { ...CAPTURING, options, folder: '/kept' };
  const { live } = await run(`event('live', ${JSON.stringify(status)}); process.exit(3);`);
  expect(live[0]).toEqual(status);
  expect(live[1]).toMatchObject({ phase: 'failed', folder: '/kept', options: null });
});
