/** Outputs of the real tools, recorded in a row of network namespaces; what those could not show is written as their manuals have it. */
import { describe, expect, it } from 'vitest';
import { matchHops, hopText } from './match-hops.ts';
import { parseRoute } from './parse-route.ts';
import { ROUTE_BOUNDS } from './route.ts';

const FOUR = ['10.7.1.2', '10.7.2.2', '10.7.3.2', '10.7.4.2'];
const FOUR_V6 = ['fd07:1::2', 'fd07:2::2', 'fd07:3::2', 'fd07:4::2'];

const TRACEROUTE = `traceroute to 10.7.4.2 (10.7.4.2), 30 hops max, 60 byte packets
 1  10.7.1.2 (10.7.1.2)  0.036 ms  0.005 ms  0.005 ms
 2  10.7.2.2 (10.7.2.2)  0.012 ms  0.007 ms  0.006 ms
 3  10.7.3.2 (10.7.3.2)  0.013 ms  0.007 ms  0.007 ms
 4  10.7.4.2 (10.7.4.2)  0.015 ms  0.009 ms  0.009 ms
`;

const STARS = `traceroute to 10.7.4.2 (10.7.4.2), 30 hops max, 60 byte packets
 1  10.7.1.2  0.069 ms  0.007 ms  0.005 ms
 2  * * *
 3  10.7.3.2  0.023 ms  0.008 ms  0.009 ms
 4  10.7.4.2  0.033 ms  0.011 ms  0.011 ms
`;

const TRACEROUTE_6 = `traceroute to fd07:4::2 (fd07:4::2), 30 hops max, 80 byte packets
 1  fd07:1::2  0.066 ms  0.007 ms  0.006 ms
 2  fd07:2::2  0.040 ms  0.008 ms  0.008 ms
 3  fd07:3::2  0.038 ms  0.009 ms  0.010 ms
 4  fd07:4::2  0.039 ms  0.011 ms  0.010 ms
`;

const TCPTRACEROUTE = `Selected device v1, address 10.7.1.1, port 45595 for outgoing packets
Tracing the path to 10.7.4.2 on TCP port 80 (http), 30 hops max
 1  10.7.1.2  0.072 ms  0.036 ms  0.051 ms
 2  10.7.2.2  0.063 ms  0.066 ms  0.065 ms
 3  10.7.3.2  0.071 ms  0.070 ms  0.076 ms
 4  10.7.4.2 [open]  0.099 ms  0.086 ms  0.084 ms
`;

const MTR = `Start: 2026-11-28T17:01:03+0000
HOST: probe                         Loss%   Snt   Last   Avg  Best  Wrst StDev
  1.|-- 10.7.1.2                   0.0%     2    0.1   0.1   0.1   0.1   0.0
  2.|-- 10.7.2.2                   0.0%     2    0.1   0.1   0.1   0.1   0.0
  3.|-- 10.7.3.2                   0.0%     2    0.1   0.1   0.1   0.1   0.0
  4.|-- 10.7.4.2                   0.0%     2    0.1   0.1   0.1   0.1   0.0
`;

const MTR_6 = `Start: 2026-11-28T17:01:17+0000
HOST: probe       Loss%   Snt   Last   Avg  Best  Wrst StDev
  1.|-- fd07:1::2  0.0%     2    0.1   0.1   0.1   0.1   0.0
  2.|-- fd07:2::2  0.0%     2    0.1   0.1   0.1   0.1   0.0
  3.|-- fd07:3::2  0.0%     2    0.1   0.1   0.1   0.1   0.0
  4.|-- fd07:4::2  0.0%     2    0.1   0.1   0.1   0.1   0.0
`;

const MTR_JSON = `{
 "report": {
  "mtr": {
   "src": "probe",
   "dst": "10.7.4.2",
   "tos": 0,
   "tests": 2,
   "psize": "64",
   "bitpattern": "0x00"
  },
  "hubs": [
   {
    "count": 1,
    "host": "10.7.1.2",
    "Loss%": 0.0,
    "Snt": 2,
    "Last": 0.074,
    "Avg": 0.07,
    "Best": 0.067,
    "Wrst": 0.074,
    "StDev": 0.005
   },
   {
    "count": 2,
    "host": "10.7.2.2",
    "Loss%": 0.0,
    "Snt": 2,
    "Last": 0.074,
    "Avg": 0.074,
    "Best": 0.074,
    "Wrst": 0.074,
    "StDev": 0.0
   },
   {
    "count": 3,
    "host": "10.7.3.2",
    "Loss%": 0.0,
    "Snt": 2,
    "Last": 0.081,
    "Avg": 0.083,
    "Best": 0.081,
    "Wrst": 0.085,
    "StDev": 0.002
   },
   {
    "count": 4,
    "host": "10.7.4.2",
    "Loss%": 0.0,
    "Snt": 2,
    "Last": 0.076,
    "Avg": 0.079,
    "Best": 0.076,
    "Wrst": 0.082,
    "StDev": 0.004
   }
  ]
 }
}`;

const TRACERT = `
Tracing route to one.example [192.0.2.9]
over a maximum of 30 hops:

  1    <1 ms    <1 ms    <1 ms  10.0.0.1
  2     *        *        *     Request timed out.
  3    12 ms    11 ms    12 ms  core.example [198.51.100.1]
  4    14 ms    13 ms    13 ms  one.example [192.0.2.9]

Trace complete.
`;

