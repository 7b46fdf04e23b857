/** The manual page resetscope(1), made from the commands and options of the very program (man(7), groff_man(7)). */
import type { Command } from 'commander';
import { subcommands, visibleCommands, visibleOptions } from './completion.ts';

/** What the help does not tell and a manual page does. */
const DESCRIPTION = `Opens packet captures, or makes them, and tells for every TCP reset who really sent it, where on the path, why,
whether it mattered, and what to do next; and how every other connection ended.
Packets are read on this machine only; nothing of them leaves it.`;

const FILES: readonly (readonly [string, string])[] = [
  ['$XDG_CONFIG_HOME/resetscope/settings.json', 'recent files and other things that are remembered'],
  ['$XDG_DATA_HOME/resetscope/captures', 'what was captured, readable by its owner only'],
  ['$XDG_DATA_HOME/resetscope/cases', 'notes on captures, readable by their owner only'],
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['RESETSCOPE_CAPTURE_DIR', 'where captures are kept instead'],
  ['RESETSCOPE_CASE_DIR', 'where notes are kept instead'],
  ['RESETSCOPE_CONFIG_DIR', 'where settings are kept instead'],
  ['RESETSCOPE_CONFINE', 'where it is off, what reads captures is not confined'],
  ['RESETSCOPE_FLEET', 'the fleet that is asked where --store names none'],
  ['RESETSCOPE_LOG', 'what is logged to standard error: debug, info, warn (which it is) …'],
  ['TMPDIR', 'where files that the page sends are kept while they are open'],
  ['NO_COLOR', 'where it is set and not empty, nothing is coloured'],
];

/** @param examples as behind the help: lines of a command and what it is for */
export function manualPage(program: Command, examples: string): string {
  const version = program.version() ?? '';
  const lines = [
    `.TH RESETSCOPE 1 "" ${quoted(`resetscope ${version}`)} "User Commands"`,
    '.SH NAME',
    'resetscope \\- who really sent that TCP reset',
    '.SH SYNOPSIS',
    ...allCommands(program).flatMap(({ name, command }) => [
      `.B resetscope ${roff(name)}`,
      roff(command.usage().replace(/^\[options\]/u, '[OPTIONS]')),
      '.br',
    ]),
    '.SH DESCRIPTION',
    ...DESCRIPTION.split('\n').map(roff),
    '.SH COMMANDS',
  ];
  for (const { name, command } of allCommands(program)) {
    lines.push(`.SS ${roff(name)}`, roff(sentence(command.description())));
    for (const argument of command.registeredArguments) {
      if (argument.description === '') continue;
      lines.push('.TP', `.I ${roff(argument.name())}`, roff(argument.description));
    }
    lines.push(...optionLines(command));
  }
  lines.push('.SH OPTIONS', ...optionLines(program));
  lines.push('.SH EXAMPLES AND EXIT STATUS', '.nf', ...examples.trim().split('\n').map(roff), '.fi');
  lines.push('.SH FILES', ...entries(FILES), '.SH ENVIRONMENT', ...entries(ENVIRONMENT));
  lines.push('.SH SEE ALSO', '.BR resetscope-app (1),', '.BR pcap-filter (7),', '.BR tcpdump (8)');
  return `${lines.join('\n')}\n`;
}

/** In place of a command that has others, those others, by both names. */
function allCommands(program: Command): { readonly name: string; readonly command: Command }[] {
  return visibleCommands(program).flatMap((command) => {
    const own = subcommands(command);
    return own.length === 0
      ? [{ name: command.name(), command }]
      : own.map((one) => ({ name: `${command.name()} ${one.name()}`, command: one }));
  });
}

function optionLines(command: Command): string[] {
  const help = command.createHelp();
  return visibleOptions(command).flatMap((option) => [
    '.TP',
    `.B ${roff(help.optionTerm(option))}`,
    roff(help.optionDescription(option)),
  ]);
}

function entries(list: readonly (readonly [string, string])[]): string[] {
  return list.flatMap(([name, text]) => ['.TP', `.I ${roff(name)}`, roff(text)]);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Text as it is: hyphens that can be copied, no escapes, and no line that is taken for a request. */
function roff(text: string): string {
  const plain = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('“', '\\(lq')
    .replaceAll('”', '\\(rq')
    .replaceAll('’', '\\(cq');
  return /^[.']/u.test(plain) ? `\\&${plain}` : plain;
}

function quoted(text: string): string {
  return `"${roff(text).replaceAll('"', '\\(dq')}"`;
}
