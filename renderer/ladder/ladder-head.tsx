/** The names over the lines of a ladder, and what its columns hold. It is hidden from screen readers: the rows say it all. */
import type { CSSProperties } from 'react';
import { Eye, Radar } from 'lucide-react';
import { NamedEnd } from '../names/named-end.tsx';
import { OriginMark } from '../ui/origin-mark.tsx';
import { useClock } from '../core/clock.ts';
import { useNames } from '../names/use-names.ts';
import { clockText, isReference, vantageName } from '../words/join-text.ts';
import { namedText } from '../../shared/texts/named-text.ts';
import { ORIGIN } from '../../shared/texts/origin.ts';
import type { CourseVantage, Courses } from './courses.ts';
import type { DeviceLane, Lanes } from './lanes.ts';
import type { LadderLayout } from './layout.ts';
import { laneX } from './layout.ts';
import { timeTitle } from '../words/values.ts';

interface LadderHeadProps {
  readonly layout: LadderLayout;
  readonly lanes: Lanes;
  readonly ends: { readonly client: string; readonly server: string };
  readonly isCompact: boolean;
  readonly courses: Courses | null;
}

export function LadderHead({ layout, lanes, ends, isCompact, courses }: LadderHeadProps) {
  const clock = useClock();
  const span = layout.server - layout.client;
  const room = Math.max(40, span * 0.48);
  return (
    <div className={`ladder-head ${isCompact ? 'is-compact' : ''}`} aria-hidden="true">
      {layout.time === null ? null : (
        <ColumnName right={layout.time} text={timeTitle(clock, 'Time')} layout={layout} />
      )}
      <ColumnName right={layout.delta} text="Δ" layout={layout} />
      <ColumnName right={layout.frame} text="Frame" layout={layout} />
      <ColumnName right={layout.ttl} text="TTL" layout={layout} />
      {layout.window === null ? null : <ColumnName right={layout.window} text="Window" layout={layout} />}
      {layout.notes === null ? null : (
        <span className="ladder-column" style={{ left: layout.notes }}>
          Notes
        </span>
      )}
      <End
        name="Client"
        end={ends.client}
        isHere={courses === null && lanes.capturePoint === 'client'}
        style={{ left: layout.client - 8, maxWidth: room }}
      />
      {lanes.devices.map((device) => (
        <Device key={device.at} device={device} x={laneX(layout, device.at)} span={span} />
      ))}
      {(courses?.vantages ?? []).map((vantage) => (
        <VantageName
          key={vantage.file}
          vantage={vantage}
          x={laneX(layout, vantage.at)}
          room={(span / Math.max(1, courses?.vantages.length ?? 1)) * 0.9}
        />
      ))}
      {(courses?.proxies ?? []).map((at) => (
        <span
          key={at}
          className="ladder-proxy"
          style={{ left: laneX(layout, at) }}
          title="A proxy ends the client’s connection and opens one of its own: no packet passes it, the bytes are copied"
        >
          proxy
        </span>
      ))}
      {courses !== null || lanes.capturePoint !== 'between' || lanes.devices.length > 0 ? null : (
        <span className="ladder-device" style={{ left: (layout.client + layout.server) / 2 }}>
          <Here />
        </span>
      )}
      <End
        name="Server"
        end={ends.server}
        isHere={courses === null && lanes.capturePoint === 'server'}
        isRight
        style={{ right: layout.width - layout.server - 8, maxWidth: room }}
      />
    </div>
  );
}

interface ColumnNameProps {
  readonly right: number;
  readonly text: string;
  readonly layout: LadderLayout;
}

function ColumnName({ right, text, layout }: ColumnNameProps) {
  return (
    <span className="ladder-column" style={{ right: layout.width - right }}>
      {text}
    </span>
  );
}

interface EndProps {
  readonly name: string;
  readonly end: string;
  readonly isHere: boolean;
  readonly isRight?: boolean;
  readonly style: CSSProperties;
}

function End({ name, end, isHere, isRight = false, style }: EndProps) {
  return (
    <span className={`ladder-end ${isRight ? 'is-right' : ''}`} style={style}>
      <span className="ladder-end-name">
        {name} {isHere ? <Here /> : null}
      </span>
      <span className="ladder-end-address">
        <NamedEnd end={end} />
      </span>
    </span>
  );
}

function Here() {
  return (
    <span className="ladder-here" title="The capture was made here">
      <Radar size={11} aria-hidden="true" /> captured here
    </span>
  );
}

/** The name of a capture point over its line. */
function VantageName({
  vantage,
  x,
  room,
}: {
  readonly vantage: CourseVantage;
  readonly x: number;
  readonly room: number;
}) {
  return (
    <span
      className="ladder-vantage"
      style={{ left: x, maxWidth: room }}
      title={`Here it is ${vantage.client} → ${vantage.server}\n${isReference(vantage) ? 'Its clock is the one of the times' : `Its clock: ${clockText(vantage)}`}`}
    >
      <Eye size={12} aria-hidden="true" />
      <b>{vantageName(vantage.name)}</b>
    </span>
  );
}

/** Over the names of the hosts, so that one near to a host covers none of them. */
function Device({
  device,
  x,
  span,
}: {
  readonly device: DeviceLane;
  readonly x: number;
  readonly span: number;
}) {
  const names = useNames();
  const words =
    device.kind === 'unknown'
      ? 'a device?'
      : device.isPlaced
        ? ORIGIN.middlebox.short
        : 'Device, somewhere between';
  return (
    <span
      className={`ladder-device origin-${device.kind}`}
      style={{ left: x, maxWidth: span }}
      title={device.kind === 'unknown' ? ORIGIN.unknown.meaning : namedText(device.label, names)}
    >
      <OriginMark kind={device.kind} size={12} />
      <b>{words}</b>
    </span>
  );
}
