/** Fills in what rows of packets lack that belong to no flow, out of the packets' bytes. */
import type { PacketNumber } from '../../shared/base/units.ts';
import { fieldNamed } from '../../shared/fields/catalogue.ts';
import type { PacketRow } from '../../shared/model/rows.ts';
import { BARE_FIELDS, bareLine } from '../engine/answers/bare-line.ts';
import type { Session } from '../engine/session.ts';
import type { PacketBytes } from './packet-bytes.ts';
import { selectorOf } from '../engine/select/selector.ts';

/**
 * @param rows a window of a list, in capture order: its packets without a flow are read, and no others
 * @returns the rows in their order; those of packets whose bytes cannot be had as they were
 */
export async function withBareLines(
  session: Session,
  bytes: PacketBytes,
  rows: readonly PacketRow[],
  signal: AbortSignal,
): Promise<PacketRow[]> {
  const bare = rows.filter(({ flow, protocol }) => flow < 0 && protocol === '');
  if (bare.length === 0) return [...rows];
  const read = selectorOf(session).fieldReader(BARE_FIELDS);
  const lines = new Map<number, ReturnType<typeof bareLine>>();
  try {
    const numbers = bare.map(({ packet }) => packet as PacketNumber);
    for await (const piece of bytes.inOrder(numbers, signal)) {
      for (const one of piece) {
        if (one.unreadable !== null) continue;
        const values = read(one.packet, one);
        lines.set(
          one.packet,
          bareLine((name) => {
            const field = fieldNamed(name);
            return field === undefined ? [] : values(field);
          }),
        );
      }
    }
  } catch {
    // The file cannot be read any more: the rows say what the index knows.
  }
  return rows.map((row) => ({ ...row, ...lines.get(row.packet) }));
}
