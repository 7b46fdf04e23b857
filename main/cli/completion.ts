/**
 * What a shell offers behind the Tab key. The scripts are made from the commands and options of the very program, so that
 * they cannot say something else than it takes.
 */
import type { Argument, Command, Option } from 'commander';
import { CAUSE_CODES } from '../../shared/model/cause.ts';
import { FAILURE_KINDS } from '../../shared/model/failure.ts';
import type { Shell } from './shells.ts';

/** What can stand in a place: fixed words, a file, an interface of this machine, or what no shell can know. */
type Value =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'file' | 'interface' | 'free' };

/** Asks the system rather than the program, which a shell would have to start for each Tab. */
const INTERFACES = '$(ls /sys/class/net 2>/dev/null || ifconfig -l 2>/dev/null)';

/** @param program with all its commands */
export function completionScript(shell: Shell, program: Command): string {
  switch (shell) {
    case 'bash':
      return bashScript(program);
    case 'zsh':
      return zshScript(program);
    case 'fish':
      return fishScript(program);
  }
}

/** The commands that people may see; help is one of commander's own. */
export function visibleCommands(program: Command): readonly Command[] {
  return program.createHelp().visibleCommands(program);
}

/** Its options, those of commander included. */
export function visibleOptions(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command);
}

/** What has commands of its own takes the options of all of them: shells are not told behind which of these they stand. */
function offeredOptions(command: Command): readonly Option[] {
  const all = [command, ...subcommands(command)].flatMap(visibleOptions);
  return all.filter((option, i) => all.findIndex(({ flags }) => flags === option.flags) === i);
}

/** Commands that belong to a command, such as those of `fleet`. */
export function subcommands(command: Command): readonly Command[] {
  return visibleCommands(command).filter((one) => one.name() !== 'help');
}

/** What stands behind a command first; undefined where nothing does. */
function valueBehind(command: Command, program: Command): Value | undefined {
  const own = subcommands(command);
  if (own.length > 0) return { kind: 'words', words: own.map((one) => one.name()) };
  const argument = command.registeredArguments[0];
  return argument === undefined ? undefined : valueOfArgument(argument, program);
}

function names(option: Option): string[] {
  return [option.short, option.long].filter((name) => name !== undefined && name !== null);
}

function valueOfOption(option: Option): Value | undefined {
  if (!option.required && !option.optional) return undefined;
  if (option.argChoices !== undefined) return { kind: 'words', words: option.argChoices };
  if (option.long === '--interface') return { kind: 'interface' };
  return { kind: /[<[](file|path)[\]>]/u.test(option.flags) ? 'file' : 'free' };
}

function valueOfArgument(argument: Argument, program: Command): Value {
  if (argument.argChoices !== undefined) return { kind: 'words', words: argument.argChoices };
  const name = argument.name();
  if (name === 'code') return { kind: 'words', words: [...CAUSE_CODES, ...FAILURE_KINDS] };
  if (name === 'command') return { kind: 'words', words: visibleCommands(program).map((one) => one.name()) };
  return { kind: name === 'files' ? 'file' : 'free' };
}

function bashScript(program: Command): string {
  const commands = visibleCommands(program);
  const values: string[] = [];
  const words: string[] = [];
  for (const command of commands) {
    const options = offeredOptions(command);
    for (const option of options) {
      const value = valueOfOption(option);
      // A value that may be left out is not waited for.
      if (value === undefined || option.optional) continue;
      const places = names(option).map((name) => `'${command.name()} ${name}'`);
      values.push(`    ${places.join(' | ')})\n      ${bashReply(value)}\n      return\n      ;;`);
    }
    const offered = options.flatMap(names).join(' ');
    const value = valueBehind(command, program);
    const other = value === undefined ? ':' : bashReply(value);
    words.push(
      `    ${command.name()})\n      if [[ $current == -* ]]; then\n        ${bashWords(offered)}\n      else\n        ${other}\n      fi\n      ;;`,
    );
  }
  const first = [...commands.map((one) => one.name()), ...visibleOptions(program).flatMap(names)].join(' ');
  return `# What bash offers for resetscope; made by "resetscope completion bash".
_resetscope() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    ${bashWords(first)}
    return
  fi
  case "$command $previous" in
${values.join('\n')}
  esac
  case $command in
${words.join('\n')}
  esac
}
complete -F _resetscope resetscope
`;
}

