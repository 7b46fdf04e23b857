/** What to do now. */
import { CornerDownRight } from 'lucide-react';
import { useApp } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';

export function NextStep({ next, flow }: { readonly next: string; readonly flow: number | null }) {
  const { actions } = useApp();
  return (
    <section className="next-step" aria-labelledby="next-title">
      <CornerDownRight size={17} aria-hidden="true" />
      <div className="next-text">
        <h3 id="next-title">Next step</h3>
        <p>{next}</p>
      </div>
      {flow === null ? null : (
        <Button
          onClick={() => {
            actions.showPackets(flow);
          }}
        >
          Packets of the flow
        </Button>
      )}
    </section>
  );
}
