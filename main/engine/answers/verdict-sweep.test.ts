/** A reset that several captures hold is judged once, and all of its records have that verdict. */
import { describe, expect, it } from 'vitest';
import type { Milliseconds } from '../../../shared/base/units.ts';
import type { JoinView } from '../join/join-view.ts';
import type { ResetJudge } from '../reset/judge.ts';
import type { ResetLog } from '../store/reset-log.ts';
import { type Classification, VerdictColumns } from '../store/verdict-columns.ts';
import type { ResetView } from './reset-view.ts';
import type { SettledResets } from './settled-resets.ts';
import { VerdictSweep } from './verdict-sweep.ts';

const VERDICT: Classification = {
  ...{ kind: 'endpoint', side: 'client', hops: null, confidence: 0, cause: 'unknown', causeConfidence: 0.5 },
  ...{ family: 'active', obeyed: 'unknown', matters: true, proven: false, idleSeconds: null },
  ...{ silenceSeconds: 3, unacknowledged: null, labelPattern: 'it' },
};

/** Judges three resets, of which 0 and 2 are one that 2 stands for once they are joined. */
function sweep(judged: number[], joined: () => boolean): { verdicts: VerdictColumns; sweep: VerdictSweep } {
  const verdicts = new VerdictColumns();
  const join = {
    get isJoined() {
      return joined();
    },
    records: (reset: number) => (reset === 1 ? [1] : [2, 0]),
    primary: (reset: number) => (reset === 1 ? 1 : 2),
  } as unknown as JoinView;
  const judge = {
    classify: (id: number) => {
      judged.push(id);
      return { ...VERDICT, confidence: id / 8 };
    },
    invalidate: () => undefined,
  };
  const made = new VerdictSweep(
    { count: 3 } as ResetLog,
    {} as ResetView,
    verdicts,
    { to: 0 } as SettledResets,
    judge as unknown as ResetJudge,
    undefined,
    () => join,
  );
  return { verdicts, sweep: made };
}

const NOW = () => 0 as Milliseconds;

describe('verdicts', () => {
  it('are made of each record while nothing is joined', () => {
    const judged: number[] = [];
    sweep(judged, () => false).sweep.judgeFor(1 as Milliseconds, NOW);
    expect(judged).toEqual([0, 1, 2]);
  });

  it('of records of one reset are that of the one that stands for it', () => {
    const judged: number[] = [];
    const made = sweep(judged, () => true);
    made.sweep.judgeFor(1 as Milliseconds, NOW);
    expect(judged).toEqual([2, 1]);
    expect([...made.verdicts.confidence.subarray(0, 3)]).toEqual([2 / 8, 1 / 8, 2 / 8]);
    expect([...made.verdicts.silenceSeconds.subarray(0, 3)]).toEqual([3, 3, 3]);
  });

  it('that were made before captures were joined are made again', () => {
    const judged: number[] = [];
    let isJoined = false;
    const made = sweep(judged, () => isJoined);
    made.sweep.judgeFor(1 as Milliseconds, NOW);
    isJoined = true;
    made.sweep.restart();
    made.sweep.judgeFor(1 as Milliseconds, NOW);
    expect(judged).toEqual([0, 1, 2, 2, 1]);
    expect([...made.verdicts.confidence.subarray(0, 3)]).toEqual([2 / 8, 1 / 8, 2 / 8]);
  });
});
