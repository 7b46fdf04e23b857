import { describe, expect, it } from 'vitest';
import {
  sampleDetail,
  sampleEndings,
  sampleFailure,
  sampleFailureDetail,
  sampleFailureGroup,
  sampleOverview,
  sampleReset,
  sampleSummary,
} from '../testing/sample.ts';
import { compileFilter } from '../../shared/filter/filter.ts';
import type { FailureRow } from '../../shared/model/failure.ts';
import { ENDINGS, FAILURE_KINDS, NO_ENDINGS } from '../../shared/model/failure.ts';
import { ENDINGS_LISTED, failureGroupFilter, failuresText, isFailureKind } from './ending.ts';
import { failureAsText, failureRowAsText } from './failure-text.ts';
import { packetSentence } from './packet-text.ts';
import { lowerFirst } from '../../shared/format/text.ts';
import { headlineOf } from './headline.ts';
import {
  ORIGIN,
  ORIGINS_LISTED,
  percentText,
  senderText,
  sureText,
  unacknowledgedText,
} from '../../shared/texts/origin.ts';
import { captureText, pathText } from '../../shared/texts/path-text.ts';
import type { Clock } from './values.ts';
import { agoText, fullTimeText, secondsText, timeText, timeTitle } from './values.ts';
import { rowAsText, verdictAsText } from './verdict-text.ts';
import { weightShare, weightText } from '../../shared/texts/weight.ts';

const clock: Clock = { epochNs: 1767323045000000000n, firstNs: 0, style: 'relative' };

/** The sources of the page without tests and samples. */
const SOURCES: Readonly<Record<string, string>> = import.meta.glob(
  ['../**/*.{ts,tsx}', '!../**/*.test.{ts,tsx}', '!../testing/**'],
  { query: '?raw', import: 'default', eager: true },
);

/** What the page has called the origins where it did not take the words from ORIGIN. */
const OTHER_WORDS = [
  'Endpoint',
  'Endpoints',
  'Middlebox',
  'On the path',
  'Device on path',
  'Sent by a host',
  'Hosts',
  'hosts',
  'The hosts themselves',
];

/** Whether the words are all that a string or an element says. */
function isSaid(words: string, source: string): boolean {
  return new RegExp(`(['"\`>])\\s*${words}\\s*['"\`<]`).test(source);
}

describe('confidence', () => {
  it.each([
    [0.999, 'very likely'],
    [0.99, 'very likely'],
    [0.98, 'likely'],
    [0.9, 'likely'],
    [0.89, 'suspected'],
    [0.6, 'suspected'],
    [0.59, 'cannot tell from this capture'],
    [NaN, 'cannot tell from this capture'],
  ])('of %d is "%s"', (confidence, word) => {
    expect(sureText('middlebox', confidence)).toBe(word);
  });

  it('of an open origin is none', () => {
    expect(sureText('unknown', 0.95)).toBe('cannot tell from this capture');
  });

  it('is rounded down and never certain', () => {
    expect(percentText(1)).toBe('>99.9%');
    expect(percentText(0.9989)).toBe('99.8%');
    expect(percentText(0.8999)).toBe('89%');
    expect(percentText(0.29)).toBe('29%');
  });
});

describe('a sender in a column', () => {
  it('is the host by its side, or the short word of the pair', () => {
    expect(senderText('endpoint', 'client')).toBe('Client');
    expect(senderText('endpoint', 'server')).toBe('Server');
    expect(senderText('endpoint', null)).toBe('Host');
    expect(senderText('middlebox', 'path')).toBe('Device');
    expect(senderText('unknown', 'none')).toBe('Cannot tell');
  });

  it('has a phrase of the same words', () => {
    for (const kind of ORIGINS_LISTED) {
      const { name, short, phrase } = ORIGIN[kind];
      expect(name.startsWith(short)).toBe(true);
      if (kind !== 'unknown') expect(phrase).toBe(`a ${lowerFirst(name)}`);
    }
  });
});

describe('the words for origins', () => {
  it('are no others anywhere on the page', () => {
    const others = Object.entries(SOURCES).flatMap(([path, source]) =>
      OTHER_WORDS.filter((words) => isSaid(words, source)).map((words) => `${path}: ${words}`),
    );
    // The machines of a fleet that captured are no origin; their column has its title in one place.
    expect(others).toEqual(['./fleet-text.ts: Hosts']);
  });

  it('are looked for in quotes and between tags of every source', () => {
    expect(Object.keys(SOURCES)).toContain('../shell/presets.ts');
    for (const words of OTHER_WORDS) {
      expect(isSaid(words, `title: '${words}',`)).toBe(true);
      expect(isSaid(words, `<b>\n  ${words}\n</b>`)).toBe(true);
    }
  });
});

describe('weights', () => {
  it('are factors of two digits', () => {
    expect(weightText(2.7)).toBe('×500');
    expect(weightText(0.12)).toBe('×1.3');
    expect(weightText(3.2)).toBe('×1,600');
    expect(weightText(4.9)).toBe('×79,000');
    expect(weightText(20)).toBe('×10²⁰');
    expect(weightText(Infinity)).toBe('unknown');
  });

  it('fill a bar at most', () => {
    expect(weightShare(2)).toBe(0.5);
    expect(weightShare(9)).toBe(1);
  });
});

