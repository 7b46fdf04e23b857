/** What one connection carried: text, hex dump, HTTP or TLS; searched, saved, and tied to its packets. */
import * as Ariakit from '@ariakit/react';
import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight, Download, FileQuestion } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { errorText } from '../../shared/format/error.ts';
import { countText, plural } from '../../shared/format/count.ts';
import type { StreamHit, StreamPage, StreamSide } from '../../shared/model/stream.ts';
import { STREAM_SIDES } from '../../shared/model/stream.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { useFirstFocus } from '../ui/use-first-focus.ts';
import { sizeText } from '../words/values.ts';
import { AnswerState } from './answer-state.tsx';
import { isMostlyBinary } from './binary.ts';
import { HttpView } from './http-view.tsx';
import { Pieces } from './pieces.tsx';
import { saveStream } from './save.ts';
import type { Sought } from './search-field.tsx';
import { SearchField } from './search-field.tsx';
import type { Encoding } from './text-of.ts';
import { TlsView } from './tls-view.tsx';
import { useAnswer } from './use-answer.ts';
import './stream.css';

/** Bytes of one page: as much as a browser lays out at once without a pause. */
const PAGE_BYTES = 32 * 1024;

type Look = 'text' | 'hex' | 'http' | 'tls';
const LOOKS: readonly (readonly [Look, string])[] = [
  ['text', 'Text'],
  ['hex', 'Hex'],
  ['http', 'HTTP'],
  ['tls', 'TLS'],
];

const NOTHING_SOUGHT: Sought = { find: '', as: 'text', matchCase: false };

const NO_HITS: readonly StreamHit[] = [];

/** Where the page begins, or the packet whose bytes it is to hold. */
interface At {
  readonly place: number | null;
  readonly packet: number | null;
}

