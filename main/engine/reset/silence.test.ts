/** Where silence is measured, and what bears a timer out. */
import { describe, expect, it } from 'vitest';
import type { Judged } from '../../../test/support/capture-fixture.ts';
import { judge, judgeFirst } from '../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../test/support/conversation.ts';

const START_NS = 1_700_000_000_000_000_000n;

/** A connection of the same service, begun so many seconds later. */
function talk(port = 40_000, startSeconds = 0): Conversation {
  return new Conversation({
    client: { port },
    server: { hops: 6, delay: 0.01 },
    startNs: START_NS + BigInt(Math.round(startSeconds * 1e9)),
  })
    .handshake()
    .exchange(300, 900);
}

function textOf(verdict: Judged, code: string): string {
  return verdict.evidence.find((evidence) => evidence.code === code)?.text ?? '';
}

/** The next request crosses the server's FIN; the server answers it as told. */
function crossed(silence: number, style: 'reply' | 'abort', overrides = {}): Conversation {
  return talk()
    .serverCloses({ after: silence })
    .clientSends(600, { ack: 0 })
    .rst({ from: 'server', style, ...overrides });
}

describe('the silence before a FIN', () => {
  it.each([
    ['a bare reset', 'reply', {}],
    ['a RST+ACK without window, as Windows sends', 'abort', { window: 0 }],
    ['a RST+ACK with a window', 'abort', {}],
  ] as const)('is told whatever the flags of the answer: %s', (_name, style, overrides) => {
    const story = talk();
    const unacknowledged = story.client.received ?? 0;
    const verdict = judgeFirst(
      story
        .serverCloses({ after: 65 })
        .clientSends(600, { ack: unacknowledged })
        .rst({ from: 'server', style, ...overrides }),
    );
    expect(verdict.cause.code).toBe('data-after-close');
    expect(verdict.matters).toBe(true);
    expect(textOf(verdict, 'silence-before-close')).toContain('65 s of silence');
    expect(verdict.codes).toContain('crossed-the-close');
    expect(verdict.next).toMatch(/keep-alive timeout .*65 s idle/);
  });

  it('is borne out by connections that closed in order after the same silence, and not after another', () => {
    const polite = (port: number, seconds: number): Conversation =>
      talk(port, port - 40_000)
        .serverCloses({ after: seconds })
        .clientCloses()
        .serverAcks();
    const verdict = judgeFirst(
      crossed(5, 'reply'),
      polite(40_001, 5),
      polite(40_003, 5.02),
      polite(40_005, 9),
    );
    expect(textOf(verdict, 'silence-before-close')).toMatch(/closed 2 other connections .* Node\.js/);
  });

  it('is nothing where the server closes in the midst of work', () => {
    const verdict = judgeFirst(crossed(0.05, 'reply'));
    expect(verdict.cause.code).toBe('data-after-close');
    expect(verdict.codes).not.toContain('silence-before-close');
    expect(verdict.next).not.toContain('idle');
  });

  it('does not make data after a half-close of what the server still took', () => {
    const verdict = judgeFirst(
      talk()
        .serverCloses()
        .clientSends(600)
        .serverAcks()
        .clientSends(600)
        .serverAcks()
        .rst({ from: 'server' }),
    );
    expect(verdict.codes).not.toContain('crossed-the-close');
    expect(verdict.cause.code).not.toBe('data-after-close');
  });
});

