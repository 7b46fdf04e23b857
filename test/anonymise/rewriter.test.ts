/** Any bytes are rewritten without a word to bytes of the same number; tunnels keep what is in them; checksums keep their state. */
import { describe, expect, it } from 'vitest';
import { DST0, FACT_COUNT, FAMILY, KIND, SRC0, SRC_PORT, TUNNEL } from '../../main/engine/decode/facts.ts';
import { Decoder } from '../../main/engine/decode/decoder.ts';
import { LimitCounter } from '../../main/engine/limits.ts';
import { isSumRight } from '../../main/engine/dissect/checksum.ts';
import * as build from '../support/packet-builder.ts';
import { encapsulations } from '../support/encapsulations.ts';
import { newAnonymiser } from './anonymise-file.ts';

const ETHERNET = 1;
const PORTS = { srcPort: 4000, dstPort: 80 };
const ENDS = { src: '198.51.100.7', dst: '93.184.216.34' };
const ENCAPSULATIONS = ([4, 6] as const).flatMap((family) =>
  encapsulations(family).map((one) => ({ ...one, name: `${one.name}, IPv${family} inside` })),
);

/** Numbers by chance that are the same in each run (mulberry32). */
function drawing(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

function factsOf(linkType: number, data: Uint8Array): Int32Array {
  const decoder = new Decoder(new LimitCounter());
  decoder.facts = new Int32Array(FACT_COUNT);
  decoder.decode(data, 0, data.length, data.length, linkType, 0);
  return decoder.facts;
}

describe('packets in every encapsulation', () => {
  it.each(ENCAPSULATIONS.map((one) => [one.name, one] as const))(
    '%s',
    (_name, { data, linkType = ETHERNET }) => {
      const made = newAnonymiser().packet(linkType, data, data.length);
      expect(made).toHaveLength(data.length);
      const before = factsOf(linkType, data);
      const after = factsOf(linkType, made);
      for (const slot of [KIND, FAMILY, TUNNEL, SRC_PORT]) expect(after[slot]).toBe(before[slot]);
      // The inner addresses, in network order, stand nowhere any more.
      const words = before[FAMILY] === 4 ? 1 : before[FAMILY] === 6 ? 4 : 0;
      if (words > 0)
        expect([...after.slice(SRC0, SRC0 + words)]).not.toEqual([...before.slice(SRC0, SRC0 + words)]);
      if (words > 0)
        expect([...after.slice(DST0, DST0 + words)]).not.toEqual([...before.slice(DST0, DST0 + words)]);
    },
  );

  it('of the same connection have the same inner addresses', () => {
    const anonymiser = newAnonymiser();
    const pairs = new Set<string>();
    for (const { data, linkType = ETHERNET } of ENCAPSULATIONS) {
      const facts = factsOf(linkType, anonymiser.packet(linkType, data, data.length));
      if (facts[FAMILY] !== 0) pairs.add(`${facts[FAMILY]} ${facts.slice(SRC0, SRC0 + 4).join(' ')}`);
    }
    expect(pairs.size).toBe(2);
  });
});

describe('any bytes', () => {
  it('are rewritten to as many, and never throw', () => {
    const draw = drawing(20_261_129);
    const anonymiser = newAnonymiser();
    for (let round = 0; round < 6000; round++) {
      const { data, linkType = ETHERNET } = ENCAPSULATIONS[draw() % ENCAPSULATIONS.length];
      const broken = data.slice(0, 1 + (draw() % data.length));
      for (let k = draw() % 6; k > 0; k--) broken[draw() % broken.length] = draw();
      const kept = broken.slice();
      const made = anonymiser.packet(linkType, broken, broken.length + (draw() % 3) * 40);
      expect(made.length).toBe(broken.length);
      expect(broken).toEqual(kept);
    }
    for (let round = 0; round < 2000; round++) {
      const noise = Uint8Array.from({ length: draw() % 200 }, draw);
      const linkType = draw() % 300;
      expect(anonymiser.packet(linkType, noise, noise.length).length).toBe(noise.length);
    }
  });

  it('stay when others are rewritten after them, also those of the largest packets', () => {
    const anonymiser = newAnonymiser();
    const packets = [70_000, 40_000, 40_000, 100].map((length) =>
      build.ethernet(
        {},
        build.ipv4({ ...ENDS, totalLength: 0xffff }, build.tcp({ ...PORTS, payload: length })),
      ),
    );
    const made = packets.map((data) => anonymiser.packet(ETHERNET, data, data.length));
    const kept = made.map((bytes) => bytes.slice());
    for (const data of packets) anonymiser.packet(ETHERNET, data, data.length);
    expect(made).toEqual(kept);
    expect(made.map(({ length }) => length)).toEqual(packets.map(({ length }) => length));
  });

  it('of an unknown link type become zeros', () => {
    const noise = Uint8Array.from({ length: 64 }, (_, i) => i + 1);
    expect(
      newAnonymiser()
        .packet(147, noise, 64)
        .every((byte) => byte === 0),
    ).toBe(true);
  });
});

describe('payloads', () => {
  const http = (text: string, flags = 'PA'): Uint8Array =>
    build.ethernet({}, build.ipv4(ENDS, build.tcp({ srcPort: 4000, dstPort: 80, flags, payload: text })));
  const payloadOf = (text: string, flags?: string): string => {
    const data = http(text, flags);
    const made = newAnonymiser().packet(ETHERNET, data, data.length);
    return Buffer.from(made.subarray(made.length - text.length)).toString('latin1');
  };

  it('keep methods and framing of HTTP, and lose who is asked for what', () => {
    const made = payloadOf(
      'POST /customers/4711?token=abc HTTP/1.1\r\nHost: shop.acme.com\r\nContent-Length: 12\r\nX-Acme-User: bob\r\nConnection: close\r\n\r\nsecret words',
    );
    expect(made).toMatch(
      /^POST \/[a-p]{9}\/[a-p]{4}\?[a-p]{5}=[a-p]{3} HTTP\/1\.1\r\nHost: [a-z]{4}\.[a-z]{4}\.com\r\n/u,
    );
    expect(made).toContain('Content-Length: 12\r\n');
    expect(made).toContain('Connection: close\r\n\r\n');
    expect(made).not.toMatch(/acme|bob|secret|4711|token/iu);
  });

  it('keep what products write into resets, without its addresses', () => {
    expect(payloadOf('BIG-IP: [0x2409a71:2012] No local listener 10.1.2.3', 'RA')).toMatch(
      /^BIG-IP: \[0x2409a71:2012\] No local listener \d\d\.\d\.\d\.\d$/u,
    );
    expect(payloadOf('BIG-IP: [0x2409a71:2012] No local listener 10.1.2.3', 'RA')).not.toContain('10.1.2.3');
  });

  it('keep codes of replies and the shape of lines', () => {
    expect(payloadOf('220 mail.acme.com ESMTP ready\r\n')).toMatch(/^220 [a-p]+SMTP[a-p]+\r\n$/u);
    expect(payloadOf('550 no such user bob\r\n')).toMatch(/^550 [a-p]{16}\r\n$/u);
    expect(payloadOf('PORT 10,1,2,3,7,8\r\n')).toMatch(/^PORT \d\d,\d,\d,\d,\d,\d\r\n$/u);
  });

  it('have right checksums where they were right', () => {
    const data = http('GET / HTTP/1.1\r\n\r\n');
    const made = newAnonymiser().packet(ETHERNET, data, data.length);
    expect(isSumRight(data, 14, 34)).toBe(true);
    expect(isSumRight(made, 14, 34)).toBe(true);
    const wrong = data.slice();
    wrong[24] ^= 0x11;
    expect(isSumRight(newAnonymiser().packet(ETHERNET, wrong, wrong.length), 14, 34)).toBe(false);
  });

  it.each([
    ['IPv4', { src: '10.20.30.40', dst: '93.184.216.34' }, 3, 20],
    ['IPv6', { src: 'fd00:7::1', dst: '2a02:26f0::9' }, 1, 40],
  ])(
    'have right checksums in an error of %s that quotes a whole datagram, and around it',
    (_name, hosts, type, headerLength) => {
      const quoted = build.ip(hosts, build.udp({ srcPort: 5000, dstPort: 53, payload: 'whole datagram' }));
      const packet = build.ip({ src: hosts.dst, dst: hosts.src }, build.icmpError({ type }, quoted));
      const data = build.ethernet({}, packet);
      const made = newAnonymiser().packet(ETHERNET, data, data.length);
      const errorAt = 14 + headerLength;
      const quoteAt = errorAt + 8;
      const isIpv6 = headerLength === 40;
      const sumOf = (headerAt: number, protocol: number): number => {
        const body = made.subarray(headerAt + headerLength);
        const addresses = made.subarray(headerAt + (isIpv6 ? 8 : 12), headerAt + headerLength);
        return build.internetChecksum(addresses, [0, protocol], build.be16(body.length), body);
      };
      expect(made.subarray(quoteAt)).not.toEqual(data.subarray(quoteAt));
      expect(sumOf(quoteAt, 17)).toBe(0);
      expect(isIpv6 ? sumOf(14, 58) : build.internetChecksum(made.subarray(errorAt))).toBe(0);
    },
  );

  it.each([
    ['TCP', (payload: string) => build.tcp({ srcPort: 4000, dstPort: 80, payload })],
    ['UDP', (payload: string) => build.udp({ srcPort: 4000, dstPort: 4001, payload })],
  ])('of %s have a sum in their first fragment that tells nothing of the later ones', (_name, around) => {
    const first = (end: string): Uint8Array => {
      const packet = build.ipv4(ENDS, around(`${'a'.repeat(100)}${end}`));
      return build.ethernet({}, build.fragments(packet, 64)[0]);
    };
    const [one, other] = [first('my secret'), first('no secret')];
    expect(one).not.toEqual(other);
    const made = [one, other].map((data) => newAnonymiser().packet(ETHERNET, data, data.length));
    expect(made[0]).toEqual(made[1]);
  });

  it('are alike with the same key, and otherwise with another', () => {
    const data = http('GET /a HTTP/1.1\r\nHost: shop.acme.com\r\n\r\n');
    const one = newAnonymiser().packet(ETHERNET, data, data.length);
    expect(newAnonymiser().packet(ETHERNET, data, data.length)).toEqual(one);
    expect(newAnonymiser(new Uint8Array(32).fill(5)).packet(ETHERNET, data, data.length)).not.toEqual(one);
  });
});
