/** How long the engine takes to answer what lists ask: filters, orders, totals, the strip of time. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ENDPOINT_COLUMNS,
  ENDPOINT_GROUPS,
  FAILURE_COLUMNS,
  FLOW_COLUMNS,
  RESET_COLUMNS,
  type RowWindow,
} from '../../../shared/contract/methods.ts';
import { BLOCK_MS, type Engine } from './engine.ts';
import type { Figure, Note } from './figures.ts';

/** More than the engine keeps answers of. */
const OTHER_FILTERS = 13;
const ROWS = 100;
const INDEXED_MS = 150;
const RESETS_MS = 200;

/** Filters that columns answer. */
const INDEXED = [
  'tcp.port == 443',
  'tcp.port in {80, 443, 8080..8090}',
  'ip.addr == 198.51.100.7',
  'ip.src == 10.0.0.0/8',
  'ip.addr != 10.0.0.0/8',
  'tcp.flags.reset == 1',
  'tcp.flags.syn == 1 && tcp.flags.ack == 0',
  'tcp.analysis.retransmission',
  'tcp.analysis.flags',
  'tcp.len > 1000',
  'frame.len > 1000 && tcp.window_size < 1000',
  'frame.time_relative > 10 && frame.time_relative < 20',
  'tcp.stream == 7',
  'tcp.seq > 100000',
  'ip.ttl < 60 || ip.ttl > 128',
  'udp || icmp',
  'flow.bytes > 100000',
  'flow.ending == "reset"',
  'rst.origin == "middlebox"',
];

/** Filters that only the packets' bytes answer. */
const OF_BYTES = ['http.host', 'tls.handshake.extensions_server_name contains "e"', 'frame contains "GET"'];

/** Filters of the list of resets. */
const OF_RESETS = [
  'rst.origin == "endpoint"',
  'rst.cause == "connection-refused"',
  'rst.confidence > 0.9',
  'rst.matters',
  'rst.hops > 3',
  'origin:middlebox',
  'origin:endpoint port:443',
  '5432',
  'tcp.port == 443',
  'rst.origin == "endpoint" && tcp.port == 443',
];

export async function packetAnswers(engine: Engine, group: string, runs: number, note: Note): Promise<void> {
  for (const filter of INDEXED) {
    const ask = () => engine.call('packets.rows', { filter, flow: null, from: 0, count: ROWS });
    const how = {
      group: `${group}: packets through a filter`,
      name: filter,
      target: INDEXED_MS,
      isCode: true,
    };
    note(...(await timed(engine, how, runs, ask)));
  }
}

/** Packets a second that filters look into, from the first question to the last step. */
export async function byteAnswers(engine: Engine, group: string, note: Note): Promise<void> {
  for (const filter of OF_BYTES) {
    await forget(engine);
    const asked = performance.now();
    let first = 0;
    const { blocks, longestMs, result } = await engine.pingDuring(async () => {
      for (;;) {
        const window = await engine.call('packets.rows', { filter, flow: null, from: 0, count: ROWS });
        first ||= performance.now() - asked;
        if (window.looked === undefined) return window.total;
        await sleep(200);
      }
    });
    const seconds = (performance.now() - asked) / 1000;
    const { packets } = await engine.call('capture.progress', {});
    const how = { group: `${group}: filters that read bytes`, of: `${result.toLocaleString('en')} pass` };
    note(
      { ...how, name: `\`${filter}\`, first answer`, unit: 'ms', runs: [first], target: RESETS_MS },
      { ...how, name: `\`${filter}\`, all packets`, unit: 'packets/s', runs: [packets / seconds] },
      ...blocksOf(how.group, `\`${filter}\``, blocks, longestMs),
    );
  }
}

