/** Where else a packet was captured: each place leads to its packet, or holds the two against each other. */
import { Ban, Eye, GitCompareArrows } from 'lucide-react';
import type { PacketAt } from '../../shared/model/join.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { IconButton } from '../ui/button.tsx';
import { USUAL_CHANGES, changesText, nameOfVantage } from '../words/join-text.ts';

interface PlacesBarProps {
  readonly packet: number;
  readonly places: readonly PacketAt[];
  readonly compared: number | null;
}

export function PlacesBar({ packet, places, compared }: PlacesBarProps) {
  if (places.length < 2) return null;
  return (
    <section className="places" aria-label="At other capture points">
      <ol>
        {places.map((place) => (
          <Place
            key={place.vantage}
            place={place}
            isThis={place.packet === packet}
            isCompared={place.vantage === compared}
          />
        ))}
      </ol>
    </section>
  );
}

interface PlaceProps {
  readonly place: PacketAt;
  readonly isThis: boolean;
  readonly isCompared: boolean;
}

function Place({ place, isThis, isCompared }: PlaceProps) {
  const { actions } = useApp();
  const join = useAppState((state) => state.join);
  const isInConnection = useAppState(({ view }) => view === 'connection');
  const name = nameOfVantage(join, place.vantage);
  const { packet, frame } = place;
  if (packet === null || frame === null)
    return (
      <li className="place is-missing" title={`It was not captured at ${name}`}>
        <Ban size={12} aria-hidden="true" /> {name} <span className="faint">not seen</span>
      </li>
    );
  const changes = changesText(place.changes & ~USUAL_CHANGES);
  return (
    <li className="place" aria-current={isThis ? 'true' : undefined}>
      <Eye size={12} aria-hidden="true" /> {name}
      <button
        type="button"
        className="frame-link num"
        disabled={isThis}
        title={isThis ? 'This packet' : `Go to this packet at ${name}`}
        onClick={() => {
          if (isInConnection) actions.inspectPacket(packet);
          else actions.showPacket(packet);
        }}
      >
        #{place.file + 1}:{frame}
      </button>
      {changes === '' ? null : (
        <span className="chip tone-warn" title={`Changed on the way to ${name}: ${changes}`}>
          {changes}
        </span>
      )}
      {isThis ? null : (
        <IconButton
          label={isCompared ? `Stop comparing with ${name}` : `Compare field by field with ${name}`}
          pressed={isCompared}
          icon={<GitCompareArrows size={13} aria-hidden="true" />}
          onClick={() => {
            actions.comparePoint(isCompared ? null : place.vantage);
          }}
        />
      )}
    </li>
  );
}