/** traceroute -e: several answers at one distance, and MPLS labels (RFC 4950). */
const SHARED = `traceroute to shop.example (203.0.113.9), 30 hops max, 60 byte packets
 1  gw (10.0.0.1)  0.5 ms  0.4 ms  0.4 ms
 2  core1.example (198.51.100.1) <MPLS:L=24015,E=0,S=1,T=1>  9.1 ms core2.example (198.51.100.2) <MPLS:L=24016,E=0,S=1,T=1>  9.0 ms *
 3  203.0.113.9 (203.0.113.9)  12.0 ms !X  12.1 ms  12.0 ms
`;

const addresses = (text: string): (string | undefined)[] =>
  (parseRoute(text)?.hops ?? []).map(({ answers }) => answers[0]?.address);

describe('what the tools print', () => {
  it.each([
    ['traceroute', TRACEROUTE, FOUR, 'traceroute'],
    ['traceroute -6', TRACEROUTE_6, FOUR_V6, 'traceroute'],
    ['tcptraceroute', TCPTRACEROUTE, FOUR, 'tcptraceroute'],
    ['mtr --report', MTR, FOUR, 'mtr'],
    ['mtr --report -6', MTR_6, FOUR_V6, 'mtr'],
    ['mtr --json', MTR_JSON, FOUR, 'mtr'],
  ])('of %s is read', (_name, text, hops, tool) => {
    const route = parseRoute(text);
    expect(addresses(text)).toEqual(hops);
    expect(route).toMatchObject({ tool, target: hops[3], isComplete: true });
  });

  it('of a router that says nothing is a hop without an answer', () => {
    expect(addresses(STARS)).toEqual(['10.7.1.2', undefined, '10.7.3.2', '10.7.4.2']);
  });

  it('of tracert is read with names', () => {
    expect(parseRoute(TRACERT)).toMatchObject({ tool: 'tracert', target: '192.0.2.9', isComplete: true });
    expect(parseRoute(TRACERT)?.hops[2].answers).toEqual([
      { address: '198.51.100.1', name: 'core.example', mpls: '' },
    ]);
  });

  it('of several routers at one distance keeps them all, with their labels', () => {
    const [, shared] = parseRoute(SHARED)?.hops ?? [];
    expect(shared.answers.map(({ address }) => address)).toEqual(['198.51.100.1', '198.51.100.2']);
    expect(shared.answers[0].mpls).toContain('L=24015');
    expect(hopText(shared)).toBe('hop 2: core1.example (198.51.100.1) or core2.example (198.51.100.2)');
  });

  it.each(['', 'hello', '{"report":{"hubs":"no"}}', '{', '1 2 3', '99999  10.0.0.1', '-1 10.0.0.1'])(
    'is none in %j',
    (text) => {
      expect(parseRoute(text)).toBeUndefined();
    },
  );

  it('is bounded and hides nothing', () => {
    const text = Array.from(
      { length: 5000 },
      (_, i) => ` ${i + 1}  \u202eevil (10.0.${i >> 8}.${i & 255})  1 ms`,
    ).join('\n');
    const route = parseRoute(text);
    expect(route?.hops).toHaveLength(ROUTE_BOUNDS.hops);
    expect(route?.hops[0].answers[0].name).toBe('\\u202eevil');
    expect(parseRoute('x '.repeat(1_000_000))).toBeUndefined();
  });
});

describe('hops held against a path', () => {
  const path = {
    clientHops: 0,
    serverHops: 3,
    resetHops: 1,
    capturePoint: 'client',
    place: 0.5,
    reach: [0.25, 0.75],
    placedBy: 'ttl',
    maker: 'device',
    vantages: [],
  } as const;
  const question = { path, claimed: 'server', host: '10.7.4.2', isDevice: true } as const;

  it('find the router at the distance of the reset', () => {
    const { devices, doubts } = matchHops(parseRoute(TRACEROUTE)!, question);
    expect(devices.map(hopText)).toEqual(['hop 2: 10.7.2.2']);
    expect(doubts).toEqual(['The route was asked for now, and not when the reset was captured.']);
  });

  it('say where nothing answered at that distance', () => {
    expect(matchHops(parseRoute(STARS)!, question).doubts.join()).toContain('Nothing answered');
  });

  it('name two where counting from the other end gives another one', () => {
    const { devices, doubts } = matchHops(parseRoute(TRACEROUTE)!, {
      ...question,
      path: { ...path, serverHops: 4 },
    });
    expect(devices.map(({ number }) => number)).toEqual([2, 1]);
    expect(doubts.join()).toContain('not the same router');
  });

  it('claim nothing of a route that leads elsewhere, nor of a reset without a distance', () => {
    expect(matchHops(parseRoute(SHARED)!, question).devices).toEqual([]);
    expect(
      matchHops(parseRoute(TRACEROUTE)!, { ...question, path: { ...path, placedBy: 'time' } }).devices,
    ).toEqual([]);
    expect(matchHops(parseRoute(TRACEROUTE)!, { ...question, isDevice: false }).devices).toEqual([]);
  });
});
