import { added } from './arguments.ts';
import type { CommandMaker } from './command-maker.ts';
import type { McpCommandOptions } from '../mcp.ts';

export const mcpCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('mcp')
    .description(
      'serve agents and other programs by the Model Context Protocol on standard input and output: they may read captures below the ' +
        'folders that are allowed, and nothing else',
    )
    .requiredOption('--allow <folder>', 'captures below it may be opened; may be repeated', added)
    .action(async (options: McpCommandOptions) => {
      const { mcp } = await import('../mcp.ts');
      done(await mcp(options, io));
    });
