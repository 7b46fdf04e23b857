import { describe, expect, it } from 'vitest';
import { BlockWriter } from './pcapng-blocks.ts';
import {
  type OwnedSocket,
  witnessDetail,
  witnessKind,
  witnessTimeNs,
  WITNESS_SOCKET_OWNER,
  writeSocketOwner,
} from './witness-block.ts';

const socket: OwnedSocket = {
  local: { address: Uint8Array.of(10, 0, 0, 1), port: 40_000 },
  remote: { address: Uint8Array.of(10, 0, 0, 2), port: 443 },
  pid: 42,
  name: 'curl',
  cgroup: '/user.slice/user-1000.slice',
};

describe('the block of an owner', () => {
  it.each([false, true])('has its fields where they are looked for (big endian: %s)', (bigEndian) => {
    const out = new BlockWriter(bigEndian);
    const timeNs = 1_700_000_000_123_456_789n;
    writeSocketOwner(out, socket, timeNs);
    const block = out.take();
    expect(block.length % 4).toBe(0);
    expect(witnessKind(block, 0, block.length)).toBe(WITNESS_SOCKET_OWNER);
    expect(witnessTimeNs(block, 0, bigEndian)).toBe(Number(timeNs));
    expect(witnessDetail(block, 0, block.length, bigEndian)).toBe(socket.cgroup);
    const view = new DataView(block.buffer, block.byteOffset, block.length);
    expect(view.getUint16(8, !bigEndian)).toBe(1);
    expect(view.getUint8(11)).toBe(4);
    expect([view.getUint16(20, !bigEndian), view.getUint16(22, !bigEndian)]).toEqual([40_000, 443]);
    expect(view.getUint32(24, !bigEndian)).toBe(42);
    expect([...block.subarray(28, 34)]).toEqual([10, 0, 0, 1, 0, 0]);
    expect(Buffer.from(block.subarray(68, 72)).toString()).toBe('curl');
  });
});
