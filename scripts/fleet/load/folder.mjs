/** Writes rows into the layout of a fleet's folder: compacted, or loose as agents leave them. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FLEET_TABLES, ParquetFormat } from './product.mjs';
import { namesOf } from './rows.mjs';
import { SEGMENTS_OF_DAY } from './world.mjs';

/** Rows of flows that make a file of 64 to 256 MB. */
const ROWS_OF_FILE = 2_000_000;
/** As in what compaction writes. */
const GROUP_ROWS = 65_536;

const UNIT_NAME = `format('{:016x}-{:05d}', unsigned(capture), segment)`;

const orderOf = (kind) => (kind === 'captures' ? 'time, capture' : 'server_address, server_port, time');

/**
 * Files of `ROWS_OF_FILE` rows at most, each of a stretch of the day and of one site, so that a unit is in one of them.
 * @param {(sql: string) => Promise<unknown[][]>} rowsOf
 */
export async function writeCompacted({ run, rowsOf, folder, kind, part }) {
  const groups = await rowsOf(
    `SELECT folder_day, folder_site, count(*)::INT FROM rows_${kind} GROUP BY ALL ORDER BY ALL`,
  );
  let written = 0;
  for (const [day, site, rows] of groups) {
    const place = join(folder, kind, `day=${day}`, `site=${site}`);
    mkdirSync(place, { recursive: true });
    const files = Math.ceil(rows / ROWS_OF_FILE);
    for (let file = 0; file < files; file++) {
      const lies = `folder_day = '${day}' AND folder_site = '${site}' AND world_segment % ${SEGMENTS_OF_DAY} * ${files} // ${SEGMENTS_OF_DAY} = ${file}`;
      const name = `compacted-${part}${String(file).padStart(3, '0')}`;
      const units = await rowsOf(
        `SELECT DISTINCT ${UNIT_NAME} AS unit FROM rows_${kind} WHERE ${lies} ORDER BY unit`,
      );
      if (units.length === 0) continue;
      await copy(run, {
        what: `SELECT ${namesOf(kind)} FROM rows_${kind} WHERE ${lies} ORDER BY ${orderOf(kind)}`,
        to: join(place, `.tmp-${name}.parquet`),
        options: `COMPRESSION zstd, ROW_GROUP_SIZE ${GROUP_ROWS}`,
      });
      writeFileSync(join(place, `${name}.json`), `${JSON.stringify({ units: units.flat() })}\n`);
      renameSync(join(place, `.tmp-${name}.parquet`), join(place, `${name}.parquet`));
      written++;
    }
  }
  return written;
}

/** One file a unit, day and kind, by the agent's writer; that of open flows is one a capture. */
export async function writeLoose({ stream, folder, kind }) {
  const columns = FLEET_TABLES[kind];
  const unit = kind === 'open_flows' ? `format('{:016x}', unsigned(capture))` : UNIT_NAME;
  const cells = columns.map(({ name, type }) => (type === 'time' ? `epoch_ns("${name}")` : `"${name}"`));
  const rows = stream(
    `SELECT folder_day, folder_site, ${unit} AS unit, ${cells.join(', ')} FROM rows_${kind} ORDER BY folder_day, folder_site, unit, ${orderOf(kind)}`,
  );
  let written = 0;
  let open;
  for await (const [day, site, name, ...row] of rows) {
    const path = join(folder, kind, `day=${day}`, `site=${site}`, `${name}.parquet`);
    if (open?.path !== path) {
      if (open !== undefined) await close(open);
      open = { path, format: new ParquetFormat(columns, 0n), pieces: [] };
      written++;
    }
    const piece = open.format.row(row);
    if (piece !== undefined) open.pieces.push(piece);
  }
  if (open !== undefined) await close(open);
  return written;
}

async function close({ path, format, pieces }) {
  pieces.push(await format.end());
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.concat(pieces));
}

const copy = (run, { what, to, options }) =>
  run(`COPY (${what}) TO '${to.replaceAll("'", "''")}' (FORMAT parquet, ${options})`);
