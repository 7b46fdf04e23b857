/** What the blocks of a pcapng file say of machine, place, people and programs is gone. */
import { expect, it } from 'vitest';
import type { ByteWriter } from '../support/byte-writer.ts';
import { writePcapng } from '../support/capture-writer.ts';
import * as build from '../support/packet-builder.ts';
import { anonymised } from './anonymise-file.ts';
import { ascii } from './planted.ts';

const MAC = [0x3c, 0x22, 0xfb, 0x12, 0x34, 0x56];
const SERVER = build.addressBytes('93.184.216.34');
const option = (body: ByteWriter, code: number, value: readonly number[]): ByteWriter =>
  body.u16(code).u16(value.length).raw(Uint8Array.from(value)).pad4();

const INTERFACE: readonly (readonly [code: number, value: readonly number[]])[] = [
  [1, ascii('a comment on the port')],
  [2, ascii('enx3c22fb123456')],
  [3, ascii('uplink of acmecorp')],
  [4, [...SERVER, 255, 255, 255, 0]],
  [5, [...build.addressBytes('2a02:26f0:1b::7'), 64]],
  [6, MAC],
  [7, [0x3c, 0x22, 0xfb, 0xff, 0xfe, 0x12, 0x34, 0x56]],
  [10, [0x20, 0x1c, 0xde, 0xad]],
  [11, [0, ...ascii('host 93.184.216.34')]],
  [12, ascii('AcmeOS 4.7')],
  [15, ascii('Acme Gigabit')],
  [18, ascii('Europe/Berlin')],
];
const PACKET: readonly (readonly [code: number, value: readonly number[]])[] = [
  [1, ascii('a comment on the packet')],
  [3, [2, ...ascii('HASH')]],
  [7, [0, ...ascii('VERDICT')]],
  [8, ascii('PID TID ')],
  [2988, ascii('one of a vendor')],
];
const NAME = { address: Uint8Array.from(SERVER), names: ['shop.acmecorp.com', 'bobsmith'] };

it('nothing of a block tells anybody', () => {
  const { bytes } = build.ipv4(
    { src: '198.51.100.7', dst: '93.184.216.34' },
    build.tcp({ srcPort: 1, dstPort: 2 }),
  );
  const original = writePcapng({
    sections: [
      {
        comment: 'a comment on the section',
        blocks: [
          {
            kind: 'local',
            blockType: 1,
            write: (body) => {
              body.u16(228).u16(0).u32(0);
              for (const [code, value] of INTERFACE) option(body, code, value);
              body.u32(0);
            },
          },
          { kind: 'names', records: [NAME] },
          { kind: 'secrets', secretsType: 0x544c_534b, data: Uint8Array.from(ascii('CLIENT_RANDOM')) },
          { kind: 'custom', enterprise: 32_473, data: Uint8Array.from(ascii('custom data')) },
          {
            kind: 'local',
            blockType: 6,
            write: (body) => {
              body.u32(0).u32(0).u32(0).u32(bytes.length).u32(bytes.length).raw(bytes).pad4();
              for (const [code, value] of PACKET) option(body, code, value);
              body.u32(0);
            },
          },
        ],
      },
    ],
  });
  const made = Buffer.from(anonymised(original));
  expect(made.includes(Buffer.from(bytes.subarray(0, 10)))).toBe(true);
  const told = [
    ...[...INTERFACE, ...PACKET].map(([, value]) => value),
    ...['a comment', 'acmecorp', 'bobsmith', 'CLIENT_RANDOM', 'custom data'].map(ascii),
    SERVER,
  ].map((value) => Buffer.from(value));
  for (const value of told) expect(Buffer.from(original).includes(value)).toBe(true);
  expect(told.filter((value) => made.includes(value)).map((value) => value.toString('latin1'))).toEqual([]);
});
