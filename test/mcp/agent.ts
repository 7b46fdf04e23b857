/** An agent's client, the SDK's own, on the built command line; and captures for it. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

const root = new URL('../..', import.meta.url);
const PROGRAM = new URL('dist/cli/index.js', root).pathname;

export async function buildPrograms(): Promise<void> {
  const build = (await import(new URL('scripts/build.mjs', root).href)) as {
    ensureBuilt(options: { targets: string[] }): Promise<string[]>;
  };
  await build.ensureBuilt({ targets: ['programs'] });
}

export interface Agent {
  readonly client: Client;
  /** Process id of the server. */
  readonly pid: number;
  /** Calls a tool that succeeds; answers its structured content. */
  ask<T = Record<string, unknown>>(tool: string, args?: object): Promise<T>;
  /** Calls a tool that fails; answers its message. */
  refusal(tool: string, args?: object): Promise<string>;
  stderr(): string;
  close(): Promise<void>;
}

export async function startAgent(allowed: readonly string[]): Promise<Agent> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [PROGRAM, 'mcp', ...allowed.flatMap((folder) => ['--allow', folder])],
    stderr: 'pipe',
  });
  let told = '';
  transport.stderr?.on('data', (piece: Buffer) => (told += piece.toString()));
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport);
  // From here on the client holds answers against the schemas of the tools.
  await client.listTools();
  const call = (tool: string, args: object = {}): Promise<CallToolResult> =>
    client.callTool({ name: tool, arguments: { ...args } }) as Promise<CallToolResult>;
  return {
    client,
    pid: transport.pid ?? 0,
    async ask<T>(tool: string, args?: object) {
      const { isError, structuredContent, content } = await call(tool, args);
      if (isError === true) throw new Error(`${tool}: ${JSON.stringify(content)}`);
      return structuredContent as T;
    },
    async refusal(tool, args) {
      const { isError, content } = await call(tool, args);
      if (isError !== true) throw new Error(`${tool} was not refused: ${JSON.stringify(content)}`);
      return content.map((one) => (one.type === 'text' ? one.text : '')).join('');
    },
    stderr: () => told,
    close: () => client.close(),
  };
}

export class TestFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'resetscope-mcp-'));

  write(name: string, content: Uint8Array | string): string {
    const path = join(this.path, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
