/** The scripts for shells and the manual page are held against the help, which commander makes from the same program. */
import { beforeAll, describe, expect, it } from 'vitest';
import { CAUSE_CODES } from '../../shared/model/cause.ts';
import { CAPTURE_SOURCES } from '../../shared/model/live.ts';
import { runCli } from '../../test/support/run-cli.ts';
import { SHELLS } from './shells.ts';

async function output(...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runCli(argv);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

/** The names in a list of the help: `  live [options]  capture, …` or `  -o, --output <file>  write …`. */
function listed(help: string, list: 'Options' | 'Commands'): string[] {
  const section = help.split(`${list}:\n`)[1].split('\n\n')[0];
  const pattern = list === 'Options' ? /^ {2}(?:-\w, )?--([\w-]+)/gmu : /^ {2}([\w-]+)/gmu;
  return [...section.matchAll(pattern)].map((match) => match[1]);
}

const options = new Map<string, readonly string[]>();
beforeAll(async () => {
  for (const command of listed(await output('--help'), 'Commands'))
    options.set(command, command === 'help' ? [] : listed(await output(command, '--help'), 'Options'));
});

/** The lines of a script that are about one command. */
const SECTION: Readonly<Record<(typeof SHELLS)[number], (script: string, command: string) => string>> = {
  bash: (script, command) => script.split(`\n    ${command})\n`)[1].split(';;')[0],
  zsh: (script, command) => script.split(`\n    ${command})\n`)[1].split(';;')[0],
  fish: (script, command) =>
    script
      .split('\n')
      .filter((line) => line.includes(`__fish_seen_subcommand_from ${command}'`))
      .join('\n'),
};

describe.each(SHELLS)('completion for %s', (shell) => {
  it('has every command with every option of it', async () => {
    const script = await output('completion', shell);
    expect(options.size).toBeGreaterThan(6);
    for (const [command, names] of options) {
      expect(script).toContain(command);
      const section = command === 'help' ? '' : SECTION[shell](script, command);
      const missing = names.filter((name) => !new RegExp(`(?:--|-l )${name}(?![\\w-])`, 'u').test(section));
      expect({ command, missing }).toEqual({ command, missing: [] });
    }
  });

  it('has the words that arguments and options take', async () => {
    const script = await output('completion', shell);
    expect(script).toContain(CAPTURE_SOURCES.join(' '));
    expect(script).toContain(CAUSE_CODES.join(' '));
    expect(script).toContain(SHELLS.join(' '));
  });

  it('shows nothing that is hidden', async () => {
    expect(await output('completion', shell)).not.toMatch(/\bmanual\b(?! page)/u);
  });
});

it('knows no other shell', async () => {
  const { exitCode, stderr } = await runCli(['completion', 'tcsh']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('bash, zsh, fish');
});

/** A command that has others is described by those. */
async function sectionsOfManual(): Promise<ReadonlyMap<string, readonly string[]>> {
  const sections = new Map(options);
  sections.delete('fleet');
  for (const part of listed(await output('fleet', '--help'), 'Commands'))
    if (part !== 'help')
      sections.set(`fleet ${part}`, listed(await output('fleet', part, '--help'), 'Options'));
  return sections;
}

describe('the manual page', () => {
  it('has every command with every option of it', async () => {
    const page = await output('manual');
    for (const [command, names] of await sectionsOfManual()) {
      const section = page.split(`\n.SS ${command}\n`)[1].split('\n.S')[0].replaceAll('\\-', '-');
      const missing = names.filter((name) => !new RegExp(`--${name}(?![\\w-])`, 'u').test(section));
      expect({ command, missing }).toEqual({ command, missing: [] });
    }
  });

  it('has no line that roff would take for a request of its own', async () => {
    const requests = new Set(['TH', 'SH', 'SS', 'TP', 'B', 'I', 'BR', 'br', 'nf', 'fi']);
    const lines = (await output('manual')).split('\n').filter((line) => /^[.']/u.test(line));
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.filter((line) => !requests.has(/^\.(\w+)/u.exec(line)?.[1] ?? ''))).toEqual([]);
  });
});
