/** The sign of the program: a device in the middle of a line. */
export function Logo({ size }: { readonly size: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" className="logo-ground" />
      <path d="M5 16h6M21 16h6" className="logo-line" />
      <path d="M16 7.5 24.5 16 16 24.5 7.5 16z" className="logo-device" />
      <circle cx="16" cy="16" r="2.6" className="logo-dot" />
    </svg>
  );
}
