/** What is remembered between runs: one small file, written atomically, checked against a schema when read. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import Conf from 'conf';
import type { RecentFile } from '../../shared/contract/methods.ts';
import type { LiveOptions } from '../../shared/model/live.ts';

export interface WindowState {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

export interface Settings {
  readonly recent: readonly RecentFile[];
  /** Place of the desktop window when it was last closed. */
  readonly window: WindowState | null;
  /** Capture filters used, newest first. */
  readonly filters: readonly string[];
  /** Options of the last live capture, which live-memory.ts checks again when it reads them. */
  readonly lastLive: LiveOptions | null;
  /** Machines to capture on over ssh, and folders to keep captures in, that the user confirmed; newest first. */
  readonly sshHosts: readonly string[];
  readonly folders: readonly string[];
}

export type SettingsStore = Pick<Conf<Settings>, 'get' | 'set' | 'path'>;

const NAME = 'settings';
const NO_SETTINGS: Settings = {
  recent: [],
  window: null,
  filters: [],
  lastLive: null,
  sshHosts: [],
  folders: [],
};

/**
 * Opens the store in the directory, else where the system keeps such files (XDG_CONFIG_HOME/resetscope on Linux), or
 * where RESETSCOPE_CONFIG_DIR says. A file that cannot be understood is set aside as `settings.json.damaged`.
 */
export function openSettings(directory = process.env['RESETSCOPE_CONFIG_DIR']): SettingsStore {
  try {
    return open(directory);
  } catch (error) {
    if (!(error instanceof Error) || !/schema|JSON/.test(error.message)) throw error;
    const path = settingsPath(directory);
    renameSync(path, `${path}.damaged`);
    return open(directory);
  }
}

function open(directory: string | undefined): SettingsStore {
  return new Conf<Settings>({
    projectName: 'resetscope',
    projectSuffix: '',
    configName: NAME,
    cwd: directory,
    configFileMode: 0o600,
    defaults: NO_SETTINGS,
    rootSchema: { additionalProperties: false },
    schema: {
      recent: {
        type: 'array',
        maxItems: 100,
        items: {
          type: 'object',
          required: ['path', 'openedMs', 'sizeBytes'],
          additionalProperties: false,
          properties: {
            path: { type: 'string', minLength: 1 },
            openedMs: { type: 'number' },
            sizeBytes: { type: 'number' },
          },
        },
      },
      filters: { type: 'array', maxItems: 100, items: { type: 'string' } },
      lastLive: { type: ['object', 'null'] },
      sshHosts: { type: 'array', maxItems: 100, items: { type: 'string', minLength: 1 } },
      folders: { type: 'array', maxItems: 100, items: { type: 'string', minLength: 1 } },
      window: {
        type: ['object', 'null'],
        required: ['x', 'y', 'width', 'height', 'maximized'],
        additionalProperties: false,
        properties: {
          x: { type: 'number' },
          y: { type: 'number' },
          width: { type: 'number', minimum: 1 },
          height: { type: 'number', minimum: 1 },
          maximized: { type: 'boolean' },
        },
      },
    },
  });
}

/** Where Conf keeps the file, without reading it. */
function settingsPath(directory: string | undefined): string {
  if (directory !== undefined) return join(directory, `${NAME}.json`);
  const probe = new Conf({ projectName: 'resetscope', projectSuffix: '', configName: 'probe' });
  return join(probe.path, '..', `${NAME}.json`);
}
