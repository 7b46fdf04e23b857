import { describe, expect, it } from 'vitest';
import { linkQuestion, parseLink } from './links.ts';

describe('a link', () => {
  it.each([
    ['resetscope://open?path=%2Fa%20b%2Fc.pcap#/reset/5', ['/a b/c.pcap'], '/reset/5'],
    ['RESETSCOPE://open/?path=/a.pcap&path=/b.pcap', ['/a.pcap', '/b.pcap'], ''],
    ['resetscope://open#/resets?filter=a%26b%3D1', [], '/resets?filter=a%26b%3D1'],
    ['resetscope://open#%2Freset%2F5', [], '/reset/5'],
  ])('%s', (text, paths, place) => {
    expect(parseLink(text)).toEqual({ paths, place });
  });

  it.each([
    'https://open?path=/a',
    'resetscope://run?path=/a',
    'resetscope://open/etc?path=/a',
    'resetscope:open?path=/a',
    'resetscope://open?path=a.pcap',
    'resetscope://open?path=../a.pcap',
    'resetscope://open?path=//server/share/a.pcap',
    'resetscope://open?path=%5C%5Cserver%5Cshare%5Ca.pcap',
    'resetscope://open?path=/a%00b',
    'resetscope://open#%E0%A4%A',
    `resetscope://open?${'path=/a&'.repeat(21)}`,
    `resetscope://open?path=/${'a'.repeat(10_000)}`,
    `resetscope://open#/${'a'.repeat(100_000)}`,
    '',
  ])('is not %s', (text) => {
    expect(parseLink(text)).toBeUndefined();
  });
});

it('is asked about with the whole path, and nothing that hides it', () => {
  const { message, detail } = linkQuestion({ paths: ['/tmp/a\u202Egpj.pcap'], place: '' });
  expect(message).toContain('as a link asks');
  expect(detail).toContain('/tmp/a');
  expect(detail).not.toContain('\u202E');
});
