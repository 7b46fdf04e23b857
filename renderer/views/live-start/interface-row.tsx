/** One interface: what it is called, what goes over it. */
import { EthernetPort, Repeat2, SquareTerminal, Wifi } from 'lucide-react';
import { bytesText } from '../../../shared/format/bytes.ts';
import { countText } from '../../../shared/format/count.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import type { CaptureInterface } from '../../../shared/model/live.ts';
import { bitRateText, rateText } from '../../words/live-text.ts';
import { Sparkline } from '../../ui/sparkline.tsx';
import type { InterfaceTraffic } from './use-counters.ts';
import { HISTORY } from './use-counters.ts';

const MAX_TEXT = 255;
const ICON = { size: 15, strokeWidth: 1.7, 'aria-hidden': true } as const;

interface RowProps {
  readonly domId: string;
  readonly isSelected: boolean;
  readonly onPick: () => void;
}

interface InterfaceRowProps extends RowProps {
  readonly one: CaptureInterface;
  readonly traffic: InterfaceTraffic | undefined;
}

export function InterfaceRow({ domId, one, traffic, isSelected, onPick }: InterfaceRowProps) {
  const { name, description, addresses, up, loopback, wireless } = one;
  const kind = loopback ? 'loopback' : wireless ? 'wireless' : 'wired';
  const isMoving = (traffic?.packetsPerSecond ?? 0) > 0;
  const dropped = traffic?.dropped ?? 0;
  return (
    <div
      id={domId}
      role="option"
      aria-selected={isSelected}
      className={`interface ${up ? '' : 'is-down'}`}
      onMouseDown={(event) => {
        if (event.button === 0) onPick();
      }}
    >
      {loopback ? <Repeat2 {...ICON} /> : wireless ? <Wifi {...ICON} /> : <EthernetPort {...ICON} />}
      <span className="interface-text">
        <span className="interface-line">
          <span className="interface-name">{sanitiseText(name, MAX_TEXT)}</span>
          <span className="visually-hidden">, {kind}, </span>
          {description === null ? null : (
            <span className="interface-about">{sanitiseText(description, MAX_TEXT)}</span>
          )}
          {up ? null : <span className="chip tone-plain">down</span>}
        </span>
        <span className="interface-addresses mono" title={addresses.join('\n')}>
          {addresses.length === 0 ? 'no address' : addresses.join('  ')}
        </span>
      </span>
      {dropped > 0 ? (
        <span className="chip tone-warn" title="Packets that the interface dropped since this page looks">
          {countText(dropped)} dropped
        </span>
      ) : null}
      <span className={`interface-spark ${isMoving ? 'is-moving' : ''}`}>
        <Sparkline values={traffic?.packetRates ?? []} room={HISTORY} width={92} height={24} />
      </span>
      <span className="interface-rate num">
        {traffic === undefined ? (
          <span className="faint">–</span>
        ) : (
          <>
            <span>{rateText(traffic.packetsPerSecond)}/s</span>
            <span className="faint" title={`${bytesText(traffic.bytesPerSecond)} a second`}>
              {bitRateText(traffic.bytesPerSecond)}
            </span>
          </>
        )}
      </span>
    </div>
  );
}

export function RemoteRow({ domId, isSelected, onPick }: RowProps) {
  return (
    <div
      id={domId}
      role="option"
      aria-selected={isSelected}
      className="interface interface-remote"
      onMouseDown={(event) => {
        if (event.button === 0) onPick();
      }}
    >
      <SquareTerminal {...ICON} />
      <span className="interface-text">
        <span className="interface-line">
          <span className="interface-name">Another machine over SSH</span>
        </span>
        <span className="interface-addresses">
          Runs tcpdump there; packets come here through your own ssh.
        </span>
      </span>
    </div>
  );
}
