import { describe, expect, it } from 'vitest';
import { ACK, FIN, RST, SYN } from './frames.ts';
import { Outcomes, portsKey } from './outcomes.ts';
import type { Sighting } from './facts.ts';

const CLIENT_PORT = 40_000;
const SERVER_PORT = 80;
const KEY = `${SERVER_PORT} ${CLIENT_PORT}`;

/** One segment, as both ends saw it unless it was lost on the way. */
interface Step {
  readonly from: 'client' | 'server';
  readonly flags: number;
  readonly seq: number;
  readonly ack?: number;
  readonly length?: number;
  readonly lost?: boolean;
}

function watched(...steps: Step[]): Outcomes {
  const seen: Record<'client' | 'server', Sighting[]> = { client: [], server: [] };
  steps.forEach(({ from, flags, seq, ack = 0, length = 0, lost = false }, i) => {
    const isClients = from === 'client';
    const sighting = (fromThisHost: boolean): Sighting => ({
      source: isClients ? '10.0.0.1' : '10.0.0.2',
      target: isClients ? '10.0.0.2' : '10.0.0.1',
      sourcePort: isClients ? CLIENT_PORT : SERVER_PORT,
      targetPort: isClients ? SERVER_PORT : CLIENT_PORT,
      ttl: 64,
      id: i,
      flags,
      seq,
      ack,
      length,
      fromThisHost,
      timeNs: BigInt(i) * 1000n,
    });
    seen[from].push(sighting(true));
    if (!lost) seen[isClients ? 'server' : 'client'].push(sighting(false));
  });
  return new Outcomes(seen.client, seen.server, () => SERVER_PORT);
}

const HANDSHAKE: readonly Step[] = [
  { from: 'client', flags: SYN, seq: 100 },
  { from: 'server', flags: SYN | ACK, seq: 500, ack: 101 },
  { from: 'client', flags: ACK, seq: 101, ack: 501 },
];
const REQUEST: Step = { from: 'client', flags: ACK, seq: 101, ack: 501, length: 200 };
const ANSWER: Step = { from: 'server', flags: ACK, seq: 501, ack: 301, length: 300 };
const FAREWELL: readonly Step[] = [
  { from: 'server', flags: FIN | ACK, seq: 801, ack: 301 },
  { from: 'client', flags: FIN | ACK, seq: 301, ack: 802 },
  { from: 'server', flags: ACK, seq: 802, ack: 302 },
];

describe('a connection is healthy', () => {
  it('where both ends opened and closed it', () => {
    expect(watched(...HANDSHAKE, REQUEST, ANSWER, ...FAREWELL).health(KEY)).toBe('healthy');
  });

  it('not where a FIN was lost, a reset came, or its ports were used twice', () => {
    const [fin, ...rest] = FAREWELL;
    expect(watched(...HANDSHAKE, { ...fin, lost: true }, ...rest).health(KEY)).toBe('other');
    const reset: Step = { from: 'server', flags: RST, seq: 802 };
    expect(watched(...HANDSHAKE, REQUEST, ANSWER, ...FAREWELL, reset).health(KEY)).toBe('other');
    const again: Step = { from: 'client', flags: SYN, seq: 9000 };
    expect(watched(...HANDSHAKE, ...FAREWELL, again).health(KEY)).toBe('other');
  });
});

describe('work is unfinished', () => {
  const at = (outcomes: Outcomes): boolean | null =>
    outcomes.unfinished({ sourcePort: SERVER_PORT, targetPort: CLIENT_PORT } as Sighting, 1_000_000n);

  it('in a handshake, in a request without an answer, in bytes that did not arrive', () => {
    expect(at(watched(HANDSHAKE[0]))).toBe(true);
    expect(at(watched(...HANDSHAKE, REQUEST, { from: 'server', flags: ACK, seq: 501, ack: 301 }))).toBe(true);
    expect(at(watched(...HANDSHAKE, REQUEST, { ...ANSWER, lost: true }))).toBe(true);
  });

  it('no more once both ends closed', () => {
    const acknowledged: Step = { from: 'client', flags: ACK, seq: 301, ack: 801 };
    expect(at(watched(...HANDSHAKE, REQUEST, ANSWER, acknowledged, ...FAREWELL))).toBe(false);
  });

  it('or nobody can say, where the last request was answered or the rest is a farewell', () => {
    const acknowledged: Step = { from: 'client', flags: ACK, seq: 301, ack: 801 };
    expect(at(watched(...HANDSHAKE, REQUEST, ANSWER, acknowledged))).toBeNull();
    const farewell: Step = { from: 'server', flags: ACK, seq: 801, ack: 301, length: 24, lost: true };
    expect(at(watched(...HANDSHAKE, REQUEST, ANSWER, acknowledged, farewell))).toBeNull();
  });
});

describe('a claimed failure', () => {
  it('is contradicted by what the ends saw', () => {
    const opened = watched(...HANDSHAKE);
    expect(opened.contradiction(KEY, { kind: 'no-answer', side: null })).toMatch(/answer/);
    expect(opened.contradiction(KEY, { kind: 'half-open', side: null })).toMatch(/last ACK/);
    expect(opened.contradiction(KEY, { kind: 'cut-short', side: null })).toMatch(/not closed/);
    expect(opened.contradiction('80 1', { kind: 'no-answer', side: null })).toMatch(/not seen/);
  });

  it('stands where they bear it out', () => {
    const lost = watched({ ...HANDSHAKE[0], lost: true });
    expect(lost.contradiction(KEY, { kind: 'no-answer', side: null })).toBeNull();
    const half = watched(HANDSHAKE[0], HANDSHAKE[1], { ...HANDSHAKE[2], lost: true });
    expect(half.contradiction(KEY, { kind: 'half-open', side: null })).toBeNull();
  });
});

it('names a connection by its ports, whoever speaks', () => {
  const segment = { sourcePort: 7, targetPort: 80 } as Sighting;
  expect(portsKey(segment, 80)).toBe('80 7');
  expect(portsKey(segment, 7)).toBe('7 80');
});
