/**
 * Tables as Parquet (hyparquet-writer): typed columns, times as timestamps of nanoseconds in UTC. A row group is written as soon as its
 * rows are there and its bytes are handed on, so that memory holds one group and the footer's entries of those before.
 */
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { ParquetWriter } from 'hyparquet-writer/src/parquet-writer.js';
import type { FleetType } from '../../../shared/fleet/tables.ts';
import type { FleetCell } from '../../engine/fleet/fleet-row.ts';
import type { ColumnType } from '../../engine/tables/column.ts';

/** Rows of a group: with some thirty columns a few megabytes. */
const GROUP_ROWS = 16_384;

interface Named {
  readonly name: string;
  readonly type: ColumnType | FleetType;
}
/**
 * What a time is written as. `instant` is what the format calls adjusted to UTC. DuckDB reads such ones by the microsecond only; nanoseconds
 * stay where a time is written as that of a clock in UTC, `utc-clock`.
 */
export type WrittenTime = 'instant' | 'utc-clock';
type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

const timeElement = (isAdjustedToUTC: boolean): Omit<SchemaElement, 'name'> => ({
  type: 'INT64',
  repetition_type: 'OPTIONAL',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC, unit: 'NANOS' },
});
const TIMES: Readonly<Record<WrittenTime, Omit<SchemaElement, 'name'>>> = {
  instant: timeElement(true),
  'utc-clock': timeElement(false),
};
const ELEMENTS: Readonly<Record<Exclude<Named['type'], 'time'>, Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  int: { type: 'INT64', repetition_type: 'OPTIONAL' },
  key: { type: 'INT64', repetition_type: 'OPTIONAL' },
  real: { type: 'DOUBLE', repetition_type: 'OPTIONAL' },
  flag: { type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
};

export class ParquetFormat {
  readonly #columns: readonly Named[];
  readonly #epochNs: bigint;
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  #cells: FleetCell[][];
  #rows = 0;

  constructor(columns: readonly Named[], epochNs: bigint, time: WrittenTime = 'instant') {
    this.#columns = columns;
    this.#epochNs = epochNs;
    this.#cells = columns.map(() => []);
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      createdBy: 'resetscope',
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.map(({ name, type }) => ({ name, ...(type === 'time' ? TIMES[time] : ELEMENTS[type]) })),
      ],
    });
  }

  /**
   * Takes a row in.
   * @param cells times as numbers count from the epoch; whole numbers as bigint, keys and times among them, are written as they are
   * @returns bytes that are ready
   */
  row(cells: readonly FleetCell[]): Uint8Array | undefined {
    for (let i = 0; i < cells.length; i++) this.#cells[i].push(cells[i]);
    return ++this.#rows < GROUP_ROWS ? undefined : this.#group();
  }

  /** @returns the rest of the file */
  async end(): Promise<Uint8Array> {
    const rows = this.#group();
    await this.#writer.finish();
    const footer = this.#drain();
    const whole = new Uint8Array(rows.length + footer.length);
    whole.set(rows);
    whole.set(footer, rows.length);
    return whole;
  }

  #group(): Uint8Array {
    if (this.#rows > 0) {
      const columnData = this.#columns.map(({ name, type }, i) => ({
        name,
        data: this.#cells[i].map((cell) => this.#value(cell, type)),
      }));
      // It rests only where the writer does, which this one does not.
      void this.#writer.write({ columnData, rowGroupSize: GROUP_ROWS });
      this.#cells = this.#columns.map(() => []);
      this.#rows = 0;
    }
    return this.#drain();
  }

  #value(cell: FleetCell, type: Named['type']): FleetCell {
    if (cell === null || typeof cell === 'bigint') return cell;
    if (type === 'time') return this.#epochNs + BigInt(Math.round(cell as number));
    return type === 'int' ? BigInt(Math.round(cell as number)) : cell;
  }

  /** What was written since; `offset` of the writer goes on, by which the footer finds its parts. */
  #drain(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return bytes;
  }
}
