/** What the way back is called. */
import type { View } from '../../state/ui-slice.ts';

const TITLES: Readonly<Record<View, string>> = {
  overview: 'Overview',
  resets: 'Resets',
  failures: 'Failures',
  flows: 'Flows',
  packets: 'Packets',
  endpoints: 'Addresses',
  connection: 'Back',
  warnings: 'Files',
  notes: 'Notes',
  catch: 'Catch',
  fleet: 'Fleet',
};

export function viewTitle(view: View): string {
  return TITLES[view];
}
