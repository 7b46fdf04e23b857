import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Settings } from '../host/settings.ts';
import type { Updater, UpdateSettings } from './updates.ts';
import { Updates } from './updates.ts';

const ASK_AT_START = 'Ask for newer releases?';
let setting: Settings['updates'] = 'never-asked';
let answers: Record<string, number> = {};
let asked: string[] = [];
const failed = vi.fn();
const switched = vi.fn();
const updater = {
  autoDownload: true,
  autoInstallOnAppQuit: true,
  checkForUpdates: vi.fn<Updater['checkForUpdates']>(),
  downloadUpdate: vi.fn(() => Promise.resolve([])),
  quitAndInstall: vi.fn(),
};
const load = vi.fn(() => Promise.resolve(updater));

const kept: UpdateSettings = {
  get: () => setting,
  set: (_key, value) => {
    setting = value;
  },
};

function updates(settings = kept): Updates {
  return new Updates({
    settings,
    version: '1.0.0',
    updater: load,
    ask: (message, _detail, buttons) => {
      asked.push(message);
      return Promise.resolve(answers[message] ?? buttons.length - 1);
    },
    failed,
    switched,
  });
}

beforeEach(() => {
  vi.clearAllMocks();
  setting = 'never-asked';
  answers = {};
  asked = [];
  updater.checkForUpdates.mockResolvedValue({ isUpdateAvailable: false, updateInfo: { version: '1.0.0' } });
});

describe('updates', () => {
  it('stay as they were where the settings cannot be written', () => {
    const full = new Error('ENOSPC');
    const unsaved = updates({
      get: () => 'by-hand',
      set: () => {
        throw full;
      },
    });
    unsaved.atStart = true;
    expect(failed).toHaveBeenCalledWith(full);
    expect(switched).toHaveBeenCalledWith(false);
  });

  it('ask nothing of the network before the user said so', async () => {
    await updates().start();
    setting = 'by-hand';
    await updates().start();
    expect(load).not.toHaveBeenCalled();
    expect(asked).toEqual([]);
  });

  it('are not asked for when the question is closed, which is then put again', async () => {
    await updates().checkNow();
    await updates().checkNow();
    expect(asked).toEqual([ASK_AT_START, ASK_AT_START]);
    expect(load).not.toHaveBeenCalled();
    expect(setting).toBe('never-asked');
  });

  it.each([
    [0, 'at-start'],
    [1, 'by-hand'],
  ])('remember the answer %s and ask it once', async (answer, kept) => {
    answers = { [ASK_AT_START]: answer };
    await updates().checkNow();
    expect(setting).toBe(kept);
    expect(switched).toHaveBeenCalledWith(kept === 'at-start');
    await updates().checkNow();
    expect(asked).toEqual([ASK_AT_START, 'There is no newer release.', 'There is no newer release.']);
    expect(updater.checkForUpdates).toHaveBeenCalledTimes(2);
  });

  it('say nothing at the start where nothing is newer, nor where nobody answers', async () => {
    setting = 'at-start';
    await updates().start();
    updater.checkForUpdates.mockRejectedValueOnce(new Error('no network'));
    await updates().start();
    expect(updater.checkForUpdates).toHaveBeenCalledTimes(2);
    expect(asked).toEqual([]);
    expect(failed).toHaveBeenCalledOnce();
  });

  it('tell whoever asked that nobody answered', async () => {
    setting = 'by-hand';
    updater.checkForUpdates.mockRejectedValueOnce(new Error('no network'));
    await updates().checkNow();
    expect(asked).toEqual(['It could not be found out whether there is a newer release.']);
  });

  it('are downloaded and installed only at the user’s word, one after the other', async () => {
    setting = 'at-start';
    updater.checkForUpdates.mockResolvedValue({ isUpdateAvailable: true, updateInfo: { version: '2.0.0' } });
    await updates().start();
    expect(updater).toMatchObject({ autoDownload: false, autoInstallOnAppQuit: false });
    expect(updater.downloadUpdate).not.toHaveBeenCalled();
    answers = { 'Resetscope 2.0.0 is there.': 0 };
    await updates().start();
    expect(updater.downloadUpdate).toHaveBeenCalledOnce();
    expect(updater.quitAndInstall).not.toHaveBeenCalled();
    answers['Resetscope 2.0.0 was downloaded.'] = 0;
    await updates().start();
    expect(updater.quitAndInstall).toHaveBeenCalledOnce();
  });

  it('can be switched by the menu', () => {
    const one = updates();
    expect(one.atStart).toBe(false);
    one.atStart = true;
    expect(setting).toBe('at-start');
    one.atStart = false;
    expect(setting).toBe('by-hand');
  });
});
