/** The packets around the reset as a ladder: client on the left, server on the right, time downwards. */
import { useEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import type { PacketRow } from '../../../shared/model/rows.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { moveCursor } from '../../lists/list-keys.ts';
import { LadderRow } from './ladder-row.tsx';
import type { LadderMark } from './ladder-row.tsx';

const PAGE = 8;

export function LadderSection({ detail }: { readonly detail: ResetDetail }) {
  const { actions } = useApp();
  const { packets, row } = detail;
  const marked = useAppState((state) => state.packet);
  const list = useRef<HTMLDivElement>(null);
  const marks = useMemo(() => evidenceMarks(detail), [detail]);
  const reset = packets.find((packet) => packet.frame === row.frame && packet.file === row.file);
  const at = packets.findIndex((packet) => packet.packet === (marked ?? reset?.packet));

  useEffect(() => {
    if (marked === null) return;
    list.current?.querySelector(`[data-packet="${marked}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [marked]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') actions.showPackets(detail.flow.id);
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
        aria-label="Packets around the reset"
        aria-activedescendant={at < 0 ? undefined : ladderId(packets[at])}
        onKeyDown={onKeyDown}
      >
        {packets.map((packet, index) => (
          <LadderRow
            key={packet.packet}
            id={ladderId(packet)}
            packet={packet}
            before={packets[index - 1]}
            mark={marks.get(packet.packet)}
            kind={verdictKind(detail, packet, reset)}
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

function verdictKind(detail: ResetDetail, packet: PacketRow, reset: PacketRow | undefined) {
  return packet === reset ? detail.verdict.origin.kind : null;
}

/** Which side the heaviest evidence on a packet favours. */
function evidenceMarks(detail: ResetDetail): Map<number, LadderMark> {
  const marks = new Map<number, LadderMark>();
  for (const { favours, packets, text } of [...detail.evidence].sort((a, b) => a.weight - b.weight)) {
    if (favours === 'neither') continue;
    for (const packet of packets) marks.set(packet, { favours, text });
  }
  return marks;
}
