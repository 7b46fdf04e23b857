/** Client and server, and the place between them where it failed, as far as that is known. */
import { Monitor, Server } from 'lucide-react';
import type { FailureRow } from '../../../shared/model/failure.ts';
import { Address } from '../../names/address.tsx';
import { NameButton } from '../../names/name-button.tsx';
import { failureWhereText } from '../../../shared/texts/failure-where.ts';
import { addressOf } from '../../../shared/texts/named-text.ts';

export function FailureStrip({ row }: { readonly row: FailureRow }) {
  const { side } = row;
  return (
    <figure className="strip">
      <div className="strip-ends">
        <StripEnd title="Client" address={row.client} name="" />
        <StripEnd title="Server" address={row.server} name={row.serverName} />
      </div>
      <div className="failure-way" aria-hidden="true">
        <span className={side === 'client' ? 'failure-end is-it' : 'failure-end'}>
          <Monitor size={16} strokeWidth={1.8} />
        </span>
        <span className={`failure-line broken-${side ?? 'unknown'}`}>
          <span className="failure-break">{side === null ? '?' : '×'}</span>
        </span>
        <span className={side === 'server' ? 'failure-end is-it' : 'failure-end'}>
          <Server size={16} strokeWidth={1.8} />
        </span>
      </div>
      <figcaption className="strip-caption">{failureWhereText(side)}</figcaption>
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
      <span className="strip-address">
        <Address of={address} />
      </span>
      <NameButton of={addressOf(address)} what={`the ${title.toLowerCase()} ${addressOf(address)}`} />
      {name === '' ? null : <span className="strip-name">{name}</span>}
    </div>
  );
}
