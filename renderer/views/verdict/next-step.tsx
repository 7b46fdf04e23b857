/** What to do now. */
import { CornerDownRight } from 'lucide-react';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import { useApp } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';

export function NextStep({ detail }: { readonly detail: ResetDetail }) {
  const { actions } = useApp();
  return (
    <section className="next-step" aria-labelledby="next-title">
      <CornerDownRight size={17} aria-hidden="true" />
      <div className="next-text">
        <h3 id="next-title">Next step</h3>
        <p>{detail.verdict.next}</p>
      </div>
      <Button
        onClick={() => {
          actions.showPackets(detail.flow.id);
        }}
      >
        Packets of the flow
      </Button>
    </section>
  );
}
