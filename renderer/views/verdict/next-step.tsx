/** What to do now. */
import { CornerDownRight } from 'lucide-react';
import { useApp } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { type AdviceRun, adviceParts } from '../../words/advice-parts.ts';

export function NextStep({ next, flow }: { readonly next: string; readonly flow: number | null }) {
  const { actions } = useApp();
  const { lead, rest } = adviceParts(next);
  return (
    <section className="next-step" aria-labelledby="next-title">
      <header className="next-head">
        <CornerDownRight size={17} aria-hidden="true" />
        <h3 id="next-title">Next step</h3>
        {flow === null ? null : (
          <Button
            onClick={() => {
              actions.showPackets(flow);
            }}
          >
            Packets of the flow
          </Button>
        )}
      </header>
      <p className="next-lead">
        <Runs runs={lead} />
      </p>
      {rest.length === 0 ? null : (
        <p>
          <Runs runs={rest} />
        </p>
      )}
    </section>
  );
}

function Runs({ runs }: { readonly runs: readonly AdviceRun[] }) {
  return runs.map(({ text, isAside }, at) =>
    isAside ? (
      <span key={at} className="next-aside">
        {text}
      </span>
    ) : (
      text
    ),
  );
}
