/**
 * By which a capture is known again, whatever its file is called and however it is compressed or wrapped: a digest over some of its
 * packets, how many there are, and when the first and the last came.
 */
import * as v from 'valibot';

/** Packets that the digest is made over at most. */
export const SAMPLED_PACKETS = 256;

const microseconds = v.pipe(v.string(), v.regex(/^-?\d{1,20}$/u, 'a time is a whole number'));

export const identity = v.strictObject({
  /** SHA-256 over the sample, the count and both times. Hexadecimal. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u, 'a SHA-256 has 64 hexadecimal digits')),
  packets: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** Of the first and last packet in the file, since 1970; converting to formats of coarser stamps keeps microseconds. */
  firstUs: microseconds,
  lastUs: microseconds,
});
export type CaptureIdentity = v.InferOutput<typeof identity>;

/**
 * Which packets are sampled of so many, by their place from 0: evenly spread, first and last among them. The same for every copy.
 * @returns ascending
 */
export function sampledPlaces(packets: number): readonly number[] {
  if (packets <= SAMPLED_PACKETS) return Array.from({ length: packets }, (_, at) => at);
  return Array.from({ length: SAMPLED_PACKETS }, (_, i) =>
    Math.floor((i * (packets - 1)) / (SAMPLED_PACKETS - 1)),
  );
}
