import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PathModel } from '../model/verdict.ts';
import { stripModel } from './strip-model.ts';

const path = (changes: Partial<PathModel>): PathModel => ({
  clientHops: 0,
  serverHops: 5,
  resetHops: null,
  capturePoint: 'client',
  place: null,
  reach: [0, 1],
  placedBy: 'nothing',
  maker: 'device',
  vantages: [],
  ...changes,
});

describe('a reset of the host itself', () => {
  it('is made where it claims to be', () => {
    const model = stripModel(path({ place: 1 }), 'server', 'endpoint');
    expect(model.emitter).toEqual({ at: 1, isDevice: false, isPlaced: true });
    expect(model).toMatchObject({ claimed: 1, receiver: 0 });
  });

  it('of the client goes to the server', () => {
    expect(stripModel(path({ place: 0 }), 'client', 'endpoint')).toMatchObject({
      claimed: 0,
      receiver: 1,
      emitter: { at: 0, isDevice: false },
    });
  });
});

describe('a device', () => {
  it('takes the place of the router that it is', () => {
    // Captured at the client, five routers; the device is the third of them: 3 of 6 links.
    const model = stripModel(path({ place: 3 / 6, resetHops: 2 }), 'server', 'middlebox');
    const before = model.routers.filter((at) => at < model.emitter!.at);
    expect(model.routers).toHaveLength(4);
    expect(before).toHaveLength(2);
  });

  it('beside the capture point has no router drawn between', () => {
    const model = stripModel(path({ serverHops: 11, place: 1 / 12, resetHops: 0 }), 'server', 'middlebox');
    const { at } = model.emitter!;
    expect(model.routers.filter((router) => router > model.capture! && router < at)).toEqual([]);
    expect(at).toBeGreaterThan(model.capture!);
  });

  it('as far away as the host it speaks for is drawn beside it, not on it', () => {
    const { emitter } = stripModel(path({ place: 1, resetHops: 5 }), 'server', 'middlebox');
    expect(emitter!.at).toBeLessThan(1);
    expect(emitter!.at).toBeGreaterThan(0.8);
  });

  it('without a place is somewhere on the path', () => {
    expect(stripModel(path({}), 'server', 'middlebox').emitter).toEqual({
      at: 0.5,
      isDevice: true,
      isPlaced: false,
    });
  });
});

describe('what is not known', () => {
  it('is not drawn: emitter', () => {
    expect(stripModel(path({ place: null }), 'server', 'unknown').emitter).toBeNull();
  });

  it('is not drawn: capture point and routers', () => {
    const model = stripModel(
      path({ capturePoint: 'unknown', clientHops: null, serverHops: null }),
      'server',
      'unknown',
    );
    expect(model).toMatchObject({ capture: null, routers: [], segments: [{ from: 0, to: 1, hops: null }] });
  });

  it('leaves the known side as it is', () => {
    const model = stripModel(
      path({ capturePoint: 'between', clientHops: 2, serverHops: null }),
      'server',
      'unknown',
    );
    expect(model.capture).toBe(0.5);
    expect(model.routers).toHaveLength(2);
    expect(Math.max(...model.routers)).toBeLessThan(0.5);
  });
});

it('leaves out routers of a long way, and says how many', () => {
  const model = stripModel(path({ serverHops: 20, place: 1 }), 'server', 'endpoint');
  expect(model.routers).toHaveLength(4);
  expect(model.gaps).toEqual([{ at: expect.closeTo(0.54) as number, hidden: 16 }]);
});

const hops = fc.option(fc.nat(30));
const anyPath: fc.Arbitrary<PathModel> = fc.record({
  clientHops: hops,
  serverHops: hops,
  resetHops: hops,
  capturePoint: fc.constantFrom('client', 'server', 'between', 'unknown'),
  place: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  reach: fc.tuple(fc.double({ min: 0, max: 0.5, noNaN: true }), fc.double({ min: 0.5, max: 1, noNaN: true })),
  placedBy: fc.constantFrom('host', 'ttl', 'time', 'nothing'),
  maker: fc.constantFrom('host', 'other-host', 'front-end', 'forwarder', 'device', 'open'),
  vantages: fc.constant([]),
});

describe('of any path', () => {
  it('everything is on the strip, and no device on a host', () => {
    fc.assert(
      fc.property(
        anyPath,
        fc.constantFrom('client', 'server'),
        fc.constantFrom('endpoint', 'middlebox', 'unknown'),
        (model, claimed, kind) => {
          const strip = stripModel(model, claimed, kind);
          const places = [...strip.routers, ...strip.gaps.map(({ at }) => at), strip.capture ?? 0];
          expect(places.every((at) => at >= 0 && at <= 1)).toBe(true);
          if (strip.emitter?.isDevice === true) {
            expect(strip.emitter.at).toBeGreaterThan(0.05);
            expect(strip.emitter.at).toBeLessThan(0.95);
          }
        },
      ),
    );
  });

  it('a device further along is never drawn nearer', () => {
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(anyPath, place, place, (model, a, b) => {
        const at = (where: number): number =>
          stripModel({ ...model, place: where }, 'server', 'middlebox').emitter!.at;
        expect(at(Math.max(a, b))).toBeGreaterThanOrEqual(at(Math.min(a, b)) - 1e-9);
      }),
    );
  });

  it('keeps what was made between two capture points between them, though these are pushed apart', () => {
    const between = path({
      place: 0.93,
      reach: [0.9, 0.96],
      placedBy: 'ttl',
      vantages: [
        { file: 0, at: 0.88, sees: 'seen' },
        { file: 1, at: 0.97, sees: 'absent' },
      ],
    });
    const { vantages, emitter, reach, capture } = stripModel(between, 'server', 'middlebox');
    expect(capture).toBeNull();
    expect(vantages[1].at - vantages[0].at).toBeGreaterThan(0.2);
    expect(emitter?.at).toBeGreaterThan(vantages[0].at);
    expect(emitter?.at).toBeLessThan(vantages[1].at);
    expect(reach?.[0]).toBeGreaterThanOrEqual(vantages[0].at);
    expect(reach?.[1]).toBeLessThanOrEqual(vantages[1].at);
  });
});
