/**
 * The command line: reads arguments, runs one command, gives the exit code.
 *
 *   0    read
 *   1    wrong usage, or a file could not be read (the others are reported all the same)
 *   2    read, but something in a file was lost: damage, limits
 *   130  interrupted; what was read by then is reported
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { AnalyzeOptions } from './analyze.ts';
import { analyze } from './analyze.ts';
import { EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import { explain } from './explain.ts';
import type { CliIo } from './io.ts';
import { OutputClosed } from './io.ts';

const EXAMPLES = `
Examples:
  resetscope analyze trace.pcap                        what matters first, for people
  resetscope analyze trace.pcap --all --filter 'origin:middlebox matters:yes'
  resetscope analyze web*.pcapng.gz --json -o verdicts.json
  resetscope analyze trace.pcap --ndjson | jq 'select(.type=="reset") | .cause.code'
  resetscope explain idle-timeout                      what a cause means and what to check

Exit codes: 0 read, 1 wrong usage or an unreadable file, 2 read with losses, 130 interrupted.`;

export async function main(argv: readonly string[], io: CliIo): Promise<number> {
  let exitCode = EXIT_OK;
  const program = makeProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help and version come this way too, with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    if (error instanceof OutputClosed) return exitCode;
    io.stderr.write(`resetscope: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT_USAGE;
  }
}

function makeProgram(io: CliIo, done: (exitCode: number) => void): Command {
  const program = new Command('resetscope')
    .description(packageJson.description)
    .version(packageJson.version, '-V, --version')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => Math.min(io.columns ?? 100, 120),
    })
    .showHelpAfterError('(resetscope --help shows how)');
  program
    .command('analyze')
    .description('tell for every TCP reset in capture files who sent it, where, why, and whether it mattered')
    .argument(
      '<files...>',
      'pcap or pcapng files, also .gz, .zst, .lz4; parts of a rotated set belong together',
    )
    .addOption(new Option('--json', 'one JSON document').conflicts(['ndjson', 'csv']))
    .addOption(new Option('--ndjson', 'one JSON object a line').conflicts(['json', 'csv']))
    .addOption(new Option('--csv', 'a table for spreadsheets (RFC 4180)').conflicts(['json', 'ndjson']))
    .option('--filter <expression>', 'only resets that match, as in the quick filter of the app')
    .addOption(new Option('--limit <n>', 'at most so many resets').argParser(count).conflicts('all'))
    .option('--all', 'all resets; the table shows the 20 most important ones otherwise')
    .option('--no-color', 'no colours, not even on a terminal')
    .option('-o, --output <file>', 'write there instead of to standard output')
    .action(async (files: string[], options: AnalyzeOptions) => done(await analyze(files, options, io)));
  program
    .command('explain')
    .description('what a cause means, what the application saw, and what to check')
    .argument('[code]', 'a cause code; without it all codes are listed')
    .action(async (code: string | undefined) => done(await explain(code, io)));
  return program;
}

function count(text: string): number {
  if (!/^\d{1,9}$/u.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}
