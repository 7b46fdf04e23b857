/** What to do now, with the commands that lead on. */
import { CornerDownRight, GitCompareArrows } from 'lucide-react';
import type { Command } from '../../../shared/texts/commands.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { canCompare } from '../../core/compare-actions.ts';
import { Named } from '../../names/named.tsx';
import { Button } from '../../ui/button.tsx';
import { asksForCapture } from '../../words/join-text.ts';
import { type AdviceRun, adviceParts } from '../../words/advice-parts.ts';
import { CommandList } from './command-list.tsx';

interface NextStepProps {
  readonly next: string;
  readonly commands: readonly Command[];
  readonly flow: number | null;
  /** The packet that it is about, where the packets of the flow begin; null where it was let go. */
  readonly packet: number | null;
}

export function NextStep({ next, commands, flow, packet }: NextStepProps) {
  const { actions } = useApp();
  const isOfOne = useAppState((state) => state.join === null && canCompare(state));
  const { lead, rest } = adviceParts(next);
  return (
    <section className="next-step" aria-labelledby="next-title">
      <header className="next-head">
        <CornerDownRight size={17} aria-hidden="true" />
        <h3 id="next-title">Next step</h3>
        {flow === null ? null : (
          <Button
            onClick={() => {
              actions.showPackets(flow, packet);
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
      {isOfOne && asksForCapture(next) ? (
        <div className="next-compare">
          <Button
            icon={<GitCompareArrows size={14} aria-hidden="true" />}
            title="Open it with this one as one case: what each of them saw is held against the other"
            onClick={() => void actions.pickToCompare()}
          >
            Compare with another capture…
          </Button>
        </div>
      ) : null}
      <CommandList commands={commands} />
    </section>
  );
}

function Runs({ runs }: { readonly runs: readonly AdviceRun[] }) {
  return runs.map(({ text, isAside }, at) =>
    isAside ? (
      <span key={at} className="next-aside">
        <Named text={text} />
      </span>
    ) : (
      <Named key={at} text={text} />
    ),
  );
}
