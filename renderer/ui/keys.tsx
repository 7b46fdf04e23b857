/** A shortcut as key caps. */
const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

const NAMES: Readonly<Record<string, string>> = {
  mod: IS_MAC ? '⌘' : 'Ctrl',
  shift: IS_MAC ? '⇧' : 'Shift',
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  alt: IS_MAC ? '⌥' : 'Alt',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Enter: '↵',
  Escape: 'Esc',
};

/** @param keys as in the command registry: `mod+k`; alternatives apart by a blank */
export function Keys({ keys }: { readonly keys: string }) {
  return (
    <span className="keys">
      {keys.split(' ').map((chord) => (
        <kbd key={chord}>{chordText(chord)}</kbd>
      ))}
    </span>
  );
}

export function chordText(chord: string): string {
  const parts = chord === '+' ? ['+'] : chord.split('+');
  return parts
    .map((part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(IS_MAC ? '' : '+');
}
