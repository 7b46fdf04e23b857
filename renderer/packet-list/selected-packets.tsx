/** The sum of the packets that are selected, and what can be done with them. */
import { Copy, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { countText, plural } from '../../shared/format/count.ts';
import { bytesText } from '../../shared/format/bytes.ts';
import { durationText } from '../../shared/format/duration.ts';
import { errorText } from '../../shared/format/error.ts';
import type { PacketQuery } from '../../shared/contract/methods.ts';
import type { PacketRow } from '../../shared/model/rows.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { rowsIn } from '../state/packet-rows.ts';
import { Button, IconButton } from '../ui/button.tsx';
import type { PacketColumn } from './packet-columns.tsx';
import { rowsAsText } from './rows-as-text.ts';
import type { RowFormat } from './rows-as-text.ts';

/** Packets that are summed up; a sum of more says that it is one of at least so many. */
const MOST_SUMMED = 200_000;
/** Packets that are copied at once. */
const MOST_COPIED = 20_000;

interface Sum {
  readonly packets: number;
  readonly bytes: number;
  readonly firstNs: number;
  readonly lastNs: number;
}
const NOTHING: Sum = { packets: 0, bytes: 0, firstNs: Infinity, lastNs: -Infinity };

interface SelectedPacketsProps {
  readonly flow: number | null;
  readonly columns: readonly PacketColumn[];
}

export function SelectedPackets({ flow, columns }: SelectedPacketsProps) {
  const { actions, link } = useApp();
  const filter = useAppState((state) => (flow === null ? state.packetQuery.filter : ''));
  const ranges = useAppState((state) => state.selectedPackets);
  const sum = useSum({ filter, flow });
  if (ranges.length === 0) return null;
  const copy = async (format: RowFormat): Promise<void> => {
    try {
      const rows: PacketRow[] = [];
      for await (const page of rowsIn(link, { filter, flow }, ranges, MOST_COPIED)) rows.push(...page);
      const cut = rows.length === MOST_COPIED ? ', the first of those selected' : '';
      await actions.copy(rowsAsText(rows, columns, format), `${plural(rows.length, 'packet')}${cut}`);
    } catch (error) {
      actions.notice(errorText(error));
    }
  };
  return (
    <div className="list-notice packet-sum">
      <span className="num" role="status">
        {sumText(sum)}
      </span>
      <span className="spring" />
      <Button look="quiet" icon={<Copy size={13} aria-hidden="true" />} onClick={() => void copy('text')}>
        Copy as text
      </Button>
      <Button look="quiet" onClick={() => void copy('csv')}>
        As CSV
      </Button>
      <IconButton
        label="Select none"
        keys="Escape"
        icon={<X size={14} aria-hidden="true" />}
        onClick={() => {
          actions.selectPackets('none', 0, 0);
        }}
      />
    </div>
  );
}

function sumText(sum: Sum | null): string {
  if (sum === null) return 'Adding up …';
  const { packets, bytes, firstNs, lastNs } = sum;
  if (packets === 0) return 'None of the selected packets is in this list';
  const count = packets >= MOST_SUMMED ? `${countText(packets)} packets or more` : plural(packets, 'packet');
  return `${count} selected · ${bytesText(bytes)} · ${durationText(lastNs - firstNs)} from first to last`;
}

/** null while it is made. */
function useSum({ filter, flow }: PacketQuery): Sum | null {
  const { link } = useApp();
  const ranges = useAppState((state) => state.selectedPackets);
  const [made, setMade] = useState<{ readonly of: unknown; readonly sum: Sum } | null>(null);
  useEffect(() => {
    if (ranges.length === 0) return;
    const abort = new AbortController();
    const add = async (): Promise<void> => {
      let sum = NOTHING;
      for await (const page of rowsIn(link, { filter, flow }, ranges, MOST_SUMMED, abort.signal)) {
        for (const row of page) sum = plus(sum, row);
      }
      if (!abort.signal.aborted) setMade({ of: ranges, sum });
    };
    // The list itself tells of an engine that does not answer.
    add().catch(() => undefined);
    return () => {
      abort.abort();
    };
  }, [link, filter, flow, ranges]);
  return made?.of === ranges ? made.sum : null;
}

function plus({ packets, bytes, firstNs, lastNs }: Sum, { length, timeNs }: PacketRow): Sum {
  return {
    packets: packets + 1,
    bytes: bytes + length,
    firstNs: Math.min(firstNs, timeNs),
    lastNs: Math.max(lastNs, timeNs),
  };
}