/** Filters and orders of the lists of resets, flows and failures, and totals by address. */
export async function listAnswers(engine: Engine, group: string, runs: number, note: Note): Promise<void> {
  const window = { from: 0, count: ROWS, filter: '' };
  const take = async (part: string, name: string, ask: () => Promise<RowWindow | { total: number }>) => {
    const how = { group: `${group}: ${part}`, name, target: RESETS_MS, isCode: part.includes('filter') };
    note(...(await timed(engine, how, runs, ask)));
  };
  for (const filter of OF_RESETS) {
    await take('resets through a filter', filter, () =>
      engine.call('resets.rows', { ...window, filter, sort: 'importance', direction: 'ascending' }),
    );
  }
  for (const sort of RESET_COLUMNS) {
    await take('resets by column', sort, () =>
      engine.call('resets.rows', { ...window, sort, direction: 'descending' }),
    );
  }
  for (const sort of FLOW_COLUMNS) {
    await take('flows by column', sort, () =>
      engine.call('flows.rows', { ...window, sort, direction: 'descending' }),
    );
  }
  await take('flows through a filter', 'tcp.port == 443', () =>
    engine.call('flows.rows', {
      ...window,
      filter: 'tcp.port == 443',
      sort: 'start',
      direction: 'ascending',
    }),
  );
  for (const sort of FAILURE_COLUMNS) {
    await take('failures by column', sort, () =>
      engine.call('failures.rows', { ...window, sort, direction: 'descending' }),
    );
  }
  for (const of of ENDPOINT_GROUPS) {
    for (const sort of ENDPOINT_COLUMNS.slice(0, 3)) {
      await take(`totals by ${of}`, sort, () =>
        engine.call('endpoints.rows', { ...window, of, sort, direction: 'descending' }),
      );
    }
  }
  for (const filter of ['', 'tcp.port == 443']) {
    await take('strip of time', filter === '' ? 'whole capture' : filter, async () => {
      const bars = await engine.call('capture.timeline', { filter, fromNs: null, toNs: null, buckets: 700 });
      return { total: bars.packets.length };
    });
  }
}

interface Asked {
  readonly group: string;
  readonly name: string;
  readonly target: number;
  readonly isCode: boolean;
}

/** The same question several times, each time as if it had never been asked. */
async function timed(
  engine: Engine,
  { group, name, target, isCode }: Asked,
  runs: number,
  ask: () => Promise<{ readonly total: number }>,
): Promise<Figure[]> {
  const took: number[] = [];
  const cpu: number[] = [];
  let blocks = 0;
  let longestMs = 0;
  let total = 0;
  for (let run = 0; run < runs; run++) {
    await forget(engine);
    const one = await engine.pingDuring(async () => {
      const asked = performance.now();
      const before = engine.cpuMs();
      const answer = await ask();
      took.push(performance.now() - asked);
      cpu.push(engine.cpuMs() - before);
      return answer.total;
    });
    total = one.result;
    blocks = Math.max(blocks, one.blocks);
    longestMs = Math.max(longestMs, one.longestMs);
  }
  const title = isCode ? `\`${name}\`` : name;
  const of = total.toLocaleString('en');
  return [
    { group, name: title, unit: 'ms', runs: took, cpu, target, of },
    ...blocksOf(group, title, blocks, longestMs),
  ];
}

/** Only where others had to wait. */
function blocksOf(group: string, name: string, blocks: number, longestMs: number): Figure[] {
  if (blocks === 0) return [];
  const of = `${blocks} over ${BLOCK_MS} ms`;
  return [{ group, name: `${name}: others waited`, unit: 'ms', runs: [longestMs], of }];
}

/** Asks so much else that the engine keeps nothing of what was asked before. */
async function forget(engine: Engine): Promise<void> {
  const window = { from: 0, count: 1 };
  for (let i = 1; i <= OTHER_FILTERS; i++) {
    const filter = `frame.number == ${i}`;
    await engine.call('packets.rows', { ...window, filter, flow: null });
    await engine.call('resets.rows', { ...window, filter, sort: 'frame', direction: 'ascending' });
  }
}
