/** All commands, in the order of the help. */
import { analyzeCommand } from './analyze.ts';
import { compareCommand } from './compare.ts';
import { completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { exportCommand } from './export.ts';
import { explainCommand } from './explain.ts';
import { interfacesCommand } from './interfaces.ts';
import { liveCommand } from './live.ts';
import { manualCommand } from './manual.ts';
import { noteCommand } from './note.ts';
import { notesCommand } from './notes.ts';
import { openCommand } from './open.ts';
import { packetsCommand } from './packets.ts';
import { mcpCommand } from './mcp.ts';
import { schemaCommand } from './schema.ts';
import { reproduceCommand } from './reproduce.ts';
import { reportCommand } from './report.ts';
import type { CommandMaker } from './command-maker.ts';

export const COMMANDS: Readonly<Record<string, CommandMaker>> = {
  analyze: analyzeCommand,
  compare: compareCommand,
  packets: packetsCommand,
  export: exportCommand,
  open: openCommand,
  explain: explainCommand,
  live: liveCommand,
  interfaces: interfacesCommand,
  doctor: doctorCommand,
  completion: completionCommand,
  manual: manualCommand,
  mcp: mcpCommand,
  schema: schemaCommand,
  reproduce: reproduceCommand,
  notes: notesCommand,
  note: noteCommand,
  report: reportCommand,
};
