/** A capture that does not fit the memory it may take is told as one that does, whatever its format. */
import { describe, expect, it } from 'vitest';
import type { FlowRecord, Milliseconds } from '../../shared/base/units.ts';
import type { Session } from '../../main/engine/session.ts';
import { type SessionMemory } from '../../main/engine/session.ts';
import { SpillLost, SpillSpace } from '../../main/engine/spill-space.ts';
import { generate } from '../bench/generate.ts';
import { type PcapPacket, writeSimplePcapng } from '../support/capture-writer.ts';
import { differenceOf, readCapture } from '../support/held-against.ts';
import { MemoryFile } from '../support/memory-file.ts';

const PIECES = 65_536;
const CHUNK_BYTES = 32 * 4096;

/** Room for some of the chunks, of the blocks of sides and of the hints. */
function little(file: MemoryFile): SessionMemory {
  return {
    spill: new SpillSpace(file),
    budget: 4 * CHUNK_BYTES,
    sidesBudget: 200_000,
    warmHints: 50,
    coldAfter: 0,
  };
}

function mixOf(packets: number): Uint8Array {
  const parts: Uint8Array[] = [];
  generate({ packets, seed: 5, concurrent: 400, snap: 300 }, (bytes) => parts.push(bytes.slice()));
  return new Uint8Array(Buffer.concat(parts));
}

/** The packets of a pcap file in microseconds. */
function packetsOf(pcap: Uint8Array): PcapPacket[] {
  const view = new DataView(pcap.buffer, pcap.byteOffset, pcap.byteLength);
  const packets: PcapPacket[] = [];
  for (let at = 24; at < pcap.length; at += 16 + view.getUint32(at + 8, true)) {
    const ns =
      BigInt(view.getUint32(at, true)) * 1_000_000_000n + BigInt(view.getUint32(at + 4, true)) * 1000n;
    const data = pcap.subarray(at + 16, at + 16 + view.getUint32(at + 8, true));
    packets.push({ timeNs: ns, data, wireLength: view.getUint32(at + 12, true) });
  }
  return packets;
}

function judge(session: Session): Session {
  session.judgeFor(Infinity as Milliseconds, () => 0 as Milliseconds);
  return session;
}

function told(session: Session): unknown {
  const ids = session.resetIds();
  return {
    accounts: Array.from(ids, (id) => session.resetAccount(id)),
    endings: session.failures.report(),
    failures: [...session.failures.eachAccount()],
    hints: Array.from(session.liveFlows(), (flow) => session.hints(flow as FlowRecord)),
    rows: Array.from(session.liveFlows(), (flow) => session.flowRow(flow as FlowRecord)),
  };
}

const MIX = mixOf(100_000);

describe('with little memory', () => {
  for (const [format, bytes] of Object.entries({ pcap: MIX, pcapng: writeSimplePcapng(packetsOf(MIX)) })) {
    it(`tells the same of ${format}`, () => {
      const file = new MemoryFile();
      const whole = judge(readCapture(bytes, { pieces: PIECES }));
      const session = judge(readCapture(bytes, { pieces: PIECES, memory: little(file) }));
      expect(session.packets.traffic.written).toBeGreaterThan(15);
      expect(session.aside.sides).toBeGreaterThan(0);
      expect(session.aside.hints).toBeGreaterThan(200);
      expect(session.packets.count).toBe(100_000);
      expect(told(session)).toEqual(told(whole));
      expect(differenceOf(whole, session)).toBeUndefined();
    });
  }

  it('tells the same where there is no room to put anything aside, and says so once', () => {
    const file = new MemoryFile(0);
    const session = judge(readCapture(MIX, { pieces: PIECES, memory: little(file) }));
    expect(file.writes).toBe(0);
    const warnings = session.files.flatMap((one) => one.warnings);
    expect(warnings.filter((one) => one.message.includes('no room on the disk'))).toHaveLength(1);
    expect(told(session)).toEqual(told(judge(readCapture(MIX, { pieces: PIECES }))));
  });

  it('says of an answer that it cannot be had, and gives it as soon as it can', () => {
    const file = new MemoryFile();
    const session = judge(readCapture(MIX, { pieces: PIECES, memory: little(file) }));
    const expected = told(session);
    file.isLost = true;
    expect(() => told(session)).toThrow(SpillLost);
    file.isLost = false;
    expect(told(session)).toEqual(expected);
  });
});
