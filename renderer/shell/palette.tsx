/** The command palette. */
import { Command as Cmdk } from 'cmdk';
import { Dialog } from '../ui/dialog.tsx';
import { Keys } from '../ui/keys.tsx';
import { useApp, useAppState } from '../core/app-context.ts';
import { SECTIONS } from './command.ts';
import type { Command, Section } from './command.ts';
import { commandsOf } from './commands.ts';
import { paletteScore } from './palette-score.ts';

export function Palette() {
  const app = useApp();
  const isOpen = useAppState((state) => state.dialog === 'palette');
  return (
    <Dialog
      open={isOpen}
      onClose={() => {
        app.actions.setDialog(null);
      }}
      look="palette"
      aria-label="Command palette"
    >
      <PaletteList />
    </Dialog>
  );
}

function PaletteList() {
  const app = useApp();
  // What there is to choose from may arrive after the palette was opened, as the samples do.
  useAppState(() =>
    commandsOf(app)
      .map(({ id, title }) => `${id} ${title}`)
      .join('\n'),
  );
  const sections = bySection(commandsOf(app));
  const run = (command: Command): void => {
    app.actions.setDialog(null);
    command.run();
  };
  return (
    <Cmdk label="Commands" loop filter={(_value, typed, texts = []) => paletteScore(typed, texts)}>
      <Cmdk.Input className="palette-input" placeholder="What do you want to do?" autoFocus />
      <Cmdk.List className="palette-list" label="Commands">
        <Cmdk.Empty className="palette-empty">No command by these words.</Cmdk.Empty>
        {sections.map(([section, commands]) => (
          <Cmdk.Group key={section} heading={section} className="palette-group">
            {commands.map((command) => (
              <Cmdk.Item
                key={command.id}
                value={command.id}
                keywords={[command.title, section, ...(command.words ?? [])]}
                className="palette-item"
                onSelect={() => {
                  run(command);
                }}
              >
                <span className="palette-title">{command.title}</span>
                {command.keys === undefined ? null : <Keys keys={command.keys} />}
              </Cmdk.Item>
            ))}
          </Cmdk.Group>
        ))}
      </Cmdk.List>
    </Cmdk>
  );
}

function bySection(commands: readonly Command[]): (readonly [Section, Command[]])[] {
  return SECTIONS.map(
    (section) =>
      [
        section,
        commands.filter((command) => command.section === section && command.id !== 'palette'),
      ] as const,
  ).filter(([, members]) => members.length > 0);
}