describe('times', () => {
  it('are seconds since the first packet or times of day', () => {
    expect(timeText(clock, 1_234_567_890)).toBe('1.234568');
    expect(timeText({ ...clock, style: 'absolute' }, 1_234_567_890)).toBe('03:04:06.234567');
    expect(timeText({ ...clock, epochNs: null, style: 'absolute' }, 1e9)).toBe('1.000000');
    expect(timeText({ ...clock, style: 'selected', selectedNs: 1e9 }, 3.5e9)).toBe('+2.500000');
    expect(timeText({ ...clock, style: 'selected', selectedNs: 4e9 }, 3.5e9)).toBe('-0.500000');
    expect(timeText({ ...clock, style: 'selected', selectedNs: null }, 1e9)).toBe('1.000000');
    expect(timeTitle({ ...clock, style: 'selected', selectedNs: 1 }, 'Time')).toBe('Time (s from the reset)');
    expect(timeTitle({ ...clock, style: 'absolute' }, 'Start')).toBe('Start (UTC)');
    expect(timeTitle({ ...clock, epochNs: null, style: 'local' }, 'Time')).toBe('Time (s)');
  });

  it('are whole where there is room', () => {
    expect(fullTimeText(clock, 1)).toBe(
      '2026-01-02T03:04:05.000000001Z, 0.000000001 s after the first packet',
    );
  });

  it('are a dash where unknown', () => {
    expect(secondsText(-1)).toBe('–');
    expect(secondsText(null)).toBe('–');
  });

  it('ago are in words', () => {
    const now = 1e12;
    expect(agoText(now - 10_000, now)).toBe('just now');
    expect(agoText(now - 3_600_000, now)).toBe('1 hour ago');
    expect(agoText(now - 90 * 86_400_000, now)).toBe('2001-06-11');
  });
});

describe('the headline', () => {
  const none = { endpoint: 0, middlebox: 0, unknown: 0 };
  const calm = sampleSummary({ resets: 0, resetsThatMatter: 0 });

  it('is the engine’s sentence, and below it who and how the rest ended', () => {
    expect(headlineOf(sampleSummary(), sampleOverview(), sampleEndings())).toEqual({
      title: '15 of 30 resets matter',
      text: '18 resets were made by a device on the path, 10 by a host itself, for 2 of them this capture cannot tell. 5 of 38 connections ended well, 3 are still open.',
      tone: 'bad',
    });
  });

  it('tells failures, and is not at ease over them without a reset', () => {
    const counts = { ...NO_ENDINGS.counts, clean: 7, 'no-answer': 4, stalled: 1 };
    const endings = sampleEndings({ counts, connections: 12, failures: 5, failuresThatMatter: 5 });
    expect(headlineOf(calm, sampleOverview({ byOrigin: none }), endings)).toMatchObject({
      text: '4 got no answer, 1 stalled. 7 of 12 connections ended well.',
      tone: 'bad',
    });
  });

  it('names the largest kinds of failures, and how many went on', () => {
    const counts = {
      ...NO_ENDINGS.counts,
      'no-answer': 2,
      stalled: 1,
      'half-open': 4,
      'cut-short': 1,
      unreachable: 3,
    };
    expect(failuresText({ counts, delays: 2 })).toBe(
      '4 stayed half open, 3 could not be reached, 2 got no answer, 2 failed otherwise, 2 were held up and went on',
    );
    expect(failuresText({ counts: NO_ENDINGS.counts, delays: 1 })).toBe('1 was held up and went on');
  });

  it('is green only where all is well', () => {
    const overview = sampleOverview({ byOrigin: none });
    const counts = { ...NO_ENDINGS.counts, clean: 12 };
    const well = sampleEndings({ counts, connections: 12, allWell: true });
    expect(headlineOf(calm, overview, well).tone).toBe('good');
    expect(headlineOf(calm, overview, { ...well, allWell: false }).tone).toBe('plain');
  });

  it('speaks of open origins and open ends alone', () => {
    const overview = sampleOverview({ byOrigin: { ...none, unknown: 1 } });
    const counts = { ...NO_ENDINGS.counts, reset: 1, open: 1, 'not-seen': 2 };
    const endings = sampleEndings({ counts, connections: 4 });
    expect(headlineOf(sampleSummary({ resets: 1, resetsThatMatter: 0 }), overview, endings).text).toBe(
      'Who made 1 reset this capture cannot tell. 1 is still open, the end of 2 is not in this capture.',
    );
  });
});

