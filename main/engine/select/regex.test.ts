import { describe, expect, it } from 'vitest';
import { loadRegex, requiredLiteral } from './regex.ts';

describe('a regular expression', () => {
  it('looks at no case, and finds a part', async () => {
    const regex = await loadRegex();
    const compiled = regex.compile('g.t /in');
    expect(compiled.ok && compiled.value('x GET /index')).toBe(true);
    expect(compiled.ok && compiled.value('x GE /index')).toBe(false);
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
