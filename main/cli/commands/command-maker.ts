import type { Command } from 'commander';
import type { CliIo } from '../io.ts';

/** What a command is made with: what it belongs to, what it prints to, and who is told its exit code. */
export interface CommandPlace {
  readonly program: Command;
  readonly io: CliIo;
  /** Examples of the whole program, which its manual page repeats. */
  readonly examples: string;
  readonly done: (exitCode: number) => void;
}

/** Adds one command to the program. What the command does is loaded when it runs. */
export type CommandMaker = (place: CommandPlace) => Command;
