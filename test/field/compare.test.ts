import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../support/analyze.ts';
import type { AnalysisJson } from '../../main/cli/schema.ts';
import { Conversation } from '../support/conversation.ts';
import { compareCase, type Expected, tableOf } from './compare.ts';

/** One refused connection, as far as the comparison looks at it. */
function refusal(): AnalysisJson {
  const session = analyzePackets(new Conversation().refused().packets);
  const { row, verdict } = session.resetDetail(0);
  const reset = { frame: row.frame, ...verdict };
  const finding = { next: 'the next step of the finding', resets: [{ file: 0, frame: row.frame }] };
  return { resets: [reset], findings: [finding] } as unknown as AnalysisJson;
}

const expected = (over: Partial<Expected>): Expected => ({
  file: 'a.pcap',
  frames: [2],
  origin: ['unknown'],
  cause: ['connection-refused'],
  matters: true,
  next: [],
  not: [],
  ...over,
});

const rightOf = (...lines: Partial<Expected>[]) =>
  compareCase('a.pcap', lines.map(expected), refusal()).right;

const ALL_RIGHT = { origin: true, cause: true, matters: true, next: true };

describe('a field case', () => {
  it('is right in all parts where every reset is as expected', () => {
    expect(rightOf({})).toEqual(ALL_RIGHT);
  });

  it('tells the columns apart', () => {
    expect(rightOf({ origin: ['middlebox'] })).toEqual({ ...ALL_RIGHT, origin: false });
    expect(rightOf({ cause: ['aborted'] })).toEqual({ ...ALL_RIGHT, cause: false });
    expect(rightOf({ matters: false })).toEqual({ ...ALL_RIGHT, matters: false });
    expect(rightOf({ next: ['no such words'] })).toEqual({ ...ALL_RIGHT, next: false });
    expect(rightOf({ not: ['capture|next|step|server'] })).toEqual({ ...ALL_RIGHT, next: false });
  });

  it('takes words from the finding, and either answer where nobody can say', () => {
    expect(rightOf({ next: ['step of the FINDING'], matters: null })).toEqual(ALL_RIGHT);
  });

  it('holds a distance against its range', () => {
    expect(rightOf({ hops: [0, 1] }).origin).toBe(true);
    expect(rightOf({ hops: [4, 9] }).origin).toBe(false);
  });

  it('asks for one of a group, and for every frame', () => {
    expect(rightOf({ anyMatters: [[2, 7]] }).matters).toBe(true);
    expect(rightOf({ anyMatters: [[7]] }).matters).toBe(false);
    expect(rightOf({}, { frames: [9] })).toEqual({
      origin: false,
      cause: false,
      matters: false,
      next: false,
    });
  });

  it('is told in a line, with its misses', () => {
    expect(tableOf([compareCase('a.pcap', [expected({ matters: false })], refusal())])).toMatch(
      /^a\.pcap +\+ \+ - \+\n +matters: frame 2 said true$/,
    );
  });
});
