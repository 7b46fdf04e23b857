/** Tables as text: CSV, one JSON array, one JSON object a line. Each gives its beginning, lines and its end. */
import { cellText } from '../../../shared/format/spreadsheet.ts';
import { isoTime } from '../../../shared/format/time.ts';
import type { Cell, Column, ColumnType } from './column.ts';

/** Writes rows of cells, in the order of the columns, as text. */
export interface TextFormat {
  begin(): string;
  line(cells: readonly Cell[]): string;
  end(): string;
}

type Named = Pick<Column<never>, 'name' | 'type'>;

/** No spreadsheet takes it for a formula, and it needs no quotes: what nearly all cells are. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9 .:/_[\]-]*$/u;
const NEEDS_QUOTES = /[",\r\n]/u;

/** RFC 4180, with a heading; texts that a spreadsheet could take for a formula get an apostrophe in front. */
export class CsvFormat implements TextFormat {
  readonly #columns: readonly Named[];
  readonly #epochNs: bigint;

  constructor(columns: readonly Named[], epochNs: bigint) {
    this.#columns = columns;
    this.#epochNs = epochNs;
  }

  begin(): string {
    return `${this.#columns.map(({ name }) => name).join(',')}\r\n`;
  }

  line(cells: readonly Cell[]): string {
    let text = '';
    for (let i = 0; i < cells.length; i++) {
      if (i > 0) text += ',';
      text += this.#cell(cells[i], this.#columns[i].type);
    }
    return `${text}\r\n`;
  }

  end(): string {
    return '';
  }

  #cell(cell: Cell, type: ColumnType): string {
    if (cell === null) return '';
    if (type === 'time') return isoTime(this.#epochNs, cell as number);
    if (typeof cell === 'number') return numberText(cell);
    if (typeof cell === 'boolean') return String(cell);
    if (PLAIN.test(cell)) return cell;
    const safe = cellText(cell);
    return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }
}

/** Objects by the columns' names; `isArray` puts them into one document. */
export class JsonFormat implements TextFormat {
  readonly #columns: readonly Named[];
  readonly #keys: readonly string[];
  readonly #epochNs: bigint;
  readonly #isArray: boolean;
  #lines = 0;

  constructor(columns: readonly Named[], epochNs: bigint, isArray: boolean) {
    this.#columns = columns;
    this.#keys = columns.map(({ name }) => `${JSON.stringify(name)}:`);
    this.#epochNs = epochNs;
    this.#isArray = isArray;
  }

  begin(): string {
    return this.#isArray ? '[' : '';
  }

  line(cells: readonly Cell[]): string {
    let text = '{';
    for (let i = 0; i < cells.length; i++) {
      if (i > 0) text += ',';
      text += this.#keys[i] + this.#value(cells[i], this.#columns[i].type);
    }
    if (!this.#isArray) return `${text}}\n`;
    return `${this.#lines++ === 0 ? '\n' : ',\n'}${text}}`;
  }

  end(): string {
    return this.#isArray ? '\n]\n' : '';
  }

  #value(cell: Cell, type: ColumnType): string {
    if (cell === null) return 'null';
    if (type === 'time') return `"${isoTime(this.#epochNs, cell as number)}"`;
    if (typeof cell === 'number') return Number.isFinite(cell) ? numberText(cell) : 'null';
    return JSON.stringify(cell);
  }
}

/** A duration with at most nine decimals: what lies below a nanosecond is the rounding of doubles. */
function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(9)));
}
