/** One line for a shell, to read and to copy. */
import { Copy } from 'lucide-react';
import { sanitiseText } from '../../../shared/format/text.ts';
import { useApp } from '../../app/app-context.ts';
import { IconButton } from '../../ui/button.tsx';

const MAX_TEXT = 10_000;

export function CommandLine({ label, command }: { readonly label: string; readonly command: string }) {
  const { actions } = useApp();
  return (
    <div className="command-line">
      <span className="command-label">{label}</span>
      <code tabIndex={0}>{sanitiseText(command, MAX_TEXT)}</code>
      <IconButton
        label="Copy the command"
        icon={<Copy size={13} aria-hidden="true" />}
        onClick={() => void actions.copy(command, 'the command')}
      />
    </div>
  );
}
