/** Name Resolution Blocks (draft-ietf-opsawg-pcapng §4.5): addresses with their names. */
import { LIMITS, type LimitCounter } from '../limits.ts';
import { readU16 } from '../read/bytes.ts';
import { OPT_COMMENT } from '../read/pcapng-options.ts';
import { BLOCK_NAMES } from '../read/pcapng-plausible.ts';
import type { BlockBuffer } from './block-buffer.ts';
import { NAME_OPTIONS, readOptions } from './block-options.ts';
import type { CaptureRewriter } from './rewriter.ts';

const RECORD_END = 0;
/** Bytes of the address by the type of the record; records of other types are not copied. */
const ADDRESS_BYTES: ReadonlyMap<number, number> = new Map([
  [1, 4], // nrb_record_ipv4
  [2, 16], // nrb_record_ipv6
  [3, 6], // nrb_record_eui48
  [4, 8], // nrb_record_eui64
]);

const TO_UTF8 = new TextEncoder();
const UTF8 = new TextDecoder();

/**
 * Copies one block; its body is `data[at, end)`.
 * @returns names that were written
 */
export function copyNames(
  out: BlockBuffer,
  data: Uint8Array,
  at: number,
  end: number,
  bigEndian: boolean,
  rewriter: CaptureRewriter | undefined,
  limits: LimitCounter,
): number {
  out.begin(BLOCK_NAMES);
  let count = 0;
  let next = at;
  let optionsAt = end;
  while (next + 4 <= end) {
    const type = readU16(data, next, bigEndian);
    const start = next + 4;
    const stop = start + readU16(data, next + 2, bigEndian);
    if (type === RECORD_END) {
      optionsAt = start;
      break;
    }
    if (stop > end) break;
    const size = ADDRESS_BYTES.get(type);
    if (size !== undefined && start + size < stop) {
      const address = data.subarray(start, start + size);
      for (const name of namesIn(data.subarray(start + size, stop))) {
        if (count >= LIMITS.maxNames) {
          limits.hit('maxNames');
          break;
        }
        // Rewriters know addresses of IP.
        const pair =
          rewriter === undefined
            ? { address, name }
            : size === 4 || size === 16
              ? rewriter.name(address, UTF8.decode(name))
              : null;
        if (pair === null) continue;
        const bytes = typeof pair.name === 'string' ? TO_UTF8.encode(pair.name) : pair.name;
        const record = new Uint8Array(size + bytes.length + 1);
        record.set(pair.address.subarray(0, size));
        record.set(bytes, size);
        out.u16(type).u16(record.length).padded(record);
        count++;
      }
    }
    next = start + ((stop - start + 3) & ~3);
  }
  out.u16(RECORD_END).u16(0);
  if (rewriter === undefined && optionsAt < end) {
    out.options(readOptions(data, optionsAt, end, bigEndian, NAME_OPTIONS, limits));
  } else if (rewriter?.keepsComments === true) {
    const options = readOptions(data, optionsAt, end, bigEndian, NAME_OPTIONS, limits);
    out.options(options.filter(({ code }) => code === OPT_COMMENT));
  }
  out.end();
  return count;
}

/** Each ended by NUL. */
function* namesIn(names: Uint8Array): Generator<Uint8Array> {
  let from = 0;
  while (from < names.length) {
    const end = names.indexOf(0, from);
    const to = end < 0 ? names.length : end;
    if (to > from) yield names.subarray(from, Math.min(to, from + LIMITS.maxTextBytes));
    from = to + 1;
  }
}
