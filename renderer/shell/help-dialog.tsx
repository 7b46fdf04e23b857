/** Shortcuts, the language of the filter, and how to read a verdict. */
import { CONFIDENCE_STEPS } from '../../shared/texts/confidence.ts';
import type { ConfidenceStep } from '../../shared/texts/confidence.ts';
import { FilterHelp } from '../filter/filter-help.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Keys } from '../ui/keys.tsx';
import { OriginMark } from '../ui/origin-mark.tsx';
import { ORIGIN, ORIGINS_LISTED } from '../../shared/texts/origin.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { commandsOf } from './commands.ts';

type KeyTable = readonly (readonly [keys: string, title: string])[];

/** What keys do inside the parts of the window; all others are those of commands. */
const PART_KEYS: readonly (readonly [part: string, KeyTable])[] = [
  [
    'In lists',
    [
      ['ArrowUp ArrowDown', 'Move'],
      ['PageUp PageDown', 'Move a screen'],
      ['Home End', 'First and last row'],
      ['Enter', 'Open the row: verdict, packets'],
    ],
  ],
  [
    'In trees',
    [
      ['ArrowRight', 'Open, then go inside'],
      ['ArrowLeft', 'Close, then go outside'],
    ],
  ],
  [
    'In rows of buttons and tabs',
    [
      ['ArrowLeft ArrowRight', 'Move from button to button'],
      ['Delete', 'Close the capture in focus'],
    ],
  ],
  [
    'Everywhere',
    [
      ['F6 shift+F6', 'Next pane, previous pane'],
      ['Escape', 'Leave the field; then close the pane'],
      ['Tab', 'Skip to the content, as the first stop'],
    ],
  ],
];

export function HelpDialog() {
  const app = useApp();
  const isOpen = useAppState((state) => state.dialog === 'help');
  return (
    <Dialog
      open={isOpen}
      onClose={() => {
        app.actions.setDialog(null);
      }}
      title="Help"
      look="help"
    >
      <div className="help-body prose" tabIndex={0} role="region" aria-label="Help text">
        <div className="help-columns">
          <Shortcuts />
          <Reading />
        </div>
        <FilterHelp />
      </div>
    </Dialog>
  );
}

function Shortcuts() {
  const commands = commandsOf(useApp()).filter((command) => command.keys !== undefined);
  return (
    <section>
      <h3>Keyboard</h3>
      <dl className="help-keys">
        {commands.map((command) => (
          <div key={command.id}>
            <dt>{command.title}</dt>
            <dd>
              <Keys keys={command.keys ?? ''} />
            </dd>
          </div>
        ))}
      </dl>
      {PART_KEYS.map(([part, table]) => (
        <section key={part}>
          <h4>{part}</h4>
          <dl className="help-keys">
            {table.map(([keys, title]) => (
              <div key={keys}>
                <dt>{title}</dt>
                <dd>
                  <Keys keys={keys} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </section>
  );
}

function Reading() {
  return (
    <section>
      <h3>Reading a verdict</h3>
      <ul className="help-legend">
        {ORIGINS_LISTED.map((kind) => (
          <li key={kind}>
            <OriginMark kind={kind} /> <b>{ORIGIN[kind].name}</b> {ORIGIN[kind].meaning}
          </li>
        ))}
      </ul>
      <p>
        Who and why have a confidence each, the probability that what is said is right:{' '}
        {CONFIDENCE_STEPS.map(stepText).join(', ')}. Where a sender is “suspected”, a cause is said with
        “probably”. Below that a sender cannot be told, and a cause is said with “perhaps”. Each piece of
        evidence has a weight: ×10 makes one explanation ten times likelier than the other.
      </p>
    </section>
  );
}

function stepText({ from, word }: ConfidenceStep): string {
  return `from ${Math.round(from * 100)}% “${word}”`;
}
