/** Where a reset was seen on its way, where it was not, and where it was made: for those who read its account. */
import type { AbsentAt, ResetJourney, SeenAt } from '../../../../shared/model/join.ts';
import type { CaptureView } from '../observe/view.ts';
import type { Elsewhere } from './elsewhere.ts';
import { firstFile } from '../../join/vantage-name.ts';

export function journeyOf(view: CaptureView, { event, born, isProven }: Elsewhere): ResetJourney | null {
  if (event === undefined) return null;
  const { packets } = view;
  const seenAt = event.sightings.map(({ vantage, packet }): SeenAt => ({
    vantage: firstFile(view, vantage),
    file: packets.file(packet),
    frame: packets.frame(packet),
    packet,
    timeNs: packets.time(packet),
    ttl: packets.ttl(packet),
  }));
  const absentAt = event.absences.map(({ vantage, lossBound, lies, doubt }): AbsentAt => {
    return { vantage: firstFile(view, vantage), lossBound, lies, doubt };
  });
  const between = born === null ? null : ([firstFile(view, born[0]), firstFile(view, born[1])] as const);
  return {
    ...{ seenAt, absentAt, proven: isProven, sameActAs: event.sameActAs },
    born: between === null ? null : { between },
  };
}
