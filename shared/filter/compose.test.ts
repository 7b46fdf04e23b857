import { describe, expect, it } from 'vitest';
import { both, valueFilter, without } from './compose.ts';
import { parseFilter } from './parse.ts';

describe('two filters of which both must hold', () => {
  it.each([
    ['', 'tcp.port == 80', 'tcp.port == 80'],
    ['ip', 'tcp.port == 80', 'ip and tcp.port == 80'],
    ['tcp or udp', 'ip.addr == 10.0.0.1', '(tcp or udp) and ip.addr == 10.0.0.1'],
    ['ip.addr == 10.0.0.1', 'tcp or udp', 'ip.addr == 10.0.0.1 and (tcp or udp)'],
    ['origin:middlebox', 'port:443', 'origin:middlebox port:443'],
    ['tcp and ip.addr == 10.0.0.1', 'ip.addr == 10.0.0.1', 'tcp and ip.addr == 10.0.0.1'],
    ['tcp.port ==', 'udp', 'udp'],
    ['udp', 'tcp.port ==', 'udp'],
    ['shop.example', 'tcp.port == 443', '"shop.example" and tcp.port == 443'],
    ['shop went:x', 'tcp', 'tcp'],
    ['shop idle:>60', 'tcp.port == 443', '"shop" and idle:>60 and tcp.port == 443'],
    ['origin:middlebox,unknown', 'tcp.port == 443', 'origin:middlebox,unknown and tcp.port == 443'],
  ])('%j and %j are %j', (filter, added, whole) => {
    expect(both(filter, added)).toBe(whole);
    expect(parseFilter(whole)).toMatchObject({ ok: true });
  });

  it.each([
    ['tcp or udp', 'ip.ttl == 1'],
    ['shop', 'ip.ttl == 1'],
    ['not "shop"', 'port:80'],
    ['"a b" -c', 'ip.ttl == 1'],
    ['tcp', 'udp'],
    ['shop', 'tcp or udp'],
  ])('%j and %j can be read, and has both as parts', (filter, added) => {
    const whole = parseFilter(both(filter, added));
    expect(whole).toMatchObject({ ok: true, value: { kind: 'and' } });
  });
});

describe('a filter without what another one finds', () => {
  it.each([
    ['', 'ip.addr == 10.0.0.1', 'not ip.addr == 10.0.0.1'],
    ['tcp', 'ip.addr == 10.0.0.1', 'tcp and not ip.addr == 10.0.0.1'],
    ['tcp', 'udp or icmp', 'tcp and not (udp or icmp)'],
    ['origin:middlebox', 'port:443', 'origin:middlebox -port:443'],
  ])('%j without %j is %j', (filter, excluded, whole) => {
    expect(without(filter, excluded)).toBe(whole);
    expect(parseFilter(whole)).toMatchObject({ ok: true });
  });
});

it.each([
  ['ip.addr', '10.0.0.1', 'ip.addr == 10.0.0.1'],
  ['tcp.port', '443', 'tcp.port == 443'],
  ['http.host', 'a "b"', String.raw`http.host == "a \"b\""`],
  ['eth.src', '00:11:22:33:44:55', 'eth.src == 00:11:22:33:44:55'],
  ['tcp.flags.syn', 'True', 'tcp.flags.syn == True'],
  ['rst.origin', 'middlebox', 'rst.origin == "middlebox"'],
  ['tcp', '', 'tcp'],
  ['tcp.analysis.retransmission', '1', 'tcp.analysis.retransmission'],
])('the filter of %s with the value %j is %j', (field, value, filter) => {
  expect(valueFilter(field, value)).toBe(filter);
  expect(parseFilter(filter)).toMatchObject({ ok: true });
});
