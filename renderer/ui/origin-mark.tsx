/** The sign of an origin: shape and colour say the same. Filled circle, filled diamond, broken ring. */
import type { OriginKind } from '../../shared/model/verdict.ts';

export function OriginMark({ kind, size = 11 }: { readonly kind: OriginKind; readonly size?: number }) {
  return (
    <svg
      className={`origin-mark origin-${kind}`}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      aria-hidden="true"
    >
      <OriginShape kind={kind} />
    </svg>
  );
}

/** The bare shape around (6, 6), to be put into other drawings. */
export function OriginShape({ kind }: { readonly kind: OriginKind }) {
  switch (kind) {
    case 'endpoint':
      return <circle cx="6" cy="6" r="4.6" fill="currentColor" />;
    case 'middlebox':
      return <path d="M6 .4 11.6 6 6 11.6 .4 6z" fill="currentColor" />;
    case 'unknown':
      return (
        <circle
          cx="6"
          cy="6"
          r="4.4"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.8"
          strokeDasharray="2.6 2"
        />
      );
  }
}
