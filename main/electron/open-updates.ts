/** Updates of the packaged app, where its package says where to look; a package manager's own packages do not. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog, Menu } from 'electron';
import type { Logger } from '../host/log.ts';
import type { SettingsStore } from '../host/settings.ts';
import { VERSION } from '../host/version.ts';
import { UPDATES_AT_START } from './menu.ts';
import { Updates } from './updates.ts';

/** @returns undefined where there is no place to look at */
export function openUpdates(settings: SettingsStore, log: Logger): Updates | undefined {
  // Written by electron-builder when a place was named while packaging.
  if (!app.isPackaged || !existsSync(join(process.resourcesPath, 'app-update.yml'))) return undefined;
  return new Updates({
    settings,
    version: VERSION,
    updater: async () => (await import('electron-updater')).default.autoUpdater,
    ask: async (message, detail, buttons) => {
      const cancelId = buttons.length - 1;
      const { response } = await dialog.showMessageBox({ message, detail, buttons: [...buttons], cancelId });
      return response;
    },
    failed: (error) => {
      log.warn({ err: error }, 'asking for newer releases failed, or remembering whether to');
    },
    switched: (atStart) => {
      const item = Menu.getApplicationMenu()?.getMenuItemById(UPDATES_AT_START);
      if (item) item.checked = atStart;
    },
  });
}
