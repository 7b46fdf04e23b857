/** One packet of the ladder. */
import { flagNames } from '../../../shared/format/flags.ts';
import type { PacketRow } from '../../../shared/model/rows.ts';
import type { Favour } from '../../../shared/model/verdict.ts';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { hasAck, hasRst, packetSentence } from '../../words/packet-text.ts';
import { nanosText } from '../../words/values.ts';

export interface LadderMark {
  /** Whom the evidence favours; `neither` where that is not the question. */
  readonly favours: Favour;
  readonly text: string;
}

interface LadderRowProps {
  readonly id: string;
  readonly packet: PacketRow;
  readonly before: PacketRow | undefined;
  readonly isDatagram: boolean;
  readonly mark: LadderMark | undefined;
  /** The class of its colours on the packet that it is about, null on others. */
  readonly look: string | null;
  readonly isMarked: boolean;
  readonly onPick: (packet: number) => void;
}

export function LadderRow({ id, packet, before, isDatagram, mark, look, isMarked, onPick }: LadderRowProps) {
  const tone = look === null ? (hasRst(packet) ? 'is-rst' : '') : `is-it ${look}`;
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
      <span className="visually-hidden">{packetSentence(packet, before, isDatagram)}</span>
      <span className="ladder-frame num align-end" aria-hidden="true">
        {mark === undefined ? null : <LadderDot favours={mark.favours} />}
        {packet.frame}
      </span>
      <span className="ladder-delta num align-end" aria-hidden="true">
        {before === undefined ? '' : `+${nanosText(Math.max(0, packet.timeNs - before.timeNs))}`}
      </span>
      <span className={`ladder-arrow from-${packet.from}`} aria-hidden="true">
        <span className="ladder-label">
          <b>{isDatagram ? 'UDP' : flagNames(packet.flags)}</b>
          <span className="num">{isDatagram ? `len ${packet.payload}` : numbersText(packet)}</span>
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

function LadderDot({ favours }: Pick<LadderMark, 'favours'>) {
  return favours === 'neither' ? (
    <span className="ladder-mark ladder-dot" />
  ) : (
    <span className={`ladder-mark origin-${favours}`}>
      <OriginMark kind={favours} size={8} />
    </span>
  );
}

function numbersText(packet: PacketRow): string {
  const { seq, ack, payload } = packet;
  const parts = [`seq ${seq}`];
  if (hasAck(packet)) parts.push(`ack ${ack}`);
  if (payload > 0) parts.push(`len ${payload}`);
  return parts.join(' ');
}
