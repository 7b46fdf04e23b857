/**
 * Writes pcap and pcapng files in memory, for tests and benches. Written from the format documents
 * (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng), not from the reader, so that the two can disagree.
 */
import { ByteWriter } from './byte-writer.ts';

export const LINKTYPE_ETHERNET = 1;

export interface PcapPacket {
  /** Nanoseconds since 1970-01-01 UTC; steps below the file's resolution are cut off. */
  readonly timeNs: bigint;
  readonly data: Uint8Array;
  /** Bytes on the wire, `data.length` unless said. */
  readonly wireLength?: number;
}

export interface PcapOptions {
  readonly packets: readonly PcapPacket[];
  /** Time stamps in nanoseconds (magic 0xa1b23c4d) rather than microseconds. */
  readonly nanos?: boolean;
  readonly bigEndian?: boolean;
  /** Kuznetzov's format (magic 0xa1b2cd34): 24-byte record headers, microseconds. */
  readonly modified?: boolean;
  /** LINKTYPE_ value, Ethernet unless said. */
  readonly linkType?: number;
  /** 262144 unless said, as tcpdump writes. */
  readonly snapLength?: number;
  /** Frame check sequence length in 16-bit words, kept in the upper bits of the link type field. */
  readonly fcsWords?: number;
  readonly version?: readonly [major: number, minor: number];
}

export function writePcap(options: PcapOptions): Uint8Array<ArrayBuffer> {
  const { nanos = false, modified = false, linkType = LINKTYPE_ETHERNET, fcsWords } = options;
  const [major, minor] = options.version ?? [2, 4];
  const out = new ByteWriter(options.bigEndian ?? false);
  out.u32(modified ? 0xa1b2cd34 : nanos ? 0xa1b23c4d : 0xa1b2c3d4);
  out.u16(major).u16(minor);
  out.u32(0).u32(0); // thiszone, sigfigs
  out.u32(options.snapLength ?? 262_144);
  out.u32(((fcsWords === undefined ? 0 : (fcsWords << 28) | (1 << 26)) | linkType) >>> 0);
  for (const packet of options.packets) {
    const fraction = packet.timeNs % 1_000_000_000n;
    out.u32(Number(packet.timeNs / 1_000_000_000n));
    out.u32(Number(nanos ? fraction : fraction / 1000n));
    out.u32(packet.data.length).u32(packet.wireLength ?? packet.data.length);
    if (modified) out.u32(1).u16(0x0008).u8(0).u8(0); // ifindex, protocol, pkt_type, padding
    out.raw(packet.data);
  }
  return out.finish();
}

export interface PcapngInterface {
  readonly linkType?: number;
  /** 0 means unlimited, which is what is written unless said. */
  readonly snapLength?: number;
  readonly name?: string;
  readonly description?: string;
  /** The raw if_tsresol byte: n for 10^-n s, 0x80 | n for 2^-n s. Without it no option: microseconds. */
  readonly tsresol?: number;
  /** if_tsoffset in seconds, added by readers to every time stamp. */
  readonly tsoffset?: bigint;
  readonly fcsLength?: number;
}

export interface PcapngOption {
  readonly code: number;
  readonly value: Uint8Array;
}

export interface PcapngPacketBlock {
  /** 'packet' is an Enhanced Packet Block, 'obsolete' the Packet Block of type 2. */
  readonly kind: 'packet' | 'obsolete';
  readonly interfaceId?: number;
  readonly timeNs: bigint;
  readonly data: Uint8Array;
  readonly wireLength?: number;
  /** Two bits of epb_flags: 1 inbound, 2 outbound. */
  readonly direction?: number;
  readonly comments?: readonly string[];
  readonly dropCount?: bigint;
}

