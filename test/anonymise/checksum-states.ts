/** What tshark says of the checksums of captures, before and after they are anonymised. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newAnonymiser } from './anonymise-file.ts';
import { joinedFile, tsharkFields } from './joined-files.ts';

const PROTOCOLS = ['ip', 'tcp', 'udp', 'icmp', 'icmpv6', 'gre'];
const OPTIONS = [
  // Without putting fragments and streams together: the rest of what tshark finds there is gone on purpose.
  ...['ip.defragment:FALSE', 'ipv6.defragment:FALSE', 'tcp.desegment_tcp_streams:FALSE'],
  ...['ip.check_checksum:TRUE', 'tcp.check_checksum:TRUE', 'udp.check_checksum:TRUE'],
].flatMap((option) => ['-o', option]);

/** One packet: 0 bad, 1 good, 2 not verified (cut, fragments), 3 none, of each checksum in it. */
export interface States {
  /** Of the capture, and the packet's number in it, from 1. */
  readonly capture: number;
  readonly frame: number;
  readonly before: string;
  readonly after: string;
}

export function checksumStates(captures: readonly Uint8Array[]): States[] {
  const scratch = mkdtempSync(join(tmpdir(), 'resetscope-sums-'));
  try {
    const original = joinedFile(captures);
    const [before, after] = [original, joinedFile(captures, newAnonymiser())].map(({ bytes }, i) => {
      const path = join(scratch, `${i}.pcapng`);
      writeFileSync(path, bytes);
      return tsharkFields(
        path,
        PROTOCOLS.map((name) => `${name}.checksum.status`),
        OPTIONS,
      );
    });
    const places = original.counts.flatMap((count, capture) =>
      Array.from({ length: count }, (_, i) => ({ capture, frame: i + 1 })),
    );
    if (before.length !== places.length || after.length !== places.length)
      throw new Error(`${places.length} packets, tshark reads ${before.length} and ${after.length}`);
    return places.map((place, i) => ({ ...place, before: before[i], after: after[i] }));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
