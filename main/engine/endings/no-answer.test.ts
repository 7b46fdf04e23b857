import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { Conversation, interleave } from '../../../test/support/conversation.ts';

describe('a SYN without an answer', () => {
  it('fails where it was repeated in vain', () => {
    const talk = new Conversation()
      .syn()
      .retransmit('client', { after: 1 })
      .retransmit('client', { after: 2 });
    const session = analyzePackets(talk.packets);
    const report = session.failures.report();
    expect(report.counts['no-answer']).toBe(1);
    expect(report).toMatchObject({ failures: 1, failuresThatMatter: 1, connections: 1 });
    expect(session.failures.rows(0, 10)).toMatchObject([
      { kind: 'no-answer', tries: 3, seconds: 3, matters: true, recovered: false, frame: 1 },
    ]);
    expect(report.headline).toContain('No resets, but 1 of 1 connection failed');
  });

  it('is only open where the capture ends before anybody could answer or repeat it', () => {
    const other = new Conversation({ client: { port: 40_001 } }).handshake().wait(0.5).exchange(10, 10);
    const session = analyzePackets(interleave(new Conversation().syn(), other));
    expect(session.failures.report().counts).toMatchObject({ open: 2, 'no-answer': 0 });
  });
});
