/** Captures of one path that were damaged, each in its own way: they are joined or not, and whatever is asked of them is answered. */
import assert from 'node:assert/strict';
import type { FlowRecord, Milliseconds, PacketNumber } from '../../shared/base/units.ts';
import { Session } from '../../main/engine/session.ts';
import { writePcap, writeSimplePcapng } from '../support/capture-writer.ts';
import { Path } from '../support/path.ts';
import type { FuzzTarget } from './fuzz-loop.ts';
import { mutate, type Random } from './mutate.ts';

const FOREVER = Number.POSITIVE_INFINITY as Milliseconds;
const NOW = (): Milliseconds => 0 as Milliseconds;
/** Steps of the work, for so few packets: a slice of them is more than all of these captures together. */
const MOST_STEPS = 2000;

/** Each input is a capture of the same traffic at one of three points, one of them behind a device that renumbers. */
const CORPUS: readonly Uint8Array[] = captures();

function captures(): readonly Uint8Array[] {
  const nat = { addresses: { '10.0.0.1': '198.51.100.9' } };
  const path = new Path({ routers: 5, delay: 0.02 }, [
    { at: 0 },
    { at: 2, seqShift: 4711, clock: (ns) => ns + 3e9 },
    { at: 5, ...nat, misses: (packet) => packet === 5 },
  ]);
  for (let i = 0; i < 6; i++) {
    const talk = path.connection().handshake().clientSends(100).serverSends(400).clientSends(20);
    talk.wait(0.5).serverSends(40).serverSends(40);
    if (i % 2 === 0) talk.send('server', 'RA').send('server', 'RA');
    else talk.send('client', 'FA').send('server', 'FA').send('client', 'R');
  }
  path.connection().send('client', 'S').send('server', 'RA');
  return path.captures.flatMap((packets) => [
    writePcap({ nanos: true, packets }),
    writeSimplePcapng(packets),
  ]);
}

function joined(inputs: readonly Uint8Array[]): Session {
  const session = new Session();
  session.expectJoin();
  for (const [at, input] of inputs.entries()) {
    session.startFile(`${at}.pcap`, 'none', false);
    session.feed(input);
    session.endFile(true);
  }
  session.startJoining();
  let steps = 0;
  while (!session.joinFor(0 as Milliseconds, NOW)) assert.ok(++steps <= MOST_STEPS, 'joining ends');
  session.judgeFor(FOREVER, NOW);
  return session;
}

/** What holds of any two flows that are one connection. */
function checkFlow({ join, flows }: Session, flow: FlowRecord): void {
  const twins = join.twins(flow);
  const vantages = twins.map(({ vantage }) => vantage);
  assert.equal(new Set([...vantages, flows.timelineOf(flow)]).size, twins.length + 1, 'one flow a vantage');
  const path = join.alongPath(flow);
  assert.deepEqual(new Set(path), new Set([flow, ...twins.map((twin) => twin.flow)]), 'a path of all');
  assert.ok(path.includes(join.primaryFlow(flow)), 'a primary flow of the connection');
  for (const twin of twins) {
    assert.ok(
      join.twins(twin.flow).some((back) => back.flow === flow && back.class === twin.class),
      'both ways',
    );
    const match = join.match(flow, twin.flow);
    const back = join.match(twin.flow, flow);
    assert.deepEqual([back.ofOurs, back.ofTheirs], [match.ofTheirs, match.ofOurs], 'the same both ways');
    assert.equal(match.ofOurs.length, match.ours.length);
    match.ofOurs.forEach((other, at) => {
      assert.ok(other >= -1 && other < match.theirs.length, 'a packet of the other flow');
      if (other >= 0)
        join.changes(flow, twin.flow, match.ours[at] as PacketNumber, match.theirs[other] as PacketNumber);
    });
  }
}

/** Each record is of one reset, and each reset is told by one record that lists show. */
function checkResets(session: Session): void {
  const { join, resets } = session;
  const shown = new Set(session.resetIds());
  for (let reset = 0; reset < resets.count; reset++) {
    const primary = join.primary(reset);
    assert.ok(
      join.records(reset).includes(reset) && join.records(reset).includes(primary),
      'records of the reset',
    );
    assert.equal(join.primary(primary), primary);
    assert.equal(shown.has(reset), primary === reset, 'listed once');
    const { journey } = session.resetAccount(reset);
    if (journey === null) continue;
    assert.ok(journey.seenAt.length > 0, 'seen somewhere');
    for (const { lossBound } of journey.absentAt) assert.ok(lossBound >= 0 && lossBound <= 1, 'a share');
    if (journey.proven) assert.ok(journey.absentAt.length > 0, 'proven by an absence');
  }
}

function checkReport({ join }: Session): void {
  const report = join.report();
  assert.equal(report !== null, join.isJoined);
  for (const { offsetNs, offsetErrorNs, driftPpm } of report?.vantages ?? []) {
    assert.ok(Number.isFinite(offsetNs) && Number.isFinite(driftPpm), 'a clock');
    assert.ok(
      offsetErrorNs === null || (offsetErrorNs >= 0 && Number.isFinite(offsetErrorNs)),
      'an interval',
    );
  }
  for (const pair of report?.pairs ?? []) {
    for (const loss of [pair.lossToFirst, pair.lossToSecond])
      assert.ok(loss === null || (loss >= 0 && loss <= 1));
    const flows = [...join.joinedFlows(pair)];
    assert.equal(flows.length, pair.connections);
    assert.equal(
      flows.reduce((sum, { matched }) => sum + matched, 0),
      pair.matched,
    );
  }
}

/** The capture in hand, and one or two of the others of which some are damaged as well. */
function together(input: Uint8Array, random: Random): readonly Uint8Array[] {
  const others = Array.from({ length: 1 + random.below(2) }, () => {
    const other = random.pick([input, ...CORPUS]);
    return random.below(2) === 0 ? other : mutate(other, random, CORPUS);
  });
  return random.below(2) === 0 ? [input, ...others] : [...others, input];
}

export const joinTarget: FuzzTarget = {
  name: 'join',
  corpus: CORPUS,
  check(input, random) {
    const session = joined(together(input, random));
    for (const flow of session.flows.liveRecords()) checkFlow(session, flow as FlowRecord);
    checkResets(session);
    checkReport(session);
  },
};
