import type { Milliseconds } from '../../../shared/base/units.ts';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeSimplePcapng } from '../../../test/support/capture-writer.ts';
import { Conversation, interleave } from '../../../test/support/conversation.ts';
import { record } from '../../../test/support/recording-sink.ts';
import type { CatchRule, CaughtCase } from '../../../shared/model/live.ts';
import type { RingFileState } from '../../capture/live/ring/ring-writer.ts';
import { Session } from '../../engine/session.ts';
import { writeCase } from './case-file.ts';
import { readRule, ruleError } from './catch-rule.ts';
import { Catcher, type WatchedCapture } from './catcher.ts';

const ms = (value: number): Milliseconds => value as Milliseconds;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-catch-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const RULE: CatchRule = {
  origins: [],
  causes: [],
  filter: '',
  onlyThatMatter: false,
  beforeSeconds: 1,
  afterSeconds: 2,
};

/** Refused connections at these seconds, to ports 1000 up. */
function capture(...seconds: number[]) {
  const talks = seconds.map((second, i) =>
    new Conversation({ client: { port: 40_000 + i }, server: { port: 1000 + i } }).wait(second).refused(),
  );
  const packets = interleave(...talks);
  const bytes = writeSimplePcapng(packets);
  const path = join(folder, 'ring.pcapng');
  writeFileSync(path, bytes);
  const session = new Session();
  session.startFile(path, 'none', false);
  session.feed(bytes);
  session.endFile(true);
  session.judgeFor(Infinity as Milliseconds, () => 0 as Milliseconds);
  const times = packets.map(({ timeNs }) => Number(timeNs));
  const file: RingFileState = {
    number: 1,
    path,
    bytes: bytes.length,
    packets: packets.length,
    firstNs: Math.min(...times),
    lastNs: Math.max(...times),
  };
  const done: CaughtCase[] = [];
  const from = {
    session,
    files: () => [file],
    filesGone: 0,
    endedMs: null as number | null,
    keepCase: (order: Parameters<WatchedCapture['keepCase']>[0]) =>
      writeCase([file], join(folder, 'cases'), order),
  };
  const catcher = new Catcher(from, (one) => {
    if (one !== undefined) done.push(one);
  });
  return { session, catcher, done, from, all: [...session.resetIds()] };
}
const ports = (one: CaughtCase): number[] => {
  const read = record(readFileSync(one.path ?? ''));
  return read.packets.map(({ data }) => new DataView(data.buffer, data.byteOffset).getUint16(14 + 20 + 2));
};

it('keeps what is around a reset, a burst as one case', async () => {
  const { catcher, done, all } = capture(0, 5, 5.5, 6, 20);
  catcher.setRule(await readRule(RULE));
  catcher.look(all, ms(0));
  expect(catcher.cases.map(({ path, resets }) => [path, resets])).toEqual([
    [null, 1],
    [null, 3],
    [null, 1],
  ]);
  await catcher.finish();
  expect(done.map(({ resets, packets }) => [resets, packets])).toEqual([
    [1, 2],
    [3, 6],
    [1, 2],
  ]);
  expect(new Set(ports(done[1]).filter((port) => port < 2000))).toEqual(new Set([1001, 1002, 1003]));
  expect(done[1].path).toMatch(/cases\/case-\d{8}T\d{6}\.\d{3}Z-0002-[\d.]+_1001\.pcapng$/u);
});

it('waits for the seconds after a reset', async () => {
  const { catcher, done, all } = capture(5);
  catcher.setRule(await readRule(RULE));
  catcher.look(all, ms(1000));
  catcher.look([], ms(3400));
  await Promise.resolve();
  expect(catcher.cases[0].path).toBeNull();
  catcher.look([], ms(3501));
  await catcher.finish();
  expect(done).toHaveLength(1);
});

it('makes a case of its own of a reset from before the clock was set back', async () => {
  const { catcher, done } = capture(0, 100, 200);
  catcher.setRule(await readRule(RULE));
  catcher.look([2], ms(0));
  catcher.look([0, 1], ms(0));
  expect(catcher.cases.map(({ resets }) => resets)).toEqual([1, 1, 1]);
  // The newest packet does not show that the seconds after the older resets are there.
  catcher.look([], ms(2499));
  await Promise.resolve();
  expect(catcher.cases.map(({ path }) => path)).toEqual([null, null, null]);
  catcher.look([], ms(2500));
  await catcher.finish();
  expect(done.map(({ packets }) => packets)).toEqual([2, 2, 2]);
});

it.each<[string, Partial<CatchRule>, number]>([
  ['all', {}, 2],
  ['its origin', { origins: ['endpoint', 'unknown'] }, 2],
  ['another origin', { origins: ['middlebox'] }, 0],
  ['its cause', { causes: ['connection-refused'] }, 2],
  ['another cause', { causes: ['idle-timeout', 'injected'] }, 0],
  ['the filter', { filter: 'port:1001' }, 1],
  ['what matters', { onlyThatMatter: true }, 2],
  ['an expression', { filter: 'flow.server matches ":1(000|002)$"' }, 1],
  ['what the flow tells', { filter: 'flow.packets == 2 and flow.server.port > 1000' }, 1],
  ['its protocol', { filter: 'tls' }, 0],
  ['another protocol', { filter: 'not tls' }, 2],
])('takes %s', async (_name, rule, count) => {
  const { catcher, all } = capture(0, 10);
  catcher.setRule(await readRule({ ...RULE, ...rule }));
  catcher.look(all, ms(0));
  expect(catcher.cases).toHaveLength(count);
});

it('says what a case lacks', async () => {
  const early = capture(0);
  early.catcher.setRule(await readRule({ ...RULE, beforeSeconds: 100 }));
  early.from.filesGone = 3;
  early.from.endedMs = 1;
  early.catcher.look(early.all, ms(0));
  await early.catcher.finish();
  expect(early.done[0].error).toBe(
    'the ring no longer had the beginning; the capture ended before the seconds after it',
  );
  const lost = capture(0);
  lost.catcher.setRule(await readRule(RULE));
  rmSync(join(folder, 'ring.pcapng'));
  lost.catcher.look(lost.all, ms(0));
  await lost.catcher.finish();
  expect(lost.done[0]).toMatchObject({
    path: null,
    error: 'nothing could be kept: the ring no longer had any of it',
  });
  expect(readdirSync(join(folder, 'cases')).filter((name) => name.includes('partial'))).toEqual([]);
});

it.each([
  ['port:', /in the filter/u],
  ['flow.host matches "(shop"', /regular expression/u],
  ['ip.ttl < 64 and rst.matters', /“ip.ttl” can be asked of packets/u],
  ['tls.handshake.extensions_server_name contains "shop"', /can be asked of packets/u],
])('refuses the filter %s', async (filter, why) => {
  await expect(readRule({ ...RULE, filter })).rejects.toThrow(why);
  expect(await ruleError({ ...RULE, filter })).toMatch(why);
});