describe('the silence before a reset', () => {
  it.each(['reply', 'abort'] as const)('shows a timer, and that no work was under way: %s', (style) => {
    const verdict = judgeFirst(talk().rst({ from: 'server', style, after: 400 }));
    expect(verdict.cause.code).toBe('idle-timeout');
    expect(verdict.matters).toBe(false);
    expect(textOf(verdict, 'silence-before-reset')).toContain('400 s');
    expect(verdict.next).toContain('400 s');
  });

  it('is the same in a second connection', () => {
    const verdicts = judge(
      talk().rst({ from: 'server', style: 'reply', after: 400 }),
      talk(40_001, 33).rst({ from: 'server', style: 'reply', after: 400 }),
    );
    for (const verdict of verdicts) {
      expect(verdict.cause).toMatchObject({ code: 'idle-timeout', confidence: 0.85 });
      expect(textOf(verdict, 'silence-before-reset')).toContain('one other connection');
    }
  });

  it('goes on through keep-alive probes and their answers', () => {
    const verdict = judgeFirst(
      talk()
        .keepAlive('client', { after: 100 })
        .serverAcks()
        .keepAlive('client', { after: 100 })
        .serverAcks()
        .rst({ from: 'server', style: 'reply', after: 100 }),
    );
    expect(textOf(verdict, 'silence-before-reset')).toContain('300 s');
    expect(verdict.idleSeconds).toBeCloseTo(100, 1);
  });

  it('is an answer instead where the reset comes right after a segment', () => {
    const verdict = judgeFirst(talk().wait(400).clientSends(9).rst({ from: 'server', style: 'reply' }));
    expect(verdict.cause.code).toBe('stale-connection');
    expect(textOf(verdict, 'silence-before-use')).toMatch(/400 s .* longer than 360 s .* than 350 s/);
  });

  it('is no idleness while an answer is owed', () => {
    const verdict = judgeFirst(talk().clientSends(50).serverAcks().rst({ from: 'server', after: 60 }));
    expect(verdict.cause.code).not.toBe('idle-timeout');
    expect(textOf(verdict, 'request-unanswered')).toContain('60 s');
  });

  it('is doubted where the service survived a longer one', () => {
    const long = talk(40_001, 3).wait(90).exchange(10, 10);
    const verdict = judgeFirst(talk().rst({ from: 'server', after: 60 }), long);
    expect(verdict.codes).toContain('longer-silence-survived');
    expect(verdict.cause.confidence).toBeLessThan(0.5);
  });
});

describe('the silence before the next use', () => {
  it('is bounded by what was survived before', () => {
    const verdict = judgeFirst(
      talk().wait(31).exchange(10, 10).wait(61).clientSends(20).rst({ from: 'server', style: 'reply' }),
    );
    expect(textOf(verdict, 'shorter-silence-survived')).toMatch(/31 s .* 61 s was not/);
    expect(verdict.next).toContain('31 s, which was survived');
  });

  it('is the same for devices that answer with RST+ACK', () => {
    const verdict = judgeFirst(talk().wait(61).clientSends(20).rst({ from: 'server', window: 0 }));
    expect(verdict.cause.code).toBe('stale-connection');
    expect(verdict.codes).toContain('silence-before-use');
  });
});

describe('the age of connections', () => {
  const busy = (port: number, start: number, pause: number, age: number): Conversation => {
    const story = talk(port, start);
    const begin = START_NS + BigInt(start * 1e9);
    while (Number(story.nowNs - begin) / 1e9 + pause < age - 1) story.wait(pause).exchange(20, 20);
    return story.rst({ from: 'server', after: age - Number(story.nowNs - begin) / 1e9 });
  };

  it('is a limit where several end at the same one, however busy they were', () => {
    const verdicts = judge(busy(1, 0, 3, 126.3), busy(2, 20, 7, 126.3), busy(3, 45, 11, 126.3));
    for (const verdict of verdicts) {
      expect(verdict.cause.code).toBe('connection-age-limit');
      expect(textOf(verdict, 'same-age-as-others')).toContain('126 s after it began');
      expect(verdict.next).toContain('126 s after they began, 3 of them');
    }
  });

  it('is none where one lives longer, nor where all are silent for the same time', () => {
    const [first] = judge(busy(1, 0, 3, 100), busy(2, 20, 7, 100), busy(3, 45, 11, 100), busy(4, 60, 9, 200));
    expect(first.cause.code).not.toBe('connection-age-limit');
    const idle = judge(
      talk(1, 0).rst({ from: 'server', after: 60 }),
      talk(2, 20).rst({ from: 'server', after: 60 }),
      talk(3, 40).rst({ from: 'server', after: 60 }),
    );
    expect(idle[0].cause.code).toBe('idle-timeout');
  });

  it('is none where all began and ended together', () => {
    const verdicts = judge(busy(1, 0, 3, 90), busy(2, 0.2, 7, 90), busy(3, 0.4, 11, 90));
    for (const verdict of verdicts) expect(verdict.cause.code).not.toBe('connection-age-limit');
  });
});
