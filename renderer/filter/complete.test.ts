import { describe, expect, it } from 'vitest';
import { completionAt } from './complete.ts';

function texts(text: string): readonly string[] {
  return completionAt(text, text.length).items.map((item) => item.text);
}

describe('completion', () => {
  it('offers fields and words that begin with what is typed, near ones first', () => {
    const found = texts('tcp.');
    expect(found).toContain('tcp.port');
    expect(found.indexOf('tcp.port')).toBeLessThan(found.indexOf('tcp.flags.syn'));
    expect(texts('ori')).toContain('origin:');
    expect(texts('tcp and -ori')).toEqual(['-origin:']);
  });

  it('finds a field by its last part', () => {
    expect(texts('srcport')).toContain('tcp.srcport');
  });

  it('offers operators behind a field, those for text only behind text', () => {
    expect(texts('tcp.port ')).toEqual(expect.arrayContaining(['==', 'in {', 'and']));
    expect(texts('tcp.port ')).not.toContain('contains');
    expect(texts('http.host ')).toContain('contains');
  });

  it('offers values behind an operator, and asks for those of the capture', () => {
    expect(texts('rst.origin == mid')).toEqual(['"middlebox"']);
    expect(texts('tcp.flags.syn == ')).toEqual(['True', 'False']);
    expect(completionAt('ip.addr == 10.', 14).values).toMatchObject({
      field: { name: 'ip.addr' },
      prefix: '10.',
    });
    expect(completionAt('tcp.port in {80, 4', 18).values).toMatchObject({
      field: { name: 'tcp.port' },
      prefix: '4',
    });
  });

  it('offers the words of a quick field', () => {
    expect(texts('origin:mid')).toEqual(['middlebox']);
    expect(completionAt('shop port:4', 11)).toMatchObject({
      from: 10,
      values: { field: { name: 'tcp.port' } },
    });
  });

  it('replaces what stands before the caret only', () => {
    expect(completionAt('tcp.po == 80', 6)).toMatchObject({ from: 0, to: 6 });
  });

  it('offers to go on behind a test', () => {
    expect(texts('tcp.port == 80 ')).toEqual(['and', 'or']);
    expect(texts('(tcp.port == 80 ')).toEqual(['and', 'or']);
    expect(texts('tcp.port in {80, 443}')).toEqual([]);
    expect(texts('idle:<no time> ')).toEqual([]);
    expect(texts('tcp.port = 80 ')).toEqual([]);
    expect(texts('')).toEqual([]);
  });
});
