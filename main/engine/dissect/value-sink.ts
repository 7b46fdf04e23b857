/** Takes the values of a few fields, and leaves all else. */
import { type FieldValue, LayerBytes } from '../../../shared/fields/field.ts';
import { LIMITS } from '../limits.ts';
import { FieldSink, type Manner } from './field-sink.ts';

/** Fields that somebody wants the values of; made once for many packets. */
export class WantedFields {
  readonly names: readonly string[];
  readonly #slots: ReadonlyMap<string, number>;
  readonly #protocols: ReadonlySet<string>;

  constructor(names: readonly string[]) {
    this.names = names;
    this.#slots = new Map(names.map((name, i) => [name, i]));
    // Each dissector's fields begin with its protocol's name.
    this.#protocols = new Set(names.map((name) => name.split('.', 1)[0]));
  }

  /** Where its values are found; −1 where nobody wants them. */
  slot(name: string): number {
    return this.#slots.get(name) ?? -1;
  }

  wantsProtocol(protocol: string): boolean {
    return this.#protocols.has(protocol);
  }
}

export class ValueSink extends FieldSink {
  readonly #wanted: WantedFields;
  /** By slot, in the order of their places in the packet; good until the next packet. */
  readonly values: FieldValue[][];

  constructor(wanted: WantedFields) {
    super();
    this.#wanted = wanted;
    this.values = wanted.names.map(() => []);
  }

  clear(): void {
    for (const values of this.values) values.length = 0;
  }

  wants(protocol: string): boolean {
    return this.#wanted.wantsProtocol(protocol);
  }

  open(name: string, from: number, to: number, value?: FieldValue): void {
    const slot = this.#wanted.slot(name);
    // As bytes a layer is all that begins with it, which is what one looks for in `tcp contains`.
    if (slot < 0) return;
    if (value !== undefined) return this.#add(slot, value);
    const end = name.includes('.') ? to : Math.max(to, this.end);
    // In Wireshark TCP's line is as long as the segment, as its payload stands below it.
    this.#add(slot, this.#layer(from, name === 'tcp' ? end : to, end));
  }

  close(): void {
    // Values have no place in a tree.
  }

  put(name: string, value: FieldValue, _from: number, _to: number, _manner?: Manner): void {
    const slot = this.#wanted.slot(name);
    if (slot >= 0) this.#add(slot, value);
  }

  override bytes(name: string, from: number, to: number): void {
    const slot = this.#wanted.slot(name);
    if (slot >= 0 && this.has(from, to)) this.#add(slot, this.data.subarray(from, to));
  }

  note(): void {
    // For people.
  }

  text(): void {
    // For people.
  }

  #layer(from: number, to: number, end: number): Uint8Array {
    const bytes = this.data.subarray(Math.max(from, this.start), Math.min(end, this.end));
    return new LayerBytes(bytes, Math.max(0, to - from));
  }

  #add(slot: number, value: FieldValue): void {
    const values = this.values[slot];
    if (values.length < LIMITS.maxFieldOccurrences) values.push(value);
  }
}
