/** Where a reset was seen and where not, capture point by capture point: what a verdict with several captures rests on. */
import { Ban, CircleHelp, Eye, Link2 } from 'lucide-react';
import { countText } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import type { AbsentAt, JoinReport, ResetJourney, SeenAt } from '../../../shared/model/join.ts';
import { correctedNs, differenceErrorNs } from '../../../shared/model/vantage-clock.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { useFiles } from '../../lists/use-files.ts';
import { frameText } from '../../words/frame-text.ts';
import { Button } from '../../ui/button.tsx';
import { absentText, alongPath, nameOfVantage, seenText } from '../../words/join-text.ts';

export const SEEN_AT_ID = 'seen-at';

type Place =
  | { readonly is: 'seen'; readonly vantage: number; readonly at: SeenAt }
  | { readonly is: 'absent'; readonly vantage: number; readonly at: AbsentAt };

export function SeenAtSection({ detail }: { readonly detail: ResetDetail }) {
  const { journey, verdict } = detail;
  const join = useAppState((state) => state.join);
  if (journey === null) return null;
  const places = placesOf(journey, join);
  return (
    <section id={SEEN_AT_ID} className="card seen-at" aria-labelledby="seen-at-title" tabIndex={-1}>
      <header className="seen-head">
        <h3 id="seen-at-title" className="card-label">
          Where it was seen
        </h3>
        <span className="faint">{seenText(journey.seenAt.length, places.length)}, from the client on</span>
      </header>
      <ol className={`seen-at-places origin-${verdict.origin.kind}`}>
        {places.map((place) => (
          <PlaceRow key={`${place.vantage} ${place.is}`} place={place} journey={journey} join={join} />
        ))}
      </ol>
      <Born journey={journey} join={join} />
      {journey.sameActAs === null ? null : <SameAct reset={journey.sameActAs} to={verdict.claimed} />}
    </section>
  );
}

/** In the order of the path from the client. */
function placesOf(journey: ResetJourney, join: JoinReport | null): Place[] {
  const order = new Map(
    alongPath(join?.vantages ?? []).map(({ files }, index) => [files[0], index] as const),
  );
  const places: Place[] = [
    ...journey.seenAt.map((at): Place => ({ is: 'seen', vantage: at.vantage, at })),
    ...journey.absentAt.map((at): Place => ({ is: 'absent', vantage: at.vantage, at })),
  ];
  const placeOf = ({ vantage }: Place): number => order.get(vantage) ?? Infinity;
  return places.sort((a, b) => (placeOf(a) === placeOf(b) ? 0 : placeOf(a) - placeOf(b)));
}

interface PlaceRowProps {
  readonly place: Place;
  readonly journey: ResetJourney;
  readonly join: JoinReport | null;
}

function PlaceRow({ place, journey, join }: PlaceRowProps) {
  const name = nameOfVantage(join, place.vantage);
  if (place.is === 'seen') return <SeenRow name={name} at={place.at} journey={journey} join={join} />;
  const { at } = place;
  const isOpen = at.doubt !== null;
  return (
    <li className={isOpen ? 'is-open' : 'is-absent'}>
      {isOpen ? <CircleHelp size={15} aria-hidden="true" /> : <Ban size={15} aria-hidden="true" />}
      <b className="seen-at-name">{name}</b>
      <span className="seen-at-what">{absentText(at)}</span>
    </li>
  );
}

interface SeenRowProps {
  readonly name: string;
  readonly at: SeenAt;
  readonly journey: ResetJourney;
  readonly join: JoinReport | null;
}

function SeenRow({ name, at, journey, join }: SeenRowProps) {
  const { actions } = useApp();
  const files = useFiles();
  return (
    <li className="is-seen">
      <Eye size={15} aria-hidden="true" />
      <b className="seen-at-name">{name}</b>
      <span className="seen-at-what">
        seen as{' '}
        <button
          type="button"
          className="frame-link num"
          title={`Show frame ${countText(at.frame)} among all packets`}
          onClick={() => {
            actions.showPacket(at.packet);
          }}
        >
          #{frameText(at, files)}
        </button>
        <span className="num">, TTL {at.ttl}</span>
        <TransitText at={at} journey={journey} join={join} />
      </span>
    </li>
  );
}

/** How long after the sighting nearest to the claimed sender, on one clock. */
function TransitText({ at, journey, join }: Omit<SeenRowProps, 'name'>) {
  const first = journey.seenAt.at(0);
  const clockOf = (file: number) => join?.vantages.find(({ files }) => files[0] === file);
  const [mine, other] = [clockOf(at.vantage), first === undefined ? undefined : clockOf(first.vantage)];
  if (first === undefined || first === at || mine === undefined || other === undefined) return null;
  const difference = correctedNs(mine, at.timeNs) - correctedNs(other, first.timeNs);
  const error = differenceErrorNs(mine, other);
  const name = nameOfVantage(join, first.vantage);
  if (error === null)
    return (
      <span className="faint">, {durationText(Math.abs(difference))} away by clocks that are not bound</span>
    );
  const isOrdered = Math.abs(difference) > error;
  return (
    <span className="num">
      , {durationText(Math.abs(difference))} ± {durationText(error)} {difference < 0 ? 'before' : 'after'}{' '}
      {name}
      {isOrdered ? '' : ', so that the clocks do not tell which was first'}
    </span>
  );
}

function Born({ journey: { born }, join }: Omit<PlaceRowProps, 'place'>) {
  if (born === null) return null;
  const [from, to] = born.between.map((file) => nameOfVantage(join, file));
  return (
    <p className="seen-at-born">
      It was made between <b>{from}</b> and <b>{to}</b>: on its way from there {to} was the first to see it,
      and {from} never did.
    </p>
  );
}

function SameAct({ reset, to }: { readonly reset: number; readonly to: string }) {
  const { actions } = useApp();
  return (
    <p className="seen-at-act">
      <Link2 size={14} aria-hidden="true" />
      One act with a reset to the other end:
      <Button look="quiet" onClick={() => void actions.showReset(reset)}>
        the reset to the {to}
      </Button>
    </p>
  );
}
