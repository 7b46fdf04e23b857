/** Beside a connection: the verdict on its reset with what came before and after it, or the packet that is chosen. */
import { MousePointerClick } from 'lucide-react';
import { bytesText } from '../../../shared/format/bytes.ts';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import type { FlowPackets } from '../../ladder/flow-packets.ts';
import { sideOf, usualTtlOf } from '../../ladder/flow-packets.ts';
import { indexOfPacket } from '../../ladder/rungs.ts';
import { Named } from '../../names/named.tsx';
import { PacketPane } from '../../packet-list/packet-pane.tsx';
import type { ConnectionPane } from '../../state/panes.ts';
import { CONNECTION_PANES } from '../../state/panes.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { MattersChip } from '../../ui/matters-mark.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { ORIGIN, sureText } from '../../../shared/texts/origin.ts';
import { weightText } from '../../../shared/texts/weight.ts';
import { FrameLinks } from '../verdict/frame-links.tsx';
import { useLights } from '../verdict/use-lights.ts';
import { aroundReset } from './around-reset.ts';
import type { Connection } from './use-connection.ts';
import type { ResetInFocus } from './use-reset-in-focus.ts';

interface SidePaneProps {
  readonly connection: Connection;
  readonly selected: number | null;
  readonly focus: ResetInFocus | null;
}

const TITLES: Readonly<Record<ConnectionPane, string>> = { verdict: 'Verdict', packet: 'Packet' };

export function SidePane({ connection, selected, focus }: SidePaneProps) {
  const { actions } = useApp();
  const wanted = useAppState((state) => state.connectionPane);
  // A connection without a reset has no verdict to choose.
  const shown = focus === null ? 'packet' : wanted;
  return (
    <div className="connection-side">
      {focus === null ? null : (
        <div className="side-switch">
          <div className="segmented" role="group" aria-label="What is shown beside the connection">
            {CONNECTION_PANES.map((one) => (
              <Button
                key={one}
                look="quiet"
                aria-pressed={shown === one}
                onClick={() => {
                  actions.setConnectionPane(one);
                }}
              >
                {TITLES[one]}
              </Button>
            ))}
          </div>
        </div>
      )}
      {shown === 'verdict' && focus !== null ? (
        <section className="connection-pane" aria-label="The verdict" data-pane tabIndex={0}>
          <ResetCard connection={connection} focus={focus} />
        </section>
      ) : selected === null ? (
        <Empty icon={<MousePointerClick size={26} strokeWidth={1.4} />} title="No packet is chosen">
          Choose one to see its layers and its bytes.
        </Empty>
      ) : (
        <PacketPane packet={selected}>
          <TtlNote packets={connection.packets} packet={selected} />
        </PacketPane>
      )}
    </div>
  );
}

/** What no packet tells of itself: that it came another way than the others of its side. */
function TtlNote({ packets, packet }: { readonly packets: FlowPackets; readonly packet: number }) {
  const index = indexOfPacket(packets, packet);
  if (index < 0) return null;
  const side = sideOf(packets, index);
  const usual = usualTtlOf(packets, index);
  const ttl = packets.columns.ttl[index];
  if (usual < 0 || usual === ttl) return null;
  return (
    <p className="packet-note tone-warn">
      TTL {ttl}; most packets in the {side}’s name have {usual}.
    </p>
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
        <span className="faint">{sureText(row.kind, row.confidence, row.proven)}</span>
        <span className="spring" />
        <MattersChip matters={row.matters} hint="It ended work that was not finished" />
      </header>
      <p>
        <Named text={reset.summary} />
      </p>
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
  const flow = detail.flow.id;
  const pieces = [...detail.evidence]
    .filter(({ favours }) => favours !== 'neither')
    .sort((a, b) => b.weight - a.weight);
  if (pieces.length === 0) return null;
  return (
    <ul className="pane-evidence" aria-label="Evidence">
      {pieces.map((piece) => (
        <EvidenceItem key={piece.code} piece={piece} flow={flow} />
      ))}
    </ul>
  );
}

interface EvidenceItemProps {
  readonly piece: ResetDetail['evidence'][number];
  readonly flow: number;
}

function EvidenceItem({ piece, flow }: EvidenceItemProps) {
  const lights = useLights(piece.packets);
  return (
    <li className={`origin-${piece.favours}`} {...lights}>
      <span className="pane-weight num">
        <OriginMark kind={piece.favours === 'endpoint' ? 'endpoint' : 'middlebox'} size={9} />{' '}
        {weightText(piece.weight)}
      </span>
      <span>
        <Named text={piece.text} /> <FrameLinks piece={piece} flow={flow} />
      </span>
    </li>
  );
}