/** @param flow id of the connection; give it as `key`, too, so that another one begins anew */
export function Stream({ flow }: { readonly flow: number }) {
  const packet = useAppState((state) => state.packet);
  const [side, setSide] = useState<StreamSide>('both');
  const [chosen, setChosen] = useState<Look | null>(null);
  const [encoding, setEncoding] = useState<Encoding>('utf-8');
  const [at, setAt] = useState<At>({ place: packet === null ? 0 : null, packet });
  const [sought, setSought] = useState(NOTHING_SOUGHT);
  const [current, setCurrent] = useState(0);
  const body = useRef<HTMLDivElement>(null);

  const answer = useAnswer('flows.stream', { flow, side, ...at, bytes: PAGE_BYTES });
  const found = useAnswer('flows.search', sought.find === '' ? null : { flow, side, ...sought });
  const page = answer.value;
  const hits = found.value?.hits ?? NO_HITS;
  // Decided once, by the first bytes that come: turning pages does not change how they are shown.
  const [binary, setBinary] = useState<boolean | null>(null);
  if (binary === null && page !== null) {
    const told = isMostlyBinary(page);
    if (told !== null) setBinary(told);
  }
  const look = chosen ?? page?.looksLike ?? (binary === true ? 'hex' : 'text');
  useFirstFocus(body, page !== null && (look === 'text' || look === 'hex'));

  const goTo = useCallback((place: number) => {
    setAt({ place: Math.floor(place / PAGE_BYTES) * PAGE_BYTES, packet: null });
  }, []);

  // A packet that was chosen elsewhere: its bytes come into view.
  const [seen, setSeen] = useState(packet);
  const isMissing =
    packet !== null &&
    page?.pieces.some((piece) => piece.kind !== 'gap' && piece.packet === packet) === false;
  if (packet !== seen) {
    setSeen(packet);
    if (isMissing) setAt({ place: null, packet });
  }
  const shownPlace = page?.place;
  useEffect(() => {
    body.current?.scrollTo(0, 0);
  }, [shownPlace]);
  useEffect(() => {
    if (packet === null) return;
    const element = body.current?.querySelector(`[data-packet="${packet}"]`);
    element?.scrollIntoView({ block: 'nearest' });
  }, [packet, page]);

  // The hit that is gone to comes into view once its page is here; who turns pages by hand is left alone.
  const hit = hits.at(current);
  const [gone, setGone] = useState(hit);
  if (hit !== gone) {
    setGone(hit);
    if (hit !== undefined && page !== null && (hit.place < page.place || hit.place >= page.next)) {
      goTo(hit.place);
    }
  }
  useEffect(() => {
    if (hit !== undefined)
      body.current?.querySelector('mark.is-current')?.scrollIntoView({ block: 'center' });
  }, [hit, page]);

  return (
    <div className="stream">
      <div className="stream-bar">
        <Choices
          label="Shown as"
          values={LOOKS.map(([id]) => id)}
          // None before the bytes are here: who chooses the text now means it, whatever they look like.
          value={page === null ? chosen : look}
          text={(one) => LOOKS.find(([id]) => id === one)?.[1]}
          onChange={setChosen}
        />
        {look === 'text' || look === 'hex' ? (
          <Choices
            label="Side"
            values={STREAM_SIDES}
            value={side}
            text={(one) => (
              <>
                {one === 'both' ? 'Both' : one === 'client' ? 'Client' : 'Server'}
                {one === 'both' || page === null ? null : (
                  <small className="num"> {sizeText(page.totals[one].bytes)}</small>
                )}
              </>
            )}
            onChange={(one) => {
              setSide(one);
              setAt({ place: 0, packet: null });
              setCurrent(0);
            }}
          />
        ) : null}
        {look === 'text' ? (
          <select
            className="select"
            aria-label="Encoding"
            value={encoding}
            onChange={(event) => {
              setEncoding(event.target.value === 'latin1' ? 'latin1' : 'utf-8');
            }}
          >
            <option value="utf-8">UTF-8</option>
            <option value="latin1">Latin-1</option>
          </select>
        ) : null}
        <span className="spring" />
        {look === 'text' || look === 'hex' ? (
          <SearchField
            sought={sought}
            onSought={(next) => {
              setSought(next);
              setCurrent(0);
            }}
            answer={found}
            current={current}
            onStep={(by) => {
              if (hits.length > 0) setCurrent((current + by + hits.length) % hits.length);
            }}
          />
        ) : null}
        <SaveMenu flow={flow} />
      </div>
      {look === 'http' ? (
        <HttpView flow={flow} />
      ) : look === 'tls' ? (
        <TlsView flow={flow} />
      ) : page === null ? (
        <AnswerState answer={answer} what="The bytes" />
      ) : (
        <>
          <div
            ref={body}
            className={`stream-body ${answer.isAsking ? 'is-asking' : ''}`}
            tabIndex={0}
            role="region"
            aria-label="What the connection carried"
            data-pane
          >
            <Notes page={page} />
            {page.total === 0 ? (
              <Nothing side={side} />
            ) : (
              <Pieces
                page={page}
                as={look}
                encoding={encoding}
                hits={hits}
                current={hit === undefined ? -1 : current}
              />
            )}
          </div>
          {page.total > PAGE_BYTES ? <PageBar page={page} onPlace={goTo} /> : null}
        </>
      )}
    </div>
  );
}

/** What is true of the whole page, and easily overlooked in it. */
function Notes({ page }: { readonly page: StreamPage }) {
  const { client, server } = page.totals;
  const missing = client.missing + server.missing;
  const notes: readonly (readonly [boolean, string, string])[] = [
    [
      page.conflicts.length > 0,
      'bad',
      `${plural(page.conflicts.length, 'range')} of this part came twice with different content: somebody else may have written one of them. They are marked.`,
    ],
    [missing > 0, 'warn', `${plural(missing, 'byte')} of the connection are missing; each gap says why.`],
    [
      page.olderLeftOut,
      'warn',
      'The connection has more packets than are looked at: its oldest are left out.',
    ],
  ];
  return notes
    .filter(([holds]) => holds)
    .map(([, tone, text]) => (
      <p key={text} className={`stream-note tone-${tone}`}>
        {text}
      </p>
    ));
}

