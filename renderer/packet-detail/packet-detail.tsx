/** One packet: its layers as a tree, its bytes in hex, each showing what is chosen in the other. */
import { CircleAlert, FileX } from 'lucide-react';
import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import { plural } from '../../shared/format/count.ts';
import type { DetailNode, PacketDetail as Detail } from '../../shared/model/packet-detail.ts';
import { useApp } from '../core/app-context.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/late.tsx';
import { DetailTree } from './detail-tree.tsx';
import { expansion } from './expansion.ts';
import type { ByteRange } from './hex-view.tsx';
import { HexView } from './hex-view.tsx';
import { CopyBytes, LineInfo } from './line-info.tsx';
import { ancestors, deepestLine, expansionKey, lineNamed, nodeAt, shownLines } from './tree-model.ts';
import { usePacketDetail } from './use-packet-detail.ts';
import './packet-detail.css';

interface PacketDetailProps {
  /** Number in the analysis. */
  readonly packet: number;
  /** Name of the field to show at first. */
  readonly highlight?: string | undefined;
}

export function PacketDetail({ packet, highlight }: PacketDetailProps) {
  const { detail, error, isOld, retry } = usePacketDetail(packet);
  if (error !== null) {
    return (
      <Empty
        icon={<CircleAlert size={26} strokeWidth={1.4} />}
        tone="bad"
        title="The packet cannot be shown"
        actions={<Button onClick={retry}>Try again</Button>}
      >
        {error}
      </Empty>
    );
  }
  if (detail === null) {
    return (
      <div className="packet-detail">
        <Skeleton lines={8} label="The packet is read from its file" />
      </div>
    );
  }
  if (detail.unreadable !== null) {
    return (
      <Empty
        icon={<FileX size={26} strokeWidth={1.4} />}
        title={`Frame ${detail.frame} has no bytes to show`}
      >
        {detail.unreadable}
      </Empty>
    );
  }
  return <DetailPanes key={highlight ?? ''} detail={detail} highlight={highlight} isOld={isOld} />;
}

const NO_BYTES: ByteRange = { from: 0, to: 0 };

interface DetailPanesProps {
  readonly detail: Detail;
  readonly highlight: string | undefined;
  readonly isOld: boolean;
}

function DetailPanes({ detail, highlight, isOld }: DetailPanesProps) {
  const { actions } = useApp();
  const { layers, sources } = detail;
  const [chosen, setChosen] = useState<string | null>(null);
  const [hoveredPath, setHoveredPath] = useState<string | null>(null);
  const [shownSource, setShownSource] = useState(0);
  const version = useSyncExternalStore(expansion.subscribe, expansion.version);

  // A line that was chosen in the packet before is chosen in this one, if it has it; else what was asked for.
  const selected = useMemo(() => {
    if (chosen !== null && nodeAt(layers, chosen) !== undefined) return chosen;
    return highlight === undefined ? null : lineNamed(layers, highlight);
  }, [chosen, highlight, layers]);
  const above = useMemo(
    () => new Set(selected === null ? [] : ancestors(layers, selected).map(expansionKey)),
    [layers, selected],
  );
  const lines = useMemo(() => {
    // What is asked for is shown, though nobody expanded the lines above it.
    const isHighlighted = chosen === null;
    return version < 0
      ? []
      : shownLines(layers, (key) => expansion.has(key) || (isHighlighted && above.has(key)));
  }, [layers, version, above, chosen]);

  const node = selected === null ? undefined : nodeAt(layers, selected);
  const hovered = hoveredPath === null ? undefined : nodeAt(layers, hoveredPath);
  const source = Math.min(shownSource, sources.length - 1);
  const select = useCallback(
    (path: string) => {
      setChosen(path);
      const line = nodeAt(layers, path);
      if (line !== undefined && line.to > line.from) setShownSource(line.source);
    },
    [layers],
  );
  const selectByte = useCallback(
    (offset: number) => {
      const path = deepestLine(layers, source, offset);
      if (path === null) return;
      expansion.set(ancestors(layers, path).map(expansionKey), true);
      setChosen(path);
    },
    [layers, source],
  );
  const { name, bytes } = sources[source];
  return (
    <section className={`packet-detail ${isOld ? 'is-old' : ''}`} aria-label={`Frame ${detail.frame}`}>
      <div className="detail-half">
        <div className="detail-bar">
          <span className="detail-heading">Layers</span>
          <span className="spring" />
          <Button
            look="quiet"
            onClick={() => {
              expansion.set(allKeys(layers), true);
            }}
          >
            Expand all
          </Button>
          <Button
            look="quiet"
            onClick={() => {
              expansion.set(allKeys(layers), false);
              setChosen('0');
            }}
          >
            Collapse all
          </Button>
        </div>
        <DetailTree lines={lines} selected={selected} onSelect={select} onHover={setHoveredPath} />
        <LineInfo node={node} />
      </div>
      <div className="detail-half">
        <div className="detail-bar">
          {sources.length === 1 ? (
            <span className="detail-heading">{plural(bytes.length, 'byte')}</span>
          ) : (
            sources.map((one, index) => (
              <Button
                key={one.name}
                look="quiet"
                aria-pressed={index === source}
                onClick={() => {
                  setShownSource(index);
                }}
              >
                {one.name} ({one.bytes.length})
              </Button>
            ))
          )}
          {detail.capturedLength < detail.wireLength ? (
            <span
              className="detail-cut"
              title="The capture's snap length cut the packet; capture with -s 0 to keep all of it."
            >
              cut: {detail.capturedLength} of {detail.wireLength} bytes captured
            </span>
          ) : null}
          <span className="spring" />
          <CopyBytes
            bytes={bytes}
            range={rangeOf(node, source)}
            onCopy={(text, what) => {
              void actions.copy(text, what);
            }}
          />
        </div>
        <HexView
          key={source}
          label={name}
          bytes={bytes}
          selected={partOf(rangeOf(node, source), bytes.length)}
          hovered={rangeOf(hovered, source)}
          onByte={selectByte}
          onHover={(offset) => {
            setHoveredPath(offset === null ? null : deepestLine(layers, source, offset));
          }}
        />
      </div>
    </section>
  );
}

function rangeOf(node: DetailNode | undefined, source: number): ByteRange {
  return node === undefined || node.source !== source ? NO_BYTES : node;
}

/** The whole of the bytes is no part of them that could stand out. */
function partOf(range: ByteRange, length: number): ByteRange {
  return range.from === 0 && range.to === length ? NO_BYTES : range;
}

function allKeys(nodes: readonly DetailNode[]): string[] {
  return nodes.flatMap((node) =>
    node.children.length === 0 ? [] : [expansionKey(node), ...allKeys(node.children)],
  );
}
