/** Hands over what it stands beside. */
import { Share } from 'lucide-react';
import type { HandOverSubject } from '../state/hand-over-slice.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { IconButton } from '../ui/button.tsx';
import { subjectText } from './subject-words.ts';

export function HandOverButton({ subject }: { readonly subject: HandOverSubject }) {
  const { actions } = useApp();
  const files = useAppState((state) => state.summary?.files.length ?? 1);
  return (
    <IconButton
      label={`Hand over ${subjectText(subject, files)}`}
      keys="shift+h"
      icon={<Share size={15} aria-hidden="true" />}
      onClick={(event) => {
        // It may stand in a row that opens.
        event.stopPropagation();
        void actions.handOver('report', subject);
      }}
    />
  );
}
