import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { writePcap } from '../../../test/support/capture-writer.ts';
import { Conversation } from '../../../test/support/conversation.ts';
import { record } from '../../../test/support/recording-sink.ts';
import type { ExportPiece, ExportTold } from '../../../shared/model/export.ts';
import type { CaptureRewriter } from '../../engine/copy/rewriter.ts';
import { Analysis } from '../analysis.ts';
import { ExportService } from './export-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'resetscope-export-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const open: Analysis[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** A capture of some connections, of which the second one was reset. */
async function analysisOf(connections = 60, payload = 400): Promise<Analysis> {
  const packets = Array.from({ length: connections }, (_, i) => {
    const talk = new Conversation({
      client: { address: `10.0.${i >> 8}.${i & 255}` },
      server: { address: `192.0.2.${1 + (i % 7)}` },
      startNs: 1_700_000_000_000_000_000n + BigInt(i) * 1_000_000_000n,
    });
    talk.handshake().exchange(payload, payload);
    return i === 1 ? talk.rst({ from: 'server' }) : talk;
  }).flatMap((talk) => talk.packets);
  const path = join(folder, 'some capture.pcap');
  writeFileSync(path, writePcap({ packets, nanos: true }));
  const analysis = new Analysis();
  open.push(analysis);
  await analysis.run([path], {});
  return analysis;
}

const reset = (analysis: Analysis) => ({
  kind: 'reset' as const,
  packet: analysis.session.resets.packet(0),
});

/** Reads a file of an export to its end. */
async function readAll(
  service: ExportService,
  id: number,
  file = 0,
): Promise<{ bytes: Buffer; told: ExportTold }> {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (;;) {
    const piece: ExportPiece = await service.read(id, file, from);
    if (piece.told === null) continue;
    parts.push(piece.bytes);
    from = piece.next;
    if (piece.isLast) return { bytes: Buffer.concat(parts), told: piece.told };
  }
}

describe('an export for a page', () => {
  it('is told and read', async () => {
    const analysis = await analysisOf();
    const service = new ExportService();
    const { id } = service.start(analysis, { subject: reset(analysis), anonymise: false, notes: [] });
    const { bytes, told } = await readAll(service, id);
    expect(told).toMatchObject({ verdicts: 1, changed: 0, of: analysis.session.packets.count });
    expect(told.packets).toBeLessThan(told.of);
    expect(told.files).toEqual([
      {
        name: `some capture-reset-${analysis.session.resetRow(0).frame}.pcapng`,
        packets: told.packets,
        bytes: bytes.length,
      },
    ]);
    expect(record(bytes).packets).toHaveLength(told.packets);
    service.stop(id);
  });

  it('has the notes of the user at their packets', async () => {
    const analysis = await analysisOf();
    const service = new ExportService();
    const { packet } = reset(analysis);
    const notes = [{ packet, text: 'look here' }];
    const { id } = service.start(analysis, {
      subject: { kind: 'filter', filter: 'tcp.flags.reset == 1' },
      anonymise: false,
      notes,
    });
    const { bytes, told } = await readAll(service, id);
    expect(told.files[0].bytes).toBeNull();
    expect(record(bytes).packets.map(({ comments }) => comments)).toEqual([['look here']]);
  });

  it('is a table, too, of the rows that pass', async () => {
    const analysis = await analysisOf();
    const service = new ExportService();
    const subject = { kind: 'table', table: 'flows', format: 'csv', filter: 'ip.dst == 192.0.2.1' } as const;
    const { id } = service.start(analysis, { subject, anonymise: false, notes: [] });
    const piece = await service.read(id, 0, 0);
    expect(piece.told?.files).toEqual([{ name: 'some capture-flows.csv', packets: 0, bytes: null }]);
    expect(piece.isLast).toBe(true);
    const lines = Buffer.from(piece.bytes).toString().trimEnd().split('\r\n');
    // 60 connections over 7 servers, and the line of the names.
    expect(lines).toHaveLength(1 + 9);
    expect(piece.rows).toEqual({ written: 9, leftOut: 51, gone: 0 });
    service.stop(id);
    expect(() => service.start(analysis, { subject, anonymise: true, notes: [] })).toThrow('not anonymised');
    const zeek = { ...subject, table: 'resets', format: 'zeek' } as const;
    expect(() => service.start(analysis, { subject: zeek, anonymise: false, notes: [] })).toThrow('conn.log');
  });

  it('comes in pieces, of which the last one can be asked for again and no other', async () => {
    const analysis = await analysisOf(100, 60_000);
    const service = new ExportService();
    const { id } = service.start(analysis, {
      subject: { kind: 'filter', filter: '' },
      anonymise: false,
      notes: [],
    });
    const whole = (await readAll(service, id)).bytes;
    expect(whole.length).toBeGreaterThan(8 * 1024 * 1024);
    const first = await service.read(id, 0, 0);
    const second = await service.read(id, 0, first.next);
    expect(
      Buffer.compare(Buffer.from((await service.read(id, 0, first.next)).bytes), Buffer.from(second.bytes)),
    ).toBe(0);
    expect(Buffer.compare(whole.subarray(first.next, second.next), Buffer.from(second.bytes))).toBe(0);
    await expect(service.read(id, 0, 17)).rejects.toThrow('from its beginning on');
    await expect(service.read(id, 1, 0)).rejects.toThrow('no file number 1');
    expect((await service.read(id, 0, second.next)).bytes.length).toBeGreaterThan(0);
    service.stop(id);
    await expect(service.read(id, 0, 0)).rejects.toThrow('is over');
  });

  it('is refused as a third one, and where it cannot be anonymised', async () => {
    const analysis = await analysisOf();
    const service = new ExportService();
    const order = { subject: reset(analysis), anonymise: false, notes: [] };
    expect(() => service.start(analysis, { ...order, anonymise: true })).toThrow('cannot anonymise');
    const { id } = service.start(analysis, order);
    service.start(analysis, order);
    expect(() => service.start(analysis, order)).toThrow('two exports');
    service.stop(id);
    expect(service.start(analysis, order).id).toBeGreaterThan(id);
    await service.forget(analysis);
  });

  it('of what is not there is refused when it is read', async () => {
    const analysis = await analysisOf();
    const service = new ExportService();
    const wrong = [
      [{ kind: 'reset', packet: 0 }, 'no reset'],
      [{ kind: 'reset', packet: 10 ** 9 }, 'no reset'],
      [{ kind: 'flow', flow: 5000 }, 'no flow number 5000'],
      [{ kind: 'finding', reset: 77 }, 'reset number 77'],
      [{ kind: 'failures' }, 'no connection failed'],
      [{ kind: 'filter', filter: 'tcp.port ==' }, 'something has to follow'],
    ] as const;
    for (const [subject, message] of wrong) {
      const { id } = service.start(analysis, { subject, anonymise: false, notes: [] });
      await expect(readAll(service, id)).rejects.toThrow(message);
    }
  });

  it('is let go when nobody reads on, and with its capture', async () => {
    const analysis = await analysisOf();
    const service = new ExportService({ idleMs: 1 });
    const order = { subject: reset(analysis), anonymise: false, notes: [] };
    const { id } = service.start(analysis, order);
    // A question starts the wait anew, and it is shorter than the time between two of them.
    await vi.waitFor(async () => {
      await expect(service.read(id, 0, 0)).rejects.toThrow('is over');
    });
    const lasting = new ExportService();
    const other = lasting.start(analysis, order);
    await lasting.forget(analysis);
    await expect(lasting.read(other.id, 0, 0)).rejects.toThrow('is over');
  });

  it('is changed by the rewriter that is asked for, and says so', async () => {
    const analysis = await analysisOf();
    const rewriter: CaptureRewriter = {
      // Data at the end of each packet, where no header is.
      packet: (_, bytes) => bytes.map((byte, i) => (i >= 54 + 20 ? 0 : byte)),
      text: () => null,
      name: () => null,
      kernel: () => null,
      keepsComments: false,
      keepsSecrets: false,
      notice: 'Payload was replaced.',
      counts: () => [{ kind: 'payload', count: 2 }],
    };
    const service = new ExportService({ anonymiser: () => () => rewriter });
    const { id } = service.start(analysis, { subject: reset(analysis), anonymise: true, notes: [] });
    const { bytes, told } = await readAll(service, id);
    expect(told).toMatchObject({ changed: 0, replaced: [{ kind: 'payload', count: 2 }] });
    expect(bytes.toString('latin1')).toContain('Payload was replaced.');
    expect(bytes.toString('latin1')).not.toContain('some capture');
  });
});
