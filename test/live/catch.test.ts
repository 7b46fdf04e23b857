/** Resets are caught while the capture goes on: each with what was around it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TCP_RST } from '../../main/engine/decode/facts.ts';
import { until } from '../support/patience.ts';
import { record } from '../support/recording-sink.ts';
import { lossText, noteFault } from './support/fault-log.ts';
import { expectReadable, resetsByTshark } from './support/kept-files.ts';
import { LiveCommand } from './support/live-command.ts';
import { CABLE, canCapture, makeWorld, THERE } from './support/setup.ts';
import { keepSending, makeResets } from './support/traffic.ts';

const BEFORE_S = 2;
const AFTER_S = 1;
/** Seconds as numbers with a fraction are not exact. */
const CLOSE_S = 1e-3;
const IP_PROTOCOL_TCP = 6;

describe.skipIf(!canCapture)('live capture under faults: a caught reset', () => {
  const world = makeWorld();

  it('is kept with the seconds before and after it; a second one makes its own case, a burst none', async () => {
    const folder = join(world.folder, 'caught');
    const rule = ['--catch', `server:${THERE}`, '--before', String(BEFORE_S), '--after', String(AFTER_S)];
    const args = ['-i', CABLE, '-w', `${folder}/`, ...rule];
    const capture = await new LiveCommand(world.network.here, args).captures();
    const sending = keepSending(world.network);
    await capture.until(() => (capture.statuses.at(-1)?.packets ?? 0) > 0, 'packets');
    // Both at once: one case.
    makeResets(world.network, 2);
    await capture.until(() => capture.cases.length === 1, 'a case');
    // What the second case has before its reset reaches back to after the first ones.
    const madeMs = Math.max(...capture.resets.map(({ time }) => Date.parse(time)));
    await until(() => Date.now() > madeMs + BEFORE_S * 1000, 'the first resets to be long past');
    makeResets(world.network);
    await capture.until(() => capture.cases.length === 2, 'another case');
    sending.kill('SIGKILL');
    expect(await capture.interrupt()).toEqual({ code: 0, signal: null });
    const [first, second] = capture.cases;
    // A case is told when it is written; whether the second reset of the burst was counted by then is a matter of moments.
    expect(capture.cases.length).toBe(2);
    expect(first).toMatchObject({ error: null, origin: 'endpoint', cause: 'connection-refused' });
    expect(second).toMatchObject({ resets: 1, error: null });
    const paths = [first.path ?? '', second.path ?? ''];
    const kept = await Promise.all(paths.map((path) => expectReadable([path])));
    expect(kept.map(({ packets }) => packets)).toEqual([first.packets, second.packets]);
    expect(kept.map(({ resets }) => resets.length)).toEqual([2, 1]);
    expect(await resetsByTshark(paths[0])).toBe(2);
    for (const path of paths) {
      const { packets } = record(readFileSync(path));
      const times = packets.map(({ timeNs }) => Number(timeNs) / 1e9);
      const resets = packets.filter(({ data }) => isReset(data)).map(({ timeNs }) => Number(timeNs) / 1e9);
      const [first, last] = [Math.min(...resets), Math.max(...resets)];
      expect(times.some((time) => time < first)).toBe(true);
      expect(times.some((time) => time > last)).toBe(true);
      expect(Math.min(...times)).toBeGreaterThanOrEqual(first - BEFORE_S - CLOSE_S);
      expect(Math.max(...times)).toBeLessThanOrEqual(last + AFTER_S + CLOSE_S);
    }
    expect(capture.status.packets).toBeGreaterThanOrEqual(first.packets + second.packets);
    noteFault({
      fault: '(none: catching)',
      happened: `two cases of ${first.packets} and ${second.packets} packets, a burst of ${kept[0].resets.length} in one; the capture went on`,
      told: first.summary,
      lost: lossText(capture.status.losses),
    });
  });
});

/** Ethernet 14 bytes, IPv4 20, the flags of TCP at 13. */
function isReset(data: Uint8Array): boolean {
  return data[14 + 9] === IP_PROTOCOL_TCP && (data[14 + 20 + 13] & TCP_RST) !== 0;
}
