/** Makes the tree that people see: every field as a line with its text, its meaning and its bytes. */
import { fieldNamed } from '../../../shared/fields/catalogue.ts';
import type { FieldInfo, FieldValue } from '../../../shared/fields/field.ts';
import type { ByteSource, DetailNode } from '../../../shared/model/packet-detail.ts';
import { LIMITS } from '../limits.ts';
import { FieldSink, type Manner, type Severity } from './field-sink.ts';
import { type MeaningContext, meaningOf } from './meanings.ts';
import { summaryOf } from './summaries.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import { MAX_TEXT_SHOWN, valueFilter, valueText } from './texts.ts';

type Line = { -readonly [Key in keyof DetailNode]: DetailNode[Key] } & { children: Line[] };

interface Source {
  readonly data: Uint8Array;
  /** Where the source begins in `data`. */
  readonly base: number;
  readonly shown: ByteSource;
}

/** Deeper lines are left out: each is two levels of an answer, which may have 32 (shared/rpc/frame.ts). */
const MAX_DEPTH = 12;

export class TreeSink extends FieldSink {
  readonly layers: Line[] = [];
  readonly #sources: Source[] = [];
  #source = 0;
  readonly #open: Line[] = [];
  /** `open` calls that made no line, since the limits were reached. */
  #skipped = 0;
  #lines = 0;

  get sources(): readonly ByteSource[] {
    return this.#sources.map((source) => source.shown);
  }

  override read(data: Uint8Array, start: number, end: number): void {
    super.read(data, start, end);
    const known = this.#sources.findIndex((source) => source.data === data);
    this.#source = known >= 0 ? known : this.#sources.length;
    if (known >= 0) return;
    const name = this.#sources.length === 0 ? 'Frame' : 'Reassembled datagram';
    // The buffer is the reader's, or that of the fragments: both are used again.
    this.#sources.push({ data, base: start, shown: { name, bytes: data.slice(start, this.end) } });
  }

  wants(): boolean {
    return true;
  }

  open(name: string, from: number, to: number, value?: FieldValue): void {
    if (this.#skipped > 0 || this.#isFull || this.#open.length >= MAX_DEPTH) {
      this.#skipped++;
      return;
    }
    const line = this.#line(name, value, from, to, 'plain');
    this.#add(line);
    this.#open.push(line);
  }

  close(): void {
    if (this.#skipped > 0) {
      this.#skipped--;
      return;
    }
    const line = this.#open.pop();
    if (line === undefined) return;
    const summary = line.value === '' ? summaryOf(line.name, line.children) : '';
    if (summary !== '') line.value = summary;
    // What is wrong inside is seen on the closed line.
    for (const child of line.children) {
      if (rank(child.severity) > rank(line.severity)) line.severity = child.severity;
    }
  }

  put(name: string, value: FieldValue, from: number, to: number, manner: Manner = 'plain'): void {
    if (manner === 'hidden' || this.#skipped > 0 || this.#isFull) return;
    this.#add(this.#line(name, value, from, to, manner));
  }

  note(severity: Severity, text: string, from: number, to: number): void {
    if (this.#skipped > 0) return;
    this.#add({ ...this.#bare(text, from, to), severity, derived: true });
  }

  text(title: string, from: number, to: number): void {
    if (this.#skipped > 0 || this.#isFull || to <= from) return;
    this.#add({ ...this.#bare(title, from, to), value: `${to - from} bytes` });
  }

  /** The frame's own lines are made last, when all layers are known, and shown first. */
  frameFirst(): void {
    const frame = this.layers.findIndex((layer) => layer.name === 'frame');
    if (frame > 0) this.layers.unshift(...this.layers.splice(frame, 1));
  }

  get #isFull(): boolean {
    // The frame's own few lines have to fit in the end.
    return (
      this.#lines >= LIMITS.maxDetailNodes && this.#open.at(0)?.name !== 'frame' && this.#open.length > 0
    );
  }

  #add(line: Line): void {
    this.#lines++;
    (this.#open.at(-1)?.children ?? this.layers).push(line);
  }

  #bare(title: string, from: number, to: number): Line {
    const { base, shown } = this.#sources[this.#source];
    const clamp = (at: number): number => Math.max(0, Math.min(at - base, shown.bytes.length));
    return {
      name: '',
      title,
      value: '',
      source: this.#source,
      from: clamp(from),
      to: Math.max(clamp(from), clamp(to)),
      derived: false,
      meaning: '',
      definedIn: '',
      severity: 'plain',
      filter: '',
      children: [],
    };
  }

  #line(name: string, value: FieldValue | undefined, from: number, to: number, manner: Manner): Line {
    const info = fieldNamed(name);
    const line = this.#bare(info?.title ?? '', from, to);
    if (info === undefined) return unnamed(line, value);
    line.name = name;
    line.derived = manner === 'derived';
    line.value = value === undefined ? '' : valueText(info, value);
    line.meaning = meaningOf(name, value, this) || (info.about ?? '');
    line.definedIn = info.source ?? '';
    line.filter = filterOf(info, value);
    line.severity = severityOf(name, value, this);
    return line;
  }
}

/** A group without a field of its own: a record of DNS, an extension of TLS, a line of HTTP. */
function unnamed(line: Line, value: FieldValue | undefined): Line {
  if (typeof value === 'string') line.title = sanitiseText(value, MAX_TEXT_SHOWN);
  else if (value === undefined) line.title = 'Multipath TCP';
  else line.title = fieldNamed('tls.handshake.extension.type')?.words?.[Number(value)] ?? 'Extension';
  if (typeof value === 'number') line.title = `Extension: ${line.title}`;
  return line;
}

function filterOf(info: FieldInfo, value: FieldValue | undefined): string {
  if (value !== undefined) return valueFilter(info, value);
  return info.type === 'protocol' ? info.name : '';
}

const SEVERITIES: readonly DetailNode['severity'][] = ['plain', 'note', 'warning', 'error'];

function rank(severity: DetailNode['severity']): number {
  return SEVERITIES.indexOf(severity);
}

const WARNED = new Set([
  'tcp.flags.reset',
  'tcp.analysis.zero_window',
  'tcp.analysis.lost_segment',
  'tcp.analysis.ack_lost_segment',
]);

function severityOf(
  name: string,
  value: FieldValue | undefined,
  meaning: MeaningContext,
): DetailNode['severity'] {
  if (name.endsWith('.checksum.status') && value === 0) {
    return meaning.isOutgoing || meaning.isSumUnfinished ? 'note' : 'error';
  }
  if (name.startsWith('tcp.analysis.')) return WARNED.has(name) ? 'warning' : 'note';
  if (name === 'tcp.flags.reset' && value === true) return 'warning';
  if (name === 'tcp.window_size' && value === 0 && !meaning.isReset) return 'note';
  return 'plain';
}
