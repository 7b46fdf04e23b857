/** The open connection at all of its capture points, asked for when it is to be shown. */
import { useEffect, useMemo, useState } from 'react';
import { RpcError } from '../../../shared/contract/errors.ts';
import { errorText } from '../../../shared/format/error.ts';
import type { CaptureSummary } from '../../../shared/model/capture.ts';
import type { FlowAccount } from '../../../shared/model/connection.ts';
import type { JoinedLadder } from '../../../shared/model/join.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import type { FlowPackets } from '../../ladder/flow-packets.ts';
import type { SpanOf } from '../../ladder/joined-packets.ts';
import { joinedPackets } from '../../ladder/joined-packets.ts';
import { layLanes } from '../../ladder/lanes.ts';
import type { LadderReset } from '../../ladder/scene.ts';
import { ladderResets } from '../../ladder/scene.ts';

export interface JoinedConnection {
  readonly packets: FlowPackets;
  readonly resets: ReadonlyMap<number, LadderReset>;
  /** The client as the point nearest to it sees it, and the server likewise. */
  readonly ends: { readonly client: string; readonly server: string };
  /** Packets of its longest flow before those. */
  readonly before: number;
}

export interface JoinedState {
  /** Null while it is asked for, where it is not wanted, and where there is none. */
  readonly joined: JoinedConnection | null;
  readonly error: string | null;
  readonly isWaiting: boolean;
  readonly retry: () => void;
}

interface Answer {
  readonly flow: number;
  readonly ladder: JoinedLadder | null;
  readonly accounts: readonly FlowAccount[];
  readonly error: string | null;
}

export function useJoined(account: FlowAccount, isWanted: boolean): JoinedState {
  const { link } = useApp();
  const summary = useAppState((state) => state.summary);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [attempt, setAttempt] = useState(0);
  const flow = account.row.id;
  useEffect(() => {
    if (!isWanted) return;
    const abort = new AbortController();
    const ask = async (): Promise<Answer> => {
      const ladder = await link.call('flows.joinedLadder', { flow }, abort.signal);
      const accounts = await Promise.all(
        (ladder?.vantages ?? []).map((one) => link.call('flows.account', { flow: one.flow }, abort.signal)),
      );
      return { flow, ladder, accounts, error: null };
    };
    ask().then(
      (next) => {
        if (!abort.signal.aborted) setAnswer(next);
      },
      (reason: unknown) => {
        if (abort.signal.aborted || (reason instanceof RpcError && reason.code === 'cancelled')) return;
        setAnswer({ flow, ladder: null, accounts: [], error: errorText(reason) });
      },
    );
    return () => {
      abort.abort();
    };
  }, [link, flow, isWanted, summary?.packets, attempt]);
  const joined = useMemo(() => {
    if (answer === null || answer.flow !== flow || answer.ladder === null) return null;
    return joinedOf(answer.ladder, answer.accounts, summary);
  }, [answer, flow, summary]);
  const isMine = answer?.flow === flow;
  return {
    joined,
    error: isMine ? answer.error : null,
    isWaiting: isWanted && !isMine,
    retry: () => {
      setAnswer(null);
      setAttempt((count) => count + 1);
    },
  };
}

function joinedOf(
  ladder: JoinedLadder,
  accounts: readonly FlowAccount[],
  summary: CaptureSummary | null,
): JoinedConnection | null {
  if (ladder.vantages.length === 0 || ladder.parts.length !== ladder.vantages.length) return null;
  const resets = accounts.flatMap((account) => account.resets);
  // Devices stand between the capture points that the packets show, and have no line of their own.
  const lanes = layLanes([]);
  return {
    packets: joinedPackets(ladder, accounts, spansOf(summary)),
    resets: ladderResets(resets, lanes),
    ends: { client: ladder.vantages[0].client, server: ladder.vantages[ladder.vantages.length - 1].server },
    before: Math.max(...ladder.parts.map(({ earlier }) => earlier)),
  };
}

/** When each file was captured; milliseconds are enough, for their ends are taken apart that far. */
function spansOf(summary: CaptureSummary | null): SpanOf {
  const epochNs = summary?.epochNs ?? null;
  return (file) => {
    const { first = null, last = null } = summary?.files.at(file) ?? {};
    if (epochNs === null || first === null || last === null) return null;
    const epochMs = Number(BigInt(epochNs) / 1_000_000n);
    return [(Date.parse(first) - epochMs - 1) * 1e6, (Date.parse(last) - epochMs + 2) * 1e6];
  };
}
