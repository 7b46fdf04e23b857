import { describe, expect, it } from 'vitest';
import { judgeFirst } from '../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../test/support/conversation.ts';
import { REPORT_BOUNDS } from '../../../shared/model/report.ts';
import type { Verdict } from '../../../shared/model/verdict.ts';
import { FAILURE_KINDS } from '../../../shared/model/failure.ts';
import { failureRefutations, refutations } from './refute.ts';

const far = { server: { ttl: 56 } };
const forged = judgeFirst(
  new Conversation(far)
    .handshake()
    .exchange(417, 90)
    .wait(2)
    .rst({ from: 'server', ttl: 62, ipId: 0, options: {}, window: 0 }),
);
const genuine = judgeFirst(new Conversation(far).handshake().exchange(417, 90).rst({ from: 'server' }));
const told = (verdict: Verdict): string[] => refutations(verdict, verdict.evidence);

describe('what would refute a verdict', () => {
  it('that a device made the reset: a capture at the host which holds it', () => {
    expect(forged.origin.kind).toBe('middlebox');
    expect(told(forged)[0]).toBe(
      'A capture on the server itself (outgoing packets) that holds this reset: then the server sent it, and no device on the path did.',
    );
    expect(told(forged).join(' ')).toContain('arrive with the reset’s TTL');
  });

  it('that the host sent it: a capture there which does not hold it', () => {
    expect(genuine.origin.kind).toBe('endpoint');
    expect(told(genuine)[0]).toMatch(/^A capture on the server itself.* does not hold the reset/u);
  });

  it('that nothing is known: captures that tell, for either answer', () => {
    const verdict: Verdict = { ...genuine, origin: { ...genuine.origin, kind: 'unknown' } };
    expect(told(verdict)[0]).toMatch(/^Nothing is claimed .*shows that the server did; .* shows a device/u);
  });

  it('rests on nothing that speaks for the other side', () => {
    const against = forged.evidence.filter(({ favours }) => favours !== 'middlebox');
    const own = refutations({ ...forged, cause: { ...forged.cause, code: 'unknown' } }, against);
    expect(own).toHaveLength(1);
  });

  it('tells the heaviest evidence first, each observation once, and ends with the cause', () => {
    const [piece] = forged.evidence.filter(({ favours }) => favours === 'middlebox');
    const light = { ...piece, code: 'window-zero', family: 'header', weight: 0.1 } as const;
    const heavy = { ...piece, code: 'overtook-data', family: 'aftermath', weight: 5 } as const;
    const texts = refutations(forged, [light, light, heavy]);
    expect(texts).toHaveLength(4);
    expect(texts[1]).toMatch(/^A capture queue that reordered packets/u);
    expect(texts[2]).toMatch(/has the same window/u);
    expect(texts[3]).toMatch(/^Of the cause: /u);
  });

  it('keeps the cause where there is more than is told', () => {
    const [piece] = forged.evidence.filter(({ favours }) => favours === 'middlebox');
    const codes = [
      'hops-x',
      'one-hop',
      'ttl-varies',
      'same-ttl',
      'ip-id',
      'window',
      'df-x',
      'mac-x',
      'seq-x',
    ];
    const texts = refutations(
      forged,
      codes.map((code) => ({ ...piece, code })),
    );
    expect(texts).toHaveLength(REPORT_BOUNDS.refute);
    expect(texts.at(-1)).toMatch(/^Of the cause: /u);
  });

  it('has a sentence for evidence that has none of its own, by its family', () => {
    const [piece] = forged.evidence.filter(({ favours }) => favours === 'middlebox');
    const texts = refutations(forged, [{ ...piece, code: 'something-new', family: 'timing' }]);
    expect(texts[1]).toBe('Measured round trips to the server that do not fit the delays here.');
  });
});

describe('what would refute a failure', () => {
  it.each(FAILURE_KINDS)('%s is told for every side', (kind) => {
    for (const side of ['client', 'server', 'path', null] as const) {
      const texts = failureRefutations({ kind, side });
      expect(new Set(texts).size).toBe(3);
      expect(texts.join(' ')).not.toMatch(/undefined|\bnull\b/u);
    }
  });
});
