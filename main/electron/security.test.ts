import { describe, expect, it, vi } from 'vitest';
import type { GuardedContents, GuardedSession } from './security.ts';
import { guardContents, guardSession, isAppUrl, isTrustedSender, webPreferences } from './security.ts';

const FOREIGN = [
  'https://example.org/',
  'http://rst/',
  'app://rst.evil/',
  'app://evil/rst',
  'app://user@rst/',
  'app://rst:1/',
  'app:rst',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  'about:blank',
  '',
  'rst',
];

describe('isAppUrl', () => {
  it('knows our page', () => {
    expect(isAppUrl('app://rst/')).toBe(true);
    expect(isAppUrl('app://rst/assets/index.js?x#y')).toBe(true);
  });
  it.each(FOREIGN)('refuses %j', (url) => {
    expect(isAppUrl(url)).toBe(false);
  });
});

describe('isTrustedSender', () => {
  it('takes the top frame of our page', () => {
    expect(isTrustedSender({ senderFrame: { origin: 'app://rst', parent: null } })).toBe(true);
  });
  it.each([
    ['another origin', { origin: 'https://example.org', parent: null }],
    ['an origin that begins alike', { origin: 'app://rst.evil', parent: null }],
    ['an opaque origin', { origin: 'null', parent: null }],
    ['a subframe of our page', { origin: 'app://rst', parent: {} }],
    ['a frame that is gone', null],
  ])('refuses %s', (_what, senderFrame) => {
    expect(isTrustedSender({ senderFrame })).toBe(false);
  });
});

it('keeps the page away from Node', () => {
  expect(webPreferences('/preload.cjs')).toEqual({
    preload: '/preload.cjs',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  });
});

describe('guardContents', () => {
  function guarded(): { fire(event: string, url: string): boolean; openHandler(): { action: string } } {
    const listeners = new Map<string, (event: object, url: string) => void>();
    let openHandler = (): { action: string } => ({ action: 'allow' });
    const contents = {
      on: (event: string, listener: (event: object, url: string) => void) => listeners.set(event, listener),
      setWindowOpenHandler: (handler: () => { action: 'deny' }) => {
        openHandler = handler;
      },
    };
    guardContents(contents as unknown as GuardedContents);
    return {
      /** Whether it may go on. */
      fire(event, url) {
        const preventDefault = vi.fn();
        listeners.get(event)?.({ preventDefault, url }, url);
        expect(listeners.has(event)).toBe(true);
        return preventDefault.mock.calls.length === 0;
      },
      openHandler: () => openHandler(),
    };
  }

  it.each(['will-navigate', 'will-redirect', 'will-frame-navigate'])('holds %s to our page', (event) => {
    const contents = guarded();
    expect(contents.fire(event, 'app://rst/index.html')).toBe(true);
    for (const url of FOREIGN) expect(contents.fire(event, url)).toBe(false);
  });

  it('allows no webview and no window', () => {
    const contents = guarded();
    expect(contents.fire('will-attach-webview', 'app://rst/')).toBe(false);
    expect(contents.openHandler()).toEqual({ action: 'deny' });
  });
});

describe('guardSession', () => {
  type Handlers = {
    request: Parameters<GuardedSession['setPermissionRequestHandler']>[0];
    check: Parameters<GuardedSession['setPermissionCheckHandler']>[0];
    device: () => boolean;
    before: Parameters<GuardedSession['webRequest']['onBeforeRequest']>[0];
  };
  function guarded(): Handlers {
    const handlers: Partial<Handlers> = {};
    guardSession({
      setPermissionRequestHandler: (handler) => (handlers.request = handler),
      setPermissionCheckHandler: (handler) => (handlers.check = handler),
      setDevicePermissionHandler: (handler) => (handlers.device = handler),
      webRequest: { onBeforeRequest: (handler) => (handlers.before = handler) },
    });
    return handlers as Handlers;
  }

  it('grants writing text to the clipboard and nothing else', () => {
    const { request, check, device } = guarded();
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'fullscreen',
      'hid',
    ]) {
      const granted = vi.fn();
      request(null, permission, granted);
      expect(granted).toHaveBeenCalledWith(false);
      expect(check(null, permission)).toBe(false);
    }
    expect(check(null, 'clipboard-sanitized-write')).toBe(true);
    expect(device()).toBe(false);
  });

  it('lets no request leave', () => {
    const { before } = guarded();
    const cancelled = (url: string): boolean => {
      const callback = vi.fn<(response: { cancel: boolean }) => void>();
      before({ url }, callback);
      return callback.mock.calls[0][0].cancel;
    };
    expect(cancelled('app://rst/assets/index.js')).toBe(false);
    for (const url of [...FOREIGN, 'wss://example.org/', 'ftp://x/', 'blob:app://rst/x']) {
      expect(cancelled(url)).toBe(true);
    }
  });
});
