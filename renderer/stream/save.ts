/** Saves what a flow carried through the page's own download: read page by page, so that no answer is long. */
import type { StreamSide } from '../../shared/model/stream.ts';
import { countText } from '../../shared/format/count.ts';
import { saveFile } from '../core/save-file.ts';
import type { Link } from '../state/link.ts';
import { gapText } from './words.ts';
import { TextReader } from './text-of.ts';

const PAGE_BYTES = 2 * 1024 * 1024;
/** The page holds it in memory until it is saved. */
const MOST_BYTES = 512 * 1024 * 1024;

/** @returns bytes that were missing, or left behind at the bound */
export async function saveStream(
  link: Link,
  flow: number,
  side: StreamSide,
  signal: AbortSignal,
): Promise<number> {
  const parts: BlobPart[] = [];
  let left = 0;
  let place = 0;
  let total = Infinity;
  const readers = { client: new TextReader('utf-8'), server: new TextReader('utf-8') };
  let last = '';
  while (place < total && place < MOST_BYTES) {
    const page = await link.call(
      'flows.stream',
      { flow, side, place, packet: null, bytes: PAGE_BYTES },
      signal,
    );
    for (const piece of page.pieces) {
      if (piece.kind === 'gap') left += piece.length;
      if (side !== 'both') {
        if (piece.kind === 'data') parts.push(piece.bytes.slice());
        continue;
      }
      if (piece.kind === 'reset') {
        parts.push(`\n--- reset, ${piece.label}, frame ${countText(piece.frame)} ---\n`);
        last = '';
        continue;
      }
      if (piece.from !== last) parts.push(`\n--- ${piece.from} ---\n`);
      last = piece.from;
      parts.push(piece.kind === 'gap' ? `\n[${gapText(piece)}]\n` : readers[piece.from].read(piece.bytes));
    }
    total = page.total;
    if (page.next <= place) break;
    place = page.next;
  }
  saveFile(side === 'both' ? `flow-${flow}.txt` : `flow-${flow}-${side}.bin`, new Blob(parts));
  return left + Math.max(0, total - place);
}
