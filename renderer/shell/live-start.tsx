/** The way into a live capture: the choice of the interface, with what the doctor says and what is to be caught. */
import { DraftCatchFields } from '../views/catch/draft-catch-fields.tsx';
import { Blockers, Notes } from '../views/doctor/doctor.tsx';
import { LiveSection } from '../views/live-start/live-section.tsx';

export function LiveStart() {
  return <LiveSection blockers={<Blockers />} notes={<Notes />} catchFields={<DraftCatchFields />} />;
}
