import { describe, expect, it } from 'vitest';
import { sampleFailureGroup, sampleFinding } from '../../testing/sample.ts';
import {
  alikeFailuresSentence,
  alikeSentence,
  harmlessText,
  hasConsequences,
  inOrder,
  keyOf,
  totalOf,
} from './findings-told.ts';

describe('what happened', () => {
  it('stands in the order of its weight, whatever it is', () => {
    const told = inOrder(
      [sampleFinding({ matters: 10 }), sampleFinding({ matters: 0, count: 90, noise: true })],
      [
        sampleFailureGroup({ matters: 2, count: 2 }),
        sampleFailureGroup({ kind: 'stalled', matters: 40, count: 40 }),
        sampleFailureGroup({ matters: 0, count: 99 }),
      ],
    );
    expect(told.map(({ of }) => of)).toEqual(['failures', 'resets', 'failures', 'failures', 'resets']);
    expect(told.map((one) => hasConsequences(one))).toEqual([true, true, true, false, false]);
  });

  it('is known by what it shares, not by its examples', () => {
    const [one, later] = [[1], [5]].map((examples) =>
      keyOf({ of: 'failures', group: sampleFailureGroup({ examples }) }),
    );
    expect(one).toBe(later);
    const scans = [[1], [5]].map((examples) =>
      keyOf({ of: 'failures', group: sampleFailureGroup({ server: 'several', examples }) }),
    );
    expect(new Set(scans).size).toBe(2);
  });

  it('is counted where it is folded away', () => {
    const group = sampleFailureGroup({ matters: 0, count: 3 });
    expect(harmlessText({ findings: 0, resets: 0 }, [{ of: 'failures', group }])).toBe('3 harmless failures');
    expect(harmlessText({ findings: 2, resets: 1 }, [])).toBe('1 harmless reset in 2 groups');
  });

  it('is one row where nothing but the server differs', () => {
    const on = (server: string, changes = {}) =>
      sampleFinding({ kind: 'endpoint', claimed: 'server', server, count: 10, matters: 4, ...changes });
    const told = inOrder(
      [on('192.0.2.7:443'), on('192.0.2.8:443'), on('192.0.2.9:443', { cause: 'idle-timeout' })],
      [],
    );
    expect(told.map(({ of }) => of)).toEqual(['alike', 'resets']);
    const [alike] = told;
    if (alike.of !== 'alike') return;
    expect(totalOf(alike.findings)).toMatchObject({ count: 20, matters: 8 });
    expect(alikeSentence(alike.findings)).toMatch(
      /^20 resets sent by the servers themselves, on 2 servers; why: /u,
    );
    expect(alikeSentence([on('192.0.2.7:443'), on('192.0.2.7:80')])).toContain('on 2 ports of 192.0.2.7;');
  });

  it('is one row where failures differ in nothing but the server, and a scan is a row of its own', () => {
    const on = (server: string, changes = {}) =>
      sampleFailureGroup({ server, count: 3, matters: 2, ...changes });
    const told = inOrder(
      [],
      [
        on('192.0.2.7:443', { side: 'path' }),
        on('192.0.2.8:443', { side: 'path' }),
        on('192.0.2.9:443'),
        on('several', { examples: [7] }),
        on('several', { examples: [9] }),
      ],
    );
    expect(told.map(({ of }) => of)).toEqual(['alike failures', 'failures', 'failures', 'failures']);
    const [alike] = told;
    if (alike.of !== 'alike failures') return;
    expect(totalOf(alike.groups)).toMatchObject({ count: 6, matters: 4 });
    expect(alikeFailuresSentence(alike.groups)).toBe(
      '6 connections to 2 servers got no answer. It failed on the path between them.',
    );
    expect(hasConsequences(alike)).toBe(true);
    expect(new Set(told.map(keyOf)).size).toBe(told.length);
    const harmless = inOrder([], [on('192.0.2.7:443', { matters: 0 }), on('192.0.2.8:443', { matters: 0 })]);
    expect(harmlessText({ findings: 0, resets: 0 }, harmless)).toBe('6 harmless failures');
  });
});
