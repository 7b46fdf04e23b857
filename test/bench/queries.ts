/**
 * What answers cost the engine, without a page: lists by every order, filters, findings, overview and the strip of time, each as if for the
 * first time and once more. CPU is that of the engine's thread; the longest block is the longest that any other question had to
 * wait, counted in CPU as well, so that other work on the machine changes neither.
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import {
  ENDPOINT_COLUMNS,
  ENDPOINT_GROUPS,
  FAILURE_COLUMNS,
  FLOW_COLUMNS,
  RESET_COLUMNS,
} from '../../shared/contract/methods.ts';
import { forgetAnswers } from '../../main/engine/select/selector.ts';
import { Analysis } from '../../main/host/analysis.ts';
import { Opened } from '../../main/host/open-captures.ts';
import {
  endpointWindow,
  failureWindow,
  flowWindow,
  packetWindow,
  resetWindow,
} from '../../main/host/row-windows.ts';

export interface QueryRow {
  readonly name: string;
  /** Medians, CPU milliseconds: as if for the first time, and asked again. */
  readonly cold: number;
  readonly warm: number;
  /** The longest block of one asking, the median of them, CPU milliseconds. */
  readonly block: number;
  /** What passed, where something was counted. */
  readonly total: number;
}

interface Question {
  readonly name: string;
  ask(opened: Opened, signal: AbortSignal): Promise<number>;
}

/** Filters of packets, by what answers them: columns, ends of flows, several fields, flows, verdicts. */
const PACKET_FILTERS = [
  '',
  'tcp.flags.reset == 1',
  'tcp.flags.syn == 1 && tcp.flags.ack == 0',
  'tcp.analysis.flags',
  'tcp.len > 1000',
  'tcp.len in {100..200, 1448}',
  'tcp.flags & 0x12 == 0x12',
  'frame.len > 1000 && tcp.window_size < 1000',
  'frame.number > 1000000',
  'frame.time_relative > 10 && frame.time_relative < 20',
  'frame.time_delta > 0.001',
  'tcp.time_delta > 1',
  'tcp.time_relative > 5',
  'tcp.stream == 7',
  'tcp.seq > 100000',
  'tcp.ack == 1',
  'ip.ttl < 60 || ip.ttl > 128',
  'udp || icmp',
  'tcp.port == 443',
  'tcp.port in {80, 443, 8080..8090}',
  'ip.addr == 198.51.100.7',
  'ip.addr != 10.0.0.0/8',
  'ipv6.addr == 2001:db8::/32',
  'tcp.srcport == tcp.dstport',
  'ip.src == ip.dst',
  'tcp.len > tcp.window_size',
  'tcp.seq == tcp.ack',
  'tcp.len + 40 > 1000',
  'flow.bytes > 100000',
  'flow.client.bytes > flow.server.bytes',
  'flow.ending == "reset"',
  'flow.state == "SF"',
  'flow.text contains "443"',
  'flow.text contains "example"',
  'flow.client matches "^10\\\\.0\\\\.1"',
  'rst.origin == "middlebox"',
  'rst.label contains "device"',
  'not (tcp.port == 443 || rst.origin == "middlebox") && flow.resets > 0',
];

/** The same over lists of rows: quick words and free ones among them. */
const ROW_FILTERS = [
  'origin:middlebox',
  'origin:endpoint port:443',
  'cause:connection-refused',
  '5432',
  'device',
  'example',
  '10.0.1.7',
  'tcp.port == 443',
  'rst.matters && rst.confidence > 0.9',
  'rst.label matches "device|server"',
  'rst.origin == "endpoint" && tcp.port == 443 && flow.bytes > 100',
];

const ROWS = 100;
const BUCKETS = 700;
const FINDINGS = 50;

