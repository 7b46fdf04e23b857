/** Puts the blocks of a stream together to runs that are written as they lie, and counts what is in them. */
import { readU32 } from '../../../engine/read/bytes.ts';
import {
  BLOCK_ENHANCED_PACKET,
  BLOCK_INTERFACE,
  BLOCK_KERNEL,
  BLOCK_PACKET_OBSOLETE,
  BLOCK_SECTION_HEADER,
  BLOCK_SIMPLE_PACKET,
  BLOCK_STATISTICS,
} from '../../../engine/read/pcapng-plausible.ts';
import { BlockError, BlockWalker } from '../blocks/block-walker.ts';
import { LIVE_CAPTURE_LIMITS } from '../live-limits.ts';
import type { InterfaceStatistics } from '../blocks/pcapng-blocks.ts';
import { InterfaceClocks, isWholePacket, readStatistics } from '../blocks/block-facts.ts';
import type { BlockRun } from './ring-writer.ts';

export interface SplitterEvents {
  run(run: BlockRun): void;
  statistics(told: InterfaceStatistics): void;
  /** A witness block, whole; it is part of a run as well. */
  witness(block: Uint8Array, bigEndian: boolean): void;
}

export class RunSplitter {
  packets = 0;
  /** Bytes of all packets, as long as they were on the wire. */
  wireBytes = 0;
  readonly #events: SplitterEvents;
  readonly #clocks = new InterfaceClocks();
  readonly #walker: BlockWalker;
  #data: Uint8Array | undefined;
  #start = 0;
  #end = 0;
  #runPackets = 0;
  #firstNs = Infinity;
  #lastNs = -Infinity;
  #headBytes = 0;

  constructor(events: SplitterEvents) {
    this.#events = events;
    this.#walker = new BlockWalker((type, data, at, length) => {
      this.#block(type, data, at, length);
    });
  }

  get bigEndian(): boolean {
    return this.#walker.bigEndian;
  }

  get pendingBytes(): number {
    return this.#walker.pendingBytes;
  }

  /** Hands on all whole blocks before it returns; `chunk` is kept. @throws BlockError */
  push(chunk: Uint8Array): void {
    try {
      this.#walker.push(chunk);
    } finally {
      this.#flush('none');
    }
  }

  #block(type: number, data: Uint8Array, at: number, length: number): void {
    // Where blocks do not lie one after the other a new run begins.
    if (data !== this.#data || at !== this.#end) {
      this.#flush('none');
      this.#data = data;
      this.#start = at;
    }
    if (type === BLOCK_ENHANCED_PACKET && isWholePacket(length)) {
      this.#packet(data, at);
    } else if (type === BLOCK_SECTION_HEADER || type === BLOCK_INTERFACE) {
      this.#head(type, data, at, length);
      return;
    } else if (type === BLOCK_SIMPLE_PACKET || type === BLOCK_PACKET_OBSOLETE) {
      this.packets++;
      this.#runPackets++;
    } else if (type === BLOCK_STATISTICS) {
      const told = readStatistics(data, at, length, this.bigEndian);
      if (told !== undefined) this.#events.statistics(told);
    } else if (type === BLOCK_KERNEL) {
      this.#events.witness(data.slice(at, at + length), this.bigEndian);
    }
    this.#end = at + length;
  }

  #packet(data: Uint8Array, at: number): void {
    this.packets++;
    this.#runPackets++;
    this.wireBytes += readU32(data, at + 24, this.bigEndian);
    const ns = this.#clocks.packetNs(data, at, this.bigEndian);
    if (ns < this.#firstNs) this.#firstNs = ns;
    if (ns > this.#lastNs) this.#lastNs = ns;
  }

  #head(type: number, data: Uint8Array, at: number, length: number): void {
    this.#flush('none');
    if (type === BLOCK_SECTION_HEADER) {
      this.#clocks.clear();
      this.#headBytes = 0;
    } else {
      this.#clocks.add(data, at, length, this.bigEndian);
    }
    this.#headBytes += length;
    if (
      this.#headBytes > LIVE_CAPTURE_LIMITS.maxHeadBytes ||
      this.#clocks.count > LIVE_CAPTURE_LIMITS.maxInterfaces
    ) {
      throw new BlockError('the source describes more interfaces than there can be');
    }
    this.#data = data;
    this.#start = at;
    this.#end = at + length;
    this.#flush(type === BLOCK_SECTION_HEADER ? 'section' : 'interface');
    this.#data = undefined;
  }

  #flush(head: BlockRun['head']): void {
    const data = this.#data;
    if (data !== undefined && this.#end > this.#start) {
      this.#events.run({
        bytes: data.subarray(this.#start, this.#end),
        packets: this.#runPackets,
        firstNs: this.#firstNs,
        lastNs: this.#lastNs,
        head,
      });
    }
    this.#data = undefined;
    this.#start = 0;
    this.#end = 0;
    this.#runPackets = 0;
    this.#firstNs = Infinity;
    this.#lastNs = -Infinity;
  }
}
