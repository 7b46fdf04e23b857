import { describe, expect, it } from 'vitest';
import { matchEmissions } from './arrivals.ts';
import { findEmissions, madeBy } from './emissions.ts';
import {
  type DeviceReset,
  type Emission,
  type PathFacts,
  routersBetween,
  type Sighting,
  travelNs,
} from './facts.ts';
import { ACK, FIN, RST, SYN } from './frames.ts';
import type { KernelReset } from './trace.ts';
import { decide, originOf } from './truth.ts';

const CLIENT = '10.1.0.1';
const NAT = '10.1.1.77';
const SERVER = '10.1.2.2';
const MS = 1_000_000n;

const path: PathFacts = {
  nodes: ['client', 'r1', 'r2', 'server'],
  owners: new Map([
    [CLIENT, 'client'],
    [NAT, 'client'],
    ['10.1.0.2', 'r1'],
    [SERVER, 'server'],
  ]),
  asymmetric: false,
  atClient: (segment) => segment,
  linkDelaysNs: [1n * MS, 2n * MS, 4n * MS],
};

function reset(over: Partial<Sighting> = {}): Sighting {
  return {
    source: SERVER,
    target: CLIENT,
    sourcePort: 80,
    targetPort: 40_000,
    ttl: 64,
    id: 7,
    flags: RST | ACK,
    seq: 1000,
    ack: 500,
    length: 0,
    fromThisHost: true,
    timeNs: 100n * MS,
    ...over,
  };
}

const sent = (over: Partial<KernelReset> = {}): KernelReset => ({
  timeNs: 100n * MS - 20_000n,
  kind: 'sent',
  local: SERVER,
  localPort: 80,
  remote: CLIENT,
  remotePort: 40_000,
  reason: 'TCP_STATE',
  state: 'ESTABLISHED',
  ...over,
});

/** What a single frame is. */
const match = (emissions: readonly Emission[], frame: Sighting, at: number): Emission | null =>
  matchEmissions(path, emissions, [frame], [at])[0];

const witnessed = (...entries: [string, Sighting[]][]): Map<string, Sighting[]> => new Map(entries);

describe('where a reset was made', () => {
  it('calls genuine what left its claimed sender’s own interface', () => {
    const forwarded = reset({ ttl: 64, timeNs: 104n * MS, fromThisHost: false });
    const left = reset({ ttl: 63, timeNs: 104n * MS + 50_000n });
    const [emission, ...others] = findEmissions(
      path,
      witnessed(['server', [reset()]], ['r2', [forwarded, left]]),
      [],
      [sent()],
    );
    expect(others).toEqual([]);
    expect(emission).toMatchObject({ emitter: 'server', claimed: 'server', kernelReason: 'TCP_STATE' });
    expect(originOf(emission)).toBe('endpoint');
  });

  it('calls a middlebox’s what a router sent without having received it', () => {
    const [emission] = findEmissions(path, witnessed(['server', []], ['r2', [reset()]]), [], []);
    expect(emission).toMatchObject({ emitter: 'r2', claimed: 'server', kernelReason: null });
    expect(originOf(emission)).toBe('middlebox');
    expect(decide(emission, [], true).cause).toBe('firewall-reject');
  });

  it('counts passing packets one by one: a second copy was made here', () => {
    const inward = reset({ fromThisHost: false, timeNs: 99n * MS });
    const made = madeBy([inward, reset({ timeNs: 100n * MS }), reset({ timeNs: 101n * MS })]);
    expect(made.map((s) => s.timeNs)).toEqual([101n * MS]);
  });

  it('takes a reset a translating router makes in the client’s name for a middlebox’s', () => {
    const fromNat = reset({
      source: NAT,
      target: SERVER,
      sourcePort: 40_000,
      targetPort: 80,
      flags: RST,
      ack: 0,
    });
    const event = sent({
      local: NAT,
      localPort: 40_000,
      remote: SERVER,
      remotePort: 80,
      reason: 'NO_SOCKET',
    });
    const [emission] = findEmissions(path, witnessed(['r1', [fromNat]]), [], [event]);
    expect(emission).toMatchObject({ emitter: 'r1', claimed: 'client', kernelReason: 'NO_SOCKET' });
    expect(decide(emission, [], true)).toMatchObject({ origin: 'middlebox', cause: 'nat-state-lost' });
  });

  it('follows a translated reset to the client behind', () => {
    const atClient = reset({ source: CLIENT, target: SERVER, sourcePort: 40_000, targetPort: 80 });
    const emissions = findEmissions(path, witnessed(['client', [atClient]]), [], []);
    const atServer = { ...atClient, source: NAT, sourcePort: 51_234, ttl: 62, timeNs: 107n * MS };
    expect(match(emissions, atServer, 3)?.emitter).toBe('client');
  });
});

