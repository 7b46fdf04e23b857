/** A capture on another machine: where, which interface, and the command that will run. */
import type { CaptureOffer, LiveOptions } from '../../../shared/model/live.ts';
import { useApp } from '../../core/app-context.ts';
import { canStart } from './can-start.ts';
import { CommandLine } from '../../ui/command-line.tsx';
import { useCommand } from './use-command.ts';

interface RemoteFieldsProps {
  readonly draft: LiveOptions;
  readonly offer: CaptureOffer;
}

export function RemoteFields({ draft, offer }: RemoteFieldsProps) {
  const { actions } = useApp();
  const refusal = canStart(offer, draft);
  const command = useCommand(refusal === null ? draft : null);
  const ssh = offer.diagnosis.sources.find(({ kind }) => kind === 'ssh');
  return (
    <div className="remote">
      <div className="remote-fields">
        <label className="option">
          <span>Host</span>
          <span className="field-box">
            <input
              type="text"
              spellCheck={false}
              autoComplete="off"
              placeholder="[user@]host, as ssh takes it"
              value={draft.host ?? ''}
              onChange={(event) => {
                actions.changeDraft({ host: event.target.value });
              }}
            />
          </span>
        </label>
        <label className="option">
          <span>Interface there</span>
          <span className="field-box">
            <input
              type="text"
              spellCheck={false}
              autoComplete="off"
              value={draft.interface}
              onChange={(event) => {
                actions.changeDraft({ interface: event.target.value });
              }}
            />
          </span>
        </label>
      </div>
      {ssh?.usable === false ? <p className="field-hint tone-warn">{ssh.why}</p> : null}
      {command.text === null ? (
        <p className="field-hint">{refusal ?? command.error ?? 'The command that will run is shown here.'}</p>
      ) : (
        <CommandLine label="This will run" command={command.text} onCopy={actions.copyCommand} />
      )}
    </div>
  );
}
