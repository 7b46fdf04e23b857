/**
 * Every policy of the desktop app, over the few members of Electron's objects that each needs, so that tests hold them
 * without Electron. The rule behind all: the window shows our own page from app://rst, and nothing else, ever.
 */

export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://rst';
export const APP_URL = 'app://rst/';

/** Of our own page; everything that is not a URL is not. */
export function isAppUrl(url: string): boolean {
  try {
    const { protocol, host, username, password, port } = new URL(url);
    // `origin` of a scheme that the URL parser does not know is "null", so it cannot be compared.
    return protocol === 'app:' && host === 'rst' && username === '' && password === '' && port === '';
  } catch {
    return false;
  }
}

export interface SenderFrame {
  readonly origin: string;
  readonly parent: unknown;
}

/** Messages count only from the top frame of our own page. A frame that is gone, or was navigated, is null. */
export function isTrustedSender(event: { readonly senderFrame: SenderFrame | null }): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.origin === APP_ORIGIN;
}

/** Of BrowserWindow; asserted by a test, so that nobody loosens it in passing. */
export function webPreferences(preload: string): {
  readonly preload: string;
  readonly sandbox: true;
  readonly contextIsolation: true;
  readonly nodeIntegration: false;
  readonly nodeIntegrationInWorker: false;
  readonly nodeIntegrationInSubFrames: false;
  readonly webviewTag: false;
  readonly navigateOnDragDrop: false;
  readonly spellcheck: false;
} {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  };
}

interface Preventable {
  preventDefault(): void;
}

/** Of Electron's WebContents. */
export interface GuardedContents {
  on(event: 'will-navigate' | 'will-redirect', listener: (event: Preventable, url: string) => void): unknown;
  on(
    event: 'will-frame-navigate',
    listener: (event: Preventable & { readonly url: string }) => void,
  ): unknown;
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown;
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
}

/** For every WebContents that ever comes into being. */
export function guardContents(contents: GuardedContents): void {
  contents.on('will-navigate', (event, url) => {
    if (!isAppUrl(url)) event.preventDefault();
  });
  contents.on('will-redirect', (event, url) => {
    if (!isAppUrl(url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Of Electron's Session. */
export interface GuardedSession {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  readonly webRequest: {
    onBeforeRequest(
      listener: (
        details: { readonly url: string },
        callback: (response: { cancel: boolean }) => void,
      ) => void,
    ): void;
  };
}

/** What the page may do with a click of the user; copying a verdict is all it needs. */
const GRANTED_PERMISSIONS: readonly string[] = ['clipboard-sanitized-write'];

export function guardSession(session: GuardedSession): void {
  session.setPermissionRequestHandler((_contents, permission, callback) => {
    callback(GRANTED_PERMISSIONS.includes(permission));
  });
  session.setPermissionCheckHandler((_contents, permission) => GRANTED_PERMISSIONS.includes(permission));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, callback) => {
    callback({ cancel: !isAllowedRequest(url) });
  });
}

/** Nothing leaves: only our own files, and the developer tools' own. */
function isAllowedRequest(url: string): boolean {
  return isAppUrl(url) || url.startsWith('devtools://') || url.startsWith('data:image/');
}
