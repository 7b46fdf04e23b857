import { expect, it } from 'vitest';
import { errorText } from './error.ts';

it('is the message of an error, and all of what is none', () => {
  expect(errorText(new TypeError('no such file'))).toBe('no such file');
  expect(errorText('refused')).toBe('refused');
  expect(errorText(undefined)).toBe('undefined');
});
