/** The menu bar. What the page itself can do has its keys there; the menu holds what only the window can. */
import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  open(): void;
}

export function menuTemplate(
  platform: NodeJS.Platform,
  isPackaged: boolean,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  const appMenu: MenuItemConstructorOptions[] = isMac ? [{ role: 'appMenu' }] : [];
  const recent: MenuItemConstructorOptions[] = isMac
    ? [{ role: 'recentDocuments', submenu: [{ role: 'clearRecentDocuments' }] }]
    : [];
  const developer: MenuItemConstructorOptions[] = isPackaged
    ? []
    : [{ role: 'reload' }, { role: 'toggleDevTools' }];
  const open: MenuItemConstructorOptions = {
    label: '&Open…',
    accelerator: 'CmdOrCtrl+O',
    click: () => {
      actions.open();
    },
  };
  return [
    ...appMenu,
    {
      label: '&File',
      submenu: [open, ...recent, { type: 'separator' }, { role: isMac ? 'close' : 'quit' }],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...developer,
      ],
    },
    { role: 'windowMenu' },
  ];
}
