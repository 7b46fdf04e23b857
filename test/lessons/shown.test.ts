/** What lessons about captures tell of their packets, beyond the resets: as whoever tries it with a filter will find it. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { captureFile } from '../../main/lessons/lesson-files.ts';
import type { LessonPart } from '../../shared/model/lesson.ts';
import { runCli } from '../support/run-cli.ts';

const FOLDER = new URL('../../main/lessons/', import.meta.url).pathname;

/** The fields of all packets that pass a filter, a packet each. */
async function fieldsOf(
  lesson: string,
  at: string,
  part: LessonPart,
  filter: string,
  fields: string,
): Promise<readonly string[]> {
  const path = join(FOLDER, lesson, 'captures', captureFile(at, part));
  const { stdout, exitCode } = await runCli(['packets', path, '--filter', filter, '--fields', fields]);
  expect(exitCode).toBe(0);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('the lesson mirror-port', () => {
  const SAME = 'ip.src,ip.id,tcp.seq_raw,tcp.flags,tcp.len,tcp.checksum';

  it('has each packet twice, the copy with a TTL that is lower by one, and after the fix once', async () => {
    const packets = await fieldsOf('mirror-port', 'mirror', 'before', 'tcp', SAME);
    expect(packets.length).toBeGreaterThan(0);
    const first = packets.filter((_, i) => i % 2 === 0);
    expect(packets.filter((_, i) => i % 2 === 1)).toEqual(first);
    const ttls = await fieldsOf('mirror-port', 'mirror', 'before', 'tcp', 'ip.ttl');
    expect(ttls).toEqual(first.flatMap(() => ['64', '63']));

    const fixed = await fieldsOf('mirror-port', 'mirror', 'after', 'tcp', SAME);
    expect(fixed.length).toBeGreaterThan(0);
    expect(new Set(fixed).size).toBe(fixed.length);
  });

  it('has one reset at the server', async () => {
    const resets = await fieldsOf('mirror-port', 'server', 'before', 'tcp.flags.reset == 1', 'ip.src');
    expect(resets).toEqual(['10.2.0.80']);
  });
});

describe('the lesson offload', () => {
  const WRONG = 'tcp.checksum.status == "Bad"';

  it.each([
    { at: 'client', own: '10.1.0.20' },
    { at: 'server', own: '10.2.0.80' },
  ])('has wrong checksums in what the $at sends, and there only', async ({ at, own }) => {
    const wrong = await fieldsOf('offload', at, 'before', WRONG, 'frame.number');
    const sent = await fieldsOf('offload', at, 'before', `ip.src == ${own}`, 'frame.number');
    expect(sent.length).toBeGreaterThan(0);
    expect(wrong).toEqual(sent);
    expect(await fieldsOf('offload', at, 'after', WRONG, 'frame.number')).toEqual([]);
  });

  it('has segments at the client that the link does not carry, which are cut at the server', async () => {
    const LONG = 'tcp.len > 1460';
    expect(await fieldsOf('offload', 'client', 'before', 'tcp.len > 7000', 'tcp.len')).not.toEqual([]);
    expect(await fieldsOf('offload', 'server', 'before', LONG, 'tcp.len')).toEqual([]);
    expect(await fieldsOf('offload', 'client', 'after', LONG, 'tcp.len')).toEqual([]);
  });
});
