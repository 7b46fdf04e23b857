// npm run bench:fleet [-- --parts sizes,agent,hashes,compaction,queries,clickhouse --flows 10000000 --loose-flows 200000 --runs 3 --no-write]
//
// What a fleet costs: bytes of rows, what the agent adds to analysing, compaction, answers out of a folder and out of ClickHouse, and the
// arithmetic from there to a billion flows. The folder is made by the load generator (scripts/fleet/load.mjs) and kept in .cache/bench.
// Writes test/bench/FLEET.md when all parts were measured. ClickHouse is left out where there is no server, and told.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { bundle } from '../test/bench/bundle.mjs';
import { Captures } from './bench/captures.mjs';
import { card } from './bench/machine.mjs';
import { measure } from './bench/measure.mjs';
import { count, median, table } from './bench/numbers.mjs';
import { ensureBuilt } from './build.mjs';

const root = new URL('..', import.meta.url).pathname;
const cache = join(root, '.cache/bench');
/** As its first line starts it. */
const CLI = [
  process.execPath,
  '--max-semi-space-size=4',
  '--min-semi-space-size=4',
  join(root, 'dist/cli/index.js'),
];
const fleetProcess = join(root, 'dist/host/fleet-process.js');

/** Milliseconds on an idle machine of two cores, at ten million flows. */
const AIMS = { needle: 100, grouping: 1000 };
const CORES = 2;
const DAY_SECONDS = 86_400;
const BILLION = 1e9;
/** Of the arithmetic: assumptions, not offers. */
const ASSUMED = {
  packetsOfFlow: 50,
  flowsOfHostAndSecond: 20,
  dollarsOfObjectGigabyteMonth: 0.023,
  dollarsOfDiskGigabyteMonth: 0.08,
  dollarsOfCoreHour: 0.04,
};

const PARTS = { sizes, agent, hashes, compaction, queries, clickhouse };
const { values: options } = parseArgs({
  options: {
    parts: { type: 'string', default: Object.keys(PARTS).join(',') },
    flows: { type: 'string', default: '10000000' },
    'loose-flows': { type: 'string', default: '200000' },
    'clickhouse-flows': { type: 'string', default: '10000000' },
    packets: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '3' },
    'no-write': { type: 'boolean', default: false },
  },
});
const parts = options.parts.split(',').filter(Boolean);
for (const one of parts) {
  if (!(one in PARTS)) fail(`unknown part ${one}; known: ${Object.keys(PARTS).join(', ')}`);
}
const runs = Number(options.runs);

await ensureBuilt({ targets: ['programs'] });
mkdirSync(cache, { recursive: true });
const program = await bundle(root, 'test/bench/run-fleet.ts', cache, [
  '@duckdb/node-api',
  '@clickhouse/client',
]);
const known = {};
const sections = [];
const leftOut = [];
for (const one of parts) {
  process.stderr.write(`${one} …\n`);
  try {
    sections.push(...(await PARTS[one]()));
  } catch (error) {
    leftOut.push(one);
    sections.push('', `## Left out: ${one}`, '', error.message.split('\n', 1)[0].replaceAll(root, ''));
  }
}
const lines = [...heading(), ...sections, ...arithmetic()].join('\n');
const path = join(root, 'test/bench/FLEET.md');
const report = await format(lines, { ...(await resolveConfig(path)), parser: 'markdown' });
console.log(report);
const isWhole = leftOut.length === 0 && Object.keys(PARTS).every((one) => parts.includes(one));
if (isWhole && !options['no-write']) writeFileSync(path, report);
if (leftOut.length > 0) process.exitCode = 1;

function heading() {
  const given = process.argv.slice(2);
  return [
    '# What a fleet costs',
    '',
    'Written by `scripts/bench-fleet.mjs`; not edited by hand.',
    '',
    `- Command: \`npm run bench:fleet${given.length > 0 ? ` -- ${given.join(' ')}` : ''}\``,
    ...card(cache, []).map((line) =>
      line.replace('; captures are read out of the page cache', '').replace(/,\s*$/, ''),
    ),
    `- Load average at its end: ${loadavg()[0].toFixed(1)}`,
    '- Rows are those of the load generator, whose keys are random and whose texts are as long as an agent’s. CPU is that of the process that answers, and of ClickHouse’s server where one is asked, all of their threads.',
  ];
}

