/**
 * The clock of the capturing machine is set while it captures. A test cannot do that to a machine, so that a stand-in
 * for the helper plays packets whose stamps step.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Conversation, DEFAULT_START_NS } from '../support/conversation.ts';
import { writeHelper } from '../support/fake-programs.ts';
import { lossText, noteFault } from './support/fault-log.ts';
import { expectReadable, keptFiles, resetsByTshark } from './support/kept-files.ts';
import { LiveCommand } from './support/live-command.ts';
import { canCapture, makeWorld } from './support/setup.ts';

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

const talk = (port: number, offsetSeconds: number): Conversation =>
  new Conversation({
    client: { port },
    startNs: DEFAULT_START_NS + BigInt(offsetSeconds) * 1_000_000_000n,
  });

describe.skipIf(!canCapture)('live capture under faults: a clock', () => {
  const world = makeWorld();

  it('that is set back and forth breaks nothing, and loses no reset and no case', async () => {
    // A day ahead, then back; an hour back in the middle of a connection.
    const talks = [
      talk(40_001, 0).refused(),
      talk(40_002, DAY_S).refused(),
      talk(40_003, 10).refused(),
      talk(40_004, 20).handshake().clientSends('hello').wait(-HOUR_S).serverAcks().rst({ from: 'server' }),
      talk(40_005, 30).refused(),
    ];
    const packets = talks.flatMap((one) => one.packets);
    const bin = join(world.folder, 'bin');
    writeHelper(bin, packets);
    const folder = join(world.folder, 'stepped');
    const args = ['-i', 'eth7', '-w', `${folder}/`, '--catch', '--before', '1', '--after', '1'];
    const env = { PATH: `${bin}:${process.env.PATH}` };
    const capture = await new LiveCommand(world.network.here, args, { env }).captures();
    await capture.until(() => capture.resets.length === talks.length, 'the resets');
    await capture.until(() => capture.cases.length === talks.length, 'the cases');
    expect(await capture.interrupt()).toEqual({ code: 0, signal: null });
    expect(capture.status).toMatchObject({ phase: 'stopped', packets: packets.length, error: null });
    for (const { origin, idleSeconds } of capture.resets) {
      expect(origin.kind).not.toBe('middlebox');
      expect(idleSeconds ?? 0).toBeGreaterThanOrEqual(0);
    }
    expect(capture.cases.map(({ resets, error }) => [resets, error])).toEqual(talks.map(() => [1, null]));
    expect(capture.cases.every((one) => one.packets >= 2)).toBe(true);
    const files = (await keptFiles(folder)).filter((path) => !path.includes('cases'));
    const kept = await expectReadable(files, ['clock-went-backwards']);
    expect(kept.packets).toBe(packets.length);
    expect(kept.resets.length).toBe(talks.length);
    expect(await resetsByTshark(files[0])).toBe(talks.length);
    noteFault({
      fault: 'clock set by a day and back, by an hour within a connection (simulated)',
      happened: `${kept.resets.length} resets judged, ${capture.cases.length} cases, files readable`,
      told: 'a warning: clock-went-backwards',
      lost: lossText(capture.status.losses),
    });
  });
});
