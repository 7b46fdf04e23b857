/** Commands to copy, each with the machine that it is for and what its answer means. */
import { useApp } from '../../core/app-context.ts';
import type { Command } from '../../../shared/texts/commands.ts';
import { CommandLine } from '../../ui/command-line.tsx';

const PLACES: Readonly<Record<Command['where'], string>> = {
  client: 'on the client',
  server: 'on the server',
  device: 'on the device',
};

export function CommandList({ commands }: { readonly commands: readonly Command[] }) {
  const { actions } = useApp();
  if (commands.length === 0) return null;
  return (
    <ul className="commands" aria-label="Commands">
      {commands.map(({ where, purpose, command }) => (
        <li key={`${where} ${command}`}>
          <span className="command-purpose">{purpose}</span>
          <CommandLine label={PLACES[where]} command={command} onCopy={actions.copyCommand} />
        </li>
      ))}
    </ul>
  );
}
