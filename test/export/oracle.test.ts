/** Exports against tshark, which knows nothing of us: the packets that were chosen, as they were, and nothing else. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CAPTURE_VARIANTS } from '../support/capture-variants.ts';
import { writePcapng, type PcapngBlock } from '../support/capture-writer.ts';
import { Conversation } from '../support/conversation.ts';
import { Path } from '../support/path.ts';
import { prepareExport } from '../../main/host/export/prepare-export.ts';
import type { ExportNote } from '../../shared/model/export.ts';
import { analysisOf, exportOf, verdictText, written } from './export-all.ts';
import { writePcap } from '../support/capture-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'resetscope-export-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function tshark(path: string, fields: readonly string[], filter = ''): string[] {
  const args = ['-n', '-r', path, ...(filter === '' ? [] : ['-Y', filter]), '-T', 'fields'];
  const text = execFileSync('tshark', [...args, ...fields.flatMap((field) => ['-e', field])], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text.split('\n').slice(0, -1);
}

const PACKET = [
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'frame.interface_name',
  'frame.comment',
  'ip.id',
  'tcp.seq_raw',
  'frame.protocols',
];

async function exported(path: string, filter: string, notes: readonly ExportNote[] = []): Promise<string> {
  const analysis = await analysisOf([path]);
  try {
    const request = { subject: { kind: 'filter' as const, filter }, notes, baseName: `${notes.length}-copy` };
    const ready = await prepareExport(analysis, request, new AbortController().signal);
    const [copy] = await written(ready, folder);
    return copy;
  } finally {
    await analysis.close();
  }
}

describe('tshark reads of an export what it reads of the capture', () => {
  const read = CAPTURE_VARIANTS.filter(({ tsharkLacks }) => tsharkLacks === undefined);

  it.each(read)('of $name', async ({ bytes, format }) => {
    const path = join(folder, 'variant');
    writeFileSync(path, bytes);
    const filter = 'tcp.srcport == 80';
    const copy = await exported(path, filter);
    const steps = format === 'pcap' ? 16 : 20;
    const rows = (file: string, passing: string): string[] =>
      tshark(file, ['frame.time_epoch', 'frame.len', 'frame.cap_len', 'tcp.seq_raw'], passing).map((row) =>
        row.replace(/^(\d+\.\d+)/u, (time) => time.slice(0, steps + 1)),
      );
    const copied = rows(copy, '');
    expect(copied).toEqual(rows(path, filter));
    expect(copied.length).toBeGreaterThan(1);
  });

  it('of pcapng with all that packets and interfaces say, and with notes', async () => {
    const talk = new Conversation()
      .handshake()
      .exchange('GET / HTTP/1.1\r\n\r\n', 300)
      .rst({ from: 'server' });
    const packets = talk.packets.map(({ timeNs, data }, i): PcapngBlock => ({
      kind: 'packet',
      interfaceId: i % 2,
      timeNs: timeNs + BigInt(i),
      data,
      direction: 1 + (i % 2),
      comments: i % 3 === 0 ? [`comment ${i}`] : [],
    }));
    const secrets = new TextEncoder().encode(`CLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)}\n`);
    const path = join(folder, 'full.pcapng');
    writeFileSync(
      path,
      writePcapng({
        sections: [
          {
            bigEndian: true,
            interfaces: [
              { tsresol: 9, name: 'eth0', description: 'uplink', snapLength: 1500 },
              { tsresol: 6, name: 'wlan0' },
            ],
            blocks: [
              { kind: 'names', records: [{ address: Uint8Array.of(10, 0, 0, 1), names: ['front.example'] }] },
              { kind: 'secrets', secretsType: 0x544c534b, data: secrets },
              ...packets,
            ],
          },
        ],
      }),
    );
    const fields = [...PACKET, 'frame.packet_flags_direction'];
    expect(tshark(await exported(path, ''), fields)).toEqual(tshark(path, fields));
    const noted = await exported(path, 'tcp.flags.reset == 1', [
      { packet: packets.length - 1, text: 'here – it ends' },
    ]);
    const comments = tshark(noted, ['frame.comment']);
    expect(comments).toHaveLength(1);
    expect(comments[0]).toContain('here – it ends');
    const about = execFileSync('capinfos', [noted], { encoding: 'utf8' });
    expect(about).toContain('full.pcapng');
    expect(about).toContain(`${packets.length - 1} packets left out`);
    expect(about).toContain('decryption secrets in file: 1');
    expect(execFileSync('tshark', ['-r', noted, '-q', '-z', 'hosts'], { encoding: 'utf8' })).toContain(
      'front.example',
    );
  });
});

describe('captures of several places', () => {
  it('become a file each, and stay joined', async () => {
    const path = new Path({ routers: 5, delay: 0.02 }, [{ at: 0 }, { at: 5 }]);
    for (let i = 0; i < 30; i++) {
      const talk = path.connection().handshake().clientSends(100).serverSends(400).clientSends(20);
      talk.wait(0.5).serverSends(40);
      if (i === 7) talk.send('server', 'RA');
      else talk.send('client', 'FA').send('server', 'FA');
    }
    const files = path.captures.map((packets, i) => {
      const file = join(folder, ['client.pcap', 'server.pcap'][i]);
      writeFileSync(file, writePcap({ packets, nanos: true }));
      return file;
    });
    const analysis = await analysisOf(files);
    const { session } = analysis;
    expect(session.join.isJoined).toBe(true);
    const [id] = session.resetIds();
    const ready = await exportOf(analysis, { kind: 'reset', packet: session.resets.packet(id) });
    expect(ready.told).toMatchObject({ verdicts: 1, changed: 0 });
    expect(ready.told.files.map(({ name }) => name)).toEqual(['out-1.pcapng', 'out-2.pcapng']);
    const copy = await analysisOf(await written(ready, folder));
    expect(copy.session.join.isJoined).toBe(true);
    const [again] = copy.session.resetIds();
    expect(verdictText(copy.session.resetRow(again))).toBe(verdictText(session.resetRow(id)));
    expect(copy.session.resetRow(again).seenAt).toBe(session.resetRow(id).seenAt);
    await copy.close();
    await analysis.close();
  });
});
