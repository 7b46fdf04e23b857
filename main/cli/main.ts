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
import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { CommandPlace } from './commands/command-maker.ts';
import { COMMANDS } from './commands/list.ts';
import { EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { OutputClosed } from './io.ts';

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
  const place: CommandPlace = { program, io, examples: EXAMPLES, done };
  const isAlone = first !== undefined && Object.hasOwn(COMMANDS, first) && !TELLING_OF_ALL.includes(first);
  for (const [name, make] of Object.entries(COMMANDS)) if (!isAlone || name === first) make(place);
  return program;
}
