/** The sign of what ended unfinished work: a bolt. */
export function MattersMark({ size = 12 }: { readonly size?: number }) {
  return (
    <svg className="matters-mark" width={size} height={size} viewBox="0 0 12 12" aria-hidden="true">
      <path d="M7.2.6 2 7h3.3L4.6 11.4 10 4.8H6.6z" fill="currentColor" />
    </svg>
  );
}

interface MattersChipProps {
  readonly matters: boolean;
  /** What it says where it matters. */
  readonly hint: string;
}

export function MattersChip({ matters, hint }: MattersChipProps) {
  return matters ? (
    <span className="chip tone-bad" title={hint}>
      <MattersMark /> <span className="matters-word">matters</span>
    </span>
  ) : (
    <span className="chip tone-plain">harmless</span>
  );
}
