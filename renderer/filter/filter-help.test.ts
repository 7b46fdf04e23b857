import { expect, it } from 'vitest';
import { parseFilter } from '../../shared/filter/parse.ts';
import { EXAMPLES } from './filter-help.tsx';

it.each(EXAMPLES)('the example %j can be read', (filter) => {
  expect(parseFilter(filter)).toMatchObject({ ok: true });
});
