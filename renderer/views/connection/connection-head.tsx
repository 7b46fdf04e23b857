/** Who talks to whom, what became of it, and its resets; above whatever is shown of the connection. */
import { ArrowLeft } from 'lucide-react';
import { countText, plural } from '../../../shared/format/count.ts';
import type { FlowAccount, FlowReset } from '../../../shared/model/connection.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { frameText } from '../../words/frame-text.ts';
import { useFiles } from '../../lists/use-files.ts';
import { HandOverButton } from '../../hand-over/hand-over-button.tsx';
import { NoteBlock, NoteButton } from '../../notes/note-block.tsx';
import { Address } from '../../names/address.tsx';
import { Button } from '../../ui/button.tsx';
import { EndingName } from '../../ui/ending-mark.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { stateText } from '../../words/conn-state.ts';
import { senderText } from '../../../shared/texts/origin.ts';
import { nanosText, sizeText } from '../../words/values.ts';
import { viewTitle } from './view-title.ts';

/** Resets shown one by one; the others are a number that leads to their list. */
const MOST_CHIPS = 4;

export function ConnectionHead({
  flow,
  account,
}: {
  readonly flow: number;
  readonly account: FlowAccount | null;
}) {
  const { actions } = useApp();
  const from = useAppState((state) => state.connectionFrom);
  return (
    <header className="connection-head">
      <Button
        look="quiet"
        icon={<ArrowLeft size={14} aria-hidden="true" />}
        title="Back to where this was opened (Backspace)"
        onClick={actions.leaveConnection}
      >
        {viewTitle(from)}
      </Button>
      <div className="connection-who">
        <h2 className="connection-ends">
          {account === null ? (
            `Flow ${countText(flow)}`
          ) : (
            <>
              <Address of={account.row.client} /> <span className="faint">→</span>{' '}
              {account.row.serverName === '' ? null : `${account.row.serverName} `}
              <span className={account.row.serverName === '' ? 'mono' : 'mono faint'}>
                <Address of={account.row.server} />
              </span>
            </>
          )}
        </h2>
        {account === null ? null : <Facts account={account} />}
        <NoteBlock target={{ kind: 'flow', id: flow }} />
      </div>
      <HandOverButton subject={{ kind: 'flow', id: flow, ends: account?.row ?? null }} />
      <NoteButton target={{ kind: 'flow', id: flow }} />
      {account === null ? null : <ResetChips account={account} />}
    </header>
  );
}

function Facts({ account }: { readonly account: FlowAccount }) {
  const { row, limits } = account;
  const facts = [
    [row.protocol.toUpperCase(), row.application].filter(Boolean).join(' · '),
    plural(row.packets, 'packet'),
    `${sizeText(row.clientBytes)} sent, ${sizeText(row.serverBytes)} received`,
    nanosText(row.durationNs),
    row.rttNs > 0 ? `round trip ${nanosText(row.rttNs)}` : '',
    row.retransmissions > 0 ? plural(row.retransmissions, 'retransmission') : '',
    ...limits,
  ].filter((fact) => fact !== '');
  return (
    <p
      className="connection-facts"
      title={row.state === '' ? undefined : `${stateText(row.state)} History: ${row.history}`}
    >
      {row.ending === 'none' ? null : <EndingName ending={row.ending} />}
      <span>{facts.join(' · ')}</span>
    </p>
  );
}

function ResetChips({ account }: { readonly account: FlowAccount }) {
  const { actions } = useApp();
  const { row, resets } = account;
  if (row.resets === 0) return null;
  const shown = resets.length > MOST_CHIPS ? [] : resets;
  return (
    <div className="connection-resets">
      {shown.map((reset) => (
        <ResetChip key={reset.row.id} reset={reset} />
      ))}
      <Button
        title="Show them in the list of resets"
        onClick={() => {
          actions.filterResets(`flow:${row.id}`);
        }}
      >
        {plural(row.resets, 'reset')}
      </Button>
    </div>
  );
}

function ResetChip({ reset }: { readonly reset: FlowReset }) {
  const { actions } = useApp();
  const { row, packet } = reset;
  const files = useFiles();
  const isMarked = useAppState((state) => state.packet === packet);
  return (
    <button
      type="button"
      className={`connection-chip origin-${row.kind}`}
      aria-pressed={isMarked}
      title={`${reset.summary} Show it in the ladder`}
      onClick={() => {
        actions.markPacket(packet);
        actions.setConnectionPane('verdict');
      }}
    >
      <OriginMark kind={row.kind} size={11} /> #{frameText(row, files)} {senderText(row.kind, row.side)}
      {row.count > 1 ? ` ×${countText(row.count)}` : ''}
    </button>
  );
}
