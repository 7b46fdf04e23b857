/** Notes the checksum of what an IP header carries, with that header's addresses. */
import type { Layer } from './step.ts';

/** @param end where the segment, datagram or message ends on the wire */
export function noteTransportSum(
  step: Layer,
  protocol: number,
  fieldAt: number,
  end: number,
  zeroIsNone = false,
): void {
  const { rewrite, from } = step;
  const { family, sourceAt, destinationAt, isFragment } = rewrite;
  if (family === 0) {
    rewrite.sums.leaveOut(fieldAt);
    return;
  }
  const addressLength = family === 4 ? 4 : 16;
  const pseudo = { sourceAt, destinationAt, addressLength, protocol, length: end - from } as const;
  rewrite.sums.note({ at: from, end, fieldAt, pseudo, isPart: isFragment, zeroIsNone });
}
