/**
 * The open connection: its account, and its packets as columns, pulled part by part. While a capture runs only what came since is
 * pulled; where packets were let go meanwhile, all that are left.
 */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { LadderColumns } from '../../../shared/columns/ladder.ts';
import { decodeLadder, joinLadders } from '../../../shared/columns/ladder.ts';
import { RpcError } from '../../../shared/contract/errors.ts';
import { BOUNDS } from '../../../shared/contract/schemas.ts';
import { errorText } from '../../../shared/format/error.ts';
import type { FlowAccount } from '../../../shared/model/connection.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import type { FlowPackets } from '../../ladder/flow-packets.ts';
import { flowPackets, ipVersionOf } from '../../ladder/flow-packets.ts';
import type { Lanes } from '../../ladder/lanes.ts';
import { layLanes } from '../../ladder/lanes.ts';
import type { LadderReset } from '../../ladder/scene.ts';
import { ladderResets } from '../../ladder/scene.ts';
import type { Link } from '../../state/link.ts';

/** Packets that the page keeps of one flow, the newest ones: some 10 MB. */
const MOST_PACKETS = 200_000;

interface Pulled {
  readonly flow: number;
  readonly account: FlowAccount;
  readonly columns: LadderColumns;
  /** Packets of the flow before the first of the columns. */
  readonly before: number;
  /** Whether more of them are on the way. */
  readonly isPartial: boolean;
}

export interface Connection {
  readonly account: FlowAccount;
  readonly packets: FlowPackets;
  readonly lanes: Lanes;
  readonly resets: ReadonlyMap<number, LadderReset>;
  readonly before: number;
  readonly isPartial: boolean;
}

export interface ConnectionState {
  readonly connection: Connection | null;
  readonly error: string | null;
  readonly retry: () => void;
}

export function useConnection(flow: number | null): ConnectionState {
  const { link } = useApp();
  const summary = useAppState((state) => state.summary);
  const [pulled, setPulled] = useState<Pulled | null>(null);
  const [error, setError] = useState<{ readonly flow: number; readonly text: string } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const last = useRef<Pulled | null>(null);

  useEffect(() => {
    if (flow === null) return;
    const abort = new AbortController();
    const tell = (next: Pulled): void => {
      if (abort.signal.aborted) return;
      last.current = next;
      setPulled(next);
      setError(null);
    };
    pull(link, flow, last.current?.flow === flow ? last.current : null, tell, abort.signal).catch(
      (reason: unknown) => {
        if (abort.signal.aborted || (reason instanceof RpcError && reason.code === 'cancelled')) return;
        setError({ flow, text: errorText(reason) });
      },
    );
    return () => {
      abort.abort();
    };
  }, [link, flow, summary, attempt]);

  const connection = useMemo(
    () => (pulled === null || pulled.flow !== flow ? null : connectionOf(pulled)),
    [pulled, flow],
  );
  return {
    connection,
    error: error !== null && error.flow === flow ? error.text : null,
    retry: () => {
      setAttempt((count) => count + 1);
    },
  };
}

function connectionOf({ account, columns, before, isPartial }: Pulled): Connection {
  const { row, baseSeq, windowShift, resets } = account;
  const kind = { isTcp: row.protocol === 'tcp', ipVersion: ipVersionOf(row.client) };
  const lanes = layLanes(resets);
  return {
    account,
    packets: flowPackets(columns, { ...kind, baseSeq, windowShift }),
    lanes,
    resets: ladderResets(resets, lanes),
    before,
    isPartial,
  };
}

async function pull(
  link: Link,
  flow: number,
  known: Pulled | null,
  tell: (pulled: Pulled) => void,
  signal: AbortSignal,
): Promise<void> {
  const account = await link.call('flows.account', { flow }, signal);
  const ask = async (from: number, count: number) => {
    const part = await link.call(
      'flows.ladder',
      { flow, from, count: Math.min(BOUNDS.ladder, count) },
      signal,
    );
    return { total: part.total, columns: decodeLadder(part.columns) };
  };
  const isKnown = known !== null && !known.isPartial && known.columns.count > 0;
  // The last packet that is known is asked for again: only where it is still in its place are those before it, too.
  let from = isKnown ? known.before + known.columns.count - 1 : 0;
  let part = await ask(from, BOUNDS.ladder);
  let parts: LadderColumns[] = [];
  let before = 0;
  if (isKnown && part.columns.packet[0] === known.columns.packet[known.columns.count - 1]) {
    if (part.columns.count === 1) {
      tell({ ...known, account });
      return;
    }
    before = known.before;
    parts = [sliceColumns(known.columns, known.columns.count - 1)];
  } else {
    before = from = Math.max(0, part.total - MOST_PACKETS);
    if (isKnown || from > 0) part = await ask(from, BOUNDS.ladder);
  }
  for (;;) {
    parts.push(part.columns);
    from += part.columns.count;
    const isPartial = from < part.total && part.columns.count > 0;
    const isFirst = parts.length === 1;
    // What comes first is shown first; all others together, for each showing lays the whole ladder out anew.
    if (!isPartial || isFirst) tell({ flow, account, columns: joinLadders(parts), before, isPartial });
    if (!isPartial) return;
    part = await ask(from, part.total - from);
  }
}

function sliceColumns(columns: LadderColumns, count: number): LadderColumns {
  const cut = Object.entries(columns).map(([name, column]: [string, unknown]) => [
    name,
    ArrayBuffer.isView(column) ? (column as Uint8Array).subarray(0, count) : count,
  ]);
  return Object.fromEntries(cut) as LadderColumns;
}
