import { threeDigits } from './digits.ts';

const SI = { step: 1000, units: ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] } as const;
const IEC = { step: 1024, units: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] } as const;

/**
 * A size for people, three significant digits.
 * @param system `si` (the default: 1 MB is 1,000,000 bytes, as disks and networks count) or `iec` (1 MiB is
 *   1,048,576 bytes, as memory counts); the unit always tells which
 */
export function bytesText(bytes: number, system: 'si' | 'iec' = 'si'): string {
  if (!Number.isFinite(bytes)) return 'unknown';
  const { step, units } = system === 'si' ? SI : IEC;
  let value = bytes;
  let unit = 0;
  // Compared as it will be printed, so that 999,999 bytes are 1 MB and not 1000 kB.
  while (unit + 1 < units.length && Math.abs(rounded(value)) >= step) {
    value /= step;
    unit++;
  }
  return `${threeDigits(value)} ${units[unit]}`;
}

function rounded(value: number): number {
  return Number(threeDigits(value));
}
