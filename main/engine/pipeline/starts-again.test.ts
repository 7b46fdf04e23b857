import { describe, expect, it } from 'vitest';
import type { PacketNumber } from '../../../shared/base/units.ts';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { SAME_PORTS, samePortsPackets } from '../../../test/support/same-ports.ts';

describe('connections on the same ports', () => {
  it.each(SAME_PORTS)('$name', (scenario) => {
    const packets = samePortsPackets(scenario);
    const session = analyzePackets(packets);
    const connections = packets.map((_, packet) => Number(session.packets.flow(packet as PacketNumber)));
    expect(connections).toEqual(scenario.connections);
  });
});
