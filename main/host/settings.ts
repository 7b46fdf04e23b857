/** What is remembered between runs: one small file, written atomically, checked against a schema when read. */
import { renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import './home.ts';
import Conf from 'conf';
import envPaths from 'env-paths';
import type { RecentFile } from '../../shared/contract/methods.ts';
import { errorText } from '../../shared/format/error.ts';
import { NAME_BOUNDS, type NamedPlace } from '../../shared/names/named.ts';
import type { LiveOptions } from '../../shared/model/live.ts';
import { createLog } from './log.ts';

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
  /** Whether the desktop app asks for newer releases by itself; not before the user said so. */
  readonly updates: 'never-asked' | 'by-hand' | 'at-start';
  /** Machines to capture on over ssh, and folders to keep captures in, that the user confirmed; newest first. */
  readonly sshHosts: readonly string[];
  readonly folders: readonly string[];
  /** Names that the user gave to addresses and devices, newest first. */
  readonly names: readonly NamedPlace[];
  /** Fleets that were looked at, newest first; names without passwords. */
  readonly fleets: readonly { readonly place: string; readonly openedMs: number }[];
}

export interface SettingsStore {
  readonly path: string;
  get<Key extends keyof Settings>(key: Key): Settings[Key];
  set<Key extends keyof Settings>(key: Key, value: Settings[Key]): void;
}

const NAME = 'settings';
const OTHERS_WRITE = 0o002;
const NO_SETTINGS: Settings = {
  recent: [],
  window: null,
  filters: [],
  lastLive: null,
  updates: 'never-asked',
  sshHosts: [],
  folders: [],
  names: [],
  fleets: [],
};

/**
 * Opens the store in the directory, else where the system keeps such files (XDG_CONFIG_HOME/resetscope on Linux), or
 * where RESETSCOPE_CONFIG_DIR says. A file that cannot be understood is set aside as `settings.json.damaged`. Where
 * nothing can be kept, what is to be remembered lasts as long as the process: the app matters more than its settings.
 */
export function openSettings(directory = process.env['RESETSCOPE_CONFIG_DIR']): SettingsStore {
  const path = settingsPath(directory);
  try {
    refuseFolderOfOthers(dirname(path));
    return openOrSetAside(directory, path);
  } catch (error) {
    const why = `settings are not kept: ${errorText(error)}; RESETSCOPE_CONFIG_DIR names another folder`;
    createLog('settings').warn(why);
    return settingsInMemory(path);
  }
}

function openOrSetAside(directory: string | undefined, path: string): SettingsStore {
  try {
    return open(directory);
  } catch (error) {
    if (!(error instanceof Error) || !/schema|JSON/.test(error.message)) throw error;
    renameSync(path, `${path}.damaged`);
    return open(directory);
  }
}

/** Conf follows links, so that whoever can put one there would choose what is overwritten. */
function refuseFolderOfOthers(folder: string): void {
  const own = process.geteuid?.();
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (own === undefined || stats === undefined) return;
  if ((stats.uid !== own && stats.uid !== 0) || (stats.mode & OTHERS_WRITE) !== 0)
    throw new Error(`others may write in ${folder}`);
}

function settingsInMemory(path: string): SettingsStore {
  const values: { -readonly [Key in keyof Settings]: Settings[Key] } = { ...NO_SETTINGS };
  return {
    path,
    get: <Key extends keyof Settings>(key: Key) => values[key],
    set: <Key extends keyof Settings>(key: Key, value: Settings[Key]) => {
      values[key] = value;
    },
  };
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
      updates: { enum: ['never-asked', 'by-hand', 'at-start'] },
      sshHosts: { type: 'array', maxItems: 100, items: { type: 'string', minLength: 1 } },
      folders: { type: 'array', maxItems: 100, items: { type: 'string', minLength: 1 } },
      names: {
        type: 'array',
        maxItems: NAME_BOUNDS.names,
        items: {
          type: 'object',
          required: ['key', 'name'],
          additionalProperties: false,
          properties: {
            key: { type: 'string', minLength: 1, maxLength: NAME_BOUNDS.keyLength },
            name: { type: 'string', minLength: 1, maxLength: NAME_BOUNDS.nameLength },
          },
        },
      },
      fleets: {
        type: 'array',
        maxItems: 100,
        items: {
          type: 'object',
          required: ['place', 'openedMs'],
          additionalProperties: false,
          properties: { place: { type: 'string', minLength: 1 }, openedMs: { type: 'number' } },
        },
      },
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
  const folder = directory ?? envPaths('resetscope', { suffix: '' }).config;
  return join(folder, `${NAME}.json`);
}
