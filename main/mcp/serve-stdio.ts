/**
 * Serves machines on standard input and output, until the input ends.
 *
 * Invariant: standard output holds messages of the protocol and nothing else; whatever is to be told besides goes to standard error.
 */
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { forkEngine } from '../host/fork-engine.ts';
import { createLog } from '../host/log.ts';
import { AllowedFolders } from './allowed-folders.ts';
import { CaptureBook } from './capture-book.ts';
import type { PublishedSchema } from './resources.ts';
import { createMcpServer } from './server.ts';

export interface McpOptions {
  /** Folders whose captures may be opened. */
  readonly folders: readonly string[];
  /** The built engine-process.js. */
  readonly engine: string;
  readonly schemas: () => readonly PublishedSchema[];
}

/**
 * @returns settles when the other end has gone, or a signal came, and all engines have ended
 * @throws RpcError where a folder cannot be allowed
 */
export async function serveStdio({ folders, engine, schemas }: McpOptions): Promise<void> {
  const log = createLog('mcp');
  const captures = new CaptureBook({ launch: forkEngine(engine), log });
  const server = createMcpServer({ folders: new AllowedFolders(folders), captures, schemas, log });
  const gone = new Promise<void>((resolve) => {
    const end = (): void => {
      resolve();
    };
    // A message without end closes the transport; the end of the input it does not tell of.
    server.onclose = end;
    process.stdin.on('end', end).on('close', end);
    process.stdout.on('error', end);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
  });
  await server.connect(new StdioServerTransport());
  await gone;
  await server.close();
  await captures.dispose();
}
