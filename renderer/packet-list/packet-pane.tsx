/** One packet beside its list: where it belongs, where to go from it, and all of its layers. */
import type { ReactNode } from 'react';
import { Bookmark, BookmarkX, ListOrdered, ListTree, Unplug } from 'lucide-react';
import type { PacketRow } from '../../shared/model/rows.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { useClock } from '../core/clock.ts';
import { frameText } from '../words/frame-text.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { OriginMark } from '../ui/origin-mark.tsx';
import { fullTimeText } from '../words/values.ts';
import { PacketCompare } from '../packet-detail/packet-compare.tsx';
import { PlacesBar } from '../packet-detail/places-bar.tsx';
import { usePlaces } from '../packet-detail/use-places.ts';
import { PacketDetail } from '../packet-detail/packet-detail.tsx';
import { NoteBlock, NoteButton } from '../notes/note-block.tsx';
import { usePacketRow } from './use-packet-row.ts';

interface PacketPaneProps {
  readonly packet: number;
  /** What else is to be said of it. */
  readonly children?: ReactNode;
}

export function PacketPane({ packet, children }: PacketPaneProps) {
  const row = usePacketRow(packet);
  const places = usePlaces(packet);
  const comparedPoint = useAppState((state) => state.comparedPoint);
  const compared = places.find(
    (place) => place.vantage === comparedPoint && place.packet !== null && place.packet !== packet,
  );
  const pointed = useAppState(({ packetField }) =>
    packetField?.packet === packet ? packetField.field : undefined,
  );
  return (
    <section className="packet-pane" aria-label="The packet" data-pane tabIndex={0}>
      <PacketHead packet={packet} row={row} />
      <NoteBlock target={{ kind: 'packet', id: packet }} />
      {children}
      <PlacesBar packet={packet} places={places} compared={compared?.vantage ?? null} />
      {compared === undefined ? (
        <PacketDetail packet={packet} highlight={pointed} />
      ) : (
        <PacketCompare key={compared.vantage} packet={packet} other={compared} />
      )}
    </section>
  );
}

function PacketHead({ packet, row }: { readonly packet: number; readonly row: PacketRow | null }) {
  const { actions } = useApp();
  const clock = useClock();
  const files = useAppState((state) => state.summary?.files.length ?? 1);
  const isMarked = useAppState((state) => state.markedPackets.includes(packet));
  const isInConnection = useAppState(({ view }) => view === 'connection');
  return (
    <header className="packet-head">
      <h2 className="packet-title" title={row === null ? undefined : fullTimeText(clock, row.timeNs)}>
        {row === null ? 'Packet' : `Frame ${frameText(row, files)}`}
        {row === null || row.origin === 'none' ? null : <OriginMark kind={row.origin} />}
      </h2>
      <p className="packet-line">{row?.info}</p>
      <div className="packet-ways">
        {isInConnection || row === null || row.reset < 0 ? null : (
          <Button
            icon={<Unplug size={14} aria-hidden="true" />}
            onClick={() => void actions.showReset(row.reset)}
          >
            Its verdict
          </Button>
        )}
        {isInConnection || row === null || row.flow < 0 ? null : (
          <Button
            look="quiet"
            icon={<ListTree size={14} aria-hidden="true" />}
            onClick={() => {
              actions.showPackets(row.flow, packet);
            }}
          >
            Its flow
          </Button>
        )}
        {isInConnection ? (
          <Button
            look="quiet"
            icon={<ListOrdered size={14} aria-hidden="true" />}
            title="Show it among all packets of the capture"
            onClick={() => {
              actions.showPacket(packet);
            }}
          >
            Among all
          </Button>
        ) : null}
        <NoteButton target={{ kind: 'packet', id: packet }} />
        <IconButton
          label={isMarked ? 'Take the mark away' : 'Mark the packet'}
          keys="m"
          pressed={isMarked}
          icon={
            isMarked ? <BookmarkX size={15} aria-hidden="true" /> : <Bookmark size={15} aria-hidden="true" />
          }
          onClick={() => {
            actions.toggleMark(packet);
          }}
        />
      </div>
    </header>
  );
}
