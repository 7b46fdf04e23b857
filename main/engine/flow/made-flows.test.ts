/** Whether any connection was made in a range of flows. */
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { Conversation, interleave } from '../../../test/support/conversation.ts';
import { MadeFlows } from './made-flows.ts';

const BLOCK = 128;

function talk(i: number): Conversation {
  return new Conversation({ client: { port: 10_000 + i }, server: { hops: 2 } }).wait(i);
}

describe('made flows', () => {
  const made = 2 * BLOCK + 7;
  const talks = Array.from({ length: 4 * BLOCK + 3 }, (_, i) =>
    i === made ? talk(i).handshake().exchange(10, 10) : talk(i).refused(),
  );
  const { flows } = analyzePackets(interleave(...talks));

  it('are not missed', () => {
    const index = new MadeFlows(flows);
    for (const [from, to] of [
      [made, made + 1],
      [0, made + 1],
      [made, flows.records],
      [made - BLOCK, made + BLOCK],
    ])
      expect(index.mayHold(from, to)).toBe(true);
  });

  it('are told of where there are none only in whole blocks', () => {
    const index = new MadeFlows(flows);
    expect(index.mayHold(0, 2 * BLOCK)).toBe(false);
    expect(index.mayHold(3 * BLOCK, 4 * BLOCK)).toBe(false);
    // The newest block is still being filled.
    expect(index.mayHold(4 * BLOCK, flows.records)).toBe(true);
  });
});
