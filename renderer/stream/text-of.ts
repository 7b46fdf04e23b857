/** Bytes of a stream as text that cannot do harm, and as lines of a hex dump. */
import { sanitiseText } from '../../shared/format/text.ts';

export const ENCODINGS = ['utf-8', 'latin1'] as const;
export type Encoding = (typeof ENCODINGS)[number];

const CONTROL_PICTURES = 0x2400;
const DELETE_PICTURE = '\u2421';
/** C0 but for tab and line feed, and DEL. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Turns the bytes of one direction into text, piece by piece: a character may begin in one and end in the next. */
export class TextReader {
  readonly #decoder: TextDecoder;

  constructor(encoding: Encoding) {
    // What browsers call latin1 is windows-1252, whose upper half reads better.
    this.#decoder = new TextDecoder(encoding);
  }

  /** Line ends and tabs stay; other controls become their pictures, and what hides or reorders text an escape. */
  read(bytes: Uint8Array): string {
    return visible(this.#decoder.decode(bytes, { stream: true }));
  }

  /** What is left of a character that never ended. */
  end(): string {
    return visible(this.#decoder.decode());
  }
}

function visible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(CONTROLS, (control) =>
      control === '\u007f' ? DELETE_PICTURE : String.fromCharCode(CONTROL_PICTURES + control.charCodeAt(0)),
    )
    .split(/([\n\t])/)
    .map((part, i) => (i % 2 === 1 ? part : sanitiseText(part, Infinity)))
    .join('');
}

export const HEX_COLUMNS = 16;

/** A byte as two digits. */
export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

export function hexOffset(offset: number): string {
  return offset.toString(16).padStart(8, '0');
}

/** What a hex dump shows beside the digits. */
export function asciiByte(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}
