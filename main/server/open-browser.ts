/** Opens an address in the user's browser, as far as the desktop lets us; the address is printed anyway. */
import { spawn } from 'node:child_process';

export function openBrowser(url: string): void {
  const child = spawn('xdg-open', [url], { detached: true, stdio: 'ignore' });
  // Nobody has to have a desktop.
  child.on('error', () => undefined);
  child.unref();
}
