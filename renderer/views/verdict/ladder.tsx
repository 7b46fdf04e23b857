/** Packets of a connection as a ladder: client on the left, server on the right, time downwards. */
import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { PacketRow } from '../../../shared/model/rows.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { moveCursor } from '../../lists/list-keys.ts';
import { LadderRow } from './ladder-row.tsx';
import type { LadderMark } from './ladder-row.tsx';

const PAGE = 8;

interface LadderProps {
  /** What the packets lie around: "the reset". */
  readonly about: string;
  readonly flow: number;
  readonly packets: readonly PacketRow[];
  readonly marks: ReadonlyMap<number, LadderMark>;
  /** The packet that it is about; undefined where it was let go. */
  readonly it: PacketRow | undefined;
  /** Datagrams have neither flags nor numbers. */
  readonly areDatagrams?: boolean;
  /** The class of its colours. */
  readonly look: string;
}

export function Ladder({ about, flow, packets, marks, it, look, areDatagrams = false }: LadderProps) {
  const { actions } = useApp();
  const marked = useAppState((state) => state.packet);
  const list = useRef<HTMLDivElement>(null);
  const at = packets.findIndex((packet) => packet.packet === (marked ?? it?.packet));

  useEffect(() => {
    if (marked === null) return;
    list.current?.querySelector(`[data-packet="${marked}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [marked]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') actions.showPackets(flow);
    const next = event.key.length === 1 ? undefined : moveCursor(event.key, at, packets.length, PAGE);
    if (next === undefined) return;
    event.preventDefault();
    actions.markPacket(packets[next].packet);
  };

  return (
    <section className="card card-flush ladder-card" aria-labelledby="ladder-title">
      <h3 id="ladder-title" className="card-label">
        Packets around it
      </h3>
      <div className={headClass(packets)} aria-hidden="true">
        <span className="align-end">Frame</span>
        <span className="align-end">Δ time</span>
        <span className="ladder-lanes">
          <span>Client</span>
          <span>Server</span>
        </span>
        <span className="align-end">TTL</span>
        <span>Notes</span>
      </div>
      <div
        ref={list}
        className={hasNotes(packets) ? 'ladder' : 'ladder without-notes'}
        role="listbox"
        tabIndex={0}
        aria-label={`Packets around ${about}`}
        aria-activedescendant={at < 0 ? undefined : ladderId(packets[at])}
        onKeyDown={onKeyDown}
      >
        {packets.map((packet, index) => (
          <LadderRow
            key={packet.packet}
            id={ladderId(packet)}
            packet={packet}
            before={packets[index - 1]}
            isDatagram={areDatagrams}
            mark={marks.get(packet.packet)}
            look={packet === it ? look : null}
            isMarked={index === at && marked !== null}
            onPick={actions.markPacket}
          />
        ))}
      </div>
    </section>
  );
}

/** Where no packet has notes, their column is left out and the lanes are wider. */
function hasNotes(packets: readonly PacketRow[]): boolean {
  return packets.some((packet) => packet.notes !== '');
}

function headClass(packets: readonly PacketRow[]): string {
  return hasNotes(packets) ? 'ladder-head' : 'ladder-head without-notes';
}

function ladderId(packet: PacketRow): string {
  return `ladder-${packet.packet}`;
}
