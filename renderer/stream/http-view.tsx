/** HTTP/1 exchanges: each a line that opens to its fields and the begin of its bodies. */
import { ChevronRight } from 'lucide-react';
import { Fragment, useState } from 'react';
import { countText, plural } from '../../shared/format/count.ts';
import { durationText } from '../../shared/format/duration.ts';
import type { HttpExchange, HttpMessage, StreamMessages } from '../../shared/model/stream.ts';
import { useApp } from '../core/app-context.ts';
import { useClock } from '../core/clock.ts';
import { Button } from '../ui/button.tsx';
import { sizeText, timeText } from '../words/values.ts';
import { ResetLines } from './pieces.tsx';
import { TextReader } from './text-of.ts';
import { AnswerState } from './answer-state.tsx';
import { StreamList } from './stream-list.tsx';
import { useAnswer } from './use-answer.ts';

const STEP = 50;

export function HttpView({ flow }: { readonly flow: number }) {
  const [from, setFrom] = useState(0);
  const answer = useAnswer('flows.messages', { flow, as: 'http', from, count: STEP });
  const { value } = answer;
  if (value === null) return <AnswerState answer={answer} what="The messages" />;
  return (
    <StreamList>
      {value.exchanges.length === 0 ? <p className="stream-note">No HTTP/1 message begins in it.</p> : null}
      {value.trouble === '' ? null : <p className="stream-note tone-warn">{value.trouble}</p>}
      {value.exchanges.map((exchange, i) => (
        <Fragment key={exchange.request?.offset ?? `r${exchange.response?.offset}`}>
          <ResetsBetween
            value={value}
            after={startOf(value.exchanges.at(i - 1), i)}
            upTo={startOf(exchange, 1)}
          />
          <Exchange exchange={exchange} />
        </Fragment>
      ))}
      {value.exchanges.length < STEP ? (
        <ResetsBetween
          value={value}
          after={startOf(value.exchanges.at(-1), value.exchanges.length)}
          upTo={Infinity}
        />
      ) : null}
      {value.notLookedAt > 0 ? (
        <p className="stream-note">{sizeText(value.notLookedAt)} behind them were not looked at.</p>
      ) : null}
      <Pager from={from} count={value.exchanges.length} step={STEP} onFrom={setFrom} />
    </StreamList>
  );
}

/** Where an exchange begins; before everything where there is none. */
function startOf(exchange: HttpExchange | undefined, index: number): number {
  return index === 0 ? -1 : ((exchange?.request ?? exchange?.response)?.place ?? -1);
}

interface ResetsBetweenProps {
  readonly value: Pick<StreamMessages, 'resets' | 'unacknowledged'>;
  /** Resets that came behind this place, */
  readonly after: number;
  /** and not behind this one. */
  readonly upTo: number;
}

export function ResetsBetween({ value, after, upTo }: ResetsBetweenProps) {
  const [first, ...more] = value.resets.filter(({ place }) => place > after && place <= upTo);
  return first === undefined ? null : <ResetLines pieces={[first, ...more]} page={value} />;
}

interface PagerProps {
  readonly from: number;
  readonly count: number;
  readonly step: number;
  readonly onFrom: (from: number) => void;
}

export function Pager({ from, count, step, onFrom }: PagerProps) {
  if (from === 0 && count < step) return null;
  return (
    <div className="stream-pager num">
      <Button
        disabled={from === 0}
        onClick={() => {
          onFrom(Math.max(0, from - step));
        }}
      >
        Previous
      </Button>
      <span>
        {countText(from + 1)} – {countText(from + count)}
      </span>
      <Button
        disabled={count < step}
        onClick={() => {
          onFrom(from + step);
        }}
      >
        Next
      </Button>
    </div>
  );
}

function Exchange({ exchange: { request, response, firstByteNs } }: { readonly exchange: HttpExchange }) {
  const clock = useClock();
  const first = request ?? response;
  if (first === null) return null;
  const [status = '', ...reason] = (response?.startLine ?? '').split(' ').slice(1);
  return (
    // What was cut off is what most people look for here.
    <details className="exchange" open={request?.complete === false || response?.complete !== true}>
      <summary>
        <ChevronRight size={13} aria-hidden="true" />
        <span className="exchange-time num">{timeText(clock, first.timeNs)}</span>
        <span className={`exchange-status num status-${status.charAt(0)}`}>
          {response === null ? 'no answer' : status}
        </span>
        <span className="exchange-line mono">
          {request?.startLine.replace(/ HTTP\/1\.[01]$/, '') ?? reason.join(' ')}
        </span>
        <span className="exchange-facts num">
          {response === null ? '' : sizeText(response.bodyBytes)}
          {firstByteText(firstByteNs)}
          {request?.complete === false ? <b className="is-cut"> · request cut off</b> : null}
          {response?.complete === false ? <b className="is-cut"> · answer cut off</b> : null}
        </span>
      </summary>
      {request === null ? null : <Message message={request} />}
      {response === null ? (
        <p className="stream-note tone-warn">No answer to it came.</p>
      ) : (
        <Message message={response} />
      )}
    </details>
  );
}

function firstByteText(ns: number | null): string {
  if (ns === null) return '';
  return ns < 0 ? ' · before the request’s end' : ` · first byte after ${durationText(ns)}`;
}

function Message({ message }: { readonly message: HttpMessage }) {
  const { actions } = useApp();
  return (
    <section className={`turn from-${message.from}`} aria-label={`From the ${message.from}`}>
      <header className="turn-head num">
        <b>{message.from}</b>
        <button
          type="button"
          className="link"
          onClick={() => {
            actions.inspectPacket(message.packet);
          }}
        >
          frame {message.frame}
        </button>
        <span>{bodyText(message)}</span>
      </header>
      <p className="message-line mono">{message.startLine}</p>
      <dl className="message-fields">
        {message.fields.map(([name, value], i) => (
          // Fields may repeat.
          <div key={i}>
            <dt>{name}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
      </dl>
      {message.trouble === '' ? null : <p className="stream-note tone-warn">{message.trouble}</p>}
      {message.preview.length === 0 ? null : <Body message={message} />}
    </section>
  );
}

function bodyText({
  bodyBytes,
  announcedBytes,
  chunks,
  missingBytes,
  complete,
  encoding,
  decodedBytes,
}: HttpMessage): string {
  const parts = [bodyBytes === 0 ? 'no body' : `body of ${sizeText(bodyBytes)}`];
  if (chunks !== null) parts.push(`in ${plural(chunks, 'chunk')}`);
  if (encoding !== '') parts.push(`${encoding}, ${sizeText(decodedBytes)} decoded`);
  if (missingBytes > 0) parts.push(`${plural(missingBytes, 'byte')} missing`);
  if (!complete) {
    parts.push(
      announcedBytes === null || announcedBytes === 0
        ? 'cut off before its end'
        : `cut off: ${countText(announcedBytes)} bytes were announced`,
    );
  }
  return parts.join(' · ');
}

function Body({ message }: { readonly message: HttpMessage }) {
  const reader = new TextReader('utf-8');
  const text = reader.read(message.preview) + reader.end();
  const more = message.decodedBytes - message.preview.length;
  return (
    <>
      <pre
        className="turn-text message-body"
        // A long one scrolls, which arrow keys do as well.
        tabIndex={0}
        role="group"
        aria-label={`Body of the ${message.from}’s message`}
      >
        {text}
      </pre>
      {more > 0 ? <p className="stream-note">{sizeText(more)} more follow.</p> : null}
    </>
  );
}
