/** A sentence of the engine, in which the user's names stand before their addresses. */
import { namedRuns } from '../../shared/texts/named-text.ts';
import { useNames } from './use-names.ts';

export function Named({ text }: { readonly text: string }) {
  const names = useNames();
  return namedRuns(text, names).map((run, at) =>
    run.name === '' ? (
      run.text
    ) : (
      <span key={at}>
        <b className="given-name">{run.name}</b> ({run.text})
      </span>
    ),
  );
}