describe('which emission a frame is', () => {
  const device = (over: Partial<DeviceReset> = {}): DeviceReset => ({ ...reset(over), link: 1, ...over });

  it('counts the routers between two places', () => {
    expect(routersBetween(path, 0, 3)).toBe(2);
    expect(routersBetween(path, 0, 0.5)).toBe(0);
    expect(routersBetween(path, 1.5, 3)).toBe(1);
    expect(routersBetween(path, 1, 0)).toBe(0);
    expect(travelNs(path, 0, 1.5)).toBe(2n * MS);
  });

  it('tells the twin of a genuine reset by its TTL', () => {
    // The device on link 1 copied everything but set its own TTL: one router away from the client.
    const emissions = findEmissions(
      path,
      witnessed(['server', [reset({ ttl: 64 })]]),
      [device({ ttl: 64 })],
      [],
    );
    const seen = (ttl: number): Sighting => reset({ ttl, timeNs: 103n * MS, fromThisHost: false });
    expect(match(emissions, seen(62), 0)?.emitter).toBe('server');
    expect(match(emissions, seen(63), 0)?.emitter).toBe('device');
    expect(match(emissions, seen(61), 0)).toBeNull();
  });

  it('tells two equal replies of one host by their times', () => {
    const replies = [reset({ timeNs: 100n * MS }), reset({ timeNs: 105n * MS })];
    const emissions = findEmissions(path, witnessed(['server', replies]), [], []);
    const arrived = (timeNs: bigint) => match(emissions, reset({ ttl: 62, timeNs, fromThisHost: false }), 0);
    expect(arrived(107n * MS)?.segment.timeNs).toBe(100n * MS);
    expect(arrived(112n * MS)?.segment.timeNs).toBe(105n * MS);
  });

  it('tells a device’s IPv6 reset from the host’s own by the flow label, where all else is the same', () => {
    const v6 = { source: 'fd00::2', target: 'fd00::1', flags: RST, ack: 0 };
    const own = reset({ ...v6, ttl: 64, id: 0x361e3, timeNs: 100n * MS });
    const forged = device({ ...v6, ttl: 63, id: 0, timeNs: 103n * MS });
    const emissions = findEmissions(
      { ...path, asymmetric: true },
      witnessed(['server', [own]]),
      [forged],
      [],
    );
    const frames = [0, 0x361e3].map((id) => reset({ ...v6, id, ttl: 62, timeNs: 107n * MS }));
    const matched = matchEmissions({ ...path, asymmetric: true }, emissions, frames, [0]);
    expect(matched.map((e) => e?.emitter)).toEqual(['device', 'server']);
  });

  it('takes each emission for one frame, the nearest, and only what is left for copies', () => {
    // Alike in every number: a device's, and a host's 6 ms later. The path doubled the last.
    const own = reset({ timeNs: 106n * MS });
    const route = { ...path, asymmetric: true };
    const emissions = findEmissions(route, witnessed(['server', [own]]), [device({ timeNs: 107n * MS })], []);
    const arrived = (ms: bigint): Sighting => reset({ ttl: 63, timeNs: ms * MS, fromThisHost: false });
    const emitters = (frames: Sighting[]) =>
      matchEmissions(route, emissions, frames, [0]).map((e) => e?.emitter);
    expect(emitters([arrived(109n), arrived(110n)])).toEqual(['device', 'server']);
    expect(emitters([arrived(109n), arrived(113n), arrived(114n)])).toEqual(['device', 'server', 'server']);
  });

  it('lets equal replies arrive in the order in which they left, however late both are', () => {
    const replies = [reset({ timeNs: 100n * MS }), reset({ timeNs: 101n * MS })];
    const emissions = findEmissions(path, witnessed(['server', replies]), [], []);
    const frames = [120n, 121n].map((ms) => reset({ ttl: 62, timeNs: ms * MS, fromThisHost: false }));
    expect(matchEmissions(path, emissions, frames, [0])).toEqual(emissions);
  });

  it('takes an emission for one frame on each side of a router, and for no other kind', () => {
    const emissions = findEmissions(path, witnessed(['server', [reset()]]), [], []);
    const sides = [reset({ ttl: 64, timeNs: 104n * MS }), reset({ ttl: 63, timeNs: 104n * MS })];
    expect(matchEmissions(path, emissions, sides, [1.5, 2.5])).toEqual([emissions[0], emissions[0]]);
    const one = { ...sides[1], ttl: 62 };
    expect(matchEmissions(path, emissions, [one], [1.5, 2.5])).toEqual([null]);
  });

  it('finds nothing for a reset of another sequence number or an earlier time', () => {
    const emissions = findEmissions(path, witnessed(['server', [reset()]]), [], []);
    expect(match(emissions, reset({ ttl: 62, seq: 1001 }), 0)).toBeNull();
    expect(match(emissions, reset({ ttl: 62, timeNs: 90n * MS }), 0)).toBeNull();
  });
});

