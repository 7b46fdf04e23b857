import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writePcapng } from '../../../test/support/capture-writer.ts';
import type { PcapngBlock } from '../../../test/support/capture-writer.ts';
import { BLOCK_TYPE, kernelEvent, kernelStarted } from '../../../test/support/kernel-blocks.ts';
import { record } from '../../../test/support/recording-sink.ts';

const AT = 1_700_000_000_123_456_789n;
const PACKET: PcapngBlock = { kind: 'packet', timeNs: AT, data: new Uint8Array(60) };

function read(blocks: readonly PcapngBlock[], bigEndian = false, chunk?: number) {
  return record(writePcapng({ sections: [{ bigEndian, interfaces: [{ tsresol: 9 }], blocks }] }), chunk);
}

const SENT = kernelEvent({
  kind: 'sent',
  timeNs: AT,
  local: '192.0.2.80:443',
  remote: '10.0.0.1:40000',
  pid: 812,
  inProcess: true,
  tcpState: 8,
  reason: 'TCP_ABORT_ON_CLOSE',
  comm: 'nginx',
});

describe.each([false, true])('kernel blocks, big endian %s', (bigEndian) => {
  it('says what the kernel said, in whatever chunks it comes', () => {
    for (const chunk of [undefined, 1, 13]) {
      const { kernel, packets, warnings } = read([SENT, PACKET], bigEndian, chunk);
      expect(kernel).toEqual([
        {
          kind: 'sent',
          family: 4,
          timeNs: AT,
          localPort: 443,
          remotePort: 40_000,
          local: [0xc0000250 | 0, 0, 0, 0],
          remote: [0x0a000001, 0, 0, 0],
          pid: 812,
          inProcess: true,
          tcpState: 8,
          reason: 'TCP_ABORT_ON_CLOSE',
          comm: 'nginx',
          text: '',
        },
      ]);
      expect([packets.length, warnings]).toEqual([1, []]);
    }
  });

  it('reads addresses of IPv6, and the machine’s own', () => {
    const owner = kernelEvent({
      kind: 'owner',
      timeNs: AT,
      local: '[2001:db8::1]:80',
      remote: '[2001:db8::2]:9',
      comm: 'sshd',
      detail: '/system.slice/ssh.service',
    });
    const { kernel } = read([owner, kernelStarted(AT, ['10.0.0.1', '2001:db8::1'])], bigEndian);
    expect(kernel[0]).toMatchObject({ family: 6, local: [0x20010db8, 0, 0, 1], comm: 'sshd' });
    expect(kernel[0].text).toBe('/system.slice/ssh.service');
    expect(kernel[1]).toMatchObject({ kind: 'started', family: 0, text: '10.0.0.1 2001:db8::1' });
  });
});

/** A body of the given fields; all other bytes are 0. */
function body(fields: Partial<Record<'version' | 'kind' | 'family' | 'reasonLength', number>>): Uint8Array {
  const bytes = new Uint8Array(60);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, fields.version ?? 1, true);
  bytes[2] = fields.kind ?? 1;
  bytes[3] = fields.family ?? 4;
  view.setUint16(54, fields.reasonLength ?? 0, true);
  return bytes;
}

function raw(bytes: Uint8Array): PcapngBlock {
  return { kind: 'raw', blockType: BLOCK_TYPE, body: bytes };
}

describe('damaged kernel blocks', () => {
  it.each([
    ['too short', new Uint8Array(56)],
    ['of an unknown family', body({ family: 5 })],
    ['about a connection without addresses', body({ family: 0 })],
    ['with a text longer than the block', body({ reasonLength: 1 })],
  ])('are left out and told of: %s', (_what, bytes) => {
    const { kernel, packets, warnings } = read([raw(bytes), PACKET]);
    expect([kernel, packets.length]).toEqual([[], 1]);
    expect(warnings).toMatchObject([{ code: 'corrupt-block', packet: 0, lossy: true }]);
    expect(warnings[0].offset).toBeGreaterThan(0);
  });

  it.each([
    ['version', body({ version: 2 })],
    ['kind', body({ kind: 7 })],
  ])('passes what a later %s means', (_what, bytes) => {
    const { kernel, packets, warnings } = read([raw(bytes), PACKET]);
    expect([kernel, packets.length, warnings]).toEqual([[], 1, []]);
  });

  it('never throws, whatever the body is, and loses no packet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, bigEndian) => {
        const { kernel, packets } = read([raw(bytes), PACKET], bigEndian);
        expect(packets).toHaveLength(1);
        for (const event of kernel) expect(event.text.length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
