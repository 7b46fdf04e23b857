/**
 * Prints a page to PDF by the system's Chromium, spoken to through pipes (--remote-debugging-pipe): no port is opened, and a process that
 * confines itself after it was started can still use it. Scripts are off and nothing is loaded: what is printed holds texts of strangers.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { errorText } from '../../../shared/format/error.ts';
import { scrubbedEnv } from '../scrubbed-env.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
/** Printing takes a second or two; what takes longer hangs. */
const LONGEST_MS = 60_000;
/** An answer holds a PDF: far more than one has. */
const LONGEST_ANSWER = 256 * 1024 * 1024;
const A4 = { paperWidth: 8.27, paperHeight: 11.69 } as const;
const FOOTER =
  '<div style="font:8px sans-serif;color:#666;width:100%;text-align:right;padding-right:14mm"><span class="pageNumber"></span> / <span class="totalPages"></span></div>';

/** No PDF can be made here, or none was; the message says what to do instead. */
export class PdfError extends Error {}

/** The path of Chromium; undefined where none is installed. */
export function findChromium(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (process.platform === 'win32') return undefined;
  const named = env['RESETSCOPE_CHROMIUM'];
  if (named !== undefined) return isProgram(named) ? named : undefined;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isProgram);
}

export const NO_CHROMIUM =
  'a PDF needs Chromium (Debian: apt install chromium), which is not here: write .html instead and print it in any browser';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

export class Chromium {
  readonly #input: Duplex;
  readonly #waiting = new Map<
    number,
    { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }
  >();
  #pieces: Buffer[] = [];
  #length = 0;
  #next = 1;
  #ended: PdfError | undefined;

  /** @throws PdfError where it does not start */
  static async start(path: string): Promise<Chromium> {
    const chromium = new Chromium(path);
    try {
      await chromium.#call('Browser.getVersion', {});
    } catch (error) {
      chromium.close();
      throw error;
    }
    return chromium;
  }

  private constructor(path: string) {
    const folder = mkdtempSync(join(tmpdir(), 'resetscope-pdf-'));
    const isRoot = process.geteuid?.() === 0;
    const options = [
      '--headless',
      '--remote-debugging-pipe',
      `--user-data-dir=${folder}`,
      '--disable-gpu',
      '--disable-extensions',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--host-resolver-rules=MAP * ~NOTFOUND',
      // Chromium's sandbox refuses to run as root; the page has neither scripts nor anything to load.
      ...(isRoot ? ['--no-sandbox'] : []),
    ];
    // The shell clears away what Chromium leaves: who started it may be confined by then, and could not.
    const child = spawn(
      '/bin/sh',
      ['-c', '"$@"; rm -rf -- "$RESETSCOPE_PDF_FOLDER"', 'sh', path, ...options],
      {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
        env: { ...scrubbedEnv(process.env), RESETSCOPE_PDF_FOLDER: folder },
      },
    );
    this.#input = child.stdio[3] as Duplex;
    const output = child.stdio[4] as Duplex;
    this.#input.on('error', (error) => {
      this.#end(new PdfError(`Chromium cannot be reached: ${errorText(error)}`));
    });
    output.on('error', (error) => {
      this.#end(new PdfError(`Chromium cannot be heard: ${errorText(error)}`));
    });
    output.on('data', (bytes: Buffer) => {
      this.#take(bytes);
    });
    child.on('error', (error) => {
      this.#end(new PdfError(`Chromium does not start: ${errorText(error)}`));
    });
    child.on('exit', () => {
      this.#end(
        new PdfError(
          'Chromium ended before the PDF was made: write .html instead and print it in any browser',
        ),
      );
    });
    child.unref();
  }

  /** @throws PdfError */
  async print(html: string): Promise<Uint8Array> {
    const { targetId } = await this.#call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.#call('Target.attachToTarget', { targetId, flatten: true });
    const inPage = (method: string, params: object): Promise<Record<string, unknown>> =>
      this.#call(method, params, sessionId as string);
    await inPage('Emulation.setScriptExecutionDisabled', { value: true });
    // What the page holds is all that there is of it.
    await inPage('Network.emulateNetworkConditions', {
      offline: true,
      latency: 0,
      downloadThroughput: 0,
      uploadThroughput: 0,
    });
    const { frameTree } = await inPage('Page.getFrameTree', {});
    const frameId = (frameTree as { frame: { id: string } }).frame.id;
    await inPage('Page.setDocumentContent', { frameId, html });
    const { data } = await inPage('Page.printToPDF', {
      ...A4,
      printBackground: true,
      preferCSSPageSize: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: FOOTER,
      generateTaggedPDF: true,
      generateDocumentOutline: true,
    });
    await this.#call('Target.closeTarget', { targetId });
    return Buffer.from(data as string, 'base64');
  }

  /** It ends by itself once nobody is at the other end of the pipe. */
  close(): void {
    this.#end(new PdfError('Chromium was closed'));
    this.#input.destroy();
  }

  #call(method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      const late = setTimeout(() => {
        this.#end(new PdfError('Chromium does not answer: write .html instead and print it in any browser'));
      }, LONGEST_MS);
      const settled =
        <T>(then: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(late);
          this.#waiting.delete(id);
          then(value);
        };
      this.#waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
      this.#input.write(
        `${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`,
      );
    });
  }

  #take(bytes: Buffer): void {
    let from = 0;
    for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, from)) {
      this.#pieces.push(bytes.subarray(from, end));
      this.#answer(Buffer.concat(this.#pieces).toString('utf8'));
      this.#pieces = [];
      this.#length = 0;
      from = end + 1;
    }
    this.#pieces.push(bytes.subarray(from));
    this.#length += bytes.length - from;
    if (this.#length > LONGEST_ANSWER) this.#end(new PdfError('Chromium answers without end'));
  }

  #answer(text: string): void {
    const { id, result, error } = JSON.parse(text) as Answer;
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (error !== undefined) waiting?.reject(new PdfError(`Chromium cannot print it: ${error.message}`));
    else waiting?.resolve(result ?? {});
  }

  #end(error: PdfError): void {
    this.#ended ??= error;
    for (const waiting of [...this.#waiting.values()]) waiting.reject(error);
  }
}
