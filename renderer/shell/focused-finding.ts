/** The finding whose row has the focus, for commands that are about it. */
export function focusedFinding({
  view,
}: {
  view: string;
}): { readonly kind: 'finding'; readonly key: string; readonly reset: number } | undefined {
  if (view !== 'overview') return undefined;
  const row = document.activeElement?.closest<HTMLElement>('[data-note-finding]');
  const { noteFinding, noteReset } = row?.dataset ?? {};
  if (noteFinding === undefined || noteReset === undefined) return undefined;
  return { kind: 'finding', key: noteFinding, reset: Number(noteReset) };
}
