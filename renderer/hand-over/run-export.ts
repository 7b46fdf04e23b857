/**
 * Has an export made and reads it into the page: packets and tables alike. The browser holds what was read, beyond some size on its disk;
 * the host has let go of it by then, so that it can be saved at any time.
 */
import { RpcError } from '../../shared/contract/errors.ts';
import type { ExportOrder, ExportPiece, ExportTold } from '../../shared/model/export.ts';
import type { TableCounts } from '../../shared/model/table.ts';
import type { Link } from '../state/link.ts';

/** More is better written by the command line, to where it belongs. */
export const MOST_BYTES = 1024 * 1024 * 1024;

export type ExportStep =
  | { readonly kind: 'preparing'; readonly done: number }
  | { readonly kind: 'reading'; readonly bytes: number };

export interface ExportedBytes {
  readonly name: string;
  readonly packets: number;
  readonly content: Blob;
}

export interface Exported {
  readonly told: ExportTold;
  readonly files: readonly ExportedBytes[];
  /** Packets that were gone from the capture's file when they were copied. */
  readonly missing: number;
  readonly rows: TableCounts | null;
}

/** @throws RpcError, with a text for people, or the signal's reason */
export async function runExport(
  link: Link,
  order: ExportOrder,
  onStep: (step: ExportStep) => void,
  signal: AbortSignal,
): Promise<Exported> {
  const { id } = await link.call('export.start', order, signal);
  try {
    let piece = await next(0, 0);
    while (piece.told === null) {
      onStep({ kind: 'preparing', done: piece.done });
      piece = await next(0, 0);
    }
    const { told } = piece;
    const files: ExportedBytes[] = [];
    let bytes = 0;
    let missing = 0;
    for (const [file, { name, packets }] of told.files.entries()) {
      const parts: BlobPart[] = [];
      if (file > 0) piece = await next(file, 0);
      for (;;) {
        bytes += piece.bytes.length;
        if (bytes > MOST_BYTES) throw new RpcError('failed', TOO_LARGE);
        // A blob of its own may leave the memory of the page.
        parts.push(new Blob([piece.bytes.slice()]));
        onStep({ kind: 'reading', bytes });
        if (piece.isLast) break;
        piece = await next(file, piece.next);
      }
      missing += piece.missing;
      files.push({ name, packets, content: new Blob(parts) });
    }
    return { told, files, missing, rows: piece.rows };
  } finally {
    void link.call('export.stop', { id }).catch(() => undefined);
  }

  function next(file: number, from: number): Promise<ExportPiece> {
    signal.throwIfAborted();
    return link.call('export.read', { id, file, from }, signal);
  }
}

const TOO_LARGE =
  'this is more than a page can hold (1 GiB): narrow it by a filter, or write it from a terminal with resetscope export';
