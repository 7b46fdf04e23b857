import { expect, it } from 'vitest';
import { readCapture } from '../support/held-against.ts';
import { fuzz } from './fuzz-loop.ts';
import { Random } from './mutate.ts';
import { ordinaryBytesTarget, ordinaryTarget } from './ordinary.ts';

it('keeps the same of odd packets by the short way as through the layers', () => {
  fuzz(ordinaryTarget, 1, 450);
});

it('keeps the same of damaged files by the short way as through the layers', () => {
  fuzz(ordinaryBytesTarget, 1, 150);
});

it('takes the short way on damaged captures, too', () => {
  let short = 0;
  let segments = 0;
  for (let seed = 0; seed < 40; seed++) {
    const input = ordinaryTarget.damage?.(new Random(seed)) ?? new Uint8Array(0);
    const session = readCapture(input);
    short += session.ordinaryPackets;
    segments += session.summary().tcpPackets;
  }
  expect(short).toBeGreaterThan(segments * 0.5);
});
