/** Parts with structures of their own: certificates, DHCP, the kernel witness. */
import { describe, expect, it } from 'vitest';
import { writePcapng } from '../support/capture-writer.ts';
import { kernelEvent } from '../support/kernel-blocks.ts';
import * as build from '../support/packet-builder.ts';
import { anonymised, newAnonymiser } from './anonymise-file.ts';

const ETHERNET = 1;
const ENDS = { src: '198.51.100.7', dst: '93.184.216.34' };
const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')];
const der = (tag: number, ...content: number[]): number[] => [tag, content.length, ...content];

function contentOf(data: Uint8Array, length: number): Uint8Array {
  const made = newAnonymiser().packet(ETHERNET, data, data.length);
  expect(made).toHaveLength(data.length);
  return made.subarray(made.length - length);
}

describe('a certificate', () => {
  it('keeps its structure and the months it is valid in', () => {
    const serial = der(0x02, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77);
    const validity = der(
      0x30,
      ...der(0x17, ...ascii('240822170850Z')),
      ...der(0x17, ...ascii('280203091122Z')),
    );
    const name = der(0x0c, ...ascii('Bob of acme.com'));
    const certificate = der(0x30, ...serial, ...validity, ...name);
    const list = [0, 0, certificate.length, ...certificate];
    const message = [11, 0, 0, list.length + 3, 0, 0, list.length, ...list];
    const record = Uint8Array.from([22, 3, 3, 0, message.length, ...message]);
    const data = build.ethernet(
      {},
      build.ipv4(ENDS, build.tcp({ srcPort: 443, dstPort: 4000, flags: 'PA', payload: record })),
    );
    const made = contentOf(data, record.length);
    const text = Buffer.from(made).toString('latin1');
    expect(text).toContain('240801000000Z');
    // The year 2028 has a 29th of February.
    expect(text).toContain('280229235959Z');
    expect(text).toMatch(/[A-Z][a-z]{2} [a-z]{2} [a-z]{4}\.com$/u);
    expect(text).not.toMatch(/Bob|acme|170850|091122/u);
    expect(Buffer.from(made).includes(Buffer.from(serial.slice(2)))).toBe(false);
    // Lengths and kinds are where they were.
    expect([...made.subarray(0, 16)]).toEqual([...record.subarray(0, 16)]);
  });
});

describe('DHCP', () => {
  it('loses the name, the machine and the address that is asked for', () => {
    const mac = [0x3c, 0x22, 0xfb, 1, 2, 3];
    const message = new Uint8Array(280);
    message.set([1, 1, 6, 0]);
    message.set([198, 51, 100, 77], 12);
    message.set(mac, 28);
    message.set([0x63, 0x82, 0x53, 0x63], 236);
    message.set(
      [53, 1, 3, 50, 4, 198, 51, 100, 77, 12, 10, ...ascii('bobslaptop'), 61, 7, 1, ...mac, 255],
      240,
    );
    const data = build.ethernet(
      {},
      build.ipv4(ENDS, build.udp({ srcPort: 68, dstPort: 67, payload: message })),
    );
    const made = contentOf(data, message.length);
    const bytes = Buffer.from(made);
    expect([...made.subarray(240, 245)]).toEqual([53, 1, 3, 50, 4]);
    expect(bytes.includes('bobslaptop')).toBe(false);
    expect(bytes.includes(Buffer.from(mac))).toBe(false);
    expect(bytes.includes(Buffer.from([198, 51, 100, 77]))).toBe(false);
    // The same machine and the same address in both places.
    expect([...made.subarray(28, 34)]).toEqual([...made.subarray(264, 270)]);
    expect([...made.subarray(12, 16)]).toEqual([...made.subarray(245, 249)]);
  });
});

describe('the kernel witness', () => {
  it('keeps reasons and loses the process and its addresses', () => {
    const event = kernelEvent({
      kind: 'sent',
      timeNs: 1_700_000_000_000_000_000n,
      local: '198.51.100.7:4000',
      remote: '93.184.216.34:80',
      pid: 31_337,
      reason: 'TCP_ABORT_ON_DATA',
      comm: 'acmeshopd',
    });
    const original = writePcapng({
      sections: [{ blocks: [{ kind: 'interface', linkType: ETHERNET }, event] }],
    });
    expect(Buffer.from(original).includes('acmeshopd')).toBe(true);
    const made = Buffer.from(anonymised(original));
    expect(made.includes('TCP_ABORT_ON_DATA')).toBe(true);
    expect(made.includes('acmeshopd')).toBe(false);
    expect(made.includes(Buffer.from([93, 184, 216, 34]))).toBe(false);
    expect(made.includes(Buffer.from([0x69, 0x7a, 0, 0]))).toBe(false);
  });
});
