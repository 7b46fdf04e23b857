/** What anonymising cannot hide, in a few lines. @param notes what becomes of the user's notes; left out where there are none */
export function AnonymisedHint({ notes }: { readonly notes?: string }) {
  return (
    <p className="field-hint">
      It cannot hide times, sizes, ports, hop counts, how a system builds its packets, nor which addresses
      share a network.
      {notes === undefined ? '' : ` ${notes}: look that they name nobody.`}
    </p>
  );
}
