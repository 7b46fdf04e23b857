/** Damaged captures of every format are copied: what readers are told of the copy is what they are told of the capture. */
import assert from 'node:assert/strict';
import { CaptureCopier } from '../../main/engine/copy/capture-copier.ts';
import { LIMITS } from '../../main/engine/limits.ts';
import { absoluteTimes, record, type Recording } from '../support/recording-sink.ts';
import type { FuzzTarget } from './fuzz-loop.ts';
import { readersTarget } from './readers.ts';

function told(recording: Recording, i: number, time: bigint, stepNs: number): string {
  const { data, wireLength, direction, comments, interfaceId } = recording.packets[i];
  const { linkType, resolutionNs } = recording.interfaces[interfaceId];
  return JSON.stringify([
    Buffer.from(data).toString('base64'),
    wireLength,
    direction,
    comments,
    linkType,
    // Times that the steps of a file cannot say, as those far from its others, are told in finer ones.
    time % BigInt(stepNs) === 0n ? resolutionNs : 'finer steps',
    String(time),
  ]);
}

/** Readers are exact within 2^53 ns of their first packet, which may be another one of the copy; and times fit 64 bits. */
function isExact(time: bigint, ...epochs: readonly (bigint | undefined)[]): boolean {
  if (time < 0n || time >= 1n << 60n) return false;
  return epochs.every((epoch = 0n) => (time > epoch ? time - epoch : epoch - time) < 1n << 53n);
}

export const copyTarget: FuzzTarget = {
  name: 'copy',
  corpus: readersTarget.corpus,
  check(input, random) {
    const original = record(input);
    const kept = original.packets.map(() => random.below(3) > 0);
    const copier = new CaptureCopier({
      application: 'Resetscope',
      comment: 'a copy',
      keepsKernelEvent: random.below(2) === 0 ? null : ({ kind }) => kind === 'sent',
    });
    copier.startFile(
      original.packets.flatMap(({ fileOffset }, i) => (kept[i] ? [{ fileOffset, comments: [] }] : [])),
    );
    const pieces: Uint8Array[] = [];
    const step = 1 + random.below(input.length);
    for (let at = 0; at < input.length; at += step) {
      copier.feed(input.slice(at, at + step));
      assert.ok(copier.waiting <= 16 * (LIMITS.maxBlockBytes + step), 'what waits is bounded');
      pieces.push(copier.take());
    }
    copier.endFile();
    copier.finish();
    pieces.push(copier.take());
    const copy = record(Uint8Array.from(Buffer.concat(pieces)));
    const expected = original.packets.map((_, i) => i).filter((i) => kept[i]);
    assert.equal(copier.counts.packets + copier.counts.missing, expected.length, 'each packet is told of');
    assert.equal(copier.counts.missing, 0, 'all that was read is copied');
    assert.deepEqual(
      copy.warnings.filter(({ lossy }) => lossy),
      [],
      'a sound file',
    );
    assert.equal(copy.packets.length, expected.length, 'the chosen packets');
    const [before, after] = [absoluteTimes(original), absoluteTimes(copy)];
    expected.forEach((number, i) => {
      const time = before[number];
      const isSame = isExact(time, original.epochNs, copy.epochNs);
      const stepNs = original.interfaces[original.packets[number].interfaceId].resolutionNs;
      assert.equal(
        told(copy, i, isSame ? after[i] : 1n, stepNs),
        told(original, number, isSame ? time : 1n, stepNs),
      );
    });
  },
};
