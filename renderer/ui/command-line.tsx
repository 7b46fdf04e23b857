/** One line for a shell, to read and to copy. */
import { Copy } from 'lucide-react';
import { sanitiseText } from '../../shared/format/text.ts';
import { IconButton } from './button.tsx';

const MAX_TEXT = 10_000;

interface CommandLineProps {
  readonly label: string;
  readonly command: string;
  readonly onCopy: (command: string) => void;
}

export function CommandLine({ label, command, onCopy }: CommandLineProps) {
  return (
    <div className="command-line">
      <span className="command-label">{label}</span>
      <code tabIndex={0}>{sanitiseText(command, MAX_TEXT)}</code>
      <IconButton
        label="Copy the command"
        icon={<Copy size={13} aria-hidden="true" />}
        onClick={() => {
          onCopy(command);
        }}
      />
    </div>
  );
}
