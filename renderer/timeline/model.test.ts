import { describe, expect, it } from 'vitest';
import { sampleTimeline } from '../testing/sample.ts';
import { barAt, brushed, countsIn, movedBy, sizedBy, zoomedIn, zoomedOut } from './model.ts';

const timeline = sampleTimeline();
const S = 1e9;

describe('brushing', () => {
  it('takes whole bars, whichever way the pointer went', () => {
    expect(brushed(timeline, 1.7 * S, 0.2 * S)).toEqual({ fromNs: 0, toNs: 2 * S });
    expect(brushed(timeline, 1.2 * S, 1.3 * S)).toEqual({ fromNs: S, toNs: 2 * S });
    expect(brushed(timeline, -9 * S, 99 * S)).toEqual({ fromNs: 0, toNs: 3 * S });
  });

  it('moves within the capture and keeps its width', () => {
    const range = { fromNs: S, toNs: 2 * S };
    expect(movedBy(range, timeline, 1)).toEqual({ fromNs: 2 * S, toNs: 3 * S });
    expect(movedBy(range, timeline, 9)).toEqual({ fromNs: 2 * S, toNs: 3 * S });
    expect(movedBy(range, timeline, -9)).toEqual({ fromNs: 0, toNs: S });
  });

  it('keeps one bar between its edges', () => {
    const range = { fromNs: S, toNs: 2 * S };
    expect(sizedBy(range, timeline, 'to', 1)).toEqual({ fromNs: S, toNs: 3 * S });
    expect(sizedBy(range, timeline, 'to', -5)).toEqual(range);
    expect(sizedBy(range, timeline, 'from', 5)).toEqual(range);
    expect(sizedBy(range, timeline, 'from', -5)).toEqual({ fromNs: 0, toNs: 2 * S });
  });
});

describe('zooming', () => {
  it('goes into what is brushed, else into a quarter around a moment', () => {
    const range = { fromNs: S, toNs: 2 * S };
    expect(zoomedIn(timeline, range, null)).toEqual(range);
    expect(zoomedIn(timeline, null, 0)).toEqual({ fromNs: 0, toNs: 0.75 * S });
    expect(zoomedIn(timeline, null, null)).toEqual({ fromNs: 1.125 * S, toNs: 1.875 * S });
  });

  it('ends at the whole capture', () => {
    expect(zoomedOut(timeline)).toBeNull();
    const deep = sampleTimeline({ firstNs: 0, lastNs: 1000 * S, fromNs: 500 * S });
    expect(zoomedOut(deep)).toEqual({ fromNs: 495.5 * S, toNs: 507.5 * S });
  });
});

it('sums what lies in a range, and all of it', () => {
  expect(barAt(timeline, 2.999 * S)).toBe(2);
  expect(countsIn(timeline, null).packets).toBe(65);
  expect(countsIn(timeline, { fromNs: 0, toNs: S })).toEqual({
    packets: 40,
    passing: 40,
    bytes: 4000,
    retransmissions: 2,
    middlebox: 2,
    endpoint: 1,
    unknown: 0,
    failures: 0,
  });
});
