/** All commands, in the order of the help. */
import { analyzeCommand } from './analyze.ts';
import type { CommandMaker } from './command-maker.ts';
import { compareCommand } from './compare.ts';
import { completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { fleetCommand } from './fleet.ts';
import { interfacesCommand } from './interfaces.ts';
import { lessonCommand } from './lesson.ts';
import { liveCommand } from './live.ts';
import { manualCommand } from './manual.ts';
import { mcpCommand } from './mcp.ts';
import { noteCommand } from './note.ts';
import { notesCommand } from './notes.ts';
import { openCommand } from './open.ts';
import { packetsCommand } from './packets.ts';
import { reportCommand } from './report.ts';
import { reproduceCommand } from './reproduce.ts';
import { schemaCommand } from './schema.ts';

export const COMMANDS: Readonly<Record<string, CommandMaker>> = {
  analyze: analyzeCommand,
  compare: compareCommand,
  report: reportCommand,
  packets: packetsCommand,
  open: openCommand,
  explain: explainCommand,
  export: exportCommand,
  reproduce: reproduceCommand,
  notes: notesCommand,
  note: noteCommand,
  lesson: lessonCommand,
  fleet: fleetCommand,
  live: liveCommand,
  interfaces: interfacesCommand,
  doctor: doctorCommand,
  mcp: mcpCommand,
  schema: schemaCommand,
  completion: completionCommand,
  manual: manualCommand,
};