/** The folder of so many flows of 100 hosts in a day. */
function folder(flows, more = []) {
  const place = join(cache, `fleet-${flows}${more.join('')}`);
  if (existsSync(join(place, 'captures'))) return place;
  rmSync(place, { recursive: true, force: true });
  const made = spawnSync(
    process.execPath,
    [join(root, 'scripts/fleet/load.mjs'), place, '--flows', String(flows), ...more],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`the load was not made: ${made.stderr.slice(-300)}`);
  return place;
}

async function sizes() {
  const compacted = await bytesOf(folder(Number(options.flows)));
  const loose = await bytesOf(folder(Number(options['loose-flows']), ['--loose']));
  known.sizes = compacted;
  known.loose = loose;
  const kinds = Object.keys(compacted).sort();
  return [
    '',
    '## Bytes of a row',
    '',
    `Compacted (zstd, sorted): ${count(Number(options.flows))} flows of 100 hosts in a day. Loose, as agents write (Snappy, a file each five minutes): ${count(Number(options['loose-flows']))} flows of as many hosts, so that files are small and the footers weigh much.`,
    ...table(
      ['-kind', 'rows', 'bytes a row, compacted', 'files', 'bytes a row, loose', 'files, loose'],
      kinds.map((kind) => [
        kind,
        count(compacted[kind].rows),
        compacted[kind].each.toFixed(1),
        count(compacted[kind].files),
        loose[kind] === undefined ? '' : loose[kind].each.toFixed(1),
        loose[kind] === undefined ? '' : count(loose[kind].files),
      ]),
    ),
  ];
}

async function bytesOf(place) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const kinds = {};
  for (const kind of readdirSync(place)) {
    const files = readdirSync(join(place, kind), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.parquet'))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
    if (files.length === 0) continue;
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    const answer = await connection.runAndReadAll(
      `SELECT sum(num_rows)::DOUBLE FROM parquet_file_metadata('${join(place, kind)}/*/*/*.parquet')`,
    );
    const [[rows]] = answer.getRows();
    kinds[kind] = { rows, bytes, files: files.length, each: bytes / rows };
  }
  connection.closeSync();
  instance.closeSync();
  return kinds;
}

/** Analysing with and without tables. */
async function agent() {
  const captures = new Captures(root, cache, '1');
  const made = await captures.generated(Number(options.packets));
  const place = join(cache, 'fleet-agent');
  const alone = [...CLI, 'analyze', made.path];
  const withTables = [...alone, '--parquet', place, '--as-host', 'bench'];
  const samples = { alone: [], tables: [] };
  for (let run = 0; run < runs; run++) {
    samples.alone.push(measure(alone));
    rmSync(place, { recursive: true, force: true });
    samples.tables.push(measure(withTables));
  }
  const sizesOf = await bytesOf(place);
  known.agent = { sizes: sizesOf, packets: Number(options.packets) };
  const of = (what, figure) => median(samples[what].map((sample) => sample[figure]));
  const rows = Object.values(sizesOf).reduce((sum, one) => sum + one.rows, 0);
  const more = of('tables', 'cpu') - of('alone', 'cpu');
  Object.assign(known.agent, { cpu: of('alone', 'cpu'), more, rows });
  return [
    '',
    `## The agent: ${count(Number(options.packets))} packets, ${count(sizesOf.flows?.rows ?? 0)} flows, ${count(sizesOf.resets?.rows ?? 0)} resets`,
    '',
    `Tables take ${more.toFixed(2)} s of CPU more (${((100 * more) / of('alone', 'cpu')).toFixed(0)} %): ${count(Math.round(rows / Math.max(more, 0.01)))} rows a second. A flow takes ${sizesOf.flows.each.toFixed(0)} bytes, a reset ${sizesOf.resets.each.toFixed(0)} (Snappy, one file each).`,
    ...table(
      ['-command', 'runs', 'median s', 'CPU s', 'peak RSS MiB'],
      [
        ['analyze', 'alone'],
        ['analyze --parquet', 'tables'],
      ].map(([name, what]) => [
        name,
        runs,
        of(what, 'seconds').toFixed(2),
        of(what, 'cpu').toFixed(2),
        Math.round(of(what, 'kibibytes') / 1024),
      ]),
    ),
  ];
}

