/** Writes ZIP archives (APPNOTE.TXT §4.3), for tests. */
import { crc32, deflateRawSync } from 'node:zlib';
import { ByteWriter } from './byte-writer.ts';

export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly isStored?: boolean;
  /** Whether checksum and sizes stand behind the data; without the signature where it is 'bare'. */
  readonly descriptor?: 'signed' | 'bare';
  readonly isEncrypted?: boolean;
}

export function writeZip(...entries: readonly ZipEntry[]): Buffer {
  const out = new ByteWriter(false);
  for (const { name, data, isStored = false, descriptor, isEncrypted = false } of entries) {
    const packed = isStored ? data : deflateRawSync(data);
    const sizes = [crc32(data), packed.length, data.length];
    const flags = (descriptor === undefined ? 0 : 8) | (isEncrypted ? 1 : 0);
    out.u32(0x04034b50).u16(20).u16(flags);
    out.u16(isStored ? 0 : 8).u32(0);
    for (const size of sizes) out.u32(descriptor === undefined ? size : 0);
    out.u16(name.length).u16(4).raw(Buffer.from(name)).u32(0).raw(packed);
    if (descriptor === 'signed') out.u32(0x08074b50);
    if (descriptor !== undefined) for (const size of sizes) out.u32(size);
  }
  // Of the directory, readers of streams look at the signature only.
  out.u32(0x02014b50).raw(new Uint8Array(42)).u32(0x06054b50).raw(new Uint8Array(18));
  return Buffer.from(out.finish());
}
