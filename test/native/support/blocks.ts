/** Strict reading of what the capture helper writes: whatever it has not promised is an error here. */

export interface PacketBlock {
  readonly kind: 'packet';
  readonly timeNs: bigint;
  readonly originalBytes: number;
  readonly data: Buffer;
  /** epb_flags; 0 where there are none. */
  readonly flags: number;
}

export interface StatisticsBlock {
  readonly kind: 'statistics';
  readonly timeNs: bigint;
  readonly received: number;
  readonly droppedByInterface: number | undefined;
  readonly droppedByKernel: number;
  readonly delivered: number;
}

export interface WitnessBlock {
  readonly kind: 'witness';
  readonly event: number;
  readonly family: number;
  readonly timeNs: bigint;
  readonly localPort: number;
  readonly remotePort: number;
  readonly pid: number;
  readonly local: string;
  readonly remote: string;
  readonly state: number;
  readonly flags: number;
  readonly reason: string;
  readonly comm: string;
  readonly detail: string;
}

export interface SectionBlock {
  readonly kind: 'section';
  readonly options: ReadonlyMap<number, Buffer>;
}

export interface InterfaceBlock {
  readonly kind: 'interface';
  readonly linkType: number;
  readonly snapLength: number;
  readonly options: ReadonlyMap<number, Buffer>;
}

export type Block = SectionBlock | InterfaceBlock | PacketBlock | StatisticsBlock | WitnessBlock;

export const WITNESS_SEND_RESET = 1;
export const WITNESS_RECEIVE_RESET = 2;
export const WITNESS_STARTED = 3;
export const WITNESS_UNAVAILABLE = 5;

export function readBlocks(bytes: Buffer): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < bytes.length;) {
    const total = bytes.readUInt32LE(at + 4);
    if (total % 4 !== 0 || total < 12 || at + total > bytes.length)
      throw new Error(`a block of ${total} bytes at ${at} of ${bytes.length}`);
    if (bytes.readUInt32LE(at + total - 4) !== total) throw new Error(`two lengths at ${at}`);
    blocks.push(readBlock(bytes.readUInt32LE(at), bytes.subarray(at + 8, at + total - 4)));
    at += total;
  }
  return blocks;
}

export function ofKind<K extends Block['kind']>(
  blocks: readonly Block[],
  kind: K,
): Extract<Block, { kind: K }>[] {
  return blocks.filter((block): block is Extract<Block, { kind: K }> => block.kind === kind);
}

function readBlock(type: number, body: Buffer): Block {
  switch (type) {
    case 0x0a0d0d0a:
      return { kind: 'section', options: readOptions(body.subarray(16)) };
    case 1:
      return {
        kind: 'interface',
        linkType: body.readUInt16LE(0),
        snapLength: body.readUInt32LE(4),
        options: readOptions(body.subarray(8)),
      };
    case 5:
      return readStatistics(body);
    case 6:
      return readPacket(body);
    case 0x80525301:
      return readWitness(body);
    default:
      throw new Error(`an unknown block ${type.toString(16)}`);
  }
}

function readOptions(bytes: Buffer): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length;) {
    const code = bytes.readUInt16LE(at);
    const length = bytes.readUInt16LE(at + 2);
    if (code === 0) {
      if (length !== 0 || at + 4 !== bytes.length) throw new Error('the end of options is not the end');
      return options;
    }
    options.set(code, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length + (-length & 3);
  }
  throw new Error('options without end');
}

function readTime(body: Buffer, at: number): bigint {
  return (BigInt(body.readUInt32LE(at)) << 32n) | BigInt(body.readUInt32LE(at + 4));
}

function readPacket(body: Buffer): PacketBlock {
  const captured = body.readUInt32LE(12);
  const end = 20 + captured + (-captured & 3);
  const flags = end < body.length ? readOptions(body.subarray(end)).get(2) : undefined;
  return {
    kind: 'packet',
    timeNs: readTime(body, 4),
    originalBytes: body.readUInt32LE(16),
    data: body.subarray(20, 20 + captured),
    flags: flags?.readUInt32LE(0) ?? 0,
  };
}

function readStatistics(body: Buffer): StatisticsBlock {
  const options = readOptions(body.subarray(12));
  const counter = (code: number): number => Number(options.get(code)!.readBigUInt64LE(0));
  return {
    kind: 'statistics',
    timeNs: readTime(body, 4),
    received: counter(4),
    droppedByInterface: options.has(5) ? counter(5) : undefined,
    droppedByKernel: counter(7),
    delivered: counter(8),
  };
}

function readWitness(body: Buffer): WitnessBlock {
  if (body.readUInt16LE(0) !== 1) throw new Error('an unknown version of the witness block');
  const family = body[3];
  const lengths = [54, 56, 58].map((at) => body.readUInt16LE(at));
  const end = 60 + lengths.reduce((sum, length) => sum + length, 0);
  if (body.length !== end + (-end & 3)) throw new Error('a witness block of another length than its texts');
  let at = 60;
  const [reason, comm, detail] = lengths.map((length) => body.toString('utf8', at, (at += length)));
  return {
    kind: 'witness',
    event: body[2],
    family,
    timeNs: readTime(body, 4),
    localPort: body.readUInt16LE(12),
    remotePort: body.readUInt16LE(14),
    pid: body.readUInt32LE(16),
    local: readAddress(family, body.subarray(20, 36)),
    remote: readAddress(family, body.subarray(36, 52)),
    state: body[52],
    flags: body[53],
    reason,
    comm,
    detail,
  };
}

/** IPv6 in full, for comparing. */
function readAddress(family: number, bytes: Buffer): string {
  if (family === 4) return [...bytes.subarray(0, 4)].join('.');
  if (family === 0) return '';
  return Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16)).join(':');
}
