/** All tools, in the order in which one investigates. */
import type { Tool } from '../tool.ts';
import { explainTool } from './explain.ts';
import { capturesTool, closeTool, openTool } from './files.ts';
import { compareTool, failuresTool, flowsTool, streamTool } from './flows.ts';
import { findingsTool, summaryTool } from './overview.ts';
import { ladderTool, packetsTool, packetTool } from './packets.ts';
import { resetsTool, verdictTool, whoHungUpTool } from './resets.ts';

export const TOOLS: readonly Tool[] = [
  capturesTool,
  openTool,
  whoHungUpTool,
  summaryTool,
  findingsTool,
  resetsTool,
  verdictTool,
  explainTool,
  failuresTool,
  flowsTool,
  ladderTool,
  packetsTool,
  packetTool,
  streamTool,
  compareTool,
  closeTool,
];