/** One block after the section header. `interfaceId` counts from 0 within the section. */
export type PcapngBlock =
  | ({ readonly kind: 'interface' } & PcapngInterface)
  | PcapngPacketBlock
  | { readonly kind: 'simple'; readonly data: Uint8Array; readonly wireLength?: number }
  | {
      readonly kind: 'statistics';
      readonly interfaceId?: number;
      readonly timeNs?: bigint;
      readonly received?: bigint;
      readonly droppedByInterface?: bigint;
      readonly droppedByKernel?: bigint;
    }
  | {
      readonly kind: 'names';
      /** Raw addresses, 4 or 16 bytes each. */
      readonly records: readonly { readonly address: Uint8Array; readonly names: readonly string[] }[];
    }
  | { readonly kind: 'custom'; readonly enterprise: number; readonly data: Uint8Array }
  | { readonly kind: 'secrets'; readonly secretsType: number; readonly data: Uint8Array }
  /** Whatever `write` puts into the body, in the section's byte order. */
  | { readonly kind: 'local'; readonly blockType: number; readonly write: (body: ByteWriter) => void }
  | { readonly kind: 'raw'; readonly blockType: number; readonly body: Uint8Array };

export interface PcapngSection {
  readonly bigEndian?: boolean;
  /** Whether the section header tells the section's length; otherwise it says −1, as tshark does. */
  readonly statesLength?: boolean;
  readonly version?: readonly [major: number, minor: number];
  readonly comment?: string;
  /** Written before the blocks; more may follow as 'interface' blocks. */
  readonly interfaces?: readonly PcapngInterface[];
  readonly blocks: readonly PcapngBlock[];
}

/** Writes the sections one after the other, each in its own byte order. */
export function writePcapng(options: {
  readonly sections: readonly PcapngSection[];
}): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(false);
  for (const section of options.sections) out.raw(writeSection(section));
  return out.finish();
}

