/** Printing over a double of Electron: what the hidden window may do, and that it never stays. */
import { beforeEach, describe, expect, it, vi } from 'vitest';

interface Handled {
  readonly partition: string;
  handler?: (() => Response) | undefined;
  request?: ((details: { url: string }, answer: (what: object) => void) => void) | undefined;
  permission?:
    ((contents: unknown, permission: string, answer: (isGranted: boolean) => void) => void) | undefined;
}

const made = vi.hoisted(() => ({
  sessions: [] as Handled[],
  windows: [] as FakeWindow[],
  load: (() => Promise.resolve()) as (url: string) => Promise<void>,
}));

interface FakeWindow {
  readonly options: { show: boolean; webPreferences: Record<string, unknown> };
  isGone: boolean;
  printed: Record<string, unknown> | undefined;
  openHandler: (() => object) | undefined;
}

vi.mock('electron', () => ({
  session: {
    fromPartition: (partition: string) => {
      const own: Handled = { partition };
      made.sessions.push(own);
      return {
        protocol: {
          handle: (_scheme: string, handler: () => Response) => (own.handler = handler),
          unhandle: () => (own.handler = undefined),
        },
        webRequest: { onBeforeRequest: (listener: Handled['request']) => (own.request = listener) },
        setPermissionRequestHandler: (listener: Handled['permission']) => (own.permission = listener),
      };
    },
  },
  BrowserWindow: class {
    readonly #fake: FakeWindow;
    readonly loadURL = (url: string): Promise<void> => made.load(url);
    readonly isDestroyed = (): boolean => this.#fake.isGone;
    readonly webContents = {
      setWindowOpenHandler: (handler: () => object) => (this.#fake.openHandler = handler),
      printToPDF: (options: Record<string, unknown>) => {
        this.#fake.printed = options;
        return Promise.resolve(new TextEncoder().encode('%PDF-1.7'));
      },
    };

    constructor(options: FakeWindow['options']) {
      this.#fake = { options, isGone: false, printed: undefined, openHandler: undefined };
      made.windows.push(this.#fake);
    }

    destroy(): void {
      this.#fake.isGone = true;
    }
  },
}));

const { printPdf } = await import('./print-pdf.ts');
const never = new AbortController().signal;

beforeEach(() => {
  made.sessions.length = 0;
  made.windows.length = 0;
  made.load = () => Promise.resolve();
});

describe('printing a report', () => {
  it('serves the page from memory, prints it on A4 and lets window and session go', async () => {
    let served: Response | undefined;
    made.load = (url) => {
      expect(url).toBe('resetscope-report://page/');
      served = made.sessions[0].handler?.();
      return Promise.resolve();
    };
    const bytes = await printPdf('<p>report</p>', never);
    expect(new TextDecoder().decode(bytes)).toBe('%PDF-1.7');
    expect(await served?.text()).toBe('<p>report</p>');
    expect(served?.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'",
    );
    expect(made.windows[0].printed).toMatchObject({ pageSize: 'A4', printBackground: true });
    expect([made.windows[0].isGone, made.sessions[0].handler]).toEqual([true, undefined]);
  });

  it('shows no window, and runs no script in it', async () => {
    await printPdf('', never);
    const { show, webPreferences } = made.windows[0].options;
    expect(show).toBe(false);
    expect(webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      javascript: false,
    });
    expect(made.windows[0].openHandler?.()).toEqual({ action: 'deny' });
  });

  it('loads nothing else and grants nothing', async () => {
    await printPdf('', never);
    const asked: unknown[] = [];
    const answer = (what: unknown): void => void asked.push(what);
    const [{ request, permission }] = made.sessions;
    for (const url of ['https://evil.example/', 'file:///etc/passwd', 'resetscope-report://page/'])
      request?.({ url }, answer);
    permission?.(null, 'geolocation', answer);
    expect(asked).toEqual([{ cancel: true }, { cancel: true }, { cancel: false }, false]);
  });

  it('keeps a session of its own in memory for each print', async () => {
    await printPdf('', never);
    await printPdf('', never);
    const partitions = made.sessions.map(({ partition }) => partition);
    expect(new Set(partitions).size).toBe(2);
    expect(partitions.filter((name) => name.startsWith('persist:'))).toEqual([]);
  });

  it('lets the window go where loading fails', async () => {
    made.load = () => Promise.reject(new Error('ERR_FAILED'));
    await expect(printPdf('', never)).rejects.toThrow('ERR_FAILED');
    expect([made.windows[0].isGone, made.sessions[0].handler]).toEqual([true, undefined]);
  });

  it('lets it go at once where nobody waits any more', async () => {
    const abort = new AbortController();
    let fail = (_error: Error): void => undefined;
    made.load = () => new Promise((_resolve, reject) => (fail = reject));
    const printing = printPdf('', abort.signal);
    abort.abort();
    expect(made.windows[0].isGone).toBe(true);
    // As Electron does when the window is gone.
    fail(new Error('ERR_ABORTED'));
    await expect(printing).rejects.toThrow();
  });

  it('does not begin for somebody who has left', async () => {
    await expect(printPdf('', AbortSignal.abort())).rejects.toThrow(/abort/iu);
    expect(made.windows.every(({ isGone, printed }) => isGone && printed === undefined)).toBe(true);
  });
});
