/** Gives an address or a device a name, or another one. */
import { Tag } from 'lucide-react';
import { useApp } from '../core/app-context.ts';
import { useNames } from './use-names.ts';

interface NameButtonProps {
  /** See nameKey. */
  readonly of: string;
  /** What it is, inside of a sentence: "the server 10.0.0.2". */
  readonly what: string;
}

export function NameButton({ of, what }: NameButtonProps) {
  const { actions } = useApp();
  const name = useNames().get(of);
  const title = name === undefined ? `Name ${what}` : `Change the name of ${what}`;
  const shown = name ?? 'name it';
  return (
    <button
      type="button"
      className="name-button"
      // What is seen comes first: who speaks to the page says that.
      aria-label={`${shown}: ${title}`}
      title={title}
      onClick={() => {
        actions.editNames(of);
      }}
    >
      <Tag size={11} aria-hidden="true" />
      {shown}
    </button>
  );
}
