/** `resetscope mcp`: serves agents and other programs on standard input and output. */
import { fileURLToPath } from 'node:url';
import { errorText } from '../../shared/format/error.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { serveStdio } from '../mcp/serve-stdio.ts';
import { publishedSchemas } from './contracts/published.ts';
import { EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import type { CliIo } from './io.ts';

export interface McpCommandOptions {
  readonly allow: readonly string[];
}

/** The folder of the build, in which the command line has one of its own. */
const dist = new URL('..', import.meta.url);

export async function mcp({ allow }: McpCommandOptions, io: CliIo): Promise<number> {
  try {
    await serveStdio({
      folders: allow,
      engine: fileURLToPath(new URL('host/engine-process.js', dist)),
      schemas: publishedSchemas,
    });
    return EXIT_OK;
  } catch (error) {
    io.stderr.write(`resetscope: ${sanitiseText(errorText(error), 1000)}\n`);
    return EXIT_USAGE;
  }
}
