/** What anonymising cannot hide, in one line. */
export function AnonymisedHint({ notes }: { readonly notes: boolean }) {
  return (
    <p className="field-hint">
      It cannot hide times, sizes, ports, hop counts, how a system builds its packets, nor which addresses
      share a network.
      {notes ? ' Your notes are written as they stand: look that they name nobody.' : ''}
    </p>
  );
}
