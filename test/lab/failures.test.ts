import { describe, expect, it } from 'vitest';
import { compareFailures, connectionFigures, countFailures } from './failures.ts';
import type { ConnectionsOfSet, FailureTruth } from './outcomes.ts';

const FLOW = { client: '10.0.0.1:40000', server: '10.0.0.2:80' };

const failure: FailureTruth = {
  ...FLOW,
  place: 'client',
  scenario: 'some',
  kind: 'went-silent',
  alternatives: ['stalled'],
  side: null,
  recovered: false,
  matters: true,
};

const truth = {
  failures: [failure, { ...failure, place: 'server' }],
  healthy: { client: 10 },
  unsettled: { client: ['10.0.0.3:1 10.0.0.2:80'] },
} satisfies ConnectionsOfSet;

const said = (kind: 'went-silent' | 'stalled' | 'no-answer', flow = FLOW, frame = 3) => ({
  frame,
  flow,
  kind,
  recovered: false,
  matters: true,
});

const scoreOf = (...reported: ReturnType<typeof said>[]) =>
  compareFailures('a.pcap', 'client', 'alone', truth, reported);

describe('failures that are reported', () => {
  it('are found by their connection, as what they are or what cannot be told from it', () => {
    for (const kind of ['went-silent', 'stalled'] as const)
      expect(countFailures([scoreOf(said(kind))])).toMatchObject({ failed: 1, found: 1, rightMatters: 1 });
  });

  it('are taken for another kind, or missed', () => {
    expect(countFailures([scoreOf(said('no-answer'))])).toMatchObject({ failed: 1, found: 0, mistaken: 1 });
    expect(countFailures([scoreOf()])).toMatchObject({ failed: 1, found: 0, mistaken: 0 });
  });

  it('are an alarm on any connection that is neither failed nor unsettled', () => {
    const elsewhere = said('stalled', { client: '10.0.0.9:9', server: '10.0.0.2:80' });
    const unsettled = said('stalled', { client: '10.0.0.3:1', server: '10.0.0.2:80' });
    expect(scoreOf(elsewhere, unsettled).alarms).toEqual(['frame 3: stalled, 10.0.0.9:9 10.0.0.2:80']);
    expect(connectionFigures([scoreOf(elsewhere)])).toEqual({ failuresFound: 0, healthyReported: 0.1 });
  });

  it('are neither missed nor too many where nothing is known', () => {
    expect(connectionFigures([])).toEqual({ failuresFound: 1, healthyReported: 0 });
  });
});
