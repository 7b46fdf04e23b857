import { describe, expect, it } from 'vitest';
import type { DetailNode } from '../../shared/model/packet-detail.ts';
import { comparedTrees, countDifferences, shownCompared } from './compare-model.ts';

function line(
  name: string,
  value: string,
  children: readonly DetailNode[] = [],
  derived = false,
): DetailNode {
  return {
    ...{ name, title: name, value, children, derived, source: 0, from: 0, to: 0 },
    ...{ meaning: '', definedIn: '', severity: 'plain', filter: '' },
  };
}

const HERE = [
  line('eth', 'a → b', [line('eth.src', 'a')]),
  line('ip', '10.0.0.1 → 192.0.2.7', [line('ip.ttl', '64'), line('ip.src', '10.0.0.1')]),
  line('tcp', '', [
    line('tcp.window_size_value', '501'),
    line('tcp.stream', '3', [], true),
    line('tcp.options', '', [line('tcp.options.mss_val', '1460'), line('tcp.options.sack_perm', 'yes')]),
  ]),
];
const THERE = [
  line('eth', 'c → d', [line('eth.src', 'c')]),
  line('vlan', '7', [line('vlan.id', '7')]),
  line('ip', '203.0.113.9 → 192.0.2.7', [line('ip.ttl', '61'), line('ip.src', '203.0.113.9')]),
  line('tcp', '', [
    line('tcp.window_size_value', '501'),
    line('tcp.stream', '9', [], true),
    line('tcp.options', '', [line('tcp.options.mss_val', '1380')]),
  ]),
];

describe('one packet at two capture points', () => {
  const lines = comparedTrees(HERE, THERE);
  const is = (name: string) => lines.find((one) => one.name === name)?.is;

  it('is the same, changed as on any way, or changed', () => {
    expect(is('tcp.window_size_value')).toBe('same');
    expect(is('ip.ttl')).toBe('expected');
    expect(is('eth.src')).toBe('expected');
    expect(is('vlan.id')).toBe('expected');
    expect(is('tcp.stream')).toBe('expected');
    expect(is('ip.src')).toBe('differs');
    expect(is('tcp.options.mss_val')).toBe('differs');
    expect(is('tcp.options.sack_perm')).toBe('only-here');
  });

  it('has lines over a difference differ, and those that are only there in their place', () => {
    expect(is('ip')).toBe('differs');
    expect(is('eth')).toBe('expected');
    expect(lines.filter(({ level }) => level === 1).map(({ name }) => name)).toEqual([
      'eth',
      'vlan',
      'ip',
      'tcp',
    ]);
    expect(countDifferences(lines)).toEqual({ differs: 2, expected: 4, onlyHere: 1, onlyThere: 0 });
  });

  it('is open down to what differs, and shows nothing else when asked to', () => {
    const all = shownCompared(lines, () => false, false).map(({ name }) => name);
    expect(all).toContain('ip.src');
    expect(all).not.toContain('eth.src');
    const only = shownCompared(lines, () => true, true).map(({ name }) => name);
    expect(only).toEqual([
      'ip',
      'ip.src',
      'tcp',
      'tcp.options',
      'tcp.options.mss_val',
      'tcp.options.sack_perm',
    ]);
  });

  it('repeats names in their order', () => {
    const options = [line('tcp.option', 'a'), line('tcp.option', 'b')];
    expect(comparedTrees(options, options).map((one) => one.is)).toEqual(['same', 'same']);
    expect(comparedTrees(options, options.slice(0, 1)).map((one) => one.is)).toEqual(['same', 'only-here']);
  });
});
