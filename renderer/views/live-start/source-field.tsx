/** The choice of the program that captures: the best one here, or one by name. Those that cannot be used say why. */
import type { CaptureSourceStatus, LiveOptions } from '../../../shared/model/live.ts';
import { useApp } from '../../core/app-context.ts';
import { SOURCE_TEXT } from '../../words/live-text.ts';

interface SourceFieldProps {
  readonly sources: readonly CaptureSourceStatus[];
  readonly source: LiveOptions['source'];
}

export function SourceField({ sources, source }: SourceFieldProps) {
  // Another machine is a row of its own in the list of interfaces.
  const local = sources.filter(({ kind }) => kind !== 'ssh');
  const best = local.find(({ usable }) => usable);
  return (
    <fieldset className="sources">
      <legend>Captured by</legend>
      <SourceRow kind="auto" isChosen={source === 'auto'} isUsable={best !== undefined}>
        {best === undefined ? 'None can be used now' : `Now ${nameOf(best)}`}
      </SourceRow>
      {local.map((one) => (
        <SourceRow key={one.kind} kind={one.kind} isChosen={source === one.kind} isUsable={one.usable}>
          {one.usable ? aboutText(one) : (one.why ?? 'It cannot be used here.')}
        </SourceRow>
      ))}
    </fieldset>
  );
}

function nameOf({ kind, version }: CaptureSourceStatus): string {
  return version === null ? SOURCE_TEXT[kind] : `${SOURCE_TEXT[kind]} ${version}`;
}

/** Its version, and what captures made with it are without. */
function aboutText({ version, lacks }: CaptureSourceStatus): string {
  const missing = lacks.length === 0 ? 'Lacks nothing' : `Lacks ${lacks.join('; lacks ')}`;
  return version === null ? missing : `${version} · ${missing}`;
}

interface SourceRowProps {
  readonly kind: LiveOptions['source'];
  readonly isChosen: boolean;
  readonly isUsable: boolean;
  readonly children: string;
}

function SourceRow({ kind, isChosen, isUsable, children }: SourceRowProps) {
  const { actions } = useApp();
  return (
    <label className={`source ${isUsable ? '' : 'is-off'}`}>
      <input
        type="radio"
        name="capture-source"
        checked={isChosen}
        disabled={!isUsable && !isChosen}
        onChange={() => {
          actions.changeDraft({ source: kind });
        }}
      />
      <span className="source-name">{SOURCE_TEXT[kind]}</span>
      <span className="source-about" title={children}>
        {children}
      </span>
    </label>
  );
}
