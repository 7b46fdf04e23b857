import { Option } from 'commander';
import type { CommandMaker } from './command-maker.ts';
import { count } from './arguments.ts';
import type { ReportOptions } from '../make-report.ts';

export const reportCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('report')
    .description('write a page for the team that must act: HTML, PDF, or Markdown for tickets')
    .argument('<files...>', 'capture files, as for analyze')
    .addOption(new Option('--finding <n>', 'one finding, as analyze numbers them from 1').argParser(count))
    .option(
      '--reset <[file:]frame>',
      'one reset, by its frame as Wireshark numbers it; FILE is a name, a path or a number from 0',
    )
    .addOption(new Option('--flow <n>', 'the connection with this number').argParser(count))
    .option('--failures', 'all connections that failed without a reset')
    .option('-o, --output <file>', 'write to this file; without it to standard output')
    .addOption(
      new Option('--format <format>', 'what is written, where the name of the output does not tell').choices([
        'html',
        'pdf',
        'markdown',
      ]),
    )
    .option('--anonymise', 'replace addresses, names and payload')
    .option('--names <file>', 'names of hosts, one "address name" a line, as a hosts file')
    .option(
      '--notes',
      'with your notes on what it is about, and the comments that the capture holds; with --anonymise without those, and of your own words only addresses, and names that the capture knows, are replaced',
    )
    .action(async (files: string[], options: ReportOptions) => {
      const { makeReport } = await import('../make-report.ts');
      done(await makeReport(files, options, io));
    });
