/** The way to what many hosts captured. */
import { Waypoints } from 'lucide-react';
import { useApp, useAppState } from '../../core/app-context.ts';
import { fleetName, tableText } from '../../words/fleet-text.ts';

/** Places that are named here; the view of the fleet lists all. */
const SHOWN = 3;

export function FleetWay() {
  const { actions } = useApp();
  const places = useAppState((state) => state.fleets?.places ?? null);
  return (
    <section className="recent" aria-labelledby="fleet-way-title">
      <h2 id="fleet-way-title">Many hosts</h2>
      <ul>
        {(places ?? []).slice(0, SHOWN).map(({ place }) => (
          <li key={place} className="recent-item">
            <button
              type="button"
              className="recent-open"
              title={tableText(place)}
              onClick={() => {
                actions.showFleet(place);
              }}
            >
              <Waypoints size={15} aria-hidden="true" />
              <span className="recent-name">{fleetName(place)}</span>
              <span className="recent-path">{tableText(place)}</span>
            </button>
          </li>
        ))}
        <li className="recent-item">
          <button type="button" className="recent-open" onClick={actions.lookAtFleet}>
            <Waypoints size={15} aria-hidden="true" />
            <span className="recent-name">Look at a fleet…</span>
          </button>
        </li>
      </ul>
    </section>
  );
}
