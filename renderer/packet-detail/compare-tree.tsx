/** The fields of a packet at two capture points. Arrow keys walk the lines, F8 and Shift+F8 go to the next and previous difference. */
import { ChevronRight } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { ComparedLine, Difference } from './compare-model.ts';
import { isTold } from './compare-model.ts';
import { expansion } from './expansion.ts';
import { useTree } from './use-tree.ts';

const SAID: Readonly<Record<Difference, string>> = {
  same: 'the same',
  expected: 'changed as on any way',
  differs: 'differs',
  'only-here': 'only here',
  'only-there': 'only there',
};

interface CompareTreeProps {
  readonly lines: readonly ComparedLine[];
  readonly names: { readonly here: string; readonly there: string };
  readonly selected: string | null;
  readonly onSelect: (path: string) => void;
  readonly onStep: (by: 1 | -1) => void;
}

export function CompareTree({ lines, names, selected, onSelect, onStep }: CompareTreeProps) {
  const { domId, scroller, virtualizer, current, go, walks } = useTree(lines, selected, onSelect);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || lines.length === 0) return;
    if (!walks(event.key) && !means(event.key, event.shiftKey, lines[Math.max(0, current)])) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** @returns whether the key means something here */
  const means = (key: string, isBack: boolean, { key: of, hasChildren }: ComparedLine): boolean => {
    switch (key) {
      case 'ArrowRight':
      case 'ArrowLeft':
        if (hasChildren) expansion.set([of], key === 'ArrowRight');
        return true;
      case 'F8':
        onStep(isBack ? -1 : 1);
        return true;
      default:
        return false;
    }
  };

  if (lines.length === 0)
    return <p className="compare-none">Both packets have the same fields and values.</p>;
  return (
    <div
      ref={scroller}
      role="tree"
      tabIndex={0}
      className="detail-tree compare-tree"
      aria-label={`Fields at ${names.here} and at ${names.there}`}
      aria-activedescendant={current < 0 ? undefined : `${domId}-${current}`}
      onKeyDown={onKeyDown}
      onFocus={() => {
        if (current < 0) go(0);
      }}
    >
      <div role="presentation" className="detail-track" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          <CompareLine
            key={lines[index].path}
            id={`${domId}-${index}`}
            line={lines[index]}
            names={names}
            top={start}
            isSelected={index === current}
            onSelect={onSelect}
          />
        ))}
      </div>
    </div>
  );
}

interface CompareLineProps {
  readonly id: string;
  readonly line: ComparedLine;
  readonly names: CompareTreeProps['names'];
  readonly top: number;
  readonly isSelected: boolean;
  readonly onSelect: (path: string) => void;
}

function CompareLine({ id, line, names, top, isSelected, onSelect }: CompareLineProps) {
  const { level, title, here, there, is, path, hasChildren, key } = line;
  // Over a difference all is open, so that it is seen.
  const isOpen = hasChildren && (isTold(is) || expansion.has(key));
  const toggle = (): void => {
    if (hasChildren) expansion.set([key], !expansion.has(key));
  };
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={level}
      aria-selected={isSelected}
      aria-expanded={hasChildren ? isOpen : undefined}
      className={`detail-line compare-row level-${Math.min(level, 1)} is-${is}`}
      style={{ transform: `translateY(${top}px)`, '--depth': level - 1 } as React.CSSProperties}
      title={is === 'same' ? undefined : `${title}: ${SAID[is]}`}
      onClick={() => {
        onSelect(path);
      }}
      onDoubleClick={toggle}
    >
      <span className="detail-title">
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
        <span className="compare-name">{title}</span>
      </span>
      <Value text={here} at={names.here} />
      <Value text={there} at={names.there} />
      {is === 'same' ? null : <span className="visually-hidden">{SAID[is]}</span>}
    </div>
  );
}

/** @param at where it was captured, said before it */
function Value({ text, at }: { readonly text: string | null; readonly at: string }) {
  return (
    <span className={text === null ? 'compare-none-here' : 'detail-value'} title={text ?? undefined}>
      <span className="visually-hidden">at {at}: </span>
      {text ?? '–'}
    </span>
  );
}
