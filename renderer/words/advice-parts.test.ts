import { describe, expect, it } from 'vitest';
import { adviceParts } from './advice-parts.ts';

const joined = (runs: readonly { readonly text: string }[]): string => runs.map(({ text }) => text).join('');

describe('advice in parts', () => {
  it('begins with its first sentence', () => {
    const { lead, rest } = adviceParts('Capture at the server: does the SYN arrive? If it does, look there.');
    expect([joined(lead), joined(rest)]).toEqual([
      'Capture at the server: does the SYN arrive?',
      'If it does, look there.',
    ]);
  });

  it('takes no stop in a number, a name or parentheses for an end', () => {
    const { lead, rest } = adviceParts(
      'Keep them for less than 5.0 s (Node x. Go y), .NET too. 10.0.0.2:80 closes.',
    );
    expect(joined(lead)).toBe('Keep them for less than 5.0 s (Node x. Go y), .NET too.');
    expect(joined(rest)).toBe('10.0.0.2:80 closes.');
  });

  it('sets asides apart, and calls of functions not', () => {
    const { lead, rest } = adviceParts('Close without SO_LINGER (Go SetLinger(0)), not with SetLinger(0).');
    expect(lead).toEqual([
      { text: 'Close without SO_LINGER ', isAside: false },
      { text: '(Go SetLinger(0))', isAside: true },
      { text: ', not with SetLinger(0).', isAside: false },
    ]);
    expect(rest).toEqual([]);
  });
});
