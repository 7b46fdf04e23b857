/** The one window. */
import { BrowserWindow, screen } from 'electron';
import type { SettingsStore } from '../host/settings.ts';
import { APP_URL, webPreferences } from './security.ts';
import { initialBounds, MINIMUM_SIZE } from './window-state.ts';

export function createWindow(
  preload: string,
  settings: SettingsStore,
  onProblem: (error: unknown) => void,
): BrowserWindow {
  const state = settings.get('window');
  const displays = screen.getAllDisplays().map(({ workArea }) => workArea);
  const window = new BrowserWindow({
    ...initialBounds(state, displays),
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    title: 'Resetscope',
    // Shown when there is something to see.
    show: false,
    webPreferences: webPreferences(preload),
  });
  if (state?.maximized === true) window.maximize();
  window.once('ready-to-show', () => {
    window.show();
  });
  window.on('close', () => {
    try {
      settings.set('window', { ...window.getNormalBounds(), maximized: window.isMaximized() });
    } catch (error) {
      onProblem(error);
    }
  });
  window.loadURL(APP_URL).catch(onProblem);
  return window;
}
