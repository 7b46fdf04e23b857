/** The packets around the reset, marked by the evidence that rests on them. */
import type { ResetDetail } from '../../../shared/model/capture.ts';
import { CompactLadder } from '../../ladder/compact-ladder.tsx';

export function LadderSection({ detail }: { readonly detail: ResetDetail }) {
  return <CompactLadder detail={detail} />;
}
