/** The caught resets, newest first; each can be opened as a capture of its own. */
import { plural } from '../../../shared/format/count.ts';
import { Copy, FolderOpen, List } from 'lucide-react';
import { useState } from 'react';
import { sanitiseText } from '../../../shared/format/text.ts';
import type { CaughtCase } from '../../../shared/model/live.ts';
import { causeOf } from '../../../shared/causes/list.ts';
import { Address } from '../../names/address.tsx';
import { Named } from '../../names/named.tsx';
import { useApp } from '../../core/app-context.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Confidence } from '../../ui/confidence.tsx';
import { Fold } from '../../ui/fold.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { fileName, pathAsText } from '../../words/file-text.ts';

/** Cases that are listed at first; a button shows the older ones. */
const SHOWN = 50;
const MAX_TEXT = 1000;

export function CaseTable({ cases }: { readonly cases: readonly CaughtCase[] }) {
  const [isAll, setIsAll] = useState(false);
  const newestFirst = [...cases].reverse();
  const shown = isAll ? newestFirst : newestFirst.slice(0, SHOWN);
  return (
    <section className="card card-flush" aria-labelledby="cases-title">
      <h2 id="cases-title">Caught</h2>
      <ul className="cases">
        {shown.map((one) => (
          <CaseRow key={one.id} one={one} />
        ))}
      </ul>
      {cases.length > SHOWN ? (
        <Fold isOpen={isAll} onChange={setIsAll}>
          {isAll ? 'Show fewer' : `Show ${plural(cases.length - SHOWN, 'older case')}`}
        </Fold>
      ) : null}
    </section>
  );
}

function CaseRow({ one }: { readonly one: CaughtCase }) {
  const { actions } = useApp();
  const { path, error, secondPath } = one;
  return (
    <li className="case">
      <time className="case-time num" dateTime={one.time} title={one.time}>
        {timeOfDay(one.time)}
      </time>
      <OriginMark kind={one.origin} size={13} />
      <div className="case-text">
        <p className="case-summary">
          <Named text={sanitiseText(one.summary, MAX_TEXT)} />
        </p>
        <p className="case-about">
          <span className="mono">
            <Address of={one.client} /> → <Address of={one.server} />
          </span>
          <span>{causeOf(one.cause).title}</span>
          <CaseFile one={one} />
        </p>
        {error === null ? null : <p className="tone-warn">{sanitiseText(error, MAX_TEXT)}</p>}
      </div>
      <Confidence kind={one.origin} value={one.confidence} />
      <div className="case-buttons">
        <IconButton
          label="Show its resets in the list"
          icon={<List size={14} aria-hidden="true" />}
          onClick={() => {
            actions.filterResets(`client:${one.client} server:${one.server}`);
          }}
        />
        <IconButton
          label="Copy the path"
          disabled={path === null}
          icon={<Copy size={14} aria-hidden="true" />}
          onClick={() => void actions.copy(path ?? '', 'the path')}
        />
        <Button
          disabled={path === null}
          icon={<FolderOpen size={14} aria-hidden="true" />}
          onClick={() => void actions.openPaths([path, secondPath].filter((one) => one !== null))}
        >
          Open case
        </Button>
      </div>
    </li>
  );
}

function CaseFile({ one: { path, packets, error } }: { readonly one: CaughtCase }) {
  if (path === null) {
    return <span className="faint">{error === null ? 'waiting for what comes after it …' : 'no file'}</span>;
  }
  return (
    <span className="faint" title={pathAsText(path)}>
      {fileName(path)} · {plural(packets, 'packet')}
    </span>
  );
}

/** `12:34:56.789` of an ISO time, UTC. */
export function timeOfDay(iso: string): string {
  return /T(\d\d:\d\d:\d\d(?:\.\d{1,3})?)/.exec(iso)?.[1] ?? sanitiseText(iso, 40);
}