describe('the kernel’s word', () => {
  it('gives each event to the nearest reset, and leaves that of a filtered one alone', () => {
    const late = reset({ timeNs: 400n * MS, flags: RST, ack: 0 });
    const events = [sent({ timeNs: 100n * MS }), sent({ timeNs: 400n * MS - 9000n, reason: 'NO_SOCKET' })];
    // The reset of the first event was dropped before the interface.
    const [emission] = findEmissions(path, witnessed(['server', [late]]), [], events);
    expect(emission.kernelReason).toBe('NO_SOCKET');
  });

  it('gives a listening socket’s event, which names no other end, to what left then', () => {
    const event = sent({ remote: '0.0.0.0', remotePort: 0, reason: 'TCP_FLAGS', state: 'LISTEN' });
    const [emission] = findEmissions(
      path,
      witnessed(['server', [reset({ flags: RST, ack: 0 })]]),
      [],
      [event],
    );
    expect(emission.kernelReason).toBe('TCP_FLAGS');
  });

  it('marks the reset that ended a connection, not the later copy', () => {
    const at = (timeNs: bigint): Sighting => reset({ ttl: 62, timeNs, fromThisHost: false });
    const emissions = findEmissions(
      path,
      witnessed(
        ['server', [reset({ timeNs: 100n * MS }), reset({ timeNs: 101n * MS })]],
        ['client', [at(107n * MS), at(108n * MS)]],
      ),
      [],
      [
        {
          ...sent({ timeNs: 107n * MS + 8000n, kind: 'received', reason: '' }),
          local: CLIENT,
          localPort: 40_000,
          remote: SERVER,
          remotePort: 80,
        },
      ],
    );
    expect(emissions.map((e) => e.endsConnection)).toEqual([true, false]);
  });
});

