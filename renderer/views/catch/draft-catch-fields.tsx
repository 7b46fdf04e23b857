/** The rule for what is caught, of a capture that is still to be started. */
import { useApp, useAppState } from '../../core/app-context.ts';
import { CatchFields } from './catch-fields.tsx';

export function DraftCatchFields() {
  const { actions } = useApp();
  const rule = useAppState(({ draft }) => draft?.catch ?? null);
  if (rule === null) return null;
  return (
    <CatchFields
      rule={rule}
      onChange={(next) => {
        actions.changeDraft({ catch: next });
      }}
    />
  );
}
