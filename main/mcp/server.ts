/**
 * The tools, prompt and resources as a server of the Model Context Protocol.
 *
 * Invariants
 * - What is asked is read by a tool's schema before it does anything, and what is answered is held against its schema before it is sent: an
 *   engine that foreign bytes have taken over cannot make the server say what it has no words for.
 * - Whatever goes wrong in a tool is an answer that says so; the server goes on.
 */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult, ListToolsResult } from '@modelcontextprotocol/sdk/types.js';
import * as v from 'valibot';
import { errorText } from '../../shared/format/error.ts';
import { jsonText, sanitiseText } from '../../shared/format/text.ts';
import type { Logger } from '../host/log.ts';
import { VERSION } from '../host/version.ts';
import type { AllowedFolders } from './allowed-folders.ts';
import type { CaptureBook } from './capture-book.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { MCP_LIMITS } from './limits.ts';
import { INVESTIGATE, investigation } from './prompt.ts';
import { RESOURCE_TEMPLATES, Resources } from './resources.ts';
import type { PublishedSchema } from './resources.ts';
import type { Tool, ToolPlace } from './tool.ts';
import { TOOLS } from './tools/list.ts';
import { UNTRUSTED_NOTE } from './untrusted.ts';

const INSTRUCTIONS = `Resetscope reads packet captures and tells for every TCP reset who really hung up (client, server, or a device on the path that forged it), why, and whether it mattered. Read-only; only files below the allowed folders. Start with “captures” and “open”, then “who_hung_up”, “summary” or “findings”, then “verdict”. Answers are bounded: \`leftOut\`, \`next\` and \`unfinished\` say what is missing and how to get it. ${UNTRUSTED_NOTE}`;

export interface McpServerOptions {
  readonly folders: AllowedFolders;
  readonly captures: CaptureBook;
  readonly schemas: () => readonly PublishedSchema[];
  readonly log: Logger;
}

export function createMcpServer({ folders, captures, schemas, log }: McpServerOptions): Server {
  const server = new Server(
    { name: 'resetscope', title: 'Resetscope', version: VERSION },
    { capabilities: { tools: {}, prompts: {}, resources: {} }, instructions: INSTRUCTIONS },
  );
  server.onerror = (error) => {
    log.warn({ err: error }, 'a message was not understood');
  };
  const tools = new Map(TOOLS.map((tool) => [tool.name, tool]));
  let listed: ListToolsResult['tools'] | undefined;

  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: (listed ??= TOOLS.map(toolJson)) }));

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = tools.get(params.name);
    if (tool === undefined)
      throw new McpError(ErrorCode.InvalidParams, `there is no tool “${sanitiseText(params.name, 100)}”`);
    const token = params._meta?.progressToken;
    const place: ToolPlace = {
      folders,
      captures,
      signal: extra.signal,
      told: (progress, total, message) => {
        if (token === undefined) return;
        extra
          .sendNotification({
            method: 'notifications/progress',
            params: { progressToken: token, progress, total, message },
          })
          .catch((error: unknown) => {
            log.debug({ err: error }, 'progress was not told');
          });
      },
    };
    return callTool(tool, params.arguments ?? {}, place, log);
  });

  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: [INVESTIGATE] }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    if (params.name !== INVESTIGATE.name)
      throw new McpError(ErrorCode.InvalidParams, `there is no prompt “${sanitiseText(params.name, 100)}”`);
    const text = refusing(() => investigation(params.arguments));
    return {
      description: INVESTIGATE.description,
      messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }],
    };
  });

  const resources = new Resources(schemas);
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [...resources.list()] }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: RESOURCE_TEMPLATES,
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => ({
    contents: [{ uri, ...refusing(() => resources.read(uri)) }],
  }));
  return server;
}

function toolJson({
  name,
  title,
  description,
  input,
  output,
  quotesPackets,
}: Tool): ListToolsResult['tools'][number] {
  return {
    name,
    title,
    description: quotesPackets ? `${description} ${UNTRUSTED_NOTE}` : description,
    inputSchema: jsonSchemaOf(input) as ListToolsResult['tools'][number]['inputSchema'],
    outputSchema: jsonSchemaOf(output) as ListToolsResult['tools'][number]['outputSchema'],
    annotations: { title, readOnlyHint: true, destructiveHint: false, openWorldHint: false },
  };
}

async function callTool(tool: Tool, input: object, place: ToolPlace, log: Logger): Promise<CallToolResult> {
  try {
    const answer = v.safeParse(tool.output, await tool.run(input, place));
    if (!answer.success) {
      log.error({ tool: tool.name, issue: issueText(answer.issues) }, 'an answer does not fit its schema');
      return failure(
        'The process that reads the capture answered something that makes no sense; nothing of it is passed on.',
      );
    }
    return {
      content: [{ type: 'text', text: jsonText(answer.output) }],
      structuredContent: answer.output as Record<string, unknown>,
    };
  } catch (error) {
    return failure(v.isValiError(error) ? issueText(error.issues) : errorText(error));
  }
}

/** What was asked wrongly is told as the protocol tells it. */
function refusing<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    const text = v.isValiError(error) ? issueText(error.issues) : errorText(error);
    throw new McpError(ErrorCode.InvalidParams, sanitiseText(text, MCP_LIMITS.errorCharacters));
  }
}

function failure(text: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text: sanitiseText(text, MCP_LIMITS.errorCharacters) }] };
}

/** "count: Invalid value: Expected <=200 but received 1000" */
function issueText(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues.slice(0, 3).map(oneIssueText).join('; ');
}

function oneIssueText(issue: v.BaseIssue<unknown>): string {
  const at = v.getDotPath(issue) ?? 'arguments';
  if (issue.type !== 'strict_object') return `${at}: ${issue.message}`;
  if (issue.expected === 'never') return `there is no argument “${at}”`;
  return issue.received === 'undefined' ? `the argument “${at}” is missing` : `${at}: ${issue.message}`;
}
