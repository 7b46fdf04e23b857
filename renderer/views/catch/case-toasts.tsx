/** Tells of a caught reset whatever view is shown; screen readers hear of it when they are done speaking. */
import { useEffect } from 'react';
import { X } from 'lucide-react';
import { sanitiseText } from '../../../shared/format/text.ts';
import type { CaughtCase } from '../../../shared/model/live.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';

const SHOWN_MS = 15_000;
/** A case that is in sight anyway is only told to screen readers, which need this long to take notice. */
const QUIET_MS = 1000;
const MAX_TEXT = 240;

export function CaseToasts() {
  const fresh = useAppState((state) => state.freshCases);
  const isInView = useAppState((state) => state.view === 'catch' && state.dialog === null);
  return (
    <div
      className="toasts"
      role="log"
      aria-label="Caught resets"
      aria-live="polite"
      aria-relevant="additions"
    >
      {fresh.map((one) => (
        <CaseToast key={one.id} one={one} isQuiet={isInView} />
      ))}
    </div>
  );
}

/** @param isQuiet the list of cases is in sight: only screen readers need to be told */
function CaseToast({ one, isQuiet }: { readonly one: CaughtCase; readonly isQuiet: boolean }) {
  const { actions } = useApp();
  useEffect(() => {
    const timer = setTimeout(
      () => {
        actions.dismissCase(one.id);
      },
      isQuiet ? QUIET_MS : SHOWN_MS,
    );
    return () => {
      clearTimeout(timer);
    };
  }, [actions, one.id, isQuiet]);
  const text = (
    <p>
      <b>Caught a reset.</b> {sanitiseText(one.summary, MAX_TEXT)}
    </p>
  );
  if (isQuiet) return <div className="visually-hidden">{text}</div>;
  return (
    <div className={`toast origin-${one.origin}`}>
      <OriginMark kind={one.origin} size={14} />
      {text}
      <Button
        onClick={() => {
          actions.dismissCase(one.id);
          actions.go('catch');
        }}
      >
        Show
      </Button>
      <IconButton
        label="Dismiss"
        icon={<X size={13} aria-hidden="true" />}
        onClick={() => {
          actions.dismissCase(one.id);
        }}
      />
    </div>
  );
}
