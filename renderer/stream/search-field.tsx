/** Searches the whole stream in the engine: text or hex, hits counted, next and previous. */
import { ArrowDown, ArrowUp, CaseSensitive, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { countText } from '../../shared/format/count.ts';
import type { StreamHits } from '../../shared/model/stream.ts';
import { IconButton } from '../ui/button.tsx';
import type { Answer } from './use-answer.ts';

const REST_MS = 250;

export interface Sought {
  readonly find: string;
  readonly as: 'text' | 'hex';
  readonly matchCase: boolean;
}

interface SearchFieldProps {
  readonly sought: Sought;
  readonly onSought: (sought: Sought) => void;
  readonly answer: Answer<StreamHits>;
  readonly current: number;
  /** Goes some hits on, around the end. */
  readonly onStep: (by: 1 | -1) => void;
}

export function SearchField({ sought, onSought, answer, current, onStep }: SearchFieldProps) {
  const [draft, setDraft] = useState(sought.find);
  useEffect(() => {
    if (draft === sought.find) return;
    const timer = setTimeout(() => {
      onSought({ ...sought, find: draft });
    }, REST_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [draft, sought, onSought]);
  const total = answer.value?.total ?? 0;
  return (
    <div className="stream-search" role="search">
      <div className="field-box">
        <Search size={13} aria-hidden="true" />
        <input
          type="text"
          aria-label="Search the stream"
          placeholder={sought.as === 'text' ? 'Search' : '16 03 01'}
          spellCheck={false}
          autoComplete="off"
          value={draft}
          onChange={(event) => {
            setDraft(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault();
              if (draft === sought.find) onStep(event.shiftKey ? -1 : 1);
              else onSought({ ...sought, find: draft });
            }
            if (event.key === 'Escape' && draft !== '') {
              event.preventDefault();
              event.stopPropagation();
              setDraft('');
            }
          }}
        />
      </div>
      <select
        className="select"
        aria-label="What is searched for"
        value={sought.as}
        onChange={(event) => {
          onSought({ ...sought, as: event.target.value === 'hex' ? 'hex' : 'text' });
        }}
      >
        <option value="text">text</option>
        <option value="hex">hex</option>
      </select>
      <IconButton
        label="Match case"
        pressed={sought.matchCase}
        disabled={sought.as === 'hex'}
        icon={<CaseSensitive size={15} aria-hidden="true" />}
        onClick={() => {
          onSought({ ...sought, matchCase: !sought.matchCase });
        }}
      />
      <span className="stream-count num" role="status">
        {sought.find === ''
          ? ''
          : answer.error !== null
            ? answer.error
            : answer.isAsking
              ? 'searching …'
              : total === 0
                ? 'no hit'
                : `${countText(current + 1)} of ${countText(total)}`}
      </span>
      <IconButton
        label="Previous hit"
        keys="Shift+Enter"
        disabled={total === 0}
        icon={<ArrowUp size={14} aria-hidden="true" />}
        onClick={() => {
          onStep(-1);
        }}
      />
      <IconButton
        label="Next hit"
        keys="Enter"
        disabled={total === 0}
        icon={<ArrowDown size={14} aria-hidden="true" />}
        onClick={() => {
          onStep(1);
        }}
      />
    </div>
  );
}
