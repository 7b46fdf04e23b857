import { describe, expect, it } from 'vitest';
import { loadRegex, requiredLiteral } from './regex.ts';

describe('a regular expression', () => {
  it('looks at no case, and finds a part', async () => {
    const regex = await loadRegex();
    const compiled = regex.compile('g.t /in');
    expect(compiled.ok && compiled.value('x GET /index')).toBe(true);
    expect(compiled.ok && compiled.value('x GE /index')).toBe(false);
  });

  it.each([
    ['^10\\.0\\.1', ['10.0.1.7:80', '110.0.1.7', '1010.1', '10.0.1', '10x0x1']],
    ['example\\.net', ['a.EXAMPLE.net', 'examplexnet', '']],
    ['GET /Index', ['x get /index', 'GET /', 'İGET /INDEX']],
    ['\\(a\\|b\\)', ['x(A|b)', 'a', 'ab']],
    ['^a', ['ba', 'A', 'İa']],
    ['^i', ['İ', 'I', 'hi']],
  ])('without anything special finds with %j what automata find', async (pattern, texts) => {
    const regex = await loadRegex();
    const plain = regex.compile(pattern);
    // The same, and nothing behind it.
    const general = regex.compile(`${pattern}(?:)`);
    for (const text of texts) {
      expect(plain.ok && plain.value(text), text).toBe(general.ok && general.value(text));
    }
    expect(texts.some((text) => plain.ok && plain.value(text))).toBe(true);
  });

  it('that cannot be read is refused with its reason', async () => {
    const regex = await loadRegex();
    const compiled = regex.compile('[');
    expect(compiled).toMatchObject({ ok: false });
    expect(compiled.ok ? '' : compiled.error).toContain(']');
  });
});

describe('the text that each match has to hold', () => {
  it.each([
    ['GET /index', 'index'],
    ['^hello.*world$', 'hello'],
    ['colou?r', 'colo'],
    ['ab{3}cde', 'cde'],
    ['a|b', ''],
    ['(abc)?', ''],
    ['x\\d+', ''],
    ['task', 'ta'],
  ])('of %j is %j', (pattern, literal) => {
    expect(requiredLiteral(pattern)).toBe(literal);
  });
});
