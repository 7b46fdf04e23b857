import { type Command, Option } from 'commander';
import { agentOptionsGiven, withAgentOptions } from './agent-options.ts';
import { count } from './arguments.ts';
import type { CommandMaker } from './command-maker.ts';
import type { AnalyzeOptions } from '../analyze.ts';

export const analyzeCommand: CommandMaker = ({ program, io, done }) =>
  withAgentOptions(analyzeOptions(program.command('analyze'))).action(
    async (files: string[], options: AnalyzeOptions) => {
      const given = options.parquet === undefined ? agentOptionsGiven(options) : [];
      if (options.parquet === undefined && options.cases === true) given.push('--cases');
      if (given.length > 0) {
        program.error(
          `error: option '${given[0]}' is of tables for a fleet: say with '--parquet <folder>' where they go`,
        );
        return;
      }
      const { analyze } = await import('../analyze.ts');
      done(await analyze(files, options, io));
    },
  );

function analyzeOptions(command: Command): Command {
  return command
    .description('tell for every TCP reset in capture files who sent it, where, why, and whether it mattered')
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
    .option('--verbose', 'under the table, what happened with each connection and the commands that lead on')
    .option('--no-color', 'no colours, not even on a terminal')
    .option('-o, --output <file>', 'write there instead of to standard output')
    .option(
      '--parquet <folder>',
      'write tables for a fleet there as well: flows, resets, findings and failures; again, they take the place of those before',
    )
    .option(
      '--cases',
      'keep the packets of connections there whose resets mattered, the newest 100, as case files',
    );
}
