/** Beside the ladder: the packet that is chosen, and the reset that it all is about, with what came before and after it. */
import { bytesText } from '../../../shared/format/bytes.ts';
import { countText, plural } from '../../../shared/format/count.ts';
import { flagNames } from '../../../shared/format/flags.ts';
import { markNames } from '../../../shared/texts/packet-marks.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import type { FlowPackets } from '../../ladder/flow-packets.ts';
import { ACK, isIcmp, relativeAck, seqRange, sideOf, windowOf } from '../../ladder/flow-packets.ts';
import { indexOfPacket } from '../../ladder/rungs.ts';
import { Button } from '../../ui/button.tsx';
import { MattersChip } from '../../ui/matters-mark.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { ORIGIN, sureText } from '../../words/origin.ts';
import { weightText } from '../../words/weight.ts';
import { UNKNOWN, fullTimeText, nanosText, timeText } from '../../words/values.ts';
import { aroundReset } from './around-reset.ts';
import type { Connection } from './use-connection.ts';
import type { ResetInFocus } from './use-reset-in-focus.ts';

interface SidePaneProps {
  readonly connection: Connection;
  readonly selected: number | null;
  readonly focus: ResetInFocus | null;
  readonly messages: ReadonlyMap<number, string>;
}

export function SidePane({ connection, selected, focus, messages }: SidePaneProps) {
  const index = selected === null ? -1 : indexOfPacket(connection.packets, selected);
  return (
    <aside className="connection-pane" aria-label="Details" data-pane tabIndex={0}>
      {focus === null ? null : <ResetCard connection={connection} focus={focus} />}
      {index < 0 ? null : (
        <PacketCard packets={connection.packets} index={index} message={messages.get(selected ?? -1) ?? ''} />
      )}
      {focus === null && index < 0 ? (
        <p className="faint">No reset in this connection. Choose a packet to see its numbers.</p>
      ) : null}
    </aside>
  );
}

function ResetCard({ connection, focus }: { readonly connection: Connection; readonly focus: ResetInFocus }) {
  const { actions } = useApp();
  const { reset, detail } = focus;
  const { row } = reset;
  const around = aroundReset(connection.packets, reset);
  return (
    <section className={`pane-card origin-${row.kind}`} aria-labelledby="pane-reset">
      <header className="pane-head">
        <OriginMark kind={row.kind} size={13} />
        <h3 id="pane-reset">{ORIGIN[row.kind].name}</h3>
        <span className="faint">{sureText(row.kind, row.confidence)}</span>
        <span className="spring" />
        <MattersChip matters={row.matters} hint="It ended work that was not finished" />
      </header>
      <p>{reset.summary}</p>
      <dl className="terms">
        <dt>Before it</dt>
        <dd>{around.before}</dd>
        <dt>After it</dt>
        <dd>{around.after}</dd>
        <dt>In flight</dt>
        <dd>{inFlightText(reset.unacknowledged)}</dd>
      </dl>
      {detail === null ? null : <EvidenceList detail={detail} />}
      <Button
        onClick={() => {
          void actions.showReset(row.id);
        }}
      >
        Whole verdict
      </Button>
    </section>
  );
}

function inFlightText({ client, server }: ResetInFocus['reset']['unacknowledged']): string {
  const parts: string[] = [];
  if (client !== null && client > 0) parts.push(`${bytesText(client)} from the client`);
  if (server !== null && server > 0) parts.push(`${bytesText(server)} from the server`);
  if (parts.length > 0) return `${parts.join(', ')}, not acknowledged`;
  return client === null && server === null ? 'Not known' : 'Nothing: all was acknowledged';
}

