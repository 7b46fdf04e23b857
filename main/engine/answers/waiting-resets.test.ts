/** Floods of resets on many flows in a running capture: others come first, the backlog is bounded, the surplus counted. */
import type { Milliseconds } from '../../../shared/base/units.ts';
import { expect, it } from 'vitest';
import { writePcap } from '../../../test/support/capture-writer.ts';
import { Conversation, DEFAULT_START_NS, interleave } from '../../../test/support/conversation.ts';
import { LIMITS } from '../limits.ts';
import { LIVE_RETENTION } from '../retention/retention-options.ts';
import { Session } from '../session.ts';

/** A reset with an address that nobody has, against one server. */
function spoofed(i: number): Conversation {
  return new Conversation({
    client: { address: `11.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`, port: 1024 + (i % 60_000) },
    server: { address: '198.51.100.1' },
    startNs: DEFAULT_START_NS + BigInt(i) * 50_000n,
  }).rst({ from: 'client' });
}

/** A connection between two others, refused right after the first `after` resets of the flood. */
function refused(after: number): Conversation {
  return new Conversation({
    client: { address: '10.0.0.1', port: 40_000 },
    server: { address: '192.0.2.7' },
    startNs: DEFAULT_START_NS + BigInt(after) * 50_000n + 1n,
  }).refused();
}

function read(...talks: Conversation[]): Session {
  const session = new Session(LIVE_RETENTION);
  session.startFile('live.pcap', 'none', false);
  session.feed(writePcap({ nanos: true, packets: interleave(...talks) }));
  return session;
}

const many = (count: number): Conversation[] => Array.from({ length: count }, (_, i) => spoofed(i));

/** Time that stands still, so that one call judges one slice. */
const once = (session: Session): boolean => session.judgeFor(0 as Milliseconds, () => 0 as Milliseconds);
const all = (session: Session): boolean =>
  session.judgeFor(Infinity as Milliseconds, () => 0 as Milliseconds);

it('judges what came beside a flood before the flood', () => {
  const session = read(...many(2000), refused(1000));
  once(session);
  once(session);
  once(session);
  const clients = [...session.resetIds()].map((id) => session.resetRow(id).client);
  expect(clients.length).toBeLessThan(200);
  expect(clients).toContain('10.0.0.1:40000');
});

it('judges the newest of a flood first', () => {
  const session = read(...many(2000));
  for (let i = 0; i < 4; i++) once(session);
  const newest = Math.max(...session.resetIds());
  expect(newest).toBe(session.resets.count - 1);
});

it('lets as many wait as the limit says, gives the oldest up and counts them', () => {
  const surplus = 500;
  const session = read(...many(LIMITS.maxWaitingResets + surplus), refused(100));
  once(session);
  const judged = session.resetIds().length;
  expect(session.waiting).toBe(LIMITS.maxWaitingResets - judged);
  expect(session.resets.unjudged).toBe(surplus + 1);
  expect(session.limits.count('maxWaitingResets')).toBe(surplus + 1);
  expect(all(session)).toBe(true);
  expect(session.resetIds().length + session.resets.unjudged).toBe(session.summary().resets);
  // The one beside the flood is not among those that were given up.
  expect([...session.resetIds()].map((id) => session.resetRow(id).client)).toContain('10.0.0.1:40000');
});

it('counts what it did not come to at the end', () => {
  const session = read(...many(2000));
  once(session);
  session.giveUpVerdicts();
  expect(all(session)).toBe(true);
  expect(session.waiting).toBe(0);
  expect(session.resetIds().length).toBeLessThan(200);
  expect(session.resetIds().length + session.resets.unjudged).toBe(2000);
  const { byOrigin } = session.overview(session.resetIds(), 10);
  expect(byOrigin.endpoint + byOrigin.middlebox + byOrigin.unknown).toBe(session.resetIds().length);
});

it('counts what a file that was left had no verdict of', () => {
  const session = new Session();
  session.startFile('left.pcap', 'none', false);
  session.feed(writePcap({ nanos: true, packets: interleave(...many(500)) }));
  once(session);
  session.giveUpVerdicts();
  expect(all(session)).toBe(true);
  expect(session.resetIds().length).toBeGreaterThan(0);
  expect(session.resetIds().length + session.resets.unjudged).toBe(500);
});
