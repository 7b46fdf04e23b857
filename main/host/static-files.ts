/**
 * The page's files by their path in a URL, read once. A request is looked up in this map and never joined into a
 * path, so no request can name a file that is not one of the page's.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

export interface StaticFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** The name changes with the content. */
  readonly immutable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

/** Keys are `/index.html`, `/assets/…`; `/` is the index. @throws Error where there is no page to serve */
export function readStaticFiles(directory: string): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  const visit = (folder: string, prefix: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path, `${prefix}${entry.name}/`);
      else if (entry.isFile()) {
        files.set(`${prefix}${entry.name}`, {
          bytes: new Uint8Array(readFileSync(path)),
          type: TYPES[extname(entry.name)] ?? 'application/octet-stream',
          immutable: prefix.startsWith('/assets/'),
        });
      }
    }
  };
  visit(directory, '/');
  const index = files.get('/index.html');
  if (index === undefined) throw new Error(`there is no index.html in ${directory}: build the page first`);
  files.set('/', index);
  return files;
}
