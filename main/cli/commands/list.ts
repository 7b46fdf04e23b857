/** All commands, in the order of the help. */
import { analyzeCommand } from './analyze.ts';
import { compareCommand } from './compare.ts';
import { completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { interfacesCommand } from './interfaces.ts';
import { lessonCommand } from './lesson.ts';
import { liveCommand } from './live.ts';
import { manualCommand } from './manual.ts';
import { openCommand } from './open.ts';
import { packetsCommand } from './packets.ts';
import type { CommandMaker } from './command-maker.ts';

export const COMMANDS: Readonly<Record<string, CommandMaker>> = {
  analyze: analyzeCommand,
  compare: compareCommand,
  packets: packetsCommand,
  open: openCommand,
  explain: explainCommand,
  live: liveCommand,
  interfaces: interfacesCommand,
  doctor: doctorCommand,
  lesson: lessonCommand,
  completion: completionCommand,
  manual: manualCommand,
};
