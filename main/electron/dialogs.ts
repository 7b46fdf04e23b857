/** Dialogs of the system: choosing files, and questions that no page can answer in the user's place. */
import type { BrowserWindow } from 'electron';
import { dialog } from 'electron';
import type { Question } from './access.ts';

const CAPTURE_EXTENSIONS = ['pcap', 'pcapng', 'cap', 'dmp', 'gz', 'zst', 'lz4'];

/** Absolute paths; empty when dismissed. */
export async function pickFiles(window: BrowserWindow | undefined): Promise<readonly string[]> {
  const options: Electron.OpenDialogOptions = {
    title: 'Open packet captures',
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: 'Packet captures', extensions: CAPTURE_EXTENSIONS },
      // Rotated captures end in numbers, and many have no extension.
      { name: 'All files', extensions: ['*'] },
    ],
  };
  const { filePaths } = await (window === undefined
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options));
  return filePaths;
}

/** The folder of a fleet; null when dismissed. */
export async function pickFolder(window: BrowserWindow | undefined): Promise<string | null> {
  const options: Electron.OpenDialogOptions = {
    title: 'Look at the folder of a fleet',
    properties: ['openDirectory'],
  };
  const { filePaths } = await (window === undefined
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options));
  return filePaths.at(0) ?? null;
}

/** Where a capture is to be saved; null when dismissed. */
export async function pickSavePath(
  window: BrowserWindow | undefined,
  suggestedName: string,
): Promise<string | null> {
  const options: Electron.SaveDialogOptions = {
    title: 'Save the capture',
    defaultPath: suggestedName,
    filters: [{ name: 'Packet captures', extensions: ['pcapng'] }],
  };
  const { canceled, filePath } = await (window === undefined
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(window, options));
  return canceled || filePath === '' ? null : filePath;
}

/** Whether the user said yes; closing the dialog is a no, and so is Enter by accident. */
export async function confirm(
  window: BrowserWindow | undefined,
  { message, detail, accept }: Question,
): Promise<boolean> {
  const options: Electron.MessageBoxOptions = {
    type: 'question',
    message,
    detail,
    buttons: ['Cancel', accept],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  };
  const { response } = await (window === undefined
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options));
  return response === 1;
}
