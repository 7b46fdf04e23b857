/** Prints by the system's Chromium, started for each page: printing is rare, and an idle browser takes a hundred MB. */
import { RpcError } from '../../../shared/contract/errors.ts';
import { Chromium, findChromium, PdfError } from './chromium.ts';

/** undefined where there is no Chromium. */
export function chromiumPrinter(
  env: Readonly<Record<string, string | undefined>>,
): ((html: string, signal: AbortSignal) => Promise<Uint8Array>) | undefined {
  const path = findChromium(env);
  if (path === undefined) return undefined;
  return async (html, signal) => {
    let chromium: Chromium | undefined;
    const onAbort = (): void => chromium?.close();
    signal.addEventListener('abort', onAbort);
    try {
      chromium = await Chromium.start(path);
      signal.throwIfAborted();
      return await chromium.print(html);
    } catch (error) {
      if (signal.aborted) throw new RpcError('cancelled', 'cancelled');
      throw error instanceof PdfError ? new RpcError('failed', error.message) : error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      chromium?.close();
    }
  };
}
