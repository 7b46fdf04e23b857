/**
 * Kernel blocks: what the capturing machine's kernel said about resets, see KernelEvent.
 *
 *   u16 version = 1, u8 kind, u8 family, u32 time high, u32 time low (always nanoseconds since 1970), u16 local port,
 *   u16 remote port, u32 pid, u8[16] local address, u8[16] remote address, u8 TCP state, u8 flags, u16 reason length,
 *   u16 comm length, u16 detail length, then the three texts in UTF-8 without padding between them; in the section's byte
 *   order.
 */
import type { LimitCounter } from '../limits.ts';
import { readU16, readU32, readU64 } from './bytes.ts';
import type { KernelEvent, KernelEventKind } from './kernel-event.ts';
import { readText } from './pcapng-options.ts';
import type { PacketSink } from './sink.ts';

const VERSION = 1;
const FIXED_BYTES = 60;
const KINDS: readonly (KernelEventKind | undefined)[] = [
  undefined,
  'sent',
  'received',
  'started',
  'lost',
  'stopped',
  'owner',
];
/** Bit of the flags field. */
const IN_PROCESS = 1;

// Where each field lies in the block's body
const KIND = 2;
const FAMILY = 3;
const TIME_HIGH = 4;
const TIME_LOW = 8;
const LOCAL_PORT = 12;
const REMOTE_PORT = 14;
const PID = 16;
const LOCAL = 20;
const REMOTE = 36;
const TCP_STATE = 52;
const FLAGS = 53;
const REASON_LENGTH = 54;
const COMM_LENGTH = 56;
const DETAIL_LENGTH = 58;

export class KernelBlockReader {
  readonly #sink: PacketSink;
  readonly #limits: LimitCounter;

  constructor(sink: PacketSink, limits: LimitCounter) {
    this.#sink = sink;
    this.#limits = limits;
  }

  /**
   * The block's body is `data[body, end)`. What a later version or kind means is not known here and passes without a word.
   * @returns false where the fields contradict the block's length or each other
   */
  read(data: Uint8Array, body: number, end: number, bigEndian: boolean): boolean {
    if (body + FIXED_BYTES > end) return false;
    if (readU16(data, body, bigEndian) !== VERSION) return true;
    const kind = KINDS[data[body + KIND]];
    if (kind === undefined) return true;
    const family = data[body + FAMILY];
    if (family !== 0 && family !== 4 && family !== 6) return false;
    const aboutConnection = kind === 'sent' || kind === 'received' || kind === 'owner';
    if (aboutConnection && family === 0) return false;
    const reason = body + FIXED_BYTES;
    const comm = reason + readU16(data, body + REASON_LENGTH, bigEndian);
    const detail = comm + readU16(data, body + COMM_LENGTH, bigEndian);
    const stop = detail + readU16(data, body + DETAIL_LENGTH, bigEndian);
    if (stop > end) return false;
    const limits = this.#limits;
    this.#sink.onKernelEvent({
      kind,
      family,
      timeNs: timeAt(data, body, bigEndian),
      localPort: readU16(data, body + LOCAL_PORT, bigEndian),
      remotePort: readU16(data, body + REMOTE_PORT, bigEndian),
      local: addressAt(data, body + LOCAL, family),
      remote: addressAt(data, body + REMOTE, family),
      pid: readU32(data, body + PID, bigEndian),
      inProcess: (data[body + FLAGS] & IN_PROCESS) !== 0,
      tcpState: data[body + TCP_STATE],
      reason: readText(data, reason, comm, limits),
      comm: readText(data, comm, detail, limits),
      text: readText(data, detail, stop, limits),
    } satisfies KernelEvent);
    return true;
  }
}

/** The upper half comes first in either byte order. */
function timeAt(data: Uint8Array, body: number, bigEndian: boolean): bigint {
  if (bigEndian) return readU64(data, body + TIME_HIGH, true);
  const high = readU32(data, body + TIME_HIGH, false);
  return (BigInt(high) << 32n) | BigInt(readU32(data, body + TIME_LOW, false));
}

/** Addresses are in network order, whatever the order of the section. */
function addressAt(data: Uint8Array, at: number, family: 0 | 4 | 6): readonly number[] {
  const word = (i: number): number => readU32(data, at + 4 * i, true) | 0;
  if (family === 6) return [word(0), word(1), word(2), word(3)];
  return [family === 4 ? word(0) : 0, 0, 0, 0];
}
