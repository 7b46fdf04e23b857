/** Where on another machine to capture, and the command that will do it. */
import type { ReactNode } from 'react';
import type { CaptureOffer, LiveOptions } from '../../../shared/model/live.ts';
import { useApp } from '../../core/app-context.ts';
import { CommandLine } from '../../ui/command-line.tsx';
import { useCommand } from './use-command.ts';

interface RemoteFieldsProps {
  /** What the command is asked for. */
  readonly options: LiveOptions;
  readonly offer: CaptureOffer;
  /** Why it cannot be captured so, in people's words. */
  readonly refusal: string | null;
  readonly onChange: (changes: Partial<Pick<LiveOptions, 'host' | 'interface'>>) => void;
  /** More fields. */
  readonly children?: ReactNode;
}

export function RemoteFields({ options, offer, refusal, onChange, children }: RemoteFieldsProps) {
  const { actions } = useApp();
  const command = useCommand(refusal === null ? options : null);
  const ssh = offer.diagnosis.sources.find(({ kind }) => kind === 'ssh');
  return (
    <div className="remote">
      <div className="remote-fields">
        <RemoteField
          label="Host"
          value={options.host ?? ''}
          placeholder="[user@]host, as ssh takes it"
          onChange={(host) => {
            onChange({ host });
          }}
        />
        <RemoteField
          label="Interface there"
          value={options.interface}
          onChange={(name) => {
            onChange({ interface: name });
          }}
        />
        {children}
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

interface RemoteFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}

export function RemoteField({ label, value, placeholder, onChange }: RemoteFieldProps) {
  return (
    <label className="option">
      <span>{label}</span>
      <span className="field-box">
        <input
          type="text"
          spellCheck={false}
          autoComplete="off"
          placeholder={placeholder}
          value={value}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      </span>
    </label>
  );
}
