/** The path from who received the reset to its claimed sender: which hosts saw it, which did not, and between which it was made. */
import type { FleetJoin } from '../../../shared/model/fleet.ts';
import { SEES, tableText } from '../../words/fleet-text.ts';
import { joinStrip } from './join-strip-model.ts';
import type { Stop } from './join-strip-model.ts';
import { SeesMark } from './sees-mark.tsx';

export function JoinStrip({ join }: { readonly join: FleetJoin }) {
  const { receiver, sender, stops, elsewhere } = joinStrip(join);
  return (
    <figure className="fleet-way">
      <ol className="fleet-way-stops" aria-label="From who received the reset to its claimed sender">
        <li className="fleet-way-end">
          <span className="faint">receiver</span>
          <span className="mono">{tableText(receiver)}</span>
        </li>
        {stops.map((stop, at) => (
          <StopItem key={`${stop.host} ${at}`} stop={stop} />
        ))}
        <li className="fleet-way-end">
          <span className="faint">claimed sender</span>
          <span className="mono">{tableText(sender)}</span>
        </li>
      </ol>
      {elsewhere.length === 0 ? null : (
        <figcaption className="faint">
          Somewhere on the path:{' '}
          {elsewhere.map((stop) => `${tableText(stop.host)} ${SEES[stop.sees].word}`).join(', ')}.
        </figcaption>
      )}
    </figure>
  );
}

function StopItem({ stop }: { readonly stop: Stop }) {
  const { host, site, sees, isOwn, isBornAfter } = stop;
  return (
    <>
      <li className={`fleet-stop is-${sees} ${isOwn ? 'is-own' : ''}`} title={SEES[sees].about}>
        <SeesMark sees={sees} />
        <b>{tableText(host)}</b>
        <span className="fleet-site faint">{tableText(site)}</span>
        <span className="fleet-sees">{isOwn ? 'received it' : SEES[sees].word}</span>
      </li>
      {isBornAfter ? (
        <li className="fleet-born">
          <span className="fleet-born-sign">
            <span aria-hidden="true">✕</span> made here
          </span>
        </li>
      ) : null}
    </>
  );
}
