/** What the selected line means, where it is defined, how a filter asks for it; and copying its bytes. */
import * as Ariakit from '@ariakit/react';
import { Copy } from 'lucide-react';
import type { DetailNode } from '../../shared/model/packet-detail.ts';
import { FieldValue } from '../filter/field-value.tsx';
import type { CopyForm } from './byte-text.ts';
import { bytesAs, COPY_FORMS, COPY_TITLES } from './byte-text.ts';
import type { ByteRange } from './hex-view.tsx';

export function LineInfo({ node }: { readonly node: DetailNode | undefined }) {
  if (node === undefined) {
    return <p className="line-info faint">Choose a line or a byte to see what it means.</p>;
  }
  const length = node.to - node.from;
  return (
    <div className={`line-info is-${node.severity}`} aria-live="polite">
      <p className="line-meaning">{node.meaning === '' ? node.title : sentence(node.meaning)}</p>
      <p className="line-facts">
        {node.filter === '' ? (
          <span className="mono">{node.name}</span>
        ) : (
          <FieldValue field={node.name} value={literalOf(node)}>
            <span className="mono">{node.filter}</span>
          </FieldValue>
        )}
        <span className="spring" />
        {node.definedIn === '' ? null : <span>{node.definedIn}</span>}
        <span>
          {node.derived || length === 0
            ? 'derived'
            : length === 1
              ? `byte ${node.from}`
              : `bytes ${node.from}–${node.to - 1}`}
        </span>
      </p>
    </div>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The value as a filter writes it, without quotes. */
function literalOf({ filter, name }: DetailNode): string {
  const literal = filter.slice(name.length).replace(/^ == /u, '');
  return literal.startsWith('"') ? literal.slice(1, -1) : literal;
}

interface CopyBytesProps {
  readonly bytes: Uint8Array;
  readonly range: ByteRange;
  readonly onCopy: (text: string, what: string) => void;
}

/** The bytes of the selected line, or all where none is selected. */
export function CopyBytes({ bytes, range, onCopy }: CopyBytesProps) {
  const isPart = range.to > range.from;
  const chosen = isPart ? bytes.subarray(range.from, range.to) : bytes;
  const what = isPart ? `${chosen.length} selected bytes` : `all ${chosen.length} bytes`;
  return (
    <Ariakit.MenuProvider placement="bottom-end">
      <Ariakit.MenuButton className="button button-quiet">
        <Copy size={13} aria-hidden="true" /> Copy
      </Ariakit.MenuButton>
      <Ariakit.Menu className="menu" gutter={4} aria-label={`Copy ${what}`}>
        {COPY_FORMS.map((form: CopyForm) => (
          <Ariakit.MenuItem
            key={form}
            className="menu-item"
            onClick={() => {
              onCopy(bytesAs(form, chosen), `${what} as ${COPY_TITLES[form]}`);
            }}
          >
            {COPY_TITLES[form]}
          </Ariakit.MenuItem>
        ))}
      </Ariakit.Menu>
    </Ariakit.MenuProvider>
  );
}
