import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FailureRow } from '../model/failure.ts';
import type { FlowRow, ResetRow } from '../model/rows.ts';
import { compileFilter } from './filter.ts';
import { QUICK_FIELDS } from './quick/fields.ts';

const reset: ResetRow = {
  id: 3,
  file: 0,
  frame: 1204,
  timeNs: 5e9,
  flow: 17,
  client: '10.1.2.3:40001',
  server: '[2001:db8::5]:443',
  serverName: 'Shop.example.net',
  claimed: 'server',
  kind: 'middlebox',
  side: 'path',
  hops: 3,
  label: 'a device two hops before the server',
  confidence: 0.93,
  cause: 'idle-timeout',
  family: 'reply',
  obeyed: 'yes',
  matters: true,
  silenceSeconds: 350.2,
  unacknowledged: -1,
  count: 1,
  seenAt: 0,
  points: 0,
  proven: false,
};

const flow: FlowRow = {
  id: 17,
  file: 0,
  protocol: 'tcp',
  client: '10.1.2.3:40001',
  server: '192.0.2.8:8080',
  serverName: '',
  application: 'http',
  startNs: 0,
  durationNs: 90e9,
  packets: 44,
  clientBytes: 300,
  serverBytes: 70_000,
  state: 'RSTR',
  ending: 'clean',
  history: 'ShADadr',
  rttNs: -1,
  retransmissions: 0,
  resets: 1,
  marks: 'mid-stream, one-sided',
  points: 1,
};

const failure: FailureRow = {
  id: 17,
  file: 0,
  frame: 51,
  timeNs: 4e9,
  protocol: 'tcp',
  client: '10.1.2.3:40001',
  server: '192.0.2.8:8080',
  serverName: 'shop.example',
  kind: 'went-silent',
  side: 'path',
  tries: 7,
  seconds: 12.6,
  recovered: false,
  matters: true,
  confidence: 0.95,
  summary: 'The client sent 47 bytes 7 times in vain.',
  next: 'Capture at the server.',
};

function compiled(text: string) {
  const filter = compileFilter(text);
  if (!filter.ok) throw new Error(filter.error.message);
  return filter.value;
}

describe('a filter on resets', () => {
  it.each([
    '',
    '   ',
    'shop',
    'SHOP.EXAMPLE',
    '10.1.2',
    ':443',
    '"two hops"',
    'idle-timeout',
    '"idle timeout"',
    '2001:db8::5',
    'origin:middlebox',
    'origin:path',
    'ORIGIN:Middle',
    'cause:idle-timeout',
    'cause:timeout',
    'cause:refused,idle',
    'matters:yes',
    'ip:10.1.2.3',
    'ip:10.0.0.0/8',
    'ip:10.1.2.3/32',
    'ip:0.0.0.0/0',
    'ip:2001:db8::/32',
    'ip:192.0.2.1,2001:db8::/125',
    'port:443',
    'port:80,443',
    'port:>=40000',
    'port>40000',
    'host:example',
    'client:10.1.2.3',
    'client:10.1.0.0/16',
    'client:10.1.2.3:40001',
    'client:.2.3:',
    'server:[2001:db8::5]:443',
    'server:shop',
    'frame:1204',
    'frame>1203 frame<1205',
    'flow:17',
    'idle:>60',
    'idle:>5min',
    'idle:>=350.2',
    'idle:<6m',
    'conf:>0.9',
    'conf:>=93%',
    'hops:3',
    'claimed:server',
    '-matters:no',
    '-port:80',
    '-"acme"',
    'shop -ip:1.2.3.4 idle:>1s',
  ])('%j passes', (text) => {
    expect(compiled(text).matchesReset(reset)).toBe(true);
  });

  it.each([
    'acme',
    'origin:endpoint',
    'origin:server',
    'cause:refused',
    'matters:no',
    'ip:10.1.2.4',
    'ip:11.0.0.0/8',
    'ip:2001:db9::/32',
    'port:4430',
    'host:10.1',
    'client:10.1.2.3:40002',
    'client:9.2.3',
    'client:shop',
    'idle:<60',
    'unacked:>=0',
    'unacked:<5',
    'conf:1',
    'state:SF',
    '-shop',
    'shop acme',
    '-cause:refused,idle',
  ])('%j does not pass', (text) => {
    expect(compiled(text).matchesReset(reset)).toBe(false);
  });
});

describe('a filter on flows', () => {
  it.each([
    'app:http',
    'http',
    'state:rstr',
    'RSTR',
    'resets:>0',
    'packets:44',
    'bytes:>70000',
    'duration:>1min',
    'marks:one-sided',
    'proto:tcp',
    'flow:17',
    '-origin:middlebox',
    'ip:192.0.2.0/28 port:8080',
  ])('%j passes', (text) => {
    expect(compiled(text).matchesFlow(flow)).toBe(true);
  });

  it.each(['origin:middlebox', 'cause:refused', 'rtt:>0', 'rtt:<1', 'frame:1', 'proto:udp', 'app:tls'])(
    '%j does not pass',
    (text) => {
      expect(compiled(text).matchesFlow(flow)).toBe(false);
    },
  );
});

