/** Names what a file looks like that is no capture we read, so that the message can say what to do instead. */

interface Signature {
  readonly at: number;
  /** Bytes as Latin-1 text. */
  readonly bytes: string;
  readonly name: string;
}

const SIGNATURES: readonly Signature[] = [
  { at: 0, bytes: 'btsnoop\0', name: 'a Bluetooth snoop log, which holds no TCP' },
  {
    at: 0,
    bytes: 'GMBU',
    name: 'a Microsoft Network Monitor capture; convert it with "editcap -F pcapng IN OUT"',
  },
  {
    at: 0,
    bytes: 'RTSS',
    name: 'a Microsoft Network Monitor 1.x capture; convert it with "editcap -F pcapng IN OUT"',
  },
  { at: 0, bytes: 'TRSNIFF data', name: 'a Sniffer capture; convert it with "editcap -F pcapng IN OUT"' },
  { at: 0, bytes: 'XCP\0', name: 'a NetXRay capture; convert it with "editcap -F pcapng IN OUT"' },
  { at: 0, bytes: 'iptrace ', name: 'an AIX iptrace; convert it with "editcap -F pcapng IN OUT"' },
  { at: 0, bytes: '\x7fver', name: 'an OmniPeek capture; convert it with "editcap -F pcapng IN OUT"' },
  { at: 0, bytes: '\x1f\x8b', name: 'gzip data inside the compressed file' },
  { at: 0, bytes: '\x28\xb5\x2f\xfd', name: 'zstd data inside the compressed file' },
  { at: 0, bytes: '\x04\x22\x4d\x18', name: 'LZ4 data inside the compressed file' },
  { at: 0, bytes: '\xfd7zXZ\0', name: 'an xz archive; unpack it with "xz -d"' },
  { at: 0, bytes: 'BZh', name: 'a bzip2 archive; unpack it with "bunzip2"' },
  { at: 0, bytes: 'PK\x03\x04', name: 'a ZIP archive inside the compressed file; unpack it with "unzip"' },
  { at: 0, bytes: '7z\xbc\xaf\x27\x1c', name: 'a 7-Zip archive; unpack it first' },
  { at: 257, bytes: 'ustar', name: 'a tar archive; unpack it first' },
  { at: 0, bytes: '%PDF', name: 'a PDF document' },
  { at: 0, bytes: '\x7fELF', name: 'a program' },
  { at: 0, bytes: 'MZ', name: 'a Windows program' },
  { at: 0, bytes: '\x89PNG', name: 'a picture' },
];

/** Bytes of a file's begin that suffice for `nameForeignFormat`. */
export const FOREIGN_SNIFF_BYTES = 512;

/** @param head the first bytes of the file; @returns a phrase, or undefined where nothing is recognised. */
export function nameForeignFormat(head: Uint8Array): string | undefined {
  for (const { at, bytes, name } of SIGNATURES) if (matches(head, at, bytes)) return name;
  if (looksLikeEtl(head)) return 'a Windows event trace (ETL); convert it with "etl2pcapng"';
  const text = nameText(head);
  if (text !== undefined) return text;
  if (looksLikeErf(head))
    return 'an Endace ERF capture whose first records are damaged; try "editcap -F pcapng"';
  return undefined;
}

function matches(head: Uint8Array, at: number, bytes: string): boolean {
  if (head.length < at + bytes.length) return false;
  for (let i = 0; i < bytes.length; i++) if (head[at + i] !== bytes.charCodeAt(i)) return false;
  return true;
}

/** WMI_BUFFER_HEADER: a buffer size that is a multiple of 1 KiB, and the SYSTEM_HEADER of a trace at 72. */
function looksLikeEtl(head: Uint8Array): boolean {
  if (head.length < 80) return false;
  const bufferSize = head[0] | (head[1] << 8) | (head[2] << 16);
  return head[3] === 0 && bufferSize >= 1024 && bufferSize % 1024 === 0 && head[74] <= 2 && head[75] === 0xc0;
}

/** ERF has no magic: its first record must have a known type, sane lengths and a time after 1990. */
function looksLikeErf(head: Uint8Array): boolean {
  if (head.length < 16) return false;
  const seconds = (head[4] | (head[5] << 8) | (head[6] << 16) | (head[7] << 24)) >>> 0;
  const type = head[8] & 0x7f;
  const recordLength = (head[10] << 8) | head[11];
  const wireLength = (head[14] << 8) | head[15];
  return (
    seconds > 631_152_000 &&
    seconds < 4_000_000_000 &&
    type >= 1 &&
    type <= 48 &&
    recordLength >= 16 &&
    wireLength > 0 &&
    recordLength <= wireLength + 64
  );
}

