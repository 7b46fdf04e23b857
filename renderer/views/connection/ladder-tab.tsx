/** The ladder of a connection with its switches, the strip of the whole, and what is known of the packet that is chosen. */
import { ChevronsDownUp, Copy, Image, ImageDown, ZoomIn, ZoomOut } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { countText } from '../../../shared/format/count.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { LadderChart } from '../../ladder/ladder-chart.tsx';
import { OverviewStrip } from '../../ladder/overview-strip.tsx';
import type { FlowPackets } from '../../ladder/flow-packets.ts';
import { layLanes } from '../../ladder/lanes.ts';
import { BREAK_PX, indexOfPacket, layRungs, standingFor, usualScale } from '../../ladder/rungs.ts';
import { hasNotes, packetSentence } from '../../ladder/rung-words.ts';
import type { EvidenceMark, LadderScene } from '../../ladder/scene.ts';
import { svgLadder } from '../../ladder/svg-ladder.ts';
import { textLadder } from '../../ladder/text-ladder.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CanvasPainter } from '../../ui/canvas-painter.ts';
import { nanosText } from '../../words/values.ts';
import { PointsNote, PointsSwitch } from './points-switch.tsx';
import type { JoinedConnection } from './use-joined.ts';
import { useJoined } from './use-joined.ts';
import { saveFile } from '../../core/save-file.ts';
import type { Connection } from './use-connection.ts';
import { useMessages } from './use-messages.ts';
import type { ResetInFocus } from './use-reset-in-focus.ts';

const ROW_PX = 28;
const ZOOM = 1.6;
const NO_LANES = layLanes([]);
const NO_MARKS: ReadonlyMap<number, EvidenceMark> = new Map();

interface LadderTabProps {
  readonly connection: Connection;
  readonly focus: ResetInFocus | null;
}

