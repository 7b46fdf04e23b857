/** Opens a frame in Wireshark, where somebody asks for that: the program is started by the host, and by nobody else. */
import { spawn } from 'node:child_process';
import { shellWord } from '../capture/live/sources/source.ts';
import { findInstalled } from '../capture/live/doctor/find-programs.ts';

export interface WiresharkAnswer {
  /** For a shell, to run it oneself. */
  readonly command: string;
  /** Why it was not started; null where it was. */
  readonly why: string | null;
}

export type StartProgram = (program: string, args: readonly string[]) => Promise<void>;

export interface WiresharkOptions {
  readonly find: () => Promise<string | null>;
  readonly start: StartProgram;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

const HERE: WiresharkOptions = {
  find: () =>
    findInstalled({ path: process.env['PATH'], helpers: [], capChild: null, node: '' }, 'wireshark'),
  start: startDetached,
  platform: process.platform,
  env: process.env,
};

/** @param path an absolute one: it cannot be taken for an option */
export async function openInWireshark(
  path: string,
  frame: number,
  { find, start, platform, env }: WiresharkOptions = HERE,
): Promise<WiresharkAnswer> {
  const args = ['-r', path, '-g', String(frame)];
  const command = ['wireshark', ...args].map(shellWord).join(' ');
  const program = await find();
  if (program === null) return { command, why: 'Wireshark is not installed here' };
  const needsDisplay = platform !== 'win32' && platform !== 'darwin';
  if (needsDisplay && !env['DISPLAY'] && !env['WAYLAND_DISPLAY'])
    return { command, why: 'there is no display here to show Wireshark on' };
  try {
    await start(program, args);
    return { command, why: null };
  } catch (error) {
    return {
      command,
      why: `Wireshark could not be started (${error instanceof Error ? error.message : 'no reason'})`,
    };
  }
}

/** It outlives this program, as one that the user starts does. */
function startDetached(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { detached: true, stdio: 'ignore' });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
