/**
 * What a frame may hold, checked on its bytes before anything is made of them: a few megabytes of msgpack can ask for
 * millions of objects inside each other, or for a list of four billion items that never come.
 */

export interface FrameLimits {
  readonly bytes: number;
  /** Lists and maps inside each other. */
  readonly depth: number;
  /** Values of every kind, keys of maps among them. */
  readonly values: number;
}

export class FrameLimitError extends Error {}

/** Of a value whose kind is one byte: how many bytes follow it that are no values. */
const FIXED_BYTES: Readonly<Record<number, number>> = {
  0xc0: 0, // nil
  0xc2: 0, // false
  0xc3: 0, // true
  0xca: 4, // float 32
  0xcb: 8, // float 64
  0xcc: 1, // uint 8 …
  0xcd: 2,
  0xce: 4,
  0xcf: 8,
  0xd0: 1, // int 8 …
  0xd1: 2,
  0xd2: 4,
  0xd3: 8,
};

/** Of a value that begins with its length: how many bytes that has, and what it counts. */
const COUNTED: Readonly<
  Record<number, { readonly width: 1 | 2 | 4; readonly of: 'bytes' | 'items' | 'pairs' }>
> = {
  0xc4: { width: 1, of: 'bytes' }, // bin 8 …
  0xc5: { width: 2, of: 'bytes' },
  0xc6: { width: 4, of: 'bytes' },
  0xd9: { width: 1, of: 'bytes' }, // str 8 …
  0xda: { width: 2, of: 'bytes' },
  0xdb: { width: 4, of: 'bytes' },
  0xdc: { width: 2, of: 'items' }, // array 16, 32
  0xdd: { width: 4, of: 'items' },
  0xde: { width: 2, of: 'pairs' }, // map 16, 32
  0xdf: { width: 4, of: 'pairs' },
};

/**
 * Walks the frame once, without recursion and without making anything of it.
 * @throws FrameLimitError where it holds more than it may, is cut, or is no msgpack that our peers write (no extensions)
 */
export function checkFrame(bytes: Uint8Array, limits: FrameLimits): void {
  if (bytes.length > limits.bytes) throw new FrameLimitError(`${bytes.length} bytes are too many`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** How many values are still to come in each list or map that is not over; never longer than the depth. */
  const open: number[] = [1];
  let at = 0;
  let values = 0;
  while (open.length > 0) {
    const left = open[open.length - 1];
    if (left === 0) {
      open.pop();
      continue;
    }
    open[open.length - 1] = left - 1;
    if (at >= bytes.length) throw new FrameLimitError('it is cut');
    if (++values > limits.values) throw new FrameLimitError(`more than ${limits.values} values`);
    const head = bytes[at++];
    let items = 0;
    if (head <= 0x7f || head >= 0xe0) continue; // small integers
    if (head <= 0x8f) items = 2 * (head & 0x0f);
    else if (head <= 0x9f) items = head & 0x0f;
    else if (head <= 0xbf) at += head & 0x1f;
    else {
      const fixed = FIXED_BYTES[head];
      const counted = COUNTED[head];
      if (fixed !== undefined) at += fixed;
      else if (counted !== undefined) {
        if (at + counted.width > bytes.length) throw new FrameLimitError('it is cut');
        const count = readCount(view, at, counted.width);
        at += counted.width;
        if (counted.of === 'bytes') at += count;
        else items = counted.of === 'pairs' ? 2 * count : count;
      } else throw new FrameLimitError(`byte ${head} begins nothing`);
    }
    if (at > bytes.length) throw new FrameLimitError('it is cut');
    if (items === 0) continue;
    // Each has at least one byte: a list that is longer than what is there is not begun.
    if (items > bytes.length - at) throw new FrameLimitError('it is cut');
    // The outermost entry is the frame itself.
    if (open.length > limits.depth) throw new FrameLimitError(`deeper than ${limits.depth}`);
    open.push(items);
  }
  if (at !== bytes.length) throw new FrameLimitError('there is more behind it');
}

function readCount(view: DataView, at: number, width: 1 | 2 | 4): number {
  if (width === 1) return view.getUint8(at);
  return width === 2 ? view.getUint16(at) : view.getUint32(at);
}
