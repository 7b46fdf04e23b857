import { describe, expect, it } from 'vitest';
import { browserPlatform, tokenOf } from './browser.ts';

describe('the token', () => {
  it('is read from the fragment', () => {
    expect(tokenOf('#token=abc-123_x')).toBe('abc-123_x');
    expect(tokenOf('')).toBe('');
    expect(tokenOf('#other=1')).toBe('');
  });

  it('that is missing is said in words, before anything is sent', async () => {
    const location = { hash: '', host: '127.0.0.1:9', protocol: 'http:' } as Location;
    await expect(browserPlatform(location).connect()).rejects.toThrow(/no access token/);
  });
});
