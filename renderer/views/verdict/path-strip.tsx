/** The path between client and server: who claims to have sent the reset, who made it, where it was captured. */
import { Cpu } from 'lucide-react';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import type { SocketOwner } from '../../../shared/model/witness.ts';
import { useWidth } from '../../ui/use-width.ts';
import { captureText, pathText } from '../../words/path-text.ts';
import { ownerPlaceText, ownerName } from '../../words/witness-text.ts';
import { StripDrawing } from './strip-drawing.tsx';
import { stripModel } from './strip-model.ts';

export function PathStrip({ detail }: { readonly detail: ResetDetail }) {
  const { row, verdict, owners } = detail;
  const [frame, width] = useWidth<HTMLDivElement>();
  const model = stripModel(verdict.path, verdict.claimed, verdict.origin.kind);
  return (
    <figure className={`strip origin-${verdict.origin.kind}`}>
      <div className="strip-ends">
        <StripEnd title="Client" address={row.client} name="" owner={owners.client} />
        <StripEnd title="Server" address={row.server} name={row.serverName} owner={owners.server} />
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
  /** The process at this end, where it runs on the capturing machine; null elsewhere. */
  readonly owner: SocketOwner | null;
}

function StripEnd({ title, address, name, owner }: StripEndProps) {
  const container = owner === null ? null : ownerPlaceText(owner);
  return (
    <div className="strip-end" title={name === '' ? address : `${name}, ${address}`}>
      <span className="strip-role">{title}</span>
      <span className="strip-address mono">{address}</span>
      {name === '' ? null : <span className="strip-name">{name}</span>}
      {owner === null ? null : (
        <span className="strip-owner" title={owner.cgroup ?? 'A process of the capturing machine'}>
          <Cpu size={11} aria-hidden="true" />
          <span className="visually-hidden">process </span>
          {ownerName(owner)}
          {container === null ? null : <span className="faint"> · {container}</span>}
        </span>
      )}
    </div>
  );
}
