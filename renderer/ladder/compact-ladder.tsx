/** The packets around a reset or a failure as a small ladder, in the pane of its verdict. */
import { useMemo } from 'react';
import type { ResetDetail } from '../../shared/model/capture.ts';
import type { FlowRow, PacketRow } from '../../shared/model/rows.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { ipVersionOf, packetsOfRows } from './flow-packets.ts';
import { LadderChart } from './ladder-chart.tsx';
import { layLanes } from './lanes.ts';
import { layRungs } from './rungs.ts';
import { hasNotes } from './rung-words.ts';
import type { EvidenceMark, LadderReset } from './scene.ts';

const ROW_PX = 26;
const NOTHING: ReadonlySet<number> = new Set();
const NO_MESSAGES: ReadonlyMap<number, string> = new Map();

export function CompactLadder({ detail }: { readonly detail: ResetDetail }) {
  const { packets, row, verdict, flow, evidence } = detail;
  const reset = packets.find((packet) => packet.frame === row.frame && packet.file === row.file);
  const marks = useMemo(() => evidenceMarks(evidence), [evidence]);
  const drawn = useMemo(() => {
    const lanes = layLanes([{ row, path: verdict.path }]);
    const resets = new Map<number, LadderReset>([
      [
        row.id,
        {
          id: row.id,
          kind: row.kind,
          claimed: row.claimed,
          label: row.label,
          device: lanes.deviceOf.has(row.id),
          times: row.count,
          unacknowledged: verdict.unacknowledgedBytes,
        },
      ],
    ]);
    return { lanes, resets };
  }, [row, verdict]);
  return (
    <AroundLadder
      about="the reset"
      flow={flow}
      packets={packets}
      marks={marks}
      at={reset}
      lanes={drawn.lanes}
      resets={drawn.resets}
    />
  );
}

/** Which side the heaviest evidence on a packet favours; the causes' own come first, and give way to all others. */
function evidenceMarks(evidence: ResetDetail['evidence']): Map<number, EvidenceMark> {
  const marks = new Map<number, EvidenceMark>();
  for (const { favours, packets, text } of [...evidence].sort((a, b) => a.weight - b.weight)) {
    if (favours === 'neither') continue;
    for (const packet of packets) marks.set(packet, { favours, text });
  }
  return marks;
}

interface AroundLadderProps {
  /** What the packets lie around: "the reset". */
  readonly about: string;
  readonly flow: Pick<FlowRow, 'id' | 'client' | 'server' | 'protocol'>;
  readonly packets: readonly PacketRow[];
  readonly marks: ReadonlyMap<number, EvidenceMark>;
  /** The packet that it is about; undefined where it was let go. */
  readonly at: PacketRow | undefined;
  readonly lanes?: ReturnType<typeof layLanes>;
  readonly resets?: ReadonlyMap<number, LadderReset>;
}

const NO_LANES = layLanes([]);
const NO_RESETS: ReadonlyMap<number, LadderReset> = new Map();

export function AroundLadder(props: AroundLadderProps) {
  const { about, flow, packets: rows, marks, at, lanes = NO_LANES, resets = NO_RESETS } = props;
  const { actions } = useApp();
  const selected = useAppState((state) => state.packet);
  const drawn = useMemo(() => {
    const [id] = resets.keys();
    const records = new Map(at === undefined || id === undefined ? [] : [[at.packet, id]]);
    const kind = { isTcp: flow.protocol === 'tcp', ipVersion: ipVersionOf(flow.client) };
    const packets = packetsOfRows(rows, flow.id, kind, records);
    const rungs = layRungs(packets, {
      scale: 'rows',
      pxPerNs: 0,
      rowPx: ROW_PX,
      open: NOTHING,
      kept: new Set(rows.map(({ packet }) => packet)),
    });
    return { packets, rungs, hasNotes: hasNotes(packets, resets) };
  }, [rows, flow, at, resets]);
  if (rows.length === 0) return null;
  return (
    <section className="card card-flush ladder-card" aria-labelledby="ladder-title">
      <h3 id="ladder-title" className="card-label">
        Packets around it
      </h3>
      <LadderChart
        label={`Packets around ${about}`}
        {...drawn}
        lanes={lanes}
        resets={resets}
        marks={marks}
        messages={NO_MESSAGES}
        rowPx={ROW_PX}
        ends={flow}
        selected={selected}
        about={resets.size === 0 ? (at?.packet ?? null) : null}
        start={at?.packet ?? null}
        isCompact
        onSelect={actions.markPacket}
        onOpen={(packet) => {
          actions.showPackets(flow.id, packet);
        }}
      />
    </section>
  );
}