describe('a filter that cannot be read', () => {
  it.each([
    ['orgin:middlebox', 0, 5, 'did you mean “origin”?'],
    ['shop -prt:443', 6, 3, 'did you mean “port”?'],
    ['zzzzzz:1', 0, 6, 'words are origin'],
    ['origin:midlebox', 7, 8, 'did you mean “middlebox”?'],
    ['matters:perhaps', 8, 7, 'it takes yes, no'],
    ['cause:xyzzy', 6, 5, 'it takes connection-refused'],
    ['ip:10.0', 3, 4, '10.0.0.0/8'],
    ['ip:10.0.0.0/33', 3, 11, 'no address'],
    ['ip:1.2.3.4,x', 11, 1, 'no address'],
    ['client:10.0.0.0/a', 7, 10, 'no address'],
    ['idle:>soon', 6, 4, '5min'],
    ['idle:>5parsec', 6, 7, '5min'],
    ['idle:constructor', 5, 11, '5min'],
    ['conf:high', 5, 4, '90%'],
    ['port:443x', 5, 4, '443'],
    ['host:>a', 0, 7, 'not a number'],
    ['port:', 5, 1, 'a value after “port:”'],
    ['port:80,', 8, 1, 'a value'],
    ['shop "never closed', 5, 13, 'never closed'],
    ['a - b', 2, 1, 'nothing follows'],
    ['host:"a"b', 8, 1, 'space'],
  ])('%j fails at %d', (text, at, length, part) => {
    const filter = compileFilter(text);
    expect(filter).toMatchObject({ ok: false, error: { from: at, to: at + length } });
    expect(filter.ok ? '' : filter.error.message).toContain(part);
  });

  it('is one that is far too long', () => {
    expect(compileFilter('a'.repeat(5000)).ok).toBe(false);
    expect(compileFilter('a '.repeat(200)).ok).toBe(false);
  });
});

it('never throws, and its errors lie within the text', () => {
  const piece = fc.constantFrom(
    ...QUICK_FIELDS.map((field) => `${field.name}:`),
    ...[
      '-',
      '"',
      '\\',
      ',',
      ':',
      '>',
      '>=',
      '<',
      '=',
      ' ',
      '/',
      '10.0.0.1',
      '::1',
      '[::1]:80',
      '5ms',
      'yes',
      'é',
    ],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.oneof(piece, fc.string({ maxLength: 4 }))).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(text, (source) => {
      const filter = compileFilter(source);
      if (filter.ok) {
        expect(typeof filter.value.matchesReset(reset)).toBe('boolean');
        expect(typeof filter.value.matchesFlow(flow)).toBe('boolean');
        return;
      }
      expect(filter.error.from).toBeGreaterThanOrEqual(0);
      expect(filter.error.from).toBeLessThanOrEqual(source.length);
      expect(filter.error.message).not.toBe('');
    }),
    { numRuns: 2000 },
  );
});

it('quoted text is free text, whatever it looks like', () => {
  for (const text of ['origin:x', 'a b', '-', ',']) {
    expect(compileFilter(JSON.stringify(text)).ok).toBe(true);
  }
  expect(compiled('"origin:"').matchesReset(reset)).toBe(false);
});

describe('a filter of failures', () => {
  it.each([
    'ending:went-silent',
    'ending:silent',
    'went silent',
    'in vain',
    'side:path',
    'matters:yes',
    'recovered:no',
    'tries:>=7',
    'seconds:>5',
    'seconds:<1min',
    'conf:>90%',
    'frame:51',
    'flow:17',
    'shop',
    'ip:192.0.2.0/28 port:8080 proto:tcp',
    '-cause:refused',
  ])('%j passes', (text) => {
    expect(compiled(text).matchesFailure(failure)).toBe(true);
  });

  it.each([
    'ending:no-answer',
    'side:server',
    'recovered:yes',
    'seconds:>1min',
    'origin:path',
    'cause:refused',
    'resets:0',
    'rtt:>0',
    'duration:>0',
    'marks:mid',
  ])('%j does not pass', (text) => {
    expect(compiled(text).matchesFailure(failure)).toBe(false);
  });

  it('asks neither flows nor resets about failures', () => {
    for (const text of ['side:path', 'tries:>0', 'seconds:>0', 'recovered:no']) {
      expect(compiled(text).matchesFlow(flow)).toBe(false);
      expect(compiled(text).matchesReset(reset)).toBe(false);
    }
    expect(compiled('ending:clean').matchesFlow(flow)).toBe(true);
    expect(compiled('ending:no-answer').matchesFlow(flow)).toBe(false);
    expect(compiled('ending:clean').matchesReset(reset)).toBe(false);
  });

  it('does not know the side of a failure that cannot be told', () => {
    const open = { ...failure, side: null };
    expect(compiled('side:path,client,server').matchesFailure(open)).toBe(false);
    expect(compiled('-side:server').matchesFailure(open)).toBe(true);
  });
});