function EvidenceList({ detail }: { readonly detail: NonNullable<ResetInFocus['detail']> }) {
  const { actions } = useApp();
  const marked = useAppState((state) => state.packet);
  const pieces = [...detail.evidence]
    .filter(({ favours }) => favours !== 'neither')
    .sort((a, b) => b.weight - a.weight);
  if (pieces.length === 0) return null;
  return (
    <ul className="pane-evidence" aria-label="Evidence">
      {pieces.map((piece) => (
        <li key={piece.code} className={`origin-${piece.favours}`}>
          <span className="pane-weight num">
            <OriginMark kind={piece.favours === 'endpoint' ? 'endpoint' : 'middlebox'} size={9} />{' '}
            {weightText(piece.weight)}
          </span>
          <span>
            {piece.text}{' '}
            <span className="frame-links">
              {piece.packets.map((packet, at) => (
                <button
                  key={packet}
                  type="button"
                  className="frame-link num"
                  aria-pressed={marked === packet}
                  title="Show it in the ladder"
                  onClick={() => {
                    actions.markPacket(packet);
                  }}
                >
                  #{countText(piece.frames[at] ?? 0)}
                </button>
              ))}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

interface PacketCardProps {
  readonly packets: FlowPackets;
  readonly index: number;
  readonly message: string;
}

function PacketCard({ packets, index, message }: PacketCardProps) {
  const clock = useClock();
  const { columns, isTcp, windowShift } = packets;
  const side = sideOf(packets, index);
  const isSegment = isTcp && !isIcmp(packets, index);
  const [low, high] = seqRange(packets, index);
  const names = markNames(isIcmp(packets, index) ? 0 : columns.marks[index]);
  const shift = windowShift[side];
  return (
    <section className="pane-card" aria-labelledby="pane-packet">
      <header className="pane-head">
        <h3 id="pane-packet">Frame {countText(columns.frame[index])}</h3>
        <span className="faint">in the {side}’s name</span>
      </header>
      <dl className="terms">
        <dt>Time</dt>
        <dd className="num" title={fullTimeText(clock, columns.timeNs[index])}>
          {timeText(clock, columns.timeNs[index])}
        </dd>
        {index === 0 ? null : (
          <>
            <dt>After</dt>
            <dd className="num">
              {nanosText(Math.max(0, columns.timeNs[index] - columns.timeNs[index - 1]))}
            </dd>
          </>
        )}
        {message === '' ? null : (
          <>
            <dt>Says</dt>
            <dd>{message}</dd>
          </>
        )}
        {isSegment ? (
          <>
            <dt>Flags</dt>
            <dd>{flagNames(columns.flags[index])}</dd>
            <dt>Sequence</dt>
            <dd className="num">
              {high > low ? `${low}–${high}` : low}{' '}
              <span className="faint">({columns.seq[index]} on the wire)</span>
            </dd>
            <dt>Acknowledges</dt>
            <dd className="num">
              {(columns.flags[index] & ACK) === 0 ? (
                UNKNOWN
              ) : (
                <>
                  {relativeAck(packets, index)}{' '}
                  <span className="faint">({columns.ack[index]} on the wire)</span>
                </>
              )}
            </dd>
            <dt>Window</dt>
            <dd className="num">
              {countText(windowOf(packets, index))}{' '}
              <span className="faint">
                {shift === null
                  ? '(as sent: its scale is not known)'
                  : shift === 0
                    ? ''
                    : `(${columns.window[index]} × ${2 ** shift})`}
              </span>
            </dd>
          </>
        ) : null}
        <dt>Payload</dt>
        <dd className="num">
          {plural(columns.payload[index], 'byte')}{' '}
          <span className="faint">of {countText(columns.length[index])} on the wire</span>
        </dd>
        <dt>TTL</dt>
        <dd className="num">
          {columns.ttl[index]}{' '}
          {packets.usualTtl[side] >= 0 && packets.usualTtl[side] !== columns.ttl[index] ? (
            <span className="tone-warn">
              most of the {side}’s have {packets.usualTtl[side]}
            </span>
          ) : null}
        </dd>
        {names.length === 0 ? null : (
          <>
            <dt>Notes</dt>
            <dd>{names.join(', ')}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