function hashes() {
  known.hashes = run('hashes').perSecond;
  return [
    '',
    '## Keys',
    '',
    `One core makes ${count(Math.round(known.hashes))} keys a second in this program: all 2³² initial sequence numbers in ${(2 ** 32 / known.hashes / 3600).toFixed(1)} hours.`,
  ];
}

function compaction() {
  const place = join(cache, 'fleet-compaction');
  rmSync(place, { recursive: true, force: true });
  const source = folder(Number(options['loose-flows']), ['--loose']);
  const copied = spawnSync('cp', ['-a', source, place]);
  if (copied.status !== 0) throw new Error('the folder could not be copied');
  const sample = measure([...CLI, 'fleet', 'compact', place], { limitSeconds: 3600 });
  if (sample.over !== null) throw new Error(`compaction took longer than ${sample.over}`);
  const rows = Object.values(known.loose ?? {}).reduce((sum, one) => sum + one.rows, 0);
  return [
    '',
    '## Compaction',
    '',
    `${count(rows)} rows in loose files became large ones in ${sample.seconds.toFixed(1)} s (${sample.cpu.toFixed(1)} s of CPU, ${Math.round(sample.kibibytes / 1024)} MiB).`,
  ];
}

function queries() {
  const asked = run('ask', folder(Number(options.flows)), runs, fleetProcess);
  known.folder = asked;
  return [
    '',
    `## Answers out of a folder: ${count(asked.flows)} flows, ${count(asked.resets)} resets`,
    ...answers(asked),
  ];
}

function clickhouse() {
  const measured = run('clickhouse', folder(Number(options['clickhouse-flows'])), runs, fleetProcess);
  known.clickhouse = measured;
  const rows = measured.tables.reduce((sum, one) => sum + one.rows, 0);
  return [
    '',
    `## ClickHouse, one server: ${count(measured.asked.flows)} flows, ${count(measured.asked.resets)} resets`,
    '',
    `Taken in out of the folder in ${measured.seconds.toFixed(1)} s: ${count(Math.round(rows / measured.seconds))} rows a second. The server’s peak RSS is ${Math.round(measured.serverKibibytes / 1024)} MiB.`,
    ...table(
      ['-table', 'rows', 'bytes a row'],
      measured.tables
        .filter((one) => one.rows > 0)
        .map((one) => [one.table, count(one.rows), (one.bytes / one.rows).toFixed(1)]),
    ),
    ...answers(measured.asked),
  ];
}

function answers({ opened, measured, peakKibibytes }) {
  return [
    '',
    `Opened in ${(opened / 1000).toFixed(1)} s. Milliseconds through the process that answers, asked for the first time, and the median of ${runs} more; its peak RSS is ${Math.round(peakKibibytes / 1024)} MiB. Aims on an idle machine: a needle within ${AIMS.needle} ms, a grouping within ${AIMS.grouping} ms.`,
    ...table(
      ['-question', 'first', 'again', 'CPU again', 'rows', '-'],
      measured.map(({ name, first, again, cpu, rows }) => {
        const aim = AIMS[name.split(':', 1)[0]];
        const middle = median(again);
        return [
          name,
          first.toFixed(0),
          middle.toFixed(0),
          median(cpu).toFixed(0),
          count(rows),
          aim !== undefined && middle > aim ? '**over**' : '',
        ];
      }),
    ),
  ];
}

