/** Bytes as text: for the hex view, and as people take them elsewhere. */

const BYTES_PER_ROW = 16;

/** Characters that the hex of a row takes: two digits and a space each, and one more behind every eighth. */
export function hexChars(bytes: number): number {
  return bytes * 3 + bytes / 8;
}

/** Characters between the columns of a row, as the style sheet has it. */
const GAP_CHARS = 1.6;

/** Characters of a whole row: offset, hex, text. */
export function rowChars(bytes: number, digits: number): number {
  return digits + hexChars(bytes) + bytes + 2 * GAP_CHARS;
}

export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** Printable ASCII as it is, anything else as a dot. */
export function asciiByte(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}

export const COPY_FORMS = ['hex', 'text', 'c', 'base64'] as const;
export type CopyForm = (typeof COPY_FORMS)[number];

export const COPY_TITLES: Readonly<Record<CopyForm, string>> = {
  hex: 'Hex',
  text: 'Text',
  c: 'C array',
  base64: 'Base64',
};

export function bytesAs(form: CopyForm, bytes: Uint8Array): string {
  switch (form) {
    case 'hex':
      return Array.from(bytes, hexByte).join(' ');
    case 'text':
      // Line ends are what text is made of; any other control character has no place in a clipboard.
      return Array.from(bytes, (byte) =>
        byte === 0x0a || byte === 0x0d || byte === 0x09 ? String.fromCharCode(byte) : asciiByte(byte),
      ).join('');
    case 'c': {
      const rows: string[] = [];
      for (let at = 0; at < bytes.length; at += BYTES_PER_ROW) {
        rows.push(
          Array.from(bytes.subarray(at, at + BYTES_PER_ROW), (byte) => `0x${hexByte(byte)}`).join(', '),
        );
      }
      return `const unsigned char bytes[${bytes.length}] = {\n  ${rows.join(',\n  ')}\n};`;
    }
    case 'base64': {
      let binary = '';
      for (const byte of bytes) binary += String.fromCharCode(byte);
      return btoa(binary);
    }
  }
}
