/** What captured a pcapng file: hardware, system and program, as its first section header says (draft-ietf-opsawg-pcapng §4.1). */
import { sanitiseText } from '../../../shared/format/text.ts';
import { LimitCounter } from '../limits.ts';
import { readU32 } from '../read/bytes.ts';
import { OptionWalker } from '../read/pcapng-options.ts';
import { sniffByteOrder } from '../read/pcapng-plausible.ts';

const SECTION_HEADER = 0x0a0d0d0a;
/** From the block's type to its first option. */
const FIXED_BYTES = 24;
/** shb_hardware, shb_os, shb_userappl */
const TOLD: readonly number[] = [4, 3, 2];
const LONGEST = 200;

/** Bytes of the file that are wanted at most. */
export const SECTION_BYTES = 16_384;

/** @param head the file's first bytes @returns empty where it does not say */
export function capturingProgram(head: Uint8Array): string {
  if (head.length < FIXED_BYTES || readU32(head, 0, true) !== SECTION_HEADER) return '';
  const bigEndian = sniffByteOrder(head, 0);
  if (bigEndian === undefined) return '';
  const end = Math.min(head.length, Math.max(FIXED_BYTES, readU32(head, 4, bigEndian) - 4));
  const options = new OptionWalker(new LimitCounter());
  options.reset(head, FIXED_BYTES, end, bigEndian);
  const found = new Map<number, string>();
  while (options.next())
    if (TOLD.includes(options.code)) found.set(options.code, sanitiseText(options.text().trim(), LONGEST));
  return [...TOLD]
    .reverse()
    .flatMap((code) => found.get(code) ?? [])
    .filter((text) => text !== '')
    .join('; ');
}
