/** The packets that a piece of evidence rests on; each marks its row in the packets below. */
import { useApp, useAppState } from '../../core/app-context.ts';

/** What rests on packets. */
export interface Rested {
  /** Numbers in the analysis, and in their files. */
  readonly packets: readonly number[];
  readonly frames: readonly number[];
}

export function FrameLinks({ piece }: { readonly piece: Rested }) {
  const { actions } = useApp();
  const marked = useAppState((state) => state.packet);
  return (
    <span className="frame-links">
      {piece.packets.map((packet, index) => (
        <button
          key={packet}
          type="button"
          className="frame-link num"
          aria-pressed={marked === packet}
          title={`Mark frame ${piece.frames[index] ?? '?'} in the packets below`}
          onClick={() => {
            actions.markPacket(packet);
          }}
        >
          #{piece.frames[index] ?? '?'}
        </button>
      ))}
    </span>
  );
}
