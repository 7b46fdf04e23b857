/** `resetscope fleet query`: somebody’s own SQL, which can only read the tables. */
import { jsonText, sanitiseText } from '../../../shared/format/text.ts';
import { isoTime } from '../../../shared/format/time.ts';
import type { FleetCoverage } from '../../../shared/model/fleet.ts';
import type { SqlAnswer, Value } from '../../fleet/store.ts';
import { EXIT_LOSSES } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { Output } from '../io.ts';
import { wrapText } from '../layout.ts';
import { csvCell } from '../report-csv.ts';
import { makeStyle, type Style } from '../style.ts';
import { exitOf, type PlaceOptions, tell, withFleet } from './asked.ts';
import { gridText } from './grid.ts';
import { coverageJson } from './json.ts';

export const QUERY_FORMATS = ['table', 'csv', 'json', 'ndjson'] as const;

export interface QueryOptions extends PlaceOptions {
  readonly format?: (typeof QUERY_FORMATS)[number];
  readonly limit: number;
  readonly color?: boolean;
}

type Cell = string | number | boolean | null;

export function query(statement: string, options: QueryOptions, io: CliIo): Promise<number> {
  return withFleet(options, io, async (fleet, signal) => {
    const answer = await fleet.sql(statement, options.limit, signal);
    const coverage = await fleet.coverage({}, signal);
    const output = new Output(io.stdout);
    const style = makeStyle(io.stdoutIsTerminal, options.color !== false, io.env);
    await writeAnswer(answer, coverage, options, io, style, output);
    await output.end();
    return answer.missing.length > 0 ? EXIT_LOSSES : exitOf(coverage);
  });
}

async function writeAnswer(
  answer: SqlAnswer,
  coverage: FleetCoverage,
  { format = 'table', limit }: QueryOptions,
  io: CliIo,
  style: Style,
  output: Output,
): Promise<void> {
  const { columns, isCut } = answer;
  const rows = answer.rows.map((row) => row.map(cellOf));
  const cut = isCut ? `only the first ${rows.length} rows are shown; --limit shows more, now ${limit}` : null;
  const names = columns.map(({ name }) => name);
  switch (format) {
    case 'json':
      await output.write(
        `${jsonText({ schema: 1, columns, rows, isCut, coverage: coverageJson(coverage) }, 2)}\n`,
      );
      return;
    case 'ndjson':
      for (const row of rows)
        await output.write(`${jsonText(Object.fromEntries(names.map((name, i) => [name, row[i]])))}\n`);
      break;
    case 'csv':
      for (const row of [names, ...rows]) await output.write(`${row.map(csvCell).join(',')}\r\n`);
      break;
    case 'table': {
      const grid = columns.map(({ name }, i) => ({
        title: name,
        right: rows.length > 0 && rows.every((row) => row[i] === null || typeof row[i] === 'number'),
      }));
      const texts = rows.map((row) => row.map((cell) => (cell === null ? '–' : String(cell))));
      await output.write(gridText(grid, texts, io.columns, style));
      for (const text of [...(cut === null ? [] : [cut]), coverage.sentence]) {
        const lines = wrapText(sanitiseText(text, Infinity), io.columns ?? 100);
        await output.write(`\n${style.dim(lines.join('\n'))}\n`);
      }
      return;
    }
  }
  // What reads rows gets rows alone.
  if (cut !== null) tell(io, cut);
  tell(io, coverage.sentence);
}

function cellOf(value: Value): Cell {
  return typeof value === 'bigint' ? isoTime(value) : value;
}