describe('a failure as text', () => {
  const row = sampleFailure(0);

  it('holds what the other party needs', () => {
    const text = failureAsText(sampleFailureDetail(row), clock);
    expect(text).toContain(row.summary);
    expect(text).toContain('Failure   No answer: Nothing answered its first packet');
    expect(text).toContain('Flow      TCP 10.0.0.1:50000 → 192.0.2.8:443');
    expect(text).toContain('Side      Cannot tell');
    expect(text).toContain('Sure      likely, 92%');
    expect(text).toContain('Tries     4 tries within 7 s');
    expect(text).toContain('Matters   yes. It did not go on.');
    expect(text).toContain('  - The same SYN was sent 4 times. [frame 1, 2]');
    expect(text).toMatch(/Next step: Capture at the server: does the SYN arrive\?$/);
  });

  it('says that it went on', () => {
    const text = failureAsText(sampleFailureDetail({ ...row, recovered: true, matters: false }), clock);
    expect(text).toContain('Matters   no. It went on after 7 s: a delay and no end.');
  });

  it('tells a datagram without flags and numbers, which it has not', () => {
    const detail = sampleFailureDetail({ ...row, protocol: 'udp', frame: 1 });
    const [packet] = detail.packets;
    expect(failureAsText(detail, clock)).toContain(`Packet    UDP len ${packet.payload} ttl ${packet.ttl}\n`);
    expect(packetSentence(packet, undefined, true)).toMatch(/^frame 1, from the \w+, UDP, /);
    expect(packetSentence(packet, undefined, false)).toMatch(/, sequence \d+, /);
  });

  it('as a row has one line', () => {
    expect(failureRowAsText(row, clock).split('\t')).toHaveLength(12);
  });
});

describe('endings', () => {
  it('are all listed, each once, failures first', () => {
    expect([...ENDINGS_LISTED].sort()).toEqual([...ENDINGS].sort());
    expect(FAILURE_KINDS.every((kind) => isFailureKind(kind))).toBe(true);
    expect(ENDINGS.filter((ending) => isFailureKind(ending))).toHaveLength(FAILURE_KINDS.length);
  });

  it('of a group are found by a filter that the language takes', () => {
    for (const server of ['192.0.2.8:443', '[2001:db8::8]:443', 'several']) {
      const filter = compileFilter(failureGroupFilter(sampleFailureGroup({ server })));
      expect(filter.ok && filter.value.matchesFailure(sampleFailure(2, { server }))).toBe(true);
    }
  });

  it('of another group are not found by it', () => {
    const filter = compileFilter(failureGroupFilter(sampleFailureGroup({ side: 'server' })));
    const isFound = (changes: Partial<FailureRow>): boolean =>
      filter.ok && filter.value.matchesFailure(sampleFailure(2, { side: 'server', ...changes }));
    expect(isFound({})).toBe(true);
    expect(isFound({ side: null })).toBe(false);
    expect(isFound({ matters: false })).toBe(false);
    expect(isFound({ recovered: true })).toBe(false);
  });
});

describe('bytes in flight', () => {
  const count = (bytes: number): string => `${bytes} B`;
  it('are told by side', () => {
    expect(unacknowledgedText({ client: 1200, server: 0 }, count)).toBe(
      'Sent and not acknowledged: 1200 B from the client. Their fate is unknown to the sender.',
    );
  });
  it('that are not known are not claimed to be none', () => {
    expect(unacknowledgedText({ client: null, server: null }, count)).toBe(
      'How much was in flight is not known.',
    );
    expect(unacknowledgedText({ client: 0, server: null }, count)).toContain(
      'the side that the capture shows',
    );
    expect(unacknowledgedText({ client: 0, server: 0 }, count)).toContain(
      'every byte sent had been acknowledged',
    );
  });
});

describe('a verdict as text', () => {
  const text = verdictAsText(sampleDetail(0), clock);
  it('holds what the other party needs', () => {
    expect(text).toContain('A device two hops in front of the server made this reset.');
    expect(text).toContain('Flow      10.0.0.1:40000 → 192.0.2.7:443 (shop.example)');
    expect(text).toContain('likely, 95%');
    expect(text).toContain('   2.7  The reset is two hops away, the server five. [frame 2]');
    expect(text).toContain('ttl 62');
    expect(text).toMatch(/Next step: Look at the device\.$/);
  });

  it('gives no percentage where the origin is open', () => {
    const { verdict } = sampleDetail(0);
    const open = { ...verdict, origin: { ...verdict.origin, kind: 'unknown' as const, confidence: 0.97 } };
    expect(verdictAsText(sampleDetail(0, { verdict: open }), clock)).not.toContain('97%');
  });

  it('as a row has one line', () => {
    expect(rowAsText(sampleReset(2), clock).split('\t')).toHaveLength(10);
  });
});

it('tells of loopback what its hops tell', () => {
  const { verdict } = sampleDetail(0);
  const path = { ...verdict.path, capturePoint: 'unknown' as const };
  expect(captureText({ ...path, clientHops: 0, serverHops: 0 })).toContain('one machine, or one network');
  expect(captureText({ ...path, clientHops: 0, serverHops: null })).toContain('not known');
});

it('tells the path in words', () => {
  expect(pathText(sampleDetail(0).verdict)).toBe(
    'The reset claims to come from the server, but a device two hops in front of the server made it, 2 hops away, by its TTL. It went to the client. Captured at the client; the server is 5 hops away.',
  );
});
