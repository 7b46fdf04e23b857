/** The reassembled bytes of one direction, as text; what is no text is shown as a dot, what is missing as a gap. */
import { useEffect, useState } from 'react';
import { CircleAlert, FileQuestion } from 'lucide-react';
import { errorText } from '../../../shared/format/error.ts';
import type { StreamText as Stream } from '../../../shared/contract/methods.ts';
import { countText, plural } from '../../../shared/format/count.ts';
import type { Side } from '../../../shared/model/verdict.ts';
import { useApp } from '../../core/app-context.ts';
import { Empty } from '../../ui/empty.tsx';
import { Skeleton } from '../../ui/late.tsx';
import { printable } from './printable.ts';

const MAX_BYTES = 64 * 1024;

type State = { readonly stream: Stream } | { readonly error: string } | null;

export function StreamText({ flow, from }: { readonly flow: number; readonly from: Side }) {
  const { link } = useApp();
  const [state, setState] = useState<State>(null);
  useEffect(() => {
    const abort = new AbortController();
    link.call('flows.stream', { flow, from, maxBytes: MAX_BYTES }, abort.signal).then(
      (stream) => {
        if (!abort.signal.aborted) setState({ stream });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ error: errorText(error) });
      },
    );
    return () => {
      abort.abort();
    };
  }, [link, flow, from]);
  if (state === null) {
    return (
      <div className="list-waiting">
        <Skeleton lines={8} label="The data is being put together" />
      </div>
    );
  }
  if ('error' in state) {
    return (
      <Empty icon={<CircleAlert size={26} strokeWidth={1.4} />} tone="bad" title="The data could not be read">
        {state.error}
      </Empty>
    );
  }
  return <StreamParts stream={state.stream} from={from} />;
}

function StreamParts({ stream, from }: { readonly stream: Stream; readonly from: Side }) {
  if (stream.parts.length === 0) {
    return (
      <Empty icon={<FileQuestion size={26} strokeWidth={1.4} />} title={`The ${from} sent no data`}>
        Or none of it was captured.
      </Empty>
    );
  }
  return (
    <div className="stream" tabIndex={0} role="region" aria-label={`Data from the ${from}`}>
      {stream.conflictingBytes > 0 ? (
        <p className="stream-note tone-bad">
          {plural(stream.conflictingBytes, 'byte')} arrived twice with different content: somebody else may
          have written them.
        </p>
      ) : null}
      <pre className="stream-text">
        {stream.parts.map((part) =>
          part.kind === 'data' ? (
            <span key={part.offset}>{printable(part.bytes)}</span>
          ) : (
            <span key={part.offset} className="stream-gap">
              {countText(part.length)} bytes missing: {part.reason}
            </span>
          ),
        )}
      </pre>
      {stream.truncatedBytes > 0 ? (
        <p className="stream-note">{plural(stream.truncatedBytes, 'byte')} more are not shown.</p>
      ) : null}
    </div>
  );
}
