/** Bytes of a stream as text that cannot do harm: ASCII and line ends; everything else is a dot. */
const DOT = 0xb7;
const LINE_FEED = 0x0a;
const TAB = 0x09;
/** String.fromCharCode takes its characters as arguments, of which there may not be too many. */
const STEP = 8192;

export function printable(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += STEP) {
    const characters = Array.from(bytes.subarray(from, from + STEP), (byte) => {
      if (byte === 0x0d) return 0x20;
      return (byte >= 0x20 && byte < 0x7f) || byte === LINE_FEED || byte === TAB ? byte : DOT;
    });
    text += String.fromCharCode(...characters);
  }
  return text;
}
