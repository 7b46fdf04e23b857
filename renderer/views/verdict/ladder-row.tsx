/** One packet of the ladder. */
import { flagNames } from '../../../shared/format/flags.ts';
import type { PacketRow } from '../../../shared/model/rows.ts';
import type { OriginKind } from '../../../shared/model/verdict.ts';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { hasAck, hasRst, packetSentence } from '../../words/packet-text.ts';
import { nanosText } from '../../words/values.ts';

export interface LadderMark {
  readonly favours: 'endpoint' | 'middlebox';
  readonly text: string;
}

interface LadderRowProps {
  readonly id: string;
  readonly packet: PacketRow;
  readonly before: PacketRow | undefined;
  readonly mark: LadderMark | undefined;
  /** Origin of the reset on its own row, null on others. */
  readonly kind: OriginKind | null;
  readonly isMarked: boolean;
  readonly onPick: (packet: number) => void;
}

export function LadderRow({ id, packet, before, mark, kind, isMarked, onPick }: LadderRowProps) {
  const tone = kind === null ? (hasRst(packet) ? 'is-rst' : '') : `is-it origin-${kind}`;
  return (
    <div
      id={id}
      role="option"
      aria-selected={isMarked}
      data-packet={packet.packet}
      className={`ladder-row ${tone}`}
      title={mark?.text}
      onMouseDown={() => {
        onPick(packet.packet);
      }}
    >
      <span className="visually-hidden">{packetSentence(packet, before)}</span>
      <span className="ladder-frame num align-end" aria-hidden="true">
        {mark === undefined ? null : (
          <span className={`ladder-mark origin-${mark.favours}`}>
            <OriginMark kind={mark.favours} size={8} />
          </span>
        )}
        {packet.frame}
      </span>
      <span className="ladder-delta num align-end" aria-hidden="true">
        {before === undefined ? '' : `+${nanosText(Math.max(0, packet.timeNs - before.timeNs))}`}
      </span>
      <span className={`ladder-arrow from-${packet.from}`} aria-hidden="true">
        <span className="ladder-label">
          <b>{flagNames(packet.flags)}</b>
          <span className="num">{numbersText(packet)}</span>
        </span>
      </span>
      <span className="ladder-ttl num align-end" aria-hidden="true">
        {packet.ttl}
      </span>
      <span className="ladder-notes" title={packet.notes} aria-hidden="true">
        {packet.notes}
      </span>
    </div>
  );
}

function numbersText(packet: PacketRow): string {
  const { seq, ack, payload } = packet;
  const parts = [`seq ${seq}`];
  if (hasAck(packet)) parts.push(`ack ${ack}`);
  if (payload > 0) parts.push(`len ${payload}`);
  return parts.join(' ');
}
