/** `resetscope packets`: lists the packets that pass a filter, as `tshark -Y … -T fields` does. */
import type { PacketNumber } from '../../shared/base/units.ts';
import { fieldNamed } from '../../shared/fields/catalogue.ts';
import type { FieldInfo } from '../../shared/fields/field.ts';
import type { FilterError } from '../../shared/filter/ast.ts';
import { nearest } from '../../shared/filter/suggest.ts';
import { FIELDS } from '../../shared/fields/catalogue.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { isoTime } from '../../shared/format/time.ts';
import type { PacketRow } from '../../shared/model/rows.ts';
import type { Selection } from '../engine/select/selection.ts';
import { Analysis } from '../host/analysis.ts';
import { withBareLines } from '../host/bare-rows.ts';
import { PacketBytes } from '../host/packet-bytes.ts';
import { EXIT_LOSSES, EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import { fieldText } from './field-text.ts';
import { passingPackets, readFilter, tellFilterError } from './filter.ts';
import type { CliIo } from './io.ts';
import { Output } from './io.ts';
import { interruptedExit, readFiles, tellUnreadable, tellWarnings } from './read-files.ts';
import { selectorOf } from '../engine/select/selector.ts';

export interface PacketsOptions {
  readonly filter?: string;
  readonly fields?: readonly string[];
  readonly json?: boolean;
  readonly limit?: number;
}

/** Packets written between two looks at whether somebody still reads. */
const PIECE = 1024;

/** @throws OutputClosed, or what went wrong with writing */
export async function packets(files: readonly string[], options: PacketsOptions, io: CliIo): Promise<number> {
  const text = options.filter ?? '';
  const filter = await readFilter(text);
  const output = new Output(io.stdout);
  if (!filter.ok) {
    if (options.json === true) await writeFilterError(filter.error, output);
    else tellFilterError(text, filter.error, io);
    return EXIT_USAGE;
  }
  const fields = namedFields(options.fields ?? [], io);
  if (fields === undefined) return EXIT_USAGE;
  // What is read from here on strangers have written.
  io.confine?.([]);
  const analysis = new Analysis();
  try {
    const readingInterruptedBy = await readFiles(analysis, files, io);
    tellUnreadable(analysis, io);
    const passing = await passingPackets(analysis, text, filter.value, io);
    const interruptedBy = readingInterruptedBy ?? passing.interruptedBy;
    const listing = new Listing(analysis, passing.found, options.limit);
    if (options.json === true) await writeJson(listing, fields, output);
    else await writeLines(listing, fields, output);
    await output.end();
    if (options.json !== true) tellWarnings(analysis, io);
    if (interruptedBy !== undefined) return interruptedExit(interruptedBy);
    if (analysis.unreadable.length > 0) return EXIT_USAGE;
    const lossy = analysis.session.files.some((file) => file.warnings.some((warning) => warning.lossy));
    return lossy ? EXIT_LOSSES : EXIT_OK;
  } finally {
    await analysis.close();
  }
}

/** The packets that pass, as many as are wanted, with their fields. */
class Listing {
  readonly analysis: Analysis;
  readonly total: number;
  readonly #bytes: PacketBytes;
  readonly #selection: Selection;
  readonly #count: number;

  constructor(analysis: Analysis, selection: Selection, limit: number | undefined) {
    this.analysis = analysis;
    this.#bytes = new PacketBytes(analysis);
    this.#selection = selection;
    this.total = selection.yes.size;
    this.#count = Math.min(this.total, limit ?? Infinity);
  }

  get severalFiles(): boolean {
    return this.analysis.session.files.length > 1;
  }

  row(packet: PacketNumber): PacketRow {
    return this.analysis.session.packetRow(packet);
  }

  /** Rows for people, with what only the bytes tell of packets without a flow. */
  rows(piece: readonly PacketNumber[]): Promise<PacketRow[]> {
    const rows = piece.map((packet) => this.row(packet));
    return withBareLines(this.analysis.session, this.#bytes, rows, new AbortController().signal);
  }

  /** The packets in pieces, in their order. */
  *pieces(): Generator<readonly PacketNumber[]> {
    for (let from = 0; from < this.#count; from += PIECE) {
      yield this.#selection.yes.slice(from, Math.min(PIECE, this.#count - from));
    }
  }

  /** Calls back for each packet, in their order, with the values of the fields. */
  async withFields(
    fields: readonly FieldInfo[],
    take: (packet: PacketNumber, values: ReadonlyMap<string, readonly string[]>) => Promise<void>,
  ): Promise<void> {
    const { session } = this.analysis;
    const reader = selectorOf(session).fieldReader(fields.map(({ name }) => name));
    const wanted = function* (pieces: Iterable<readonly PacketNumber[]>): Generator<PacketNumber> {
      for (const piece of pieces) yield* piece;
    };
    for await (const piece of this.#bytes.inOrder(wanted(this.pieces()), new AbortController().signal)) {
      for (const one of piece) {
        const read = reader(one.packet, one.unreadable === null ? one : undefined);
        const values = new Map(
          fields.map((field) => [field.name, read(field).map((value) => fieldText(field, value))]),
        );
        await take(one.packet, values);
      }
    }
  }
}

async function writeLines(listing: Listing, fields: readonly FieldInfo[], output: Output): Promise<void> {
  if (fields.length > 0) {
    await listing.withFields(fields, async (_, values) => {
      await output.write(`${fields.map(({ name }) => (values.get(name) ?? []).join(',')).join('\t')}\n`);
    });
    return;
  }
  const epochNs = listing.analysis.session.clock.epochNs ?? 0n;
  for (const piece of listing.pieces()) {
    for (const row of await listing.rows(piece)) await output.write(`${line(row, epochNs, listing)}\n`);
  }
}

/** A packet for people: what a list of packets shows of it. */
function line(row: PacketRow, epochNs: bigint, { severalFiles }: Listing): string {
  const frame = severalFiles ? `${row.file}:${row.frame}` : String(row.frame);
  const notes = row.notes === '' ? '' : ` [${row.notes}]`;
  const ends = row.source === '' ? '' : ` ${row.source} → ${row.destination}`;
  const protocol = row.protocol === '' ? '' : ` ${row.protocol}`;
  const text = `${frame.padStart(7)} ${isoTime(epochNs, row.timeNs)}${ends}${protocol} ${row.length} ${row.info}${notes}`;
  return sanitiseText(text.trimEnd(), 1000);
}

/**
 * One document. Of several files each frame names its file, as `{ "file", "frame" }`; with fields it is an object in any case.
 */
async function writeJson(listing: Listing, fields: readonly FieldInfo[], output: Output): Promise<void> {
  const paths = listing.analysis.session.files.map(({ path }) => path);
  const files = listing.severalFiles ? `, "files": ${JSON.stringify(paths)}` : '';
  await output.write(`{ "schema": 1, "total": ${listing.total}${files}, "frames": [`);
  let separator = '';
  const put = async (value: unknown): Promise<void> => {
    await output.write(`${separator}${JSON.stringify(value)}`);
    separator = ', ';
  };
  const place = (packet: PacketNumber): { file?: number; frame: number } => {
    const { file, frame } = listing.row(packet);
    return listing.severalFiles ? { file, frame } : { frame };
  };
  if (fields.length > 0) {
    await listing.withFields(fields, (packet, values) =>
      put({ ...place(packet), fields: Object.fromEntries(values) }),
    );
  } else {
    for (const piece of listing.pieces()) {
      for (const packet of piece) await put(listing.severalFiles ? place(packet) : place(packet).frame);
    }
  }
  await output.write('] }\n');
}

async function writeFilterError(
  { message, from, to, suggestion }: FilterError,
  output: Output,
): Promise<void> {
  const error = { message, from, to, suggestion: suggestion?.text ?? null };
  await output.write(`${JSON.stringify({ error })}\n`);
  await output.end();
}

/** Undefined where one of them is none; then it is told which. */
function namedFields(names: readonly string[], io: CliIo): readonly FieldInfo[] | undefined {
  const fields: FieldInfo[] = [];
  for (const name of names) {
    const field = fieldNamed(name);
    if (field === undefined) {
      const near = nearest(
        name,
        FIELDS.map((one) => one.name),
      );
      const hint = near === undefined ? '' : `; did you mean “${near}”?`;
      io.stderr.write(`resetscope: there is no field “${sanitiseText(name, 100)}”${hint}\n`);
      return undefined;
    }
    fields.push(field);
  }
  return fields;
}