/** The plain case: one section, one interface, packets in nanoseconds. */
export function writeSimplePcapng(
  packets: readonly PcapPacket[],
  options: PcapngInterface & { readonly bigEndian?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const { bigEndian, ...iface } = options;
  const blocks = packets.map((packet) => ({ kind: 'packet' as const, ...packet }));
  return writePcapng({ sections: [{ bigEndian, interfaces: [{ tsresol: 9, ...iface }], blocks }] });
}

function writeSection(section: PcapngSection): Uint8Array {
  const bigEndian = section.bigEndian ?? false;
  const interfaces: PcapngInterface[] = [...(section.interfaces ?? [])];
  const body = new ByteWriter(bigEndian);
  for (const iface of interfaces) body.raw(interfaceBlock(iface, bigEndian));
  for (const item of section.blocks) {
    if (item.kind === 'interface') {
      interfaces.push(item);
      body.raw(interfaceBlock(item, bigEndian));
    } else {
      body.raw(writeBlock(item, interfaces, bigEndian));
    }
  }
  const [major, minor] = section.version ?? [1, 0];
  const header = new ByteWriter(bigEndian).u32(0x1a2b3c4d).u16(major).u16(minor);
  header.u64(section.statesLength ? BigInt(body.length) : 0xffff_ffff_ffff_ffffn);
  writeOptions(header, section.comment === undefined ? [] : [text(1, section.comment)]);
  const out = new ByteWriter(bigEndian).raw(block(0x0a0d0d0a, header));
  return out.raw(body.finish()).finish();
}

function interfaceBlock(iface: PcapngInterface, bigEndian: boolean): Uint8Array {
  const body = new ByteWriter(bigEndian).u16(iface.linkType ?? LINKTYPE_ETHERNET).u16(0);
  body.u32(iface.snapLength ?? 0);
  const options: PcapngOption[] = [];
  if (iface.name !== undefined) options.push(text(2, iface.name));
  if (iface.description !== undefined) options.push(text(3, iface.description));
  if (iface.tsresol !== undefined) options.push({ code: 9, value: Uint8Array.of(iface.tsresol) });
  if (iface.fcsLength !== undefined) options.push({ code: 13, value: Uint8Array.of(iface.fcsLength) });
  if (iface.tsoffset !== undefined) {
    options.push({ code: 14, value: new ByteWriter(bigEndian).u64(iface.tsoffset).finish() });
  }
  writeOptions(body, options);
  return block(1, body);
}

function writeBlock(
  item: Exclude<PcapngBlock, { kind: 'interface' }>,
  interfaces: readonly PcapngInterface[],
  bigEndian: boolean,
): Uint8Array {
  const body = new ByteWriter(bigEndian);
  switch (item.kind) {
    case 'packet':
    case 'obsolete': {
      const id = item.interfaceId ?? 0;
      const units = toUnits(item.timeNs, interfaces[id] ?? {});
      if (item.kind === 'packet') body.u32(id);
      else body.u16(id).u16(item.dropCount === undefined ? 0xffff : Number(item.dropCount));
      body.u32(Number(units >> 32n)).u32(Number(units & 0xffff_ffffn));
      body.u32(item.data.length).u32(item.wireLength ?? item.data.length);
      body.raw(item.data).pad4();
      const options = (item.comments ?? []).map((comment) => text(1, comment));
      if (item.direction !== undefined) {
        options.push({ code: 2, value: new ByteWriter(bigEndian).u32(item.direction).finish() });
      }
      if (item.dropCount !== undefined && item.kind === 'packet') {
        options.push({ code: 4, value: new ByteWriter(bigEndian).u64(item.dropCount).finish() });
      }
      writeOptions(body, options);
      return block(item.kind === 'packet' ? 6 : 2, body);
    }
    case 'simple':
      body
        .u32(item.wireLength ?? item.data.length)
        .raw(item.data)
        .pad4();
      return block(3, body);
    case 'statistics': {
      const id = item.interfaceId ?? 0;
      const units = toUnits(item.timeNs ?? 0n, interfaces[id] ?? {});
      body.u32(id).u32(Number(units >> 32n));
      body.u32(Number(units & 0xffff_ffffn));
      const options: PcapngOption[] = [];
      const counters = [
        [4, item.received],
        [5, item.droppedByInterface],
        [7, item.droppedByKernel],
      ] as const;
      for (const [code, value] of counters) {
        if (value !== undefined) options.push({ code, value: new ByteWriter(bigEndian).u64(value).finish() });
      }
      writeOptions(body, options);
      return block(5, body);
    }
    case 'names':
      for (const { address, names } of item.records) {
        const joined = new TextEncoder().encode(names.map((name) => `${name}\0`).join(''));
        body.u16(address.length === 4 ? 1 : 2).u16(address.length + joined.length);
        body.raw(address).raw(joined).pad4();
      }
      body.u32(0); // nrb_record_end
      return block(4, body);
    case 'custom':
      body.u32(item.enterprise).raw(item.data).pad4();
      return block(0x0bad, body);
    case 'secrets':
      body.u32(item.secretsType).u32(item.data.length).raw(item.data).pad4();
      return block(10, body);
    case 'local':
      item.write(body);
      body.pad4();
      return block(item.blockType, body);
    case 'raw':
      body.raw(item.body).pad4();
      return block(item.blockType, body);
  }
}

/** A time stamp in the interface's own units, less its offset. */
function toUnits(timeNs: bigint, iface: PcapngInterface): bigint {
  const tsresol = iface.tsresol ?? 6;
  const perSecond = tsresol & 0x80 ? 1n << BigInt(tsresol & 0x7f) : 10n ** BigInt(tsresol);
  return ((timeNs - (iface.tsoffset ?? 0n) * 1_000_000_000n) * perSecond) / 1_000_000_000n;
}

function text(code: number, value: string): PcapngOption {
  return { code, value: new TextEncoder().encode(value) };
}

/** Options with their end mark; nothing at all where there are none, which the format allows. */
function writeOptions(out: ByteWriter, options: readonly PcapngOption[]): void {
  for (const { code, value } of options) out.u16(code).u16(value.length).raw(value).pad4();
  if (options.length > 0) out.u16(0).u16(0);
}

function block(type: number, body: ByteWriter): Uint8Array {
  const out = new ByteWriter(body.bigEndian);
  const length = body.length + 12;
  return out.u32(type).u32(length).raw(body.finish()).u32(length).finish();
}