export function LadderTab({ connection, focus }: LadderTabProps) {
  const { account } = connection;
  const { actions } = useApp();
  const isOfSeveral = account.connection.length > 1;
  const ladderPoints = useAppState((state) => state.ladderPoints);
  const isWanted = isOfSeveral && ladderPoints === 'all';
  const { joined, error, isWaiting, retry } = useJoined(account, isWanted);
  const isJoined = isWanted && joined !== null;
  const packets = isJoined ? joined.packets : connection.packets;
  const resets = isJoined ? joined.resets : connection.resets;
  const lanes = isJoined ? NO_LANES : connection.lanes;
  const before = isJoined ? joined.before : connection.before;
  const ends = isJoined ? joined.ends : account.row;
  const chosen = useAppState((state) => state.packet);
  // A packet that was chosen at another point is here under the number that this capture gives it.
  const selected = isJoined || chosen === null ? chosen : hereOf(joined, account.row.id, chosen);
  const [scale, setScale] = useState<'rows' | 'time'>('rows');
  const [zoom, setZoom] = useState(1);
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const [hovered, setHovered] = useState(-1);
  const view = useRef({ top: 0, px: 0 });
  const follow = useRef<(top: number, px: number) => void>(() => undefined);
  const scroller = useRef<HTMLDivElement>(null);
  const scene = useRef<LadderScene | null>(null);
  const { messages, onView: askMessages } = useMessages(packets);
  const marks = focus?.marks ?? NO_MARKS;

  const usual = useMemo(() => usualScale(packets, ROW_PX), [packets]);
  const pxPerNs = usual * zoom;
  const kept = useMemo(() => keptPackets(packets, focus, selected), [packets, focus, selected]);
  const rungs = useMemo(
    () => layRungs(packets, { scale, pxPerNs, rowPx: ROW_PX, open: unfolded, kept }),
    [packets, scale, pxPerNs, unfolded, kept],
  );

  const isNoted = useMemo(() => hasNotes(packets, resets), [packets, resets]);

  const onView = useCallback(
    (first: number, end: number, top: number, px: number) => {
      askMessages(first, end);
      view.current = { top, px };
      follow.current(top, px);
    },
    [askMessages],
  );
  const onKey = (event: KeyboardEvent): boolean => {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === '+' || event.key === '=') return zoomBy(ZOOM);
    if (event.key === '-') return zoomBy(1 / ZOOM);
    if (event.key === '0') {
      setZoom(1);
      return true;
    }
    return false;
  };
  const zoomBy = (factor: number): boolean => {
    setScale('time');
    setZoom((now) => Math.min(1e6, Math.max(1e-6, now * factor)));
    return true;
  };

  // The verdict stays beside its own reset; who goes on to other packets asks for those.
  const select = (packet: number): void => {
    if (packet === focus?.reset.packet) actions.markPacket(packet);
    else actions.inspectPacket(packet);
  };
  const openPacket = (packet: number): void => {
    actions.inspectPacket(packet);
    actions.setPaneOpen('connection', true);
  };

  const title = `${ends.client} to ${ends.server}`;
  const save = (isWhole: boolean): void => {
    const drawn = scene.current;
    const context = document.createElement('canvas').getContext('2d');
    if (drawn === null || context === null) return;
    const painter = new CanvasPainter(context, drawn.theme.fonts);
    const svg = svgLadder(drawn, (text, look) => painter.measure(text, look), {
      from: isWhole ? 0 : view.current.top,
      height: isWhole ? rungs.totalPx : view.current.px,
      title: `Packets of ${title}`,
      ends,
    });
    saveFile(
      `ladder-flow-${account.row.id}${isJoined ? '-all-points' : ''}.svg`,
      new Blob([svg], { type: 'image/svg+xml' }),
    );
    actions.notice(isWhole ? 'The ladder is saved as SVG.' : 'What is in view is saved as SVG.');
  };
  const shownAt = hovered >= 0 ? hovered : selected === null ? -1 : indexOfPacket(packets, selected);
  return (
    <div className="ladder-tab">
      <div className="ladder-tools" role="toolbar" aria-label="Ladder">
        {isOfSeveral ? <PointsSwitch points={account.connection.length} /> : null}
        <div className="segmented" role="group" aria-label="Distances">
          <Button
            look="quiet"
            aria-pressed={scale === 'rows'}
            onClick={() => {
              setScale('rows');
            }}
          >
            One row a packet
          </Button>
          <Button
            look="quiet"
            aria-pressed={scale === 'time'}
            title="To scale between the height of a row and the longest gap; longer silences are broken"
            onClick={() => {
              setScale('time');
            }}
          >
            Time to scale
          </Button>
        </div>
        {scale === 'rows' ? null : (
          <>
            <IconButton
              label="Closer"
              keys="+"
              icon={<ZoomIn size={15} aria-hidden="true" />}
              onClick={() => zoomBy(ZOOM)}
            />
            <IconButton
              label="Farther"
              keys="-"
              icon={<ZoomOut size={15} aria-hidden="true" />}
              onClick={() => zoomBy(1 / ZOOM)}
            />
            <span className="ladder-note">
              to scale from {nanosText(ROW_PX / pxPerNs)} to {nanosText(BREAK_PX / pxPerNs)}; denser packets
              are spread, longer silences broken
            </span>
          </>
        )}
        {unfolded.size === 0 ? null : (
          <Button
            look="quiet"
            icon={<ChevronsDownUp size={14} aria-hidden="true" />}
            onClick={() => {
              setUnfolded(new Set());
            }}
          >
            Fold runs
          </Button>
        )}
        {before === 0 ? null : (
          <span className="ladder-note">
            the newest {countText(packets.columns.count)} packets; {countText(before)} before them
          </span>
        )}
        {isWanted ? (
          <PointsNote
            packets={packets}
            points={account.connection.length}
            isJoined={isJoined}
            isWaiting={isWaiting}
            error={error}
            onRetry={retry}
          />
        ) : null}
        {!isJoined && connection.isPartial ? (
          <span className="ladder-note">more packets are on their way</span>
        ) : null}
        <span className="spring" />
        <span className="ladder-tool-group">
          <IconButton
            label="Copy as text"
            icon={<Copy size={15} aria-hidden="true" />}
            onClick={() =>
              void actions.copy(textLadder({ packets, rungs, lanes, resets, messages }, ends), 'the ladder')
            }
          />
          <IconButton
            label="Save what is in view as SVG"
            icon={<Image size={15} aria-hidden="true" />}
            onClick={() => {
              save(false);
            }}
          />
          <IconButton
            label="Save the whole ladder as SVG"
            icon={<ImageDown size={15} aria-hidden="true" />}
            onClick={() => {
              save(true);
            }}
          />
        </span>
      </div>
      <div className="ladder-body">
        <div className="ladder-main">
          <div className="ladder-place">
            <LadderChart
              label="Packets of the connection"
              packets={packets}
              rungs={rungs}
              lanes={lanes}
              resets={resets}
              marks={marks}
              messages={messages}
              rowPx={ROW_PX}
              slant={isJoined && scale === 'time' ? pxPerNs : undefined}
              ends={ends}
              selected={selected}
              about={null}
              start={null}
              hasNotes={isNoted}
              onSelect={select}
              onOpen={openPacket}
              onUnfold={(run) => {
                setUnfolded((now) => new Set([...now, run]));
              }}
              onHover={setHovered}
              onView={onView}
              onKey={onKey}
              scrollerRef={scroller}
              sceneRef={scene}
            />
            <OverviewStrip
              packets={packets}
              rungs={rungs}
              resets={resets}
              followRef={follow}
              onMove={(top) => {
                if (scroller.current !== null) scroller.current.scrollTop = top;
              }}
            />
          </div>
          <p className="ladder-status">
            {shownAt < 0
              ? 'Arrow keys walk the packets, Enter opens, + and − change the scale'
              : packetSentence(
                  packets,
                  shownAt,
                  messages.get(packets.columns.packet[shownAt]) ?? '',
                  resets.get(packets.columns.reset[shownAt]),
                )}
          </p>
        </div>
      </div>
    </div>
  );
}

/** What somebody looks for is never folded into a run. */
function keptPackets(
  packets: FlowPackets,
  focus: ResetInFocus | null,
  selected: number | null,
): ReadonlySet<number> {
  const kept = [...(focus?.marks.keys() ?? []), ...(selected === null ? [] : [selected])];
  return new Set(kept.map((packet) => standingFor(packets, packet)));
}

/** The same packet as the capture of a flow holds it; the packet itself where that does not, or nobody knows. */
function hereOf(joined: JoinedConnection | null, flow: number, packet: number): number {
  const courses = joined?.packets.courses;
  if (joined === null || courses === null || courses === undefined) return packet;
  const v = courses.vantages.findIndex((vantage) => vantage.flow === flow);
  const index = indexOfPacket(joined.packets, packet);
  return v >= 0 && index >= 0 && courses.at[v].seen[index] > 0 ? courses.at[v].packet[index] : packet;
}