describe('the cause', () => {
  const genuine = (kernelReason: string | null, over: Partial<Sighting> = {}, before = {}): Emission => ({
    segment: reset(over),
    emitter: 'server',
    position: 3,
    claimed: 'server',
    ...{ number: 1, alike: 1 },
    kernelReason,
    before: { hasData: false, ownEnd: false, ownReset: false, resetReceived: false, ...before },
    endsConnection: false,
    endedByOther: false,
    follows: false,
    isFollowed: false,
    unfinished: null,
  });

  it.each([
    ['TCP_ABORT_ON_CLOSE', 'closed-with-unread-data'],
    ['TCP_STATE', 'aborted'],
    ['TCP_KEEPALIVE_TIMEOUT', 'keepalive-timeout'],
    ['TCP_ABORT_ON_DATA', 'data-after-close'],
    ['TCP_INVALID_ACK_SEQUENCE', 'unacceptable-segment'],
    ['SOMETHING_NEW', 'unknown'],
  ])('of %s is %s', (reason, cause) => {
    expect(decide(genuine(reason), [], true).cause).toBe(cause);
  });

  it('of a reply without a socket depends on what went before', () => {
    const reply = { flags: RST, ack: 0 };
    expect(decide(genuine('NO_SOCKET', { seq: 0 }), [], true).cause).toBe('connection-refused');
    expect(decide(genuine('NO_SOCKET', reply), [], true).cause).toBe('stale-connection');
    expect(decide(genuine('NO_SOCKET', reply, { ownEnd: true }), [], true).cause).toBe('data-after-close');
    const wasReset = { ownEnd: true, resetReceived: true };
    expect(decide(genuine('NO_SOCKET', reply, wasReset), [], true).cause).toBe('stale-connection');
  });

  it('of a reset that repeats an abort may be the abort’s', () => {
    const reply = { flags: RST, ack: 0 };
    const rules = [{ emitter: 'server', reason: 'TCP_STATE', cause: 'tls-failure' }] as const;
    const again = decide(genuine('NO_SOCKET', reply, { ownEnd: true, ownReset: true }), rules, true);
    expect(again.cause).toBe('data-after-close');
    expect(again.alternatives).toContain('tls-failure');
  });

  it('knows an end of its own from the flow’s past, and forgets it with a new SYN', () => {
    const own = (flags: number, timeNs: bigint): Sighting => reset({ flags, timeNs });
    const peer = (flags: number, timeNs: bigint): Sighting =>
      reset({
        flags,
        timeNs,
        source: CLIENT,
        target: SERVER,
        sourcePort: 40_000,
        targetPort: 80,
        fromThisHost: false,
      });
    const past = (...seen: Sighting[]) =>
      findEmissions(path, witnessed(['server', [...seen, own(RST, 100n * MS)]]), [], []).at(-1)?.before;
    expect(past(own(FIN | ACK, 10n * MS))).toMatchObject({
      ownEnd: true,
      ownReset: false,
      resetReceived: false,
    });
    expect(past(own(FIN | ACK, 10n * MS), peer(SYN, 20n * MS))).toMatchObject({
      ownEnd: false,
      ownReset: false,
      resetReceived: false,
    });
    expect(past(peer(RST, 10n * MS))).toMatchObject({ ownEnd: false, ownReset: false, resetReceived: true });
  });

  it('lets one of several tries or parts of one thing matter', () => {
    const rules = [{ cause: 'time-wait', matters: true }] as const;
    const matters = (over: Partial<Emission>, hasData = false): boolean | null =>
      decide({ ...genuine('NO_SOCKET', {}, { hasData }), ...over }, rules, true).matters;
    expect([matters({}), matters({ follows: true }), matters({ isFollowed: true })]).toEqual([
      true,
      true,
      null,
    ]);
    expect([matters({ follows: true }, true), matters({ isFollowed: true }, true)]).toEqual([null, true]);
  });

  it('lets the first matter of what says the same again', () => {
    const syn = reset({
      source: CLIENT,
      target: SERVER,
      sourcePort: 40_000,
      targetPort: 80,
      flags: SYN,
      ack: 0,
    });
    const tries = (between: Sighting[]) =>
      findEmissions(
        path,
        witnessed(['server', [reset({ timeNs: 100n * MS }), ...between, reset({ timeNs: 103n * MS })]]),
        [],
        [],
      );
    const rules = [
      { again: true, cause: 'stale-connection' },
      { cause: 'listen-overflow', matters: true },
    ] as const;
    const told = (between: Sighting[]) =>
      tries(between)
        .map((e) => decide(e, rules, true))
        .map(({ cause, matters }) => [cause, matters]);
    expect(told([])).toEqual([
      ['listen-overflow', true],
      ['stale-connection', null],
    ]);
    // A SYN between makes it another try, of which the last one matters.
    expect(told([{ ...syn, fromThisHost: false, timeNs: 102n * MS }])).toEqual([
      ['listen-overflow', null],
      ['listen-overflow', true],
    ]);
  });

  it('of a reset no tracepoint saw is the packet filter’s only where the kernel was heard', () => {
    expect(decide(genuine(null), [], true).cause).toBe('host-firewall-reject');
    expect(decide(genuine(null), [], false).cause).toBe('unknown');
  });

  it('is the scenario’s where a rule fits, the first that does', () => {
    const rules = [
      { emitter: 'client', cause: 'health-check' },
      { emitter: 'server', reason: null, cause: 'firewall-reject' },
      { emitter: 'server', reason: 'TCP_STATE', cause: 'listener-gone', alternatives: ['aborted'] },
    ] as const;
    expect(decide(genuine('TCP_STATE'), rules, true)).toMatchObject({
      origin: 'endpoint',
      cause: 'listener-gone',
      alternatives: ['aborted'],
    });
    expect(decide(genuine('TCP_ABORT_ON_CLOSE'), rules, true).cause).toBe('closed-with-unread-data');
    expect(decide(genuine(null), rules, true).cause).toBe('firewall-reject');
  });
});
