/** Changes the rule for what is caught while the capture runs. */
import { useState } from 'react';
import type { CatchRule } from '../../../shared/model/live.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { aroundText, ruleText } from '../../words/live-text.ts';
import { CatchFields } from './catch-fields.tsx';
import { DEFAULT_RULE, ruleError } from '../../state/catch-rule.ts';

export function CatchDialog() {
  const { actions } = useApp();
  const isOpen = useAppState((state) => state.dialog === 'catch');
  return (
    <Dialog
      open={isOpen}
      onClose={() => {
        actions.setDialog(null);
      }}
      title="Catch the next reset"
    >
      <RuleForm />
    </Dialog>
  );
}

function RuleForm() {
  const { actions } = useApp();
  const running = useAppState(({ live }) => live.options?.catch ?? null);
  const [rule, setRule] = useState<CatchRule>(running ?? DEFAULT_RULE);
  const [error, setError] = useState<string | null>(null);
  const save = async (next: CatchRule | null): Promise<void> => {
    setError(await actions.setCatch(next));
  };
  return (
    <form
      className="dialog-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ruleError(rule) === null) void save(rule);
      }}
    >
      <CatchFields rule={rule} onChange={setRule} />
      <p className="dialog-lead" role="status">
        {ruleText(rule)}. <span className="faint">{aroundText(rule)}</span>
      </p>
      {error === null ? null : (
        <p className="tone-bad" role="alert">
          {error}
        </p>
      )}
      <div className="dialog-buttons">
        {running === null ? null : <Button onClick={() => void save(null)}>Stop catching</Button>}
        <span className="spring" />
        <Button
          onClick={() => {
            actions.setDialog(null);
          }}
        >
          Cancel
        </Button>
        <Button type="submit" look="primary" disabled={ruleError(rule) !== null}>
          {running === null ? 'Start catching' : 'Change the rule'}
        </Button>
      </div>
    </form>
  );
}
