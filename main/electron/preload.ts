/**
 * The only code with a foot in both worlds: built into one CommonJS file, since a sandboxed preload script can load
 * nothing else. It gives the page two functions, and no part of Electron.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { CONNECT, PORT, TAKE_FILE } from './channels.ts';

const awaited = new Set<string>();

ipcRenderer.on(PORT, (event, nonce: string) => {
  if (!awaited.delete(nonce)) return;
  // To this window only; the page knows its port by the nonce, see shared/rpc/acquire-port.ts.
  window.postMessage(nonce, '*', event.ports);
});

contextBridge.exposeInMainWorld(
  'resetscope',
  Object.freeze({
    /** The ports come as a message of the window, with the nonce for data. */
    requestPorts(nonce: unknown): void {
      const text = String(nonce);
      awaited.add(text);
      ipcRenderer.send(CONNECT, text);
    },
    /** The path of a dropped or chosen file, which may be opened from now on; empty for what is no file on disk. */
    async pathForFile(file: File): Promise<string> {
      const path = webUtils.getPathForFile(file);
      const isTaken = path !== '' && (await ipcRenderer.invoke(TAKE_FILE, path)) === true;
      return isTaken ? path : '';
    },
  }),
);
