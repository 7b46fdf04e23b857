import { describe, expect, it, vi } from 'vitest';
import { writePcap } from '../../../../test/support/capture-writer.ts';
import { Conversation } from '../../../../test/support/conversation.ts';
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { Session } from '../../session.ts';
import { PortIndex } from './port-index.ts';

const PORT = 40_000;

/** Files that do not follow each other, with so many flows from one client port each. */
function capture(...counts: readonly number[]): Session {
  const session = new Session();
  for (const count of counts) {
    const packets = Array.from({ length: count }, (_, i) => {
      const server = { address: `10.1.${i >> 8}.${i & 0xff}`, port: 80 };
      return new Conversation({ client: { address: '10.0.0.1', port: PORT }, server }).refused().packets;
    });
    session.startFile('test.pcap', 'none', false);
    session.feed(writePcap({ nanos: true, packets: packets.flat() }));
    session.endFile(true);
  }
  return session;
}

function visited(index: PortIndex, session: Session, flow: number): number[] {
  const found: number[] = [];
  index.visit(session.flows.timelineOf(flow as FlowRecord), PORT, (one) => found.push(one) > 0);
  return found;
}

describe('flows by the port of their client', () => {
  it('are those of one timeline, the newest first', () => {
    const session = capture(2, 1, 3);
    const index = new PortIndex(session);
    expect([0, 2, 3].map((flow) => visited(index, session, flow))).toEqual([[1, 0], [2], [5, 4, 3]]);
  });

  it('cost what their own timeline has, whatever files came later', () => {
    const work = [1, 500].map((later) => {
      const session = capture(3, later);
      const index = new PortIndex(session);
      visited(index, session, 0);
      const asked = vi.spyOn(session.flows, 'word');
      expect(visited(index, session, 0)).toEqual([2, 1, 0]);
      return asked.mock.calls.length;
    });
    expect(work[1]).toBe(work[0]);
  });
});
