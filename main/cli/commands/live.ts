import { type Command, Option } from 'commander';
import { CAPTURE_SOURCES } from '../../../shared/model/live.ts';
import { count, size } from './arguments.ts';
import { withAgentOptions } from './agent-options.ts';
import type { CommandMaker } from './command-maker.ts';
import type { LiveCommandOptions } from '../live.ts';

export const liveCommand: CommandMaker = ({ program, io, done }) =>
  withAgentOptions(
    withCapturing(program.command('live'))
      .option('--spool <folder>', 'write tables for a fleet there while the capture goes on')
      .addOption(new Option('--spool-every <seconds>', 'how often; 300 without it').argParser(count))
      .addOption(
        new Option(
          '--spool-limit <bytes>',
          'what the folder may take, such as 10G: then the oldest tables go',
        ).argParser(size),
      ),
  ).action(async (options: LiveCommandOptions) => {
    const { live } = await import('../live.ts');
    done(await live(options, await io.live(), io));
  });

function withCapturing(command: Command): Command {
  return command
    .description('capture, and tell of every TCP reset when what followed it was seen')
    .requiredOption('-i, --interface <name>', 'where to capture; “resetscope interfaces” lists them')
    .option('-f, --filter <expression>', 'capture filter, pcap-filter(7)', '')
    .addOption(
      new Option('--source <program>', 'what captures').choices(['auto', ...CAPTURE_SOURCES]).default('auto'),
    )
    .option('--host <host>', 'capture there, through ssh')
    .option('--also-host <host>', 'capture there as well, through ssh; at the end both are read as one case')
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
    .addOption(new Option('--snaplen <bytes>', 'bytes kept of each packet').argParser(count).default(262_144))
    .option('--no-promiscuous', 'only packets of this machine')
    .option('--no-witness', 'do not ask the kernel which resets it sent')
    .addOption(new Option('--duration <seconds>', 'end after this time').argParser(count))
    .addOption(new Option('--count <n>', 'end after so many resets').argParser(count));
}
