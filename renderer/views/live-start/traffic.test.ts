import { describe, expect, it } from 'vitest';
import type { CountersReading } from '../../../shared/model/live.ts';
import { sampleInterface } from '../../testing/sample-live.ts';
import { MAX_LISTED, listedInterfaces } from './interface-order.ts';
import { HISTORY, NO_TRAFFIC, withReading } from './use-counters.ts';

function reading(atMs: number, packets: Record<string, number>): CountersReading {
  return {
    atMs,
    interfaces: Object.entries(packets).map(([name, count]) => ({
      name,
      packets: count,
      bytes: count * 100,
      dropped: 0,
    })),
  };
}

describe('traffic', () => {
  it('is the difference of two readings over the time between them', () => {
    const one = withReading(NO_TRAFFIC, reading(1000, { eth0: 500 }));
    expect(one.byName.get('eth0')).toMatchObject({ packetsPerSecond: 0, wasActive: false, packetRates: [] });
    const two = withReading(one, reading(3000, { eth0: 700 }));
    expect(two.byName.get('eth0')).toMatchObject({
      packetsPerSecond: 100,
      bytesPerSecond: 10_000,
      packetRates: [100],
      wasActive: true,
    });
  });

  it('of counters that began again, or came late, is none', () => {
    const one = withReading(NO_TRAFFIC, reading(0, { eth0: 500 }));
    const again = withReading(one, reading(1000, { eth0: 3, eth1: 9 }));
    expect(again.byName.get('eth0')).toMatchObject({ packetsPerSecond: 0, packetRates: [] });
    expect(again.byName.get('eth1')).toMatchObject({ packetsPerSecond: 0, packetRates: [] });
  });

  it('remembers no more than is drawn', () => {
    let traffic = NO_TRAFFIC;
    for (let second = 0; second < HISTORY * 2; second++) {
      traffic = withReading(traffic, reading(second * 1000, { eth0: second * second }));
    }
    expect(traffic.byName.get('eth0')?.packetRates).toHaveLength(HISTORY);
  });

  it('is counted as dropped only since the page looks', () => {
    const at = (atMs: number, dropped: number): CountersReading => ({
      atMs,
      interfaces: [{ name: 'eth0', packets: 0, bytes: 0, dropped }],
    });
    const first = withReading(NO_TRAFFIC, at(0, 900));
    expect(first.byName.get('eth0')?.dropped).toBe(0);
    expect(withReading(first, at(1000, 903)).byName.get('eth0')?.dropped).toBe(3);
  });
});

describe('the list of interfaces', () => {
  const interfaces = [
    sampleInterface({ name: 'down', up: false }),
    sampleInterface({ name: 'lo', loopback: true, addresses: ['127.0.0.1'] }),
    sampleInterface({ name: 'idle' }),
    sampleInterface({ name: 'busy', description: 'Intel I225-V' }),
  ];
  const traffic = withReading(
    withReading(NO_TRAFFIC, reading(0, { lo: 5, idle: 0, busy: 5 })),
    reading(1000, { lo: 10, idle: 0, busy: 10 }),
  );
  const names = (search: string) =>
    listedInterfaces(interfaces, traffic, search).shown.map(({ name }) => name);

  it('begins with those that have traffic', () => {
    expect(names('')).toEqual(['busy', 'lo', 'idle', 'down']);
  });

  it('does not move a row down when its traffic pauses', () => {
    const later = withReading(traffic, reading(2000, { lo: 10, idle: 0, busy: 10 }));
    expect(listedInterfaces(interfaces, later, '').shown[0].name).toBe('busy');
  });

  it('is searched by name, address and description', () => {
    expect(names('INTEL i225')).toEqual(['busy']);
    expect(names('127.0')).toEqual(['lo']);
    expect(names('nothing')).toEqual([]);
  });

  it('says how many it leaves out', () => {
    const many = Array.from({ length: 400 }, (_, index) => sampleInterface({ name: `veth${index}` }));
    expect(listedInterfaces(many, NO_TRAFFIC, '').shown).toHaveLength(MAX_LISTED);
    expect(listedInterfaces(many, NO_TRAFFIC, '').hidden).toBe(400 - MAX_LISTED);
    expect(listedInterfaces(many, NO_TRAFFIC, 'veth399').shown).toHaveLength(1);
  });
});
