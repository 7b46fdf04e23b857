/** The command line of the loopback host. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_UPLOAD_LIMIT } from './uploads.ts';

export interface ServerArguments {
  readonly paths: readonly string[];
  readonly port: number;
  readonly follow: boolean;
  readonly allowPaths: boolean;
  /** Fleets that the page may look at; it begins with the first. */
  readonly fleets: readonly string[];
  /** Machines on which the page may capture over ssh, as ssh takes them. */
  readonly sshHosts: readonly string[];
  readonly uploadLimitBytes: number;
  /** Open the address in a browser. */
  readonly open: boolean;
  readonly help: boolean;
}

export const USAGE = `Usage: resetscope-server [options] [FILE…]

Opens the files, and serves the app to a browser on this machine only.

  --port N            port on 127.0.0.1 (any free one)
  --follow            wait for more at the end of the last file
  --allow-paths       let the page open any file of this machine by its path
  --allow-ssh HOST    let the page capture on this machine over ssh (may be repeated)
  --fleet PLACE       look at this fleet: a folder, or clickhouse://host/database (may be repeated)
  --upload-limit N    bytes of all uploads together (${DEFAULT_UPLOAD_LIMIT})
  --open              open the address in a browser
  --help              this text
`;

/** @throws Error for people when the arguments are wrong. */
export function parseArguments(argv: readonly string[]): ServerArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '0' },
      follow: { type: 'boolean', default: false },
      'allow-paths': { type: 'boolean', default: false },
      'allow-ssh': { type: 'string', multiple: true, default: [] },
      fleet: { type: 'string', multiple: true, default: [] },
      'upload-limit': { type: 'string', default: String(DEFAULT_UPLOAD_LIMIT) },
      open: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    paths: positionals.map((path) => resolve(path)),
    port: wholeNumber('--port', values.port, 65_535),
    follow: values.follow,
    allowPaths: values['allow-paths'],
    sshHosts: values['allow-ssh'],
    fleets: values.fleet,
    uploadLimitBytes: wholeNumber('--upload-limit', values['upload-limit'], Number.MAX_SAFE_INTEGER),
    open: values.open,
    help: values.help,
  };
}

function wholeNumber(option: string, text: string, max: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(number <= max)) throw new Error(`${option} takes a whole number up to ${max}, not "${text}"`);
  return number;
}
