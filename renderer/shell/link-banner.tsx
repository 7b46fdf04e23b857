/** Says that the engine is away, and how to get it back. */
import { PlugZap } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { useApp, useAppState } from '../core/app-context.ts';

export function LinkBanner() {
  const { actions } = useApp();
  const isLost = useAppState((state) => state.link === 'lost');
  const reason = useAppState((state) => state.linkError);
  if (!isLost) return null;
  return (
    <div className="banner tone-bad" role="alert">
      <PlugZap size={15} aria-hidden="true" />
      <span className="banner-text">{reason ?? 'The connection to the engine was lost.'}</span>
      <Button onClick={actions.reconnect}>Connect again</Button>
    </div>
  );
}
