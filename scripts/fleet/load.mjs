// npm run fleet:load -- DIR [--hosts 100] [--days 1] [--flows 1000000] [--seed 1] [--loose]
//
// A folder of a fleet's tables as so many hosts would bring them in so many days, out of a seed: the same words give the same rows. Hosts
// stand at several sites; clients and servers are popular by a heavy tail, traffic follows the day, a firewall at one site forgets
// connections in bursts, a device between two sites forges resets that only the client's capture holds. Some hosts lack stretches of time,
// lose packets, do not count losses, do not bound their clock, run an older version, or hash by another key. Files are compacted, or with
// --loose one a unit and kind as agents leave them. Case files are named and not made.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { writeCompacted, writeLoose } from './load/folder.mjs';
import { COUNTERS, FLEET_KINDS, ROW_MACROS, rowTables } from './load/rows.mjs';
import { connectionsFor, hostsTable, macros, viewsView } from './load/world.mjs';

/** What is more goes to the disk. */
const MEMORY = '6GB';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    hosts: { type: 'string', default: '100' },
    days: { type: 'string', default: '1' },
    flows: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    loose: { type: 'boolean', default: false },
  },
});
const hosts = wholeNumber('hosts', 1, 62_500);
const days = wholeNumber('days', 1, 3650);
const flows = wholeNumber('flows', 1, Number.MAX_SAFE_INTEGER);
const seed = wholeNumber('seed', 0, Number.MAX_SAFE_INTEGER);
if (positionals.length !== 1) fail('Say the folder to write into: npm run fleet:load -- DIR');
const folder = resolve(positionals[0]);
if (existsSync(folder) && readdirSync(folder).length > 0)
  fail(`${folder} is not empty: choose another folder, or remove what is in it`);
mkdirSync(folder, { recursive: true });

const began = Date.now();
const work = join(folder, '.tmp-work');
mkdirSync(work);
const instance = await DuckDBInstance.create(':memory:', {
  memory_limit: MEMORY,
  temp_directory: work,
});
try {
  const connection = await instance.connect();
  const run = (sql) => connection.run(sql);
  async function* stream(sql) {
    for await (const rows of (await connection.stream(sql)).yieldRowsJs()) yield* rows;
  }
  const rowsOf = async (sql) => (await connection.runAndReadAll(sql)).getRows();
  for (const sql of [...macros(seed), ...ROW_MACROS, ...COUNTERS, hostsTable(hosts, days)]) await run(sql);
  const connections = connectionsFor(flows);
  const counts = Object.fromEntries(FLEET_KINDS.map((kind) => [kind, { rows: 0, files: 0 }]));
  for (let day = 0; day < days; day++) {
    const first = Math.floor((connections * day) / days);
    const count = Math.floor((connections * (day + 1)) / days) - first;
    await run(viewsView({ hosts, day, first, count }));
    for (const sql of rowTables({ day, days })) await run(sql);
    for (const kind of FLEET_KINDS) {
      if (kind === 'open_flows' && day < days - 1) continue;
      const [[rows]] = await rowsOf(`SELECT count(*)::DOUBLE FROM rows_${kind}`);
      if (rows === 0) continue;
      counts[kind].rows += rows;
      const task = { run, rowsOf, stream, folder, kind, part: String(day).padStart(4, '0') };
      counts[kind].files += await (values.loose || kind === 'open_flows'
        ? writeLoose(task)
        : writeCompacted(task));
    }
  }
  connection.closeSync();
  console.log(JSON.stringify({ folder, hosts, days, seed, seconds: (Date.now() - began) / 1000, ...counts }));
} finally {
  instance.closeSync();
  rmSync(work, { recursive: true, force: true });
}

function wholeNumber(name, least, most) {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < least || number > most)
    fail(`--${name} is a whole number from ${least} to ${most}`);
  return number;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