function bashWords(words: string): string {
  return `mapfile -t COMPREPLY < <(compgen -W "${words}" -- "$current")`;
}

function bashReply(value: Value): string {
  switch (value.kind) {
    case 'words':
      return bashWords(value.words.join(' '));
    case 'interface':
      return bashWords(INTERFACES);
    case 'file':
      return 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current")';
    case 'free':
      return ':';
  }
}

function zshScript(program: Command): string {
  const commands = visibleCommands(program);
  const list = commands.map((one) => `    ${quoted(`${one.name()}:${zshText(one.description())}`)}`);
  const cases = commands.map((command) => {
    const specs = offeredOptions(command).map((option) => {
      const [first, second] = names(option);
      const value = valueOfOption(option);
      const label = `[${zshText(option.description)}]`;
      const action = value === undefined ? '' : `${option.optional ? '::' : ':'}value:${zshAction(value)}`;
      return second === undefined
        ? quoted(`${first ?? ''}${label}${action}`)
        : `'(${first ?? ''} ${second})'{${first ?? ''},${second}}${quoted(`${label}${action}`)}`;
    });
    const argument = command.registeredArguments.at(0);
    const behind = valueBehind(command, program);
    if (behind !== undefined) {
      const place = argument?.variadic === true ? '*' : '1';
      specs.push(quoted(`${place}:${argument?.name() ?? 'command'}:${zshAction(behind)}`));
    }
    return `    ${command.name()})\n      _arguments -s ${specs.join(' \\\n        ')}\n      ;;`;
  });
  return `#compdef resetscope
# What zsh offers for resetscope; made by "resetscope completion zsh".
_resetscope() {
  local -a commands=(
${list.join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _resetscope ]]; then
  _resetscope "$@"
else
  compdef _resetscope resetscope
fi
`;
}

function zshAction(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `(${value.words.join(' ')})`;
    case 'interface':
      return `(${INTERFACES})`;
    case 'file':
      return '_files';
    case 'free':
      return ' ';
  }
}

/** Colons and brackets end a description. */
function zshText(text: string): string {
  return text.replaceAll(/[\\:[\]]/gu, (character) => `\\${character}`);
}

function fishScript(program: Command): string {
  const lines = [
    '# What fish offers for resetscope; made by "resetscope completion fish".',
    'complete -c resetscope -f',
    ...visibleOptions(program).map((option) =>
      fishLine('__fish_use_subcommand', fishOption(option, undefined)),
    ),
  ];
  for (const command of visibleCommands(program)) {
    const seen = `__fish_seen_subcommand_from ${command.name()}`;
    lines.push(
      fishLine(
        '__fish_use_subcommand',
        `-a ${fishQuoted(command.name())} -d ${fishQuoted(command.description())}`,
      ),
    );
    for (const option of offeredOptions(command))
      lines.push(fishLine(seen, fishOption(option, valueOfOption(option))));
    const behind = valueBehind(command, program);
    if (behind === undefined) continue;
    const value = fishValue(behind);
    if (value !== '') lines.push(fishLine(seen, value));
  }
  return `${lines.join('\n')}\n`;
}

function fishLine(condition: string, what: string): string {
  return `complete -c resetscope -n ${fishQuoted(condition)} ${what}`;
}

function fishOption(option: Option, value: Value | undefined): string {
  const short = option.short === undefined || option.short === null ? '' : `-s ${option.short.slice(1)} `;
  const long = option.long === undefined || option.long === null ? '' : `-l ${option.long.slice(2)} `;
  // -x: a value and no file.
  const wants = value?.kind === 'file' ? '-r' : '-x';
  const given = value === undefined ? '' : ` ${wants} ${fishValue(value)}`;
  return `${short}${long}-d ${fishQuoted(option.description)}${given}`.trimEnd();
}

function fishValue(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `-a ${fishQuoted(value.words.join(' '))}`;
    case 'interface':
      return `-a '(ls /sys/class/net 2>/dev/null; or ifconfig -l 2>/dev/null | string split " ")'`;
    case 'file':
      return '-F';
    case 'free':
      return '';
  }
}

/** A word of sh and its relatives. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll(/[\\']/gu, (character) => `\\${character}`)}'`;
}
