/** The options of a capture: how packets are captured, and where they are kept. */
import type { ReactNode } from 'react';
import { bytesText } from '../../../shared/format/bytes.ts';
import { countText, plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { LIVE_LIMITS } from '../../../shared/contract/live-schemas.ts';
import type { CaptureOffer, LiveOptions, RingOptions } from '../../../shared/model/live.ts';
import { useApp } from '../../core/app-context.ts';
import { DEFAULT_RULE } from '../../state/catch-rule.ts';
import { Choice, Switch } from '../../ui/choice.tsx';
import { SourceField } from './source-field.tsx';
import { CommandLine } from '../../ui/command-line.tsx';
import { canStart } from './can-start.ts';
import { useCommand } from './use-command.ts';

const MIB = 1024 ** 2;
const SNAP_LENGTHS = [96, 256, 1024, 65_535, LIVE_LIMITS.snapLength.max];
const BUFFERS = [2 * MIB, 16 * MIB, 64 * MIB, 256 * MIB, 1024 * MIB];
const FILE_BYTES = [16 * MIB, 64 * MIB, 256 * MIB, 1024 * MIB, 4096 * MIB];
const FILES = [2, 4, 8, 16, 64, 256, 1000];
/** 0 stands for no limit. */
const FILE_SECONDS = [0, 10, 60, 300, 3600];

interface OptionsPanelProps {
  readonly offer: CaptureOffer;
  readonly draft: LiveOptions;
  /** The rule for what is caught, where something is. */
  readonly catchFields: ReactNode;
}

export function OptionsPanel({ offer, draft, catchFields }: OptionsPanelProps) {
  const { actions } = useApp();
  const isRemote = draft.source === 'ssh';
  const command = useCommand(!isRemote && canStart(offer, draft) === null ? draft : null);
  const changeRing = (changes: Partial<RingOptions>): void => {
    actions.changeDraft({ ring: { ...draft.ring, ...changes } });
  };
  return (
    <div className="options" role="group" aria-label="Options of the capture">
      {isRemote ? null : <SourceField sources={offer.diagnosis.sources} source={draft.source} />}
      <div className="options-grid">
        <Choice
          label="Keep of each packet"
          value={draft.snapLength}
          usual={SNAP_LENGTHS}
          text={snapText}
          title="Shorter packets make smaller files, but data cannot be read from them"
          onChange={(snapLength) => {
            actions.changeDraft({ snapLength });
          }}
        />
        <Choice
          label="Kernel buffer"
          value={draft.bufferBytes}
          usual={BUFFERS}
          text={(bytes) => bytesText(bytes, 'iec')}
          title="What is not read in time waits here; a full buffer loses packets"
          onChange={(bufferBytes) => {
            actions.changeDraft({ bufferBytes });
          }}
        />
        <Choice
          label="Files kept"
          value={draft.ring.files}
          usual={FILES}
          text={countText}
          onChange={(files) => {
            changeRing({ files });
          }}
        />
        <Choice
          label="Size of a file"
          value={draft.ring.fileBytes}
          usual={FILE_BYTES}
          text={(bytes) => bytesText(bytes, 'iec')}
          onChange={(fileBytes) => {
            changeRing({ fileBytes });
          }}
        />
        <Choice
          label="Time in a file"
          value={draft.ring.fileSeconds ?? 0}
          usual={FILE_SECONDS}
          text={(seconds) => (seconds === 0 ? 'no limit' : durationText(seconds * 1e9))}
          onChange={(seconds) => {
            changeRing({ fileSeconds: seconds === 0 ? null : seconds });
          }}
        />
        <label className="option">
          <span>Folder</span>
          <span className="field-box">
            <input
              type="text"
              spellCheck={false}
              autoComplete="off"
              placeholder={offer.folder}
              maxLength={LIVE_LIMITS.pathLength}
              value={draft.folder ?? ''}
              onChange={(event) => {
                actions.changeDraft({ folder: event.target.value === '' ? null : event.target.value });
              }}
            />
          </span>
        </label>
      </div>
      <div className="options-switches">
        <Switch
          label="Promiscuous"
          about="Also packets that are not for this machine, where the wire brings any."
          checked={draft.promiscuous}
          onChange={(promiscuous) => {
            actions.changeDraft({ promiscuous });
          }}
        />
        {isRemote ? null : (
          <Switch
            label="Kernel witness"
            about="The kernel says which resets it sends and takes, why, and for which process."
            checked={draft.witness}
            onChange={(witness) => {
              actions.changeDraft({ witness });
            }}
          />
        )}
        <Switch
          label="Catch resets"
          about="Each reset that you wait for becomes a small file of its own, with what was around it."
          checked={draft.catch !== null}
          onChange={(isOn) => {
            actions.changeDraft({ catch: isOn ? DEFAULT_RULE : null });
          }}
        />
      </div>
      {catchFields}
      {command.text === null ? null : (
        <CommandLine label="This will run" command={command.text} onCopy={actions.copyCommand} />
      )}
    </div>
  );
}

function snapText(bytes: number): string {
  if (bytes === LIVE_LIMITS.snapLength.max) return 'all of it';
  return bytes <= 96 ? `headers (${plural(bytes, 'byte')})` : plural(bytes, 'byte');
}
