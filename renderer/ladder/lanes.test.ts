import { describe, expect, it } from 'vitest';
import type { OriginKind, PathModel } from '../../shared/model/verdict.ts';
import { SAMPLE_VERDICT } from '../testing/sample.ts';
import { layLanes } from './lanes.ts';

function reset(id: number, kind: OriginKind, place: number | null, label = 'a device one hop away') {
  const path: PathModel = { ...SAMPLE_VERDICT.path, serverHops: 9, place };
  return { row: { id, kind, label }, path };
}

describe('lifelines', () => {
  it('have none between the hosts where hosts made all resets', () => {
    const lanes = layLanes([reset(1, 'endpoint', 1)]);
    expect(lanes.devices).toEqual([]);
    expect(lanes.deviceOf.size).toBe(0);
  });

  it('put a device where the verdict places it, and apart from the hosts', () => {
    const [device] = layLanes([reset(1, 'middlebox', 0.02)]).devices;
    expect(device).toMatchObject({ kind: 'middlebox', isPlaced: true });
    expect(device.at).toBeGreaterThan(0.2);
  });

  it('draw a device without a place, and a suspicion, as not placed', () => {
    expect(layLanes([reset(1, 'middlebox', null)]).devices[0]).toMatchObject({ at: 0.5, isPlaced: false });
    expect(layLanes([reset(1, 'unknown', 0.3)]).devices[0]).toMatchObject({
      at: 0.5,
      kind: 'unknown',
      isPlaced: false,
    });
  });

  it('keep several emitters apart, and say which made which reset', () => {
    const lanes = layLanes([
      reset(1, 'middlebox', 0.5, 'one'),
      reset(2, 'middlebox', 0.5, 'other'),
      reset(3, 'middlebox', 0.5, 'one'),
      reset(4, 'middlebox', 0.99, 'third'),
      reset(5, 'middlebox', 0.6, 'fourth'),
    ]);
    expect(lanes.devices).toHaveLength(3);
    expect(lanes.deviceOf.get(1)).toBe(lanes.deviceOf.get(3));
    expect(lanes.deviceOf.get(1)).not.toBe(lanes.deviceOf.get(2));
    expect(lanes.deviceOf.get(5)).toBeDefined();
    const places = lanes.devices.map(({ at }) => at);
    places.slice(1).forEach((at, index) => {
      expect(at - places[index]).toBeGreaterThan(0.1);
    });
    expect(Math.max(...places)).toBeLessThan(0.85);
  });
});
