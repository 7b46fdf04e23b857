/**
 * The block in which capture files keep what the kernel said of resets and who owned sockets: a pcapng block of a type
 * from the range for local use (0x80000000 up). Events of resets come from resetscope-capd, owners from the recorder.
 *
 *   u16 version  u8 kind  u8 family (4, 6)  u32 ns high  u32 ns low (since 1970)  u16 local port  u16 remote port
 *   u32 pid  u8[16] local  u8[16] remote  u8 tcp state  u8 flags  u16 reason length  u16 comm length  u16 detail length
 *   reason, comm, detail (UTF-8), padded to four bytes
 */
import { readU16, readU32 } from '../../../engine/read/bytes.ts';
import { BLOCK_KERNEL } from '../../../engine/read/pcapng-plausible.ts';
import type { BlockWriter } from './pcapng-blocks.ts';

const VERSION = 1;

export const WITNESS_SEND_RESET = 1;
export const WITNESS_RECEIVE_RESET = 2;
/** Watching began; its detail lists the machine's addresses. */
export const WITNESS_STARTED = 3;
/** The kernel threw events away. */
export const WITNESS_LOST = 4;
/** Watching ended, or never began; its detail says why. */
export const WITNESS_UNAVAILABLE = 5;
export const WITNESS_SOCKET_OWNER = 6;

const FIXED_BODY_BYTES = 60;
const AROUND_BYTES = 12;
const MAX_TEXT_BYTES = 4096;

const AT_KIND = 8 + 2;
const AT_TIME = 8 + 4;
const AT_REASON_LENGTH = 8 + 54;
const AT_TEXTS = 8 + FIXED_BODY_BYTES;

/** 0 where the block is too short to have one. */
export function witnessKind(data: Uint8Array, at: number, length: number): number {
  return length >= FIXED_BODY_BYTES + AROUND_BYTES ? data[at + AT_KIND] : 0;
}

/** Nanoseconds since 1970, as a double. */
export function witnessTimeNs(data: Uint8Array, at: number, bigEndian: boolean): number {
  return readU32(data, at + AT_TIME, bigEndian) * 0x1_0000_0000 + readU32(data, at + AT_TIME + 4, bigEndian);
}

export function witnessDetail(data: Uint8Array, at: number, length: number, bigEndian: boolean): string {
  const lengths = at + AT_REASON_LENGTH;
  const reason = readU16(data, lengths, bigEndian);
  const comm = readU16(data, lengths + 2, bigEndian);
  const detail = readU16(data, lengths + 4, bigEndian);
  const start = at + AT_TEXTS + reason + comm;
  const end = Math.min(start + Math.min(detail, MAX_TEXT_BYTES), at + length - 4);
  return Buffer.from(data.buffer, data.byteOffset + start, Math.max(0, end - start)).toString('utf8');
}

export interface SocketEnd {
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly port: number;
}

/** A socket of this machine and the process that holds it. */
export interface OwnedSocket {
  readonly local: SocketEnd;
  readonly remote: SocketEnd;
  readonly pid: number;
  readonly name: string;
  /** Empty where not known. */
  readonly cgroup: string;
}

export function writeSocketOwner(out: BlockWriter, socket: OwnedSocket, timeNs: bigint): void {
  const comm = Buffer.from(socket.name, 'utf8').subarray(0, MAX_TEXT_BYTES);
  const detail = Buffer.from(socket.cgroup, 'utf8').subarray(0, MAX_TEXT_BYTES);
  out.begin(BLOCK_KERNEL).u16(VERSION).u8(WITNESS_SOCKET_OWNER);
  out.u8(socket.local.address.length === 4 ? 4 : 6).stamp(timeNs);
  out.u16(socket.local.port).u16(socket.remote.port).u32(socket.pid);
  out.raw(padded(socket.local.address)).raw(padded(socket.remote.address));
  out.u8(0).u8(0).u16(0).u16(comm.length).u16(detail.length).raw(comm).raw(detail).pad().end();
}

function padded(address: Uint8Array): Uint8Array {
  const whole = new Uint8Array(16);
  whole.set(address);
  return whole;
}
