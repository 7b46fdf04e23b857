/**
 * The packets that a piece of evidence rests on: each lights up in the packets below, and pressed once more it opens at the bytes
 * that the evidence looked at.
 */
import { FileSearch } from 'lucide-react';
import { useApp, useAppState } from '../../core/app-context.ts';
import { frameText } from '../../words/frame-text.ts';
import { useFiles } from '../../lists/use-files.ts';
import { evidenceField } from '../../words/evidence-field.ts';

/** What rests on packets. */
export interface Rested {
  readonly code: string;
  /** Numbers in the analysis, and in their files. */
  readonly packets: readonly number[];
  readonly frames: readonly number[];
  readonly files: readonly number[];
}

interface FrameLinksProps {
  readonly piece: Rested;
  readonly flow: number | null;
}

export function FrameLinks({ piece, flow }: FrameLinksProps) {
  const { actions } = useApp();
  const files = useFiles();
  const marked = useAppState((state) => state.packet);
  const isInConnection = useAppState(
    ({ view, packetsFlow }) => view === 'connection' && packetsFlow === flow,
  );
  const field = evidenceField(piece.code);
  return (
    <span className="frame-links">
      {piece.packets.map((packet, index) => {
        const frame = frameText({ file: piece.files[index], frame: piece.frames[index] }, files);
        return (
          <span key={packet} className="frame-pair">
            <button
              type="button"
              className="frame-link num"
              aria-pressed={marked === packet}
              title={`Mark frame ${frame} in the packets below`}
              onClick={() => {
                actions.markPacket(packet);
              }}
            >
              #{frame}
            </button>
            {marked !== packet || flow === null ? null : (
              <button
                type="button"
                className="frame-link frame-open"
                aria-label={`Bytes of frame ${frame}${field === null ? '' : ` at ${field}`}`}
                title={`Open frame ${frame}${field === null ? '' : ` at ${field}`}`}
                onClick={() => {
                  if (isInConnection) actions.inspectPacket(packet, field);
                  else actions.showPackets(flow, packet, field);
                }}
              >
                <FileSearch size={12} aria-hidden="true" /> bytes
              </button>
            )}
          </span>
        );
      })}
    </span>
  );
}
