/**
 * The command line: reads arguments, runs one command, gives the exit code.
 *
 *   0    read
 *   1    wrong usage, or a file could not be read (the others are reported all the same)
 *   2    read, but something in a file was lost: damage, limits; of a live capture, packets were lost
 *   3    a live capture could not start, or ended by itself
 *   130  interrupted; what was read by then is reported
 */
import { errorText } from '../../shared/format/error.ts';
import { sanitiseLines, sanitiseText } from '../../shared/format/text.ts';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { AnalyzeOptions } from './analyze.ts';
import type { CompareOptions } from './compare.ts';
import { CAPTURE_SOURCES } from '../../shared/model/live.ts';
import type { Shell } from './shells.ts';
import { SHELLS } from './shells.ts';
import { EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { OutputClosed } from './io.ts';
import type { LiveCommandOptions } from './live.ts';
import type { OpenOptions } from './open.ts';
import type { PacketsOptions } from './packets.ts';

const EXAMPLES = `
Examples:
  resetscope analyze trace.pcap                        what matters first, for people
  resetscope analyze trace.pcap --all --filter 'origin:middlebox matters:yes'
  resetscope analyze web*.pcapng.gz --json -o verdicts.json
  resetscope analyze trace.pcap --ndjson | jq 'select(.type=="reset") | .cause.code'
  resetscope compare client.pcap server.pcap           one connection at both ends: who is proven to have sent the reset
  resetscope packets trace.pcap --filter 'tcp.flags.reset == 1' --fields frame.number,ip.src,ip.ttl
  resetscope open trace.pcap                           the app, in a browser of this machine
  resetscope explain idle-timeout                      what a cause means and what to check; so no-answer and other failures
  resetscope live -i eth0 --catch 'matters:yes'        tells of resets as they come, keeps what was around them
  resetscope doctor                                    why capturing is not possible here, and what helps

Exit codes: 0 read or captured, 1 wrong usage or an unreadable file, 2 with losses, 3 the capture failed, 130 interrupted.`;

export async function main(argv: readonly string[], io: CliIo): Promise<number> {
  let exitCode = EXIT_OK;
  const program = makeProgram(argv[0], io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help and version come this way too, with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    if (error instanceof OutputClosed) return exitCode;
    io.stderr.write(`resetscope: ${sanitiseText(errorText(error), 1000)}\n`);
    return EXIT_USAGE;
  }
}

/** Commands that print what the others are. */
const TELLING_OF_ALL: readonly string[] = ['completion', 'manual'];

/** @param first what the arguments begin with: where that is a command, no other is made, which takes as long as reading a small capture. */
function makeProgram(first: string | undefined, io: CliIo, done: (exitCode: number) => void): Command {
  const program = new Command('resetscope')
    .description(packageJson.description)
    .version(packageJson.version, '-V, --version')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      // It repeats arguments, and a name of a file may be one.
      writeErr: (text) => void io.stderr.write(sanitiseLines(text)),
      getOutHelpWidth: () => Math.min(io.columns ?? 100, 120),
    })
    .showHelpAfterError('(resetscope --help shows how)');
  const commands: Readonly<Record<string, () => Command>> = {
    analyze: () =>
      program
        .command('analyze')
        .description(
          'tell for every TCP reset in capture files who sent it, where, why, and whether it mattered',
        )
        .argument(
          '<files...>',
          'pcap or pcapng files, also .gz, .zst, .lz4; parts of a rotated set belong together',
        )
        .addOption(new Option('--json', 'one JSON document').conflicts(['ndjson', 'csv']))
        .addOption(new Option('--ndjson', 'one JSON object a line').conflicts(['json', 'csv']))
        .addOption(new Option('--csv', 'a table for spreadsheets (RFC 4180)').conflicts(['json', 'ndjson']))
        .option('--filter <expression>', 'only resets whose packets pass: quick words, or Wireshark’s syntax')
        .addOption(new Option('--limit <n>', 'at most so many resets').argParser(count).conflicts('all'))
        .option('--all', 'all resets; the table shows the 20 most important ones otherwise')
        .option('--no-join', 'keep captures of the same connections apart')
        .option(
          '--verbose',
          'under the table, what happened with each connection and the commands that lead on',
        )
        .option('--no-color', 'no colours, not even on a terminal')
        .option('-o, --output <file>', 'write there instead of to standard output')
        .action(async (files: string[], options: AnalyzeOptions) => {
          const { analyze } = await import('./analyze.ts');
          done(await analyze(files, options, io));
        }),
    compare: () =>
      program
        .command('compare')
        .description(
          'put captures of the same connections together that were made at different points of the path: what each saw of every reset, ' +
            'where it was made, and whether that is proven',
        )
        .argument(
          '<files...>',
          'two captures or more, each of another place, as for analyze; clocks need not agree',
        )
        .addOption(new Option('--json', 'one JSON document').conflicts('ndjson'))
        .addOption(new Option('--ndjson', 'one JSON object a line').conflicts('json'))
        .option('--filter <expression>', 'only resets whose packets pass: quick words, or Wireshark’s syntax')
        .addOption(new Option('--limit <n>', 'at most so many resets').argParser(count).conflicts('all'))
        .option('--all', 'all resets; the table shows the 20 most important ones otherwise')
        .option('--verbose', 'under the table, the way of each reset and what happened with its connection')
        .option('--no-color', 'no colours, not even on a terminal')
        .option('-o, --output <file>', 'write there instead of to standard output')
        .action(async (files: string[], options: CompareOptions) => {
          const { compare } = await import('./compare.ts');
          done(await compare(files, options, io));
        }),
    packets: () =>
      program
        .command('packets')
        .description('list the packets that pass a display filter, as tshark does')
        .argument('<files...>', 'capture files, as for analyze')
        .option('--filter <expression>', 'in Wireshark’s syntax or in quick words; without it all packets')
        .addOption(
          new Option(
            '--fields <names>',
            'print these fields, with tabs between them: frame.number,ip.src',
          ).argParser(names),
        )
        .option('--json', 'one JSON document with the numbers of the frames')
        .addOption(new Option('--limit <n>', 'at most so many packets').argParser(count))
        .action(async (files: string[], options: PacketsOptions) => {
          const { packets } = await import('./packets.ts');
          done(await packets(files, options, io));
        }),
    open: () =>
      program
        .command('open')
        .description('open the app in a browser of this machine, and capture files in it; Ctrl-C ends it')
        .argument('[files...]', 'capture files')
        .addOption(new Option('--port <n>', 'port on 127.0.0.1 (any free one)').argParser(count))
        .option('--follow', 'wait for more at the end of the last file')
        .option('--allow-paths', 'let the page open any file of this machine by its path')
        .addOption(
          new Option('--allow-ssh <host>', 'let the page capture there over ssh; may be repeated').argParser(
            added,
          ),
        )
        .addOption(
          new Option('--upload-limit <bytes>', 'all files that the page may send together').argParser(size),
        )
        .option('--no-browser', 'print the address only')
        .action(async (files: string[], options: OpenOptions) => {
          const { open } = await import('./open.ts');
          done(await open(files, options, io.serve, io));
        }),
    explain: () =>
      program
        .command('explain')
        .description('what a cause or a failure means, what the application saw, and what to check')
        .argument('[code]', 'a cause of resets, or a kind of failure; without it all are listed')
        .action(async (code: string | undefined) => {
          const { explain } = await import('./explain.ts');
          done(await explain(code, io));
        }),
    live: () =>
      program
        .command('live')
        .description('capture, and tell of every TCP reset when what followed it was seen')
        .requiredOption('-i, --interface <name>', 'where to capture; “resetscope interfaces” lists them')
        .option('-f, --filter <expression>', 'capture filter, pcap-filter(7)', '')
        .addOption(
          new Option('--source <program>', 'what captures')
            .choices(['auto', ...CAPTURE_SOURCES])
            .default('auto'),
        )
        .option('--host <host>', 'capture there, through ssh')
        .option(
          '--also-host <host>',
          'capture there as well, through ssh; at the end both are read as one case',
        )
        .option('--also-interface <name>', 'where: an interface there (any), or another one of this machine')
        .option('--also-filter <expression>', 'capture filter there (that of -f)')
        .option('--catch [filter]', 'keep a file of what was around each reset that matches the quick filter')
        .addOption(new Option('--before <seconds>', 'kept before it').argParser(count).default(30))
        .addOption(new Option('--after <seconds>', 'kept after it').argParser(count).default(5))
        .option('--only-matters', 'only resets that ended unfinished work')
        .option('--json', 'one JSON object a line')
        .option('--no-color', 'no colours, not even on a terminal')
        .option('-w, --write <path>', 'a file that all is saved to at the end, or a folder to capture into')
        .addOption(new Option('--ring-files <n>', 'files kept, of each place').argParser(count))
        .addOption(new Option('--ring-size <bytes>', 'largest file').argParser(size))
        .addOption(new Option('--ring-seconds <n>', 'longest time in one file').argParser(count))
        .addOption(
          new Option('--snaplen <bytes>', 'bytes kept of each packet').argParser(count).default(262_144),
        )
        .option('--no-promiscuous', 'only packets of this machine')
        .option('--no-witness', 'do not ask the kernel which resets it sent')
        .addOption(new Option('--duration <seconds>', 'end after this time').argParser(count))
        .addOption(new Option('--count <n>', 'end after so many resets').argParser(count))
        .action(async (options: LiveCommandOptions) => {
          const { live } = await import('./live.ts');
          done(await live(options, await io.live(), io));
        }),
    interfaces: () =>
      program
        .command('interfaces')
        .description('the interfaces that can be captured')
        .option('--json', 'as JSON')
        .action(async (options: { json?: boolean }) => {
          const { interfaces } = await import('./doctor.ts');
          done(await interfaces(options, await io.live(), io));
        }),
    doctor: () =>
      program
        .command('doctor')
        .description('what can capture here, what stands in the way, and the command that helps')
        .option('--json', 'as JSON')
        .action(async (options: { json?: boolean }) => {
          const { doctor } = await import('./doctor.ts');
          done(await doctor(options, await io.live(), io));
        }),
    completion: () =>
      program
        .command('completion')
        .description('print what a shell needs to complete commands and options')
        .addArgument(new Argument('<shell>', 'which one').choices(SHELLS))
        .action(async (shell: Shell) => {
          const { completionScript } = await import('./completion.ts');
          io.stdout.write(completionScript(shell, program));
        }),
    manual: () =>
      program
        .command('manual', { hidden: true })
        .description('print the manual page, for packages')
        .action(async () => {
          const { manualPage } = await import('./manual.ts');
          io.stdout.write(manualPage(program, EXAMPLES));
        }),
  };
  const isAlone = first !== undefined && Object.hasOwn(commands, first) && !TELLING_OF_ALL.includes(first);
  for (const [name, make] of Object.entries(commands)) if (!isAlone || name === first) make();
  return program;
}

function count(text: string): number {
  if (!/^\d{1,9}$/u.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

/** Names with commas between them; repeated, they add to those before. */
function names(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(',').map((name) => name.trim())].filter((name) => name !== '');
}

/** An option that may be repeated: each adds to those before it. */
function added(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Bytes, with K, M or G for their multiples of 1024. */
function size(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,12})([KMG]?)$/iu.exec(text) ?? [];
  if (digits === undefined) throw new InvalidArgumentError('It is a number of bytes, such as 64M.');
  return Number(digits) * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit.toUpperCase());
}
