/** Prints a report to PDF in a window that nobody sees: without scripts, and with nothing to load but the page that it was given. */
import { BrowserWindow, session } from 'electron';

const SCHEME = 'resetscope-report';
/** Each print has a session of its own, which ends with it. */
let prints = 0;

export async function printPdf(html: string, signal: AbortSignal): Promise<Uint8Array> {
  // Without "persist:" it is kept in memory alone.
  const own = session.fromPartition(`report-${++prints}`, { cache: false });
  own.protocol.handle(
    SCHEME,
    () =>
      new Response(html, {
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
        },
      }),
  );
  own.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !url.startsWith(`${SCHEME}:`) });
  });
  own.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      session: own,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      javascript: false,
    },
  });
  const onAbort = (): void => {
    window.destroy();
  };
  signal.addEventListener('abort', onAbort);
  try {
    signal.throwIfAborted();
    window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
    await window.loadURL(`${SCHEME}://page/`);
    return await window.webContents.printToPDF({
      printBackground: true,
      preferCSSPageSize: true,
      pageSize: 'A4',
      generateTaggedPDF: true,
      generateDocumentOutline: true,
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (!window.isDestroyed()) window.destroy();
    own.protocol.unhandle(SCHEME);
  }
}
