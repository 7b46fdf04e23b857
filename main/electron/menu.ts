/** The menu bar. What the page itself can do has its keys there; the menu holds what only the window can. */
import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  open(): void;
  /** Only where this package knows where to look for newer releases. */
  readonly updates?: UpdateActions | undefined;
}

/** Names the item that shows whether they are asked for by themselves. */
export const UPDATES_AT_START = 'updates-at-start';

export interface UpdateActions {
  atStart: boolean;
  checkNow(): Promise<void>;
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
    ...(actions.updates === undefined ? [] : [helpMenu(actions.updates)]),
  ];
}

function helpMenu(updates: UpdateActions): MenuItemConstructorOptions {
  return {
    role: 'help',
    submenu: [
      { label: 'Check for &Updates…', click: () => void updates.checkNow() },
      {
        id: UPDATES_AT_START,
        label: 'Check at Every &Start',
        type: 'checkbox',
        checked: updates.atStart,
        click: ({ checked }) => {
          updates.atStart = checked;
        },
      },
    ],
  };
}
