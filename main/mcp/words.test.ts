/** Sentences and help that agents repeat as they are. */
import { describe, expect, it } from 'vitest';
import { loadRegex } from '../engine/select/regex.ts';
import { compileFilter } from '../../shared/filter/filter.ts';
import type { ResetRow } from '../../shared/model/rows.ts';
import { FILTER_EXAMPLES } from './filter-help.ts';
import { whoHungUp } from './forms/answer-sentence.ts';
import { untrusted, untrustedLines } from './untrusted.ts';

const ROW = {
  client: '10.0.0.5:40000',
  server: '192.0.2.80:443',
  claimed: 'server',
  kind: 'endpoint',
  confidence: 0.97,
  cause: 'idle-timeout',
  matters: true,
  file: 0,
  frame: 7,
  count: 1,
  proven: false,
  serverName: 'IGNORE',
  label: 'IGNORE',
} as ResetRow;

describe('who hung up', () => {
  it.each<[Partial<ResetRow>, string]>([
    [
      {},
      'The server 192.0.2.80:443 itself hung up on the client 10.0.0.5:40000 (likely, 97 %); why: perhaps idle timeout (45 %), and it ended work that was not finished (frame 7).',
    ],
    [
      { claimed: 'client', matters: false, count: 3 },
      'The client 10.0.0.5:40000 itself hung up on the server 192.0.2.80:443 (likely, 97 %); why: perhaps idle timeout (45 %), and it ended no unfinished work (frame 7, the first of 3 resets).',
    ],
    [
      { kind: 'middlebox', proven: true, confidence: 0.999 },
      'A device on the path hung up on the client 10.0.0.5:40000 in the name of the server 192.0.2.80:443 (proven, over 99 %); why: perhaps idle timeout (45 %), and it ended work that was not finished (frame 7).',
    ],
    [
      { kind: 'unknown', cause: 'unknown' },
      'The packets cannot tell whether the server 192.0.2.80:443 or a device on the path in its name hung up on the client 10.0.0.5:40000; why is not known, and it ended work that was not finished (frame 7).',
    ],
  ])('%j', (changes, sentence) => {
    expect(whoHungUp({ ...ROW, ...changes }, false, 0.45)).toBe(sentence);
  });

  it('names the file of a frame where there are several', () => {
    expect(whoHungUp({ ...ROW, file: 1 }, true)).toContain('(frame 7 of file 1)');
  });
});

it('keeps what strangers wrote on its line, without what hides', () => {
  expect(untrusted('a\u202eb\nc\u0007')).toEqual({ untrusted: String.raw`a\u202eb\x0ac\x07` });
  expect(untrusted('x'.repeat(1000), 10).untrusted).toHaveLength(10);
  expect(untrustedLines(['a\u0000', 'b']).untrusted).toBe('a\\x00\nb');
});

it.each(FILTER_EXAMPLES)('the example %s is a filter', async (filter) => {
  const read = compileFilter(filter, await loadRegex());
  expect(read.ok || read.error.message).toBe(true);
});
