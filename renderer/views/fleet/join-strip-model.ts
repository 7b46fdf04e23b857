/** The hosts of a join along the path: from who received the reset to whom it claims to come from. */
import type { FleetJoin, FleetWitness } from '../../../shared/model/fleet.ts';

export interface Stop {
  readonly host: string;
  readonly site: string;
  readonly sees: FleetWitness['sees'];
  /** It is the one whose reset this is. */
  readonly isOwn: boolean;
  /** The reset was made between this one and the next. */
  readonly isBornAfter: boolean;
}

export interface Strip {
  readonly receiver: string;
  readonly sender: string;
  readonly stops: readonly Stop[];
  /** Hosts that hold the connection somewhere on the path, nobody knows where. */
  readonly elsewhere: readonly Stop[];
  /** It was made between the last stop and the claimed sender, as far as anybody knows. */
  readonly isBornLast: boolean;
}

/** Hosts that are drawn; the list below the drawing has all. */
const MOST = 5;

export function joinStrip({ reset, witnesses, between }: FleetJoin): Strip {
  const stopOf = (witness: FleetWitness): Stop => ({
    host: witness.host,
    site: witness.site,
    sees: witness.sees,
    isOwn: false,
    isBornAfter: false,
  });
  const own: Stop = { host: reset.host, site: reset.site, sees: 'seen', isOwn: true, isBornAfter: false };
  const farther = witnesses.filter((one) => one.isNearerSender === false).map(stopOf);
  // Who saw it lies before who did not: that is what bounds where it was made.
  const rank = { seen: 0, unclear: 1, absent: 2 };
  const nearer = witnesses
    .filter((one) => one.isNearerSender === true)
    .map(stopOf)
    .sort((one, other) => rank[one.sees] - rank[other.sees]);
  const elsewhere = witnesses.filter((one) => one.isNearerSender === null).map(stopOf);
  const all = [...farther.slice(0, MOST), own, ...nearer.slice(0, MOST)];
  const stops = all.map((stop, at) => ({
    ...stop,
    isBornAfter: between !== null && stop.host === between[0] && all.at(at + 1)?.host === between[1],
  }));
  const [receiver, sender] =
    reset.claimed === 'server' ? [reset.client, reset.server] : [reset.server, reset.client];
  return {
    receiver,
    sender,
    stops,
    elsewhere: elsewhere.slice(0, MOST),
    isBornLast: between === null && all.at(-1)?.sees === 'seen',
  };
}
