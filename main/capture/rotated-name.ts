/** Names under which capture programs write one capture to many files. */
import { basename, dirname, join } from 'node:path';

const COMPRESSED = /\.(?:gz|zst|zstd|lz4)$/i;

/** dumpcap -b: base_00001_20260131235959.pcapng */
const DUMPCAP = /^(.+)_\d{5,}_\d{14}(\.[a-z]+)?$/i;

/** dumpcap -b nametimenum:2: base_20260131235959_00001.pcapng; and what scripts write, base_00001.pcap */
const NUMBERED = /^(.+?)(?:_\d{14})?_\d{5}(\.[a-z]+)$/i;

/** tcpdump -C, with or without -W: base.pcap, base.pcap1, base.pcap07. Without a suffix, host1 and host2 would match. */
const TCPDUMP_COUNT = /^(.+\.(?:pcapng|pcap|cap|dump|dmp|trc))(\d*)$/i;

/** tcpdump -G: a date and a time from strftime somewhere in the name. */
const DATED = /^(.*?)\d{4}-?\d\d-?\d\d[-_T ]?\d\d[-:_.]?\d\d(?:[-:_.]?\d\d)?(.*)$/;

/** tcpdump -G with %s: seconds since 1970 (2001 … 2286). */
const EPOCH = /^(.*?)(?<!\d)[1-9]\d{9}(?!\d)(.*)$/;

/** The path with `*` for what changes from file to file; undefined where it is not named like a rotated file. */
export function rotatedSetOf(path: string): string | undefined {
  const name = basename(path).replace(COMPRESSED, '');
  const around = DUMPCAP.exec(name) ?? NUMBERED.exec(name) ?? DATED.exec(name) ?? EPOCH.exec(name);
  if (around !== null) return join(dirname(path), `${around[1]}*${withoutCount(around[2] ?? '')}`);
  const counted = TCPDUMP_COUNT.exec(name);
  return counted === null ? undefined : join(dirname(path), `${counted[1]}*`);
}

/** Takes off the count of tcpdump -G and -C together: base-20260131235959.pcap3. */
function withoutCount(ending: string): string {
  return TCPDUMP_COUNT.exec(`x${ending}`)?.[1].slice(1) ?? ending;
}

/** Orders names as people count: pcap2 before pcap10. */
export function compareNames(a: string, b: string): number {
  nameOrder ??= new Intl.Collator('en', { numeric: true });
  return nameOrder.compare(a, b);
}

/** Made when there are names to order: for one file it would take longer than reading it. */
let nameOrder: Intl.Collator | undefined;
