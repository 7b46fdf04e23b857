/** Choosing files. */
import type { BrowserWindow } from 'electron';
import { dialog } from 'electron';

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