function questions(): Question[] {
  const window = { from: 0, count: ROWS };
  const all: Question[] = [];
  for (const sort of RESET_COLUMNS) {
    all.push({
      name: `resets by ${sort}`,
      ask: async (opened, signal) =>
        (await resetWindow(opened, { ...window, sort, direction: 'descending', filter: '' }, signal)).total,
    });
  }
  for (const sort of FLOW_COLUMNS) {
    all.push({
      name: `flows by ${sort}`,
      ask: async (opened, signal) =>
        (await flowWindow(opened, { ...window, sort, direction: 'descending', filter: '' }, signal)).total,
    });
  }
  for (const sort of FAILURE_COLUMNS) {
    all.push({
      name: `failures by ${sort}`,
      ask: async (opened, signal) =>
        (await failureWindow(opened, { ...window, sort, direction: 'descending', filter: '' }, signal)).total,
    });
  }
  for (const of of ENDPOINT_GROUPS) {
    for (const sort of ENDPOINT_COLUMNS) {
      all.push({
        name: `${of === 'address' ? 'endpoints' : 'conversations'} by ${sort}`,
        ask: async (opened, signal) =>
          (await endpointWindow(opened, { ...window, of, sort, direction: 'descending', filter: '' }, signal))
            .total,
      });
    }
  }
  for (const filter of PACKET_FILTERS) {
    all.push({
      name: filter === '' ? 'packets' : `packets through ${filter}`,
      ask: async (opened, signal) =>
        (await packetWindow(opened, { ...window, filter }, undefined, signal)).total,
    });
  }
  for (const filter of ROW_FILTERS) {
    all.push(
      {
        name: `resets through ${filter}`,
        ask: async (opened, signal) =>
          (
            await resetWindow(
              opened,
              { ...window, sort: 'importance', direction: 'ascending', filter },
              signal,
            )
          ).total,
      },
      {
        name: `flows through ${filter}`,
        ask: async (opened, signal) =>
          (await flowWindow(opened, { ...window, sort: 'start', direction: 'ascending', filter }, signal))
            .total,
      },
      {
        name: `failures through ${filter}`,
        ask: async (opened, signal) =>
          (
            await failureWindow(
              opened,
              { ...window, sort: 'importance', direction: 'ascending', filter },
              signal,
            )
          ).total,
      },
    );
  }
  for (const filter of ['', 'tcp.port == 443', 'origin:middlebox']) {
    const through = filter === '' ? '' : ` through ${filter}`;
    all.push(
      {
        name: `overview${through}`,
        ask: async (opened, signal) =>
          (await opened.whole.overview({ buckets: BUCKETS, filter }, signal)).findings.total,
      },
      {
        name: `strip of time${through}`,
        ask: async (opened, signal) =>
          (await opened.whole.timeline({ filter, fromNs: null, toNs: null, buckets: BUCKETS }, signal))
            .packets.length,
      },
    );
  }
  all.push(
    {
      name: 'findings',
      ask: async (opened, signal) =>
        (await opened.whole.findings({ from: 0, count: FINDINGS }, signal)).total,
    },
    {
      name: 'endings',
      ask: (opened) => Promise.resolve(opened.analysis.session.failures.report().connections),
    },
    { name: 'summary', ask: (opened) => Promise.resolve(opened.analysis.session.summary().packets) },
  );
  return all;
}

/** CPU time of this thread, milliseconds; of the process where the system does not tell. */
class ThreadClock {
  readonly #file = existsSync('/proc/thread-self/schedstat')
    ? openSync(`/proc/self/task/${process.pid}/schedstat`, 'r')
    : undefined;
  readonly #text = new Uint8Array(64);
  readonly #decoder = new TextDecoder();

  now(): number {
    if (this.#file === undefined) {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    }
    const length = readSync(this.#file, this.#text, 0, this.#text.length, 0);
    return Number.parseInt(this.#decoder.decode(this.#text.subarray(0, length)), 10) / 1e6;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}

interface Cost {
  readonly cpu: number;
  readonly block: number;
  readonly total: number;
}

/** Asks, and has another question wait all the while: each of its turns is told from the one before. */
async function costOf(clock: ThreadClock, ask: () => Promise<number>): Promise<Cost> {
  await new Promise((resolve) => setImmediate(resolve));
  const began = clock.now();
  let block = 0;
  let last = began;
  let isOver = false;
  const tick = (): void => {
    const now = clock.now();
    block = Math.max(block, now - last);
    last = now;
    if (!isOver) setImmediate(tick);
  };
  const asked = ask();
  tick();
  const total = await asked;
  isOver = true;
  // The turn that waits ends it.
  await new Promise((resolve) => setImmediate(resolve));
  return { cpu: last - began, block, total };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** As if nothing had been asked before. */
function forget(opened: Opened): void {
  const { session } = opened.analysis;
  session.revision++;
  opened.forgetKept();
  forgetAnswers(session);
}

/** @param only a part of the names of questions that are asked */
export async function benchQueries(file: string, runs = 3, only = ''): Promise<readonly QueryRow[]> {
  const analysis = new Analysis();
  await analysis.run([file], {});
  const opened = new Opened(1, [file], false, analysis, () => undefined);
  const { signal } = new AbortController();
  const clock = new ThreadClock();
  const rows: QueryRow[] = [];
  for (const { name, ask } of questions().filter((one) => one.name.includes(only))) {
    const cold: Cost[] = [];
    const warm: number[] = [];
    for (let run = 0; run < runs; run++) {
      forget(opened);
      cold.push(await costOf(clock, () => ask(opened, signal)));
      warm.push((await costOf(clock, () => ask(opened, signal))).cpu);
    }
    opened.stopScans();
    rows.push({
      name,
      cold: median(cold.map(({ cpu }) => cpu)),
      warm: median(warm),
      block: median(cold.map(({ block }) => block)),
      total: cold[0].total,
    });
  }
  clock.close();
  await opened.close();
  return rows;
}