function Nothing({ side }: { readonly side: StreamSide }) {
  return (
    <Empty
      icon={<FileQuestion size={26} strokeWidth={1.4} />}
      title={side === 'both' ? 'This connection carried no data' : `The ${side} sent no data`}
    >
      Or none of it was captured.
    </Empty>
  );
}

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly values: readonly T[];
  /** Null where none is chosen. */
  readonly value: T | null;
  readonly text: (value: T) => React.ReactNode;
  readonly onChange: (value: T) => void;
}

function Choices<T extends string>({ label, values, value, text, onChange }: ChoicesProps<T>) {
  return (
    <Ariakit.RadioProvider
      value={value}
      setValue={(next) => {
        const chosen = values.find((one) => one === next);
        if (chosen !== undefined) onChange(chosen);
      }}
    >
      <Ariakit.RadioGroup className="segments" aria-label={label}>
        {values.map((one) => (
          <label key={one} className={`segment segment-${one}`}>
            <Ariakit.VisuallyHidden>
              <Ariakit.Radio value={one} />
            </Ariakit.VisuallyHidden>
            {text(one)}
          </label>
        ))}
      </Ariakit.RadioGroup>
    </Ariakit.RadioProvider>
  );
}

function PageBar({
  page,
  onPlace,
}: {
  readonly page: StreamPage;
  readonly onPlace: (place: number) => void;
}) {
  const last = Math.floor((page.total - 1) / PAGE_BYTES) * PAGE_BYTES;
  const step = (label: string, place: number, isOff: boolean, icon: React.ReactNode) => (
    <IconButton
      label={label}
      disabled={isOff}
      icon={icon}
      onClick={() => {
        onPlace(place);
      }}
    />
  );
  const isFirst = page.place === 0;
  const isLast = page.next >= page.total;
  return (
    <nav className="stream-pages num" aria-label="Parts of the stream">
      {step('First part', 0, isFirst, <ChevronFirst size={15} aria-hidden="true" />)}
      {step(
        'Previous part',
        Math.max(0, page.place - PAGE_BYTES),
        isFirst,
        <ChevronLeft size={15} aria-hidden="true" />,
      )}
      <input
        type="range"
        aria-label="Part of the stream"
        aria-valuetext={`from ${sizeText(page.place)} on`}
        min={0}
        max={last}
        step={PAGE_BYTES}
        value={page.place}
        onChange={(event) => {
          onPlace(Number(event.target.value));
        }}
      />
      {step('Next part', page.next, isLast, <ChevronRight size={15} aria-hidden="true" />)}
      {step('Last part', last, isLast, <ChevronLast size={15} aria-hidden="true" />)}
      <span>
        Bytes {countText(page.place)} – {countText(page.next)} of {countText(page.total)}
      </span>
    </nav>
  );
}

const SAVES: readonly (readonly [StreamSide, string])[] = [
  ['client', 'Save the client’s bytes'],
  ['server', 'Save the server’s bytes'],
  ['both', 'Save both as text'],
];

function SaveMenu({ flow }: { readonly flow: number }) {
  const { link, actions } = useApp();
  const [saving, setSaving] = useState(false);
  const save = async (side: StreamSide): Promise<void> => {
    setSaving(true);
    try {
      const left = await saveStream(link, flow, side, new AbortController().signal);
      actions.notice(left === 0 ? 'Saved.' : `Saved without ${plural(left, 'byte')} that are missing.`);
    } catch (error) {
      actions.notice(`The stream could not be saved: ${errorText(error)}`);
    } finally {
      setSaving(false);
    }
  };
  return (
    <Ariakit.MenuProvider placement="bottom-end">
      <Ariakit.MenuButton
        render={<Button look="quiet" icon={<Download size={14} aria-hidden="true" />} />}
        disabled={saving}
      >
        {saving ? 'Saving …' : 'Save'}
      </Ariakit.MenuButton>
      <Ariakit.Menu className="popover stream-menu" gutter={6} portal unmountOnHide>
        {SAVES.map(([side, text]) => (
          <Ariakit.MenuItem
            key={side}
            className="stream-menu-item"
            onClick={() => {
              void save(side);
            }}
          >
            {text}
          </Ariakit.MenuItem>
        ))}
      </Ariakit.Menu>
    </Ariakit.MenuProvider>
  );
}
