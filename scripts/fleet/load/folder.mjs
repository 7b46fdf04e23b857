/** Writes rows into the layout of a fleet's folder: compacted, or loose as agents leave them. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** One file a unit, day and kind; that of open flows is one a capture. */
export async function writeLoose({ run, folder, kind }) {
  const shelf = join(folder, `.tmp-${kind}`);
  const unit = kind === 'open_flows' ? `format('{:016x}', unsigned(capture))` : UNIT_NAME;
  await copy(run, {
    what: `SELECT ${namesOf(kind)}, folder_day AS day, folder_site AS site, ${unit} AS unit FROM rows_${kind} ORDER BY day, site, unit, ${orderOf(kind)}`,
    to: shelf,
    options: 'COMPRESSION snappy, PARTITION_BY (day, site, unit)',
  });
  let written = 0;
  for (const day of foldersIn(shelf)) {
    for (const site of foldersIn(join(shelf, day))) {
      const place = join(folder, kind, day, site);
      mkdirSync(place, { recursive: true });
      for (const one of foldersIn(join(shelf, day, site))) {
        const files = readdirSync(join(shelf, day, site, one));
        if (files.length !== 1) throw new Error(`${one} came in ${files.length} files`);
        renameSync(
          join(shelf, day, site, one, files[0]),
          join(place, `${one.slice('unit='.length)}.parquet`),
        );
        written++;
      }
    }
  }
  rmSync(shelf, { recursive: true, force: true });
  return written;
}

const foldersIn = (path) => {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
};

const copy = (run, { what, to, options }) =>
  run(`COPY (${what}) TO '${to.replaceAll("'", "''")}' (FORMAT parquet, ${options})`);
