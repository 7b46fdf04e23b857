import { describe, expect, it } from 'vitest';
import { contradictionsOn, distancesIn, type RuleName, RULES, silencesIn } from './contradictions.ts';
import type { Screen } from './screen.ts';

/** Nothing contradicts anything here. */
const SOUND: Screen = {
  of: 'reset',
  kind: 'endpoint',
  confidence: 0.98,
  claimed: 'server',
  cause: 'aborted',
  matters: true,
  capturePoint: 'client',
  hops: 3,
  silences: [60],
  summary: 'The server 10.0.0.2 likely sent this reset itself: aborted by the program.',
  next: 'Search the log of the server for this moment. Capture at the server at the same time.',
  told: ['The reset has TTL 61, three hops away.', 'It came after 60 s of silence.'],
  dataLoss: 'Possible.',
  fatal: 'Fatal for the connection.',
  unacknowledged: 0,
  firstBy: null,
};

/** For each rule a screen that it catches, and one that is nearly the same and sound. */
const PAIRS: readonly (readonly [rule: RuleName, caught: Partial<Screen>, spared: Partial<Screen>])[] = [
  [
    'matters not, and data is lost',
    { matters: false, told: ['120 bytes of the request were lost.'] },
    { matters: false, told: ['All 120 bytes of the request were acknowledged.'] },
  ],
  [
    'matters, and nothing is to be done',
    { next: 'Nothing to do. It is the usual end.' },
    { matters: false, next: 'Nothing to do. It is the usual end.' },
  ],
  [
    'capture where it was captured',
    { next: 'Capture at the client at the same time.' },
    { next: 'Capture on the client itself with direction (tcpdump -i any), while it happens.' },
  ],
  [
    'a cause of the other side',
    { cause: 'client-cancelled' },
    { cause: 'client-cancelled', claimed: 'client' },
  ],
  [
    'a device as the former',
    {
      kind: 'unknown',
      confidence: 0.5,
      cause: 'injected',
      summary: 'Cannot be told; if the former, injected.',
    },
    { kind: 'unknown', confidence: 0.5, summary: 'Cannot be told; if the former, aborted by the program.' },
  ],
  ['a device’s cause of a host', { cause: 'injected' }, { cause: 'injected', kind: 'middlebox' }],
  [
    'a host’s cause of a device',
    { cause: 'backscatter', kind: 'middlebox' },
    { cause: 'idle-timeout', kind: 'middlebox', next: 'Raise the idle timeout on the device.' },
  ],
  [
    'sure of what cannot be told',
    { kind: 'unknown', confidence: 0.9 },
    { kind: 'unknown', confidence: 0.59 },
  ],
  [
    'a step for somebody else',
    { next: 'Look at the device two hops away: its session table.', hops: null },
    { next: 'Look at the device two hops away: its session table.', hops: null, kind: 'middlebox' },
  ],
  [
    'another silence',
    { next: 'The connection was silent for 60.5 s: a timer.' },
    { summary: 'Each 60 s after the last packet: idle timeout. 31 s of silence were survived.' },
  ],
  [
    'another distance',
    { next: 'Look for a firewall: the device two hops away.' },
    { next: 'Look for a firewall: the device three hops away.' },
  ],
  [
    'matters, and is not fatal',
    { fatal: 'No: the attempt goes on.' },
    { fatal: 'Not as a rule: the next SYN succeeds. Where it does not, the attempt fails.' },
  ],
  [
    'bytes under way, and none lost',
    { unacknowledged: 7, dataLoss: 'None.' },
    { unacknowledged: 7, dataLoss: 'As a rule none was under way.' },
  ],
  [
    'other rounds of a loop',
    { cause: 'reset-loop', next: 'It is one loop of 301 rounds.', told: ['It ends one loop, 300 rounds.'] },
    { cause: 'reset-loop', next: 'It is one loop of 301 rounds.', told: ['It ends one loop, 301 rounds.'] },
  ],
  [
    'a host for the device that reset first',
    { firstBy: 'middlebox', told: ['The server had reset the connection before.'] },
    { firstBy: 'middlebox', told: ["The connection had been reset before in the server's name."] },
  ],
  [
    'a device in the step only',
    { next: 'Raise the idle timeout on the device.' },
    { next: 'If it was not asked for, raise the idle timeout on the device.' },
  ],
  [
    'nothing to do, and a step',
    { matters: false, next: 'Nothing to do: it was answered. Look in the log of the server.' },
    { matters: false, next: 'Nothing to do: it was answered. To end it politely, let it close with FIN.' },
  ],
  [
    'a step of another cause',
    { next: 'A timer fired after 60 s of silence: raise it.' },
    { cause: 'idle-timeout', next: 'A timer fired after 60 s of silence: raise it.' },
  ],
  [
    'too long to act on',
    { next: 'Look there, and then there. '.repeat(30) },
    { next: 'Look there, and then there. '.repeat(20) },
  ],
];

describe('contradictions', () => {
  it('are not seen where there is none', () => {
    expect(contradictionsOn(SOUND)).toEqual([]);
  });

  it.each(PAIRS)('%s', (rule, caught, spared) => {
    expect(contradictionsOn({ ...SOUND, ...caught }).map((one) => one.rule)).toContain(rule);
    expect(contradictionsOn({ ...SOUND, ...spared }).map((one) => one.rule)).not.toContain(rule);
  });

  it('have a pair for every rule', () => {
    expect(PAIRS.map(([rule]) => rule)).toEqual(Object.keys(RULES));
  });

  it('read numbers out of sentences', () => {
    expect(silencesIn('They came after 6.5 min of silence, each.')).toEqual([390]);
    expect(silencesIn('A usual timer is 350 s of silence.')).toEqual([]);
    expect(distancesIn('Look at the device next to the capture point: its table.')).toEqual([0]);
    expect(distancesIn('The client is two hops away.')).toEqual([]);
  });
});
