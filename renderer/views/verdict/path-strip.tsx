/** The path between client and server: who claims to have sent the reset, who made it, where it was captured. */
import type { ResetDetail } from '../../../shared/model/capture.ts';
import { useWidth } from '../../ui/use-width.ts';
import { captureText, pathText } from '../../words/path-text.ts';
import { StripDrawing } from './strip-drawing.tsx';
import { stripModel } from './strip-model.ts';

export function PathStrip({ detail }: { readonly detail: ResetDetail }) {
  const { row, verdict } = detail;
  const [frame, width] = useWidth<HTMLDivElement>();
  const model = stripModel(verdict.path, verdict.claimed, verdict.origin.kind);
  return (
    <figure className={`strip origin-${verdict.origin.kind}`}>
      <div className="strip-ends">
        <StripEnd title="Client" address={row.client} name="" />
        <StripEnd title="Server" address={row.server} name={row.serverName} />
      </div>
      <div ref={frame} className="strip-frame">
        {width === 0 ? null : (
          <StripDrawing model={model} width={width} kind={verdict.origin.kind} label={pathText(verdict)} />
        )}
      </div>
      <figcaption className="strip-caption">{captureText(verdict.path)}</figcaption>
    </figure>
  );
}

interface StripEndProps {
  readonly title: string;
  readonly address: string;
  readonly name: string;
}

function StripEnd({ title, address, name }: StripEndProps) {
  return (
    <div className="strip-end" title={name === '' ? address : `${name}, ${address}`}>
      <span className="strip-role">{title}</span>
      <span className="strip-address mono">{address}</span>
      {name === '' ? null : <span className="strip-name">{name}</span>}
    </div>
  );
}
