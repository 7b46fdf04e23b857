/** Whether the ladder shows one capture point or all, and how exactly it is known what came before what. */
import { durationText } from '../../../shared/format/duration.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { orderErrorNs } from '../../ladder/courses.ts';
import type { FlowPackets } from '../../ladder/flow-packets.ts';
import { Button } from '../../ui/button.tsx';

export function PointsSwitch({ points }: { readonly points: number }) {
  const { actions } = useApp();
  const shown = useAppState((state) => state.ladderPoints);
  return (
    <div className="segmented" role="group" aria-label="Capture points">
      <Button
        look="quiet"
        aria-pressed={shown === 'one'}
        title="The packets that this capture holds"
        onClick={() => {
          actions.setLadderPoints('one');
        }}
      >
        This capture
      </Button>
      <Button
        look="quiet"
        aria-pressed={shown === 'all'}
        title={`Each packet on its way past the ${points} capture points, on one clock`}
        onClick={() => {
          actions.setLadderPoints('all');
        }}
      >
        All capture points
      </Button>
    </div>
  );
}

interface PointsNoteProps {
  readonly packets: FlowPackets;
  /** Capture points that hold the connection: not all of many have room. */
  readonly points: number;
  readonly isJoined: boolean;
  readonly isWaiting: boolean;
  readonly error: string | null;
  readonly onRetry: () => void;
}

export function PointsNote({ packets, points, isJoined, isWaiting, error, onRetry }: PointsNoteProps) {
  if (error !== null)
    return (
      <span className="ladder-note tone-warn-text" role="alert">
        The other capture points cannot be shown: {error}{' '}
        <Button look="quiet" onClick={onRetry}>
          Try again
        </Button>
      </span>
    );
  if (isWaiting)
    return (
      <span className="ladder-note" role="status">
        the packets of the other capture points are on their way
      </span>
    );
  if (!isJoined || packets.courses === null)
    return <span className="ladder-note">this connection has no packets at other capture points</span>;
  const { isOrdered, vantages } = packets.courses;
  const errorNs = orderErrorNs(packets.courses);
  return (
    <span
      className="ladder-note"
      title="Packets of one capture point are in its own order. Those of different ones are put in order by corrected times: ≈ stands where the clocks do not tell which came first."
    >
      {vantages.length < points ? `${vantages.length} of ${points} capture points; ` : ''}
      {isOrdered ? '' : 'which capture point is nearer to the client is not known; '}
      {errorNs === null
        ? 'order between columns is not bounded by the clocks'
        : `order between columns is known to ± ${durationText(errorNs)}`}
    </span>
  );
}
