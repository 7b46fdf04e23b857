import { describe, expect, it } from 'vitest';
import { isSecret, makeToken, tokenOfProtocols } from './auth.ts';
import { parseArguments } from './options.ts';

describe('tokens', () => {
  it('are long, different, and fit a subprotocol', () => {
    const tokens = new Set(Array.from({ length: 100 }, makeToken));
    expect(tokens.size).toBe(100);
    // RFC 7230 token characters.
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
  it('match only themselves', () => {
    const token = makeToken();
    expect(isSecret(token, token)).toBe(true);
    for (const other of [undefined, '', token.slice(1), `${token}x`, makeToken()]) {
      expect(isSecret(other, token)).toBe(false);
    }
  });
  it('are found beside our subprotocol only', () => {
    expect(tokenOfProtocols('resetscope, token.abc')).toBe('abc');
    expect(tokenOfProtocols('token.abc,resetscope')).toBe('abc');
    expect(tokenOfProtocols('token.abc')).toBeUndefined();
    expect(tokenOfProtocols('resetscope')).toBeUndefined();
    expect(tokenOfProtocols(undefined)).toBeUndefined();
  });
});

describe('the command line', () => {
  it('has files and a port', () => {
    expect(parseArguments(['--port', '8080', '/a.pcap', '--follow'])).toMatchObject({
      paths: ['/a.pcap'],
      port: 8080,
      follow: true,
      allowPaths: false,
    });
  });
  it.each([['--port', 'x'], ['--port', '65536'], ['--port', '-1'], ['--unknown']])(
    'refuses %s %s',
    (...argv) => {
      expect(() => parseArguments(argv)).toThrow();
    },
  );
});