/** From what was measured to a billion flows, each step with its numbers. */
function arithmetic() {
  if (known.sizes === undefined) return [];
  const { flows, resets } = known.sizes;
  const all = Object.values(known.sizes).reduce((sum, one) => sum + one.bytes, 0);
  const each = all / flows.rows;
  const perBillion = each * BILLION;
  const gigabytes = perBillion / 1e9;
  const hostDay = ASSUMED.flowsOfHostAndSecond * DAY_SECONDS;
  const dollars = (number) => `${number.toFixed(2)} USD`;
  const steps = [
    [
      'bytes of all tables, by flow',
      `${count(all)} ÷ ${count(flows.rows)}`,
      `${each.toFixed(1)} (${((100 * flows.bytes) / all).toFixed(0)} % flows, ${((100 * resets.bytes) / all).toFixed(0)} % resets; ${((100 * resets.rows) / flows.rows).toFixed(1)} resets of 100 flows)`,
    ],
    ['a billion flows', `${each.toFixed(1)} × 10⁹`, `${gigabytes.toFixed(0)} GB`],
    [
      'a host and day',
      `${ASSUMED.flowsOfHostAndSecond} flows a second × ${count(DAY_SECONDS)} s × ${each.toFixed(1)} bytes`,
      `${count(hostDay)} flows, ${((hostDay * each) / 1e6).toFixed(0)} MB`,
    ],
    [
      '100 hosts, 30 days',
      `100 × 30 × ${((hostDay * each) / 1e6).toFixed(0)} MB`,
      `${((hostDay * each * 3000) / 1e9).toFixed(0)} GB, ${count((hostDay * 3000) / 1e9)} billion flows`,
    ],
    [
      'a billion flows as objects, a month',
      `${gigabytes.toFixed(0)} GB × ${ASSUMED.dollarsOfObjectGigabyteMonth} USD`,
      dollars(gigabytes * ASSUMED.dollarsOfObjectGigabyteMonth),
    ],
  ];
  if (known.agent !== undefined) {
    const { cpu, packets, more, rows } = known.agent;
    const seconds = (cpu / packets) * ASSUMED.packetsOfFlow * BILLION;
    const tables = (more / rows) * BILLION;
    steps.push(
      [
        'a billion flows analysed at the edge',
        `${((cpu / packets) * 1e6).toFixed(2)} µs a packet × ${ASSUMED.packetsOfFlow} packets × 10⁹`,
        `${(seconds / 3600).toFixed(0)} core hours, ${dollars((seconds / 3600) * ASSUMED.dollarsOfCoreHour)}`,
      ],
      [
        'and their tables written',
        `${((more / rows) * 1e6).toFixed(1)} µs a row × 10⁹`,
        `${(tables / 3600).toFixed(1)} core hours`,
      ],
    );
  }
  if (known.clickhouse !== undefined) {
    const bytes = known.clickhouse.tables.reduce((sum, one) => sum + one.bytes, 0);
    const rows = known.clickhouse.tables.reduce((sum, one) => sum + one.rows, 0);
    const byFlow = bytes / known.clickhouse.asked.flows;
    const rate = rows / known.clickhouse.seconds;
    steps.push(
      [
        'a billion flows in ClickHouse, two replicas',
        `${byFlow.toFixed(1)} bytes a flow × 2 × 10⁹`,
        `${((2 * byFlow * BILLION) / 1e9).toFixed(0)} GB, ${dollars(((2 * byFlow * BILLION) / 1e9) * ASSUMED.dollarsOfDiskGigabyteMonth)} a month on disks`,
      ],
      [
        'hosts that one shard can take in',
        `${count(Math.round(rate))} rows a second on ${CORES} cores ÷ ${ASSUMED.flowsOfHostAndSecond} flows a second and host, at half load`,
        count(Math.floor(rate / ASSUMED.flowsOfHostAndSecond / 2)),
      ],
    );
  }
  return [
    '',
    '## Arithmetic',
    '',
    `Assumptions, which you should put your own in place of: ${ASSUMED.packetsOfFlow} packets a flow; ${ASSUMED.flowsOfHostAndSecond} flows a second and host; ${ASSUMED.dollarsOfObjectGigabyteMonth} USD for a gigabyte and month of object storage, ${ASSUMED.dollarsOfDiskGigabyteMonth} USD of disk, ${ASSUMED.dollarsOfCoreHour} USD for an hour of a core. Prices are assumptions, not offers.`,
    ...table(['-what', '-how', '-result'], steps),
  ];
}

function run(...given) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...given.map(String)], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (status !== 0) throw new Error(`${given[0]} failed: ${stderr.trim().split('\n').at(-1)?.slice(0, 300)}`);
  return JSON.parse(stdout);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
