/**
 * Opens an address in the user's browser, as far as the desktop lets us; an address is printed anyway.
 *
 * The browser is handed a file rather than the address: everybody on the machine can read the arguments of a program, and
 * nobody but this user the file. It goes when the address was used, after some time, and with this process.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePrivateFolder } from '../host/private-folder.ts';
import type { Address } from './server.ts';

const PREFIX = 'resetscope-open-';
/** What opens a file as the desktop does. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  // The shell's own way, without a command interpreter that would read the path.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
/** A browser that was not running may take its time. */
const KEPT_MS = 120_000;

/** Who runs this, as far as it matters to a browser. */
export interface Runner {
  readonly uid: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Why no browser is opened here, for people; undefined where one can be. */
export function whyNoBrowser({ uid, env }: Runner): string | undefined {
  if (uid !== 0) return undefined;
  const sudoer = env['SUDO_USER'];
  const whose = sudoer === undefined || sudoer === '' ? 'your own browser' : `${sudoer}'s browser`;
  return `No browser is opened as root: open the address above in ${whose}.`;
}

export interface Handover {
  /** Removes the file: the address was used, or nobody shall use it any more. */
  end(): Promise<void>;
}

export interface HandoverOptions {
  /** The file is gone, and what the browser did not read yet it will not. */
  readonly ended: () => void;
  /** Where the file is. */
  readonly parent?: string;
  /** The program that opens a file in the browser, and its arguments before the file. */
  readonly opener?: readonly [string, ...string[]];
}

/** Hands a browser the address. */
export async function handToBrowser(address: Address, options: HandoverOptions): Promise<Handover> {
  const { ended, parent = tmpdir(), opener = OPENERS[process.platform] ?? ['xdg-open'] } = options;
  const [program, ...args] = opener;
  const folder = await makePrivateFolder(PREFIX, parent);
  const removeAtExit = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', removeAtExit);
  const end = async (): Promise<void> => {
    clearTimeout(timer);
    process.off('exit', removeAtExit);
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    ended();
  };
  const timer = setTimeout(() => void end(), KEPT_MS);
  timer.unref();
  const file = join(folder, `${randomBytes(16).toString('hex')}.html`);
  await writeFile(file, redirection(address.url), { flag: 'wx', mode: 0o600 });
  const child = spawn(program, [...args, file], { detached: true, stdio: 'ignore' });
  // Nobody has to have a desktop.
  child.on('error', () => void end());
  child.unref();
  return { end };
}

/** The address is ours: it has nothing that would have to be escaped. */
function redirection(url: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="referrer" content="no-referrer" />
    <meta http-equiv="refresh" content="0; url=${url}" />
    <title>Resetscope</title>
  </head>
  <body>
    <p><a href="${url}">Open Resetscope</a></p>
  </body>
</html>
`;
}
