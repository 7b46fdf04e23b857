/** The path between client and server: who made the reset and who did not, how exactly the place is known, where it was captured. */
import { Cpu } from 'lucide-react';
import { deviceKey } from '../../../shared/names/name-key.ts';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import type { Verdict } from '../../../shared/model/verdict.ts';
import type { SocketOwner } from '../../../shared/model/witness.ts';
import { useAppState } from '../../core/app-context.ts';
import { Address } from '../../names/address.tsx';
import { NameButton } from '../../names/name-button.tsx';
import { useNames } from '../../names/use-names.ts';
import { useWidth } from '../../ui/use-width.ts';
import { nameOfVantage } from '../../words/join-text.ts';
import { makerPlace, makerWord, placeBasis } from '../../../shared/texts/maker-text.ts';
import { addressOf } from '../../../shared/texts/named-text.ts';
import { captureText, pathText } from '../../../shared/texts/path-text.ts';
import { ownerPlaceText, ownerName } from '../../words/witness-text.ts';
import { HopPanel } from './hop-panel.tsx';
import { StripDrawing } from './strip-drawing.tsx';
import { stripModel } from '../../../shared/path-strip/strip-model.ts';

export function PathStrip({ detail }: { readonly detail: ResetDetail }) {
  const { row, verdict, owners } = detail;
  const { origin, claimed } = verdict;
  const [frame, width] = useWidth<HTMLDivElement>();
  const names = useNames();
  const join = useAppState((state) => state.join);
  const model = stripModel(
    verdict.path,
    claimed,
    origin.kind,
    origin.confidence,
    (file) => join?.vantages.find(({ files }) => files[0] === file)?.hopsToNext ?? null,
  );
  const nameOf = (file: number): string => nameOfVantage(join, file);
  const device = deviceOf(verdict, row);
  const hasBorn = bornText(detail, nameOf) !== undefined;
  return (
    <figure className={`strip origin-${origin.kind}`}>
      <div className="strip-ends">
        <StripEnd title="Client" address={row.client} name="" owner={owners.client} />
        <StripEnd title="Server" address={row.server} name={row.serverName} owner={owners.server} />
      </div>
      <div ref={frame} className="strip-frame">
        {width === 0 ? null : (
          <StripDrawing
            model={model}
            width={width}
            kind={origin.kind}
            maker={makerWord(verdict)}
            name={device === undefined ? '' : (names.get(device) ?? '')}
            where={bornText(detail, nameOf) ?? makerPlace(verdict, nameOf)}
            claimedName={claimed}
            label={pathText(verdict, nameOf)}
            vantageName={nameOf}
          />
        )}
      </div>
      <figcaption className="strip-caption">
        {captureText(verdict.path, nameOf)}{' '}
        {verdict.path.placedBy === 'nothing' && hasBorn ? '' : placeBasis(verdict, nameOf)}
        {device === undefined ? null : (
          <>
            {' '}
            <NameButton of={device} what="the device" />
          </>
        )}
      </figcaption>
      <HopPanel detail={detail} />
    </figure>
  );
}

/** Where it was made by what each capture point saw, where its TTL places it no more exactly; undefined where that says nothing. */
function bornText({ journey, verdict }: ResetDetail, nameOf: (file: number) => string): string | undefined {
  const born = journey?.born ?? null;
  if (born === null || verdict.origin.kind !== 'middlebox') return undefined;
  if (verdict.path.placedBy === 'ttl') return undefined;
  return `between ${nameOf(born.between[0])} and ${nameOf(born.between[1])}`;
}

/** The device by its hops before the host in whose name it resets; undefined where they are not known. */
export function deviceOf({ path, claimed, origin }: Verdict, row: ResetDetail['row']): string | undefined {
  const hostHops = claimed === 'server' ? path.serverHops : path.clientHops;
  if (origin.kind !== 'middlebox' || path.placedBy !== 'ttl' || hostHops === null || path.resetHops === null)
    return undefined;
  return deviceKey(hostHops - path.resetHops, addressOf(claimed === 'server' ? row.server : row.client));
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
  const bare = addressOf(address);
  return (
    <div className="strip-end" title={name === '' ? address : `${name}, ${address}`}>
      <span className="strip-role">
        {title} <NameButton of={bare} what={`the ${title.toLowerCase()} ${bare}`} />
      </span>
      <span className="strip-address">
        <Address of={address} />
      </span>
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
