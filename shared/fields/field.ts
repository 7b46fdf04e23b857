/**
 * What can be asked of a packet, by the name that Wireshark gives it. Filters, the detail tree of a packet, and the columns that
 * `resetscope packets --fields` prints all speak of these, and of no other names.
 */

/**
 * - `protocol`: a layer, which a packet has or has not; as a value it is the layer's bytes
 * - `time`: nanoseconds since 1970 as bigint; `duration`: seconds as number, or nanoseconds as bigint where `isExact`
 */
export type FieldType =
  | 'protocol'
  | 'boolean'
  | 'unsigned'
  | 'signed'
  | 'float'
  | 'ipv4'
  | 'ipv6'
  | 'ether'
  | 'bytes'
  | 'string'
  | 'time'
  | 'duration';

/**
 * A value of a field: numbers as number where 53 bits hold them, else as bigint; addresses as the bytes that they are in the packet
 * (4, 6 or 16); strings as text; a layer as its bytes.
 */
export type FieldValue = number | bigint | boolean | string | Uint8Array;

/** A layer's bytes: from its header to the end of what it carries, which is what one searches; slices are cut out of its header alone. */
export class LayerBytes extends Uint8Array {
  readonly headerLength: number;

  constructor(bytes: Uint8Array, headerLength: number) {
    super(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
    this.headerLength = Math.min(headerLength, bytes.length);
  }

  /** Parts of it are plain bytes. */
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }
}

export interface FieldInfo {
  /** As one writes it in a filter: `tcp.dstport`. */
  readonly name: string;
  /** As the detail tree shows it: `Destination Port`. */
  readonly title: string;
  readonly type: FieldType;
  /** A layer though its name has a dot, so that it has bytes. */
  readonly isLayer?: true;
  /** A duration that is counted in whole nanoseconds, since a double has not enough digits for it. */
  readonly isExact?: true;
  /** How a number is shown; decimal where nothing is said. */
  readonly base?: 'hex';
  /** Names of numbers, which filters may ask for, too. */
  readonly words?: Readonly<Record<number, string>>;
  /** The only values that it takes, where it is a string of our own. */
  readonly choices?: readonly string[];
  /** What it is about, in a few words, for completion and for the tree. */
  readonly about?: string;
  /** Where it is defined: `RFC 9293 §3.1`. */
  readonly source?: string;
}
