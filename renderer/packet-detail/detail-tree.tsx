/** The lines of a packet as an ARIA tree with one tab stop; only those on screen exist. */
import { ChevronRight } from 'lucide-react';
import { useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { expansion } from './expansion.ts';
import { expansionKey, parentPath, typeAhead } from './tree-model.ts';
import type { Line } from './tree-model.ts';
import { useTree } from './use-tree.ts';

interface DetailTreeProps {
  readonly lines: readonly Line[];
  /** Path of the selected line, which may be inside of a collapsed one. */
  readonly selected: string | null;
  readonly onSelect: (path: string) => void;
  /** The pointer is on that line; null where it is on none. */
  readonly onHover: (path: string | null) => void;
}

const TYPED_MS = 700;

export function DetailTree({ lines, selected, onSelect, onHover }: DetailTreeProps) {
  const { domId, scroller, virtualizer, current, go, walks } = useTree(lines, selected, onSelect);
  const typed = useRef({ text: '', at: 0 });

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = Math.max(0, current);
    const line = lines.at(at);
    if (line === undefined || !moves(event.key, line, at)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** @returns whether the key means something here */
  const moves = (key: string, { node, path }: Line, at: number): boolean => {
    const hasChildren = node.children.length > 0;
    const isOpen = hasChildren && expansion.has(expansionKey(node));
    if (walks(key)) return true;
    switch (key) {
      case 'ArrowRight':
        if (isOpen) go(at + 1);
        else if (hasChildren) expansion.set([expansionKey(node)], true);
        return true;
      case 'ArrowLeft':
        if (isOpen) expansion.set([expansionKey(node)], false);
        else if (parentPath(path) !== '') onSelect(parentPath(path));
        return true;
      case 'Enter':
        if (hasChildren) expansion.set([expansionKey(node)], !isOpen);
        return true;
      case '*':
        expansion.set(
          lines.filter((one) => one.level === 1).map((one) => expansionKey(one.node)),
          true,
        );
        return true;
      default:
        return types(key, at);
    }
  };

  const types = (key: string, at: number): boolean => {
    if (key.length !== 1 || key === ' ') return false;
    const now = performance.now();
    const text = now - typed.current.at < TYPED_MS ? typed.current.text + key : key;
    typed.current = { text, at: now };
    go(typeAhead(lines, at, text));
    return true;
  };

  return (
    <div
      ref={scroller}
      role="tree"
      tabIndex={0}
      className="detail-tree"
      aria-label="Layers and fields of the packet"
      aria-activedescendant={current < 0 ? undefined : `${domId}-${current}`}
      onKeyDown={onKeyDown}
      onFocus={() => {
        if (current < 0) go(0);
      }}
      onPointerLeave={() => {
        onHover(null);
      }}
    >
      <div role="presentation" className="detail-track" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          <TreeLine
            key={lines[index].path}
            line={lines[index]}
            id={`${domId}-${index}`}
            top={start}
            isSelected={index === current}
            onSelect={onSelect}
            onHover={onHover}
          />
        ))}
      </div>
    </div>
  );
}

interface TreeLineProps {
  readonly line: Line;
  readonly id: string;
  readonly top: number;
  readonly isSelected: boolean;
  readonly onSelect: (path: string) => void;
  readonly onHover: (path: string | null) => void;
}

function TreeLine({ line, id, top, isSelected, onSelect, onHover }: TreeLineProps) {
  const { node, path, level, position, siblings } = line;
  const hasChildren = node.children.length > 0;
  const isOpen = hasChildren && expansion.has(expansionKey(node));
  const toggle = (): void => {
    if (hasChildren) expansion.set([expansionKey(node)], !isOpen);
  };
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-selected={isSelected}
      aria-expanded={hasChildren ? isOpen : undefined}
      className={`detail-line level-${Math.min(level, 1)} is-${node.severity} ${node.derived ? 'is-derived' : ''}`}
      style={{ transform: `translateY(${top}px)`, '--depth': level - 1 } as React.CSSProperties}
      onClick={() => {
        onSelect(path);
      }}
      onDoubleClick={toggle}
      onPointerEnter={() => {
        onHover(path);
      }}
    >
      <span
        className={`detail-twist ${isOpen ? 'is-open' : ''}`}
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          toggle();
        }}
      >
        {hasChildren ? <ChevronRight size={13} /> : null}
      </span>
      <span className="detail-title">{node.title}</span>
      {node.value === '' ? null : (
        <span className="detail-value" title={node.value}>
          {node.value}
        </span>
      )}
    </div>
  );
}
