/** Whether the same traffic is captured at a second place, and where: another machine, over ssh. */
import { useMemo } from 'react';
import type { CaptureOffer, LiveOptions, SecondPlace } from '../../../shared/model/live.ts';
import { useApp } from '../../core/app-context.ts';
import { Switch } from '../../ui/choice.tsx';
import { REMOTE_INTERFACE, placeRefusal } from './can-start.ts';
import { RemoteField, RemoteFields } from './remote-fields.tsx';

interface SecondFieldsProps {
  readonly draft: LiveOptions;
  readonly offer: CaptureOffer;
}

export function SecondFields({ draft, offer }: SecondFieldsProps) {
  const { actions } = useApp();
  const { second, filter } = draft;
  const options = useMemo(() => ({ ...draft, ...second, second: null }), [draft, second]);
  const change = (changes: Partial<SecondPlace>): void => {
    if (second !== null) actions.changeDraft({ second: { ...second, ...changes } });
  };
  return (
    <div className="second-place" role="group" aria-label="Second place">
      <Switch
        label="Also capture at a second place"
        about="The same connections on another machine, over ssh. When capturing ends, both are opened as one case: a reset that one side received and the other never sent is proof."
        checked={second !== null}
        onChange={(isOn) => {
          const place = { source: 'ssh', host: '', interface: REMOTE_INTERFACE, filter } as const;
          actions.changeDraft({ second: isOn ? place : null });
        }}
      />
      {second === null ? null : (
        <RemoteFields options={options} offer={offer} refusal={placeRefusal(second)} onChange={change}>
          <RemoteField
            label="Capture filter there"
            value={second.filter}
            placeholder="empty for everything"
            onChange={(text) => {
              change({ filter: text });
            }}
          />
        </RemoteFields>
      )}
    </div>
  );
}