function nameText(head: Uint8Array): string | undefined {
  if (head.length === 0) return undefined;
  const start = head.length >= 3 && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  for (let i = start; i < head.length; i++) {
    const byte = head[i];
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return undefined;
  }
  // As a stream, so that a letter cut in two by the end of the head is not held against it.
  const decoded = new TextDecoder().decode(head.subarray(start), { stream: true });
  if (decoded.includes('\ufffd')) return undefined;
  const words = decoded.trimStart();
  if (/^(<!doctype html|<html)/i.test(words)) return 'a web page, perhaps an error page that was downloaded';
  if (words.startsWith('version https://git-lfs')) return 'a Git LFS pointer, not the file itself';
  const printed = namePrinted(decoded);
  if (printed !== undefined) return printed;
  if (words.startsWith('<?xml') || words.startsWith('<')) return 'XML text';
  if (words.startsWith('{') || words.startsWith('[')) return 'JSON text';
  return 'text';
}

const PRINTED_BY_TSHARK =
  'not a capture file; open the file that "tshark -r" read, or write one with "tshark -w FILE"';
const PRINTED_BY_TCPDUMP =
  'not a capture file; open the file that "tcpdump -r" read, or write one with "tcpdump -w FILE"';

/**
 * What programs print of packets. Each form is known by what its program alone writes, wherever in the head that stands: messages of
 * the program or a line that is cut off may come first.
 */
const PRINTED: readonly { readonly form: RegExp; readonly name: string }[] = [
  // -T pdml and psml, whose root elements are these.
  { form: /<(pdml|psml)[\s>]/, name: `packets that tshark printed as XML, ${PRINTED_BY_TSHARK}` },
  // -T json and jsonraw name an index as Elasticsearch wants it, -T ek has a line with one before each packet.
  { form: /"_index":\s*"packets-/, name: `packets that tshark printed as JSON, ${PRINTED_BY_TSHARK}` },
  { form: /"layers":\s*\{\s*"frame/, name: `packets that tshark printed as JSON, ${PRINTED_BY_TSHARK}` },
  {
    form: /^Frame \d+(?::| \()\s*\d+ bytes on wire/mu,
    name: `the printed output of tshark, ${PRINTED_BY_TSHARK}`,
  },
  // Number, time (which -t may write with a date), addresses with an arrow between them.
  {
    form: /^\s*\d+\s+(?:\d{4}-\d\d-\d\d\s+)?[\d:.]+\s+\S+\s+(?:→|->)\s+\S/mu,
    name: `the printed output of tshark, ${PRINTED_BY_TSHARK}`,
  },
  // An address or name with a port or without one on both sides, or link-layer addresses of -e; before it a time of any form, or none.
  {
    form: /^\s*(?:\S+ )*?(?:\S+ +(?:In|Out|[BMP]) +)?(?:IP6?|ARP) (?:\S+ > \S+:|\(|Request |Reply |truncated)/mu,
    name: `the printed output of tcpdump, ${PRINTED_BY_TCPDUMP}`,
  },
  {
    form: /(?:[\da-f]{2}:){5}[\da-f]{2} > [^\n]*?, ethertype /u,
    name: `the printed output of tcpdump, ${PRINTED_BY_TCPDUMP}`,
  },
  {
    form: /^\s*0x0000:\s+[\da-f]{4}/mu,
    name: `a hex dump by tcpdump, ${PRINTED_BY_TCPDUMP}`,
  },
  // xxd and hexdump -C have eight digits of offset; what they show are the bytes of any file.
  {
    form: /^0{8}:? +(?:[\da-f]{2}){1,2} /mu,
    name: 'a hex dump of a file; open that file itself, or what "xxd -r" makes of the dump',
  },
  {
    form: /^0{4,7}:?[ \t]+(?:[\da-f]{2}){1,2}\s/imu,
    name: 'a hex dump of packets; convert it with "text2pcap", or write a capture file with "tshark -w FILE"',
  },
];

function namePrinted(text: string): string | undefined {
  return PRINTED.find(({ form }) => form.test(text))?.name;
}
