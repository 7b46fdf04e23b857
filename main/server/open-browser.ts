/** Opens an address in the user's browser, as far as the desktop lets us; the address is printed anyway. */
import { spawn } from 'node:child_process';

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  // The shell's own way, without a command interpreter that would read the address.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

export function openBrowser(url: string): void {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { detached: true, stdio: 'ignore' });
  // Nobody has to have a desktop.
  child.on('error', () => undefined);
  child.unref();
}
