import { describe, expect, it } from 'vitest';
import { decode } from '../../../test/support/decoded.ts';
import { encapsulations, INNER_4, INNER_6, SEGMENT } from '../../../test/support/encapsulations.ts';
import { DEFECT_CUT, DEFECT_INNER, DEFECT_LENGTH } from './facts.ts';

describe.each([
  [4, INNER_4],
  [6, INNER_6],
] as const)('a segment over IPv%i', (family, addresses) => {
  it.each(encapsulations(family).map((one) => [one.name, one] as const))(
    'is found in %s',
    (_name, { data, linkType, tunnel }) => {
      const result = decode(data, { linkType });
      expect(result).toMatchObject({
        kind: 'tcp',
        defects: 0,
        ip: { ...addresses, ttl: 61 },
        ports: [SEGMENT.srcPort, SEGMENT.dstPort],
        payload: new TextEncoder().encode(SEGMENT.payload),
        payloadLength: SEGMENT.payload.length,
        tcp: { seq: SEGMENT.seq, flags: 0x14 },
      });
      expect(result.tunnel?.kind).toBe(tunnel);
    },
  );

  it.each(encapsulations(family).map((one) => [one.name, one] as const))(
    'is told as cut, or as found, wherever the snap length cuts %s',
    (_name, { data, linkType }) => {
      for (let snap = 0; snap < data.length; snap++) {
        const result = decode(data, { linkType, snap });
        const isTold = (result.defects & DEFECT_CUT) !== 0;
        // Padding and check sequences behind the packet may be missing.
        expect([snap, isTold || result.kind === 'tcp', result.notOpened]).toEqual([snap, true, undefined]);
        expect(result.defects & ~(DEFECT_CUT | DEFECT_INNER)).toBe(0);
      }
    },
  );

  it.each(
    encapsulations(family)
      .filter(({ tunnel }) => tunnel !== undefined)
      .map((one) => [one.name, one] as const),
  )('that was never sent whole is told as malformed or not opened in %s', (_name, { data }) => {
    // The outer headers promise more than came, so that it is no snap length.
    for (const length of [60, 70, 80]) {
      const result = decode(data.subarray(0, Math.min(length, data.length - 20)));
      const isTold = (result.defects & DEFECT_LENGTH) !== 0 || result.notOpened !== undefined;
      expect([length, isTold]).toEqual([length, true]);
    }
  });
});
