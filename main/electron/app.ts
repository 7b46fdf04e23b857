/**
 * Puts the desktop app together: policies first, then the engine process, then the window. This process parses no
 * packets and keeps none.
 */
import { fileURLToPath } from 'node:url';
import type { BrowserWindow, MessagePortMain } from 'electron';
import {
  app,
  ipcMain,
  Menu,
  MessageChannelMain,
  Notification,
  protocol,
  session,
  utilityProcess,
} from 'electron';
import { defaultCaptureFolder } from '../host/live/capture-folder.ts';
import { LiveMemories } from '../host/live-memory.ts';
import { createLog } from '../host/log.ts';
import type { HostService } from '../host/host-contract.ts';
import { RecentFiles } from '../host/recent.ts';
import { scrubbedEnv } from '../host/scrubbed-env.ts';
import { openSettings } from '../host/settings.ts';
import { readStaticFiles } from '../host/static-files.ts';
import { EngineSupervisor } from '../host/supervisor.ts';
import { VERSION } from '../host/version.ts';
import { filesOfArguments } from './arguments.ts';
import { pickFiles, pickSavePath } from './dialogs.ts';
import { UtilityEngines } from './engine-process.ts';
import { menuTemplate } from './menu.ts';
import { openUpdates } from './open-updates.ts';
import { brokerPorts } from './ports.ts';
import { answerPage, APP_SCHEMES } from './protocol.ts';
import { APP_SCHEME, guardContents, guardSession } from './security.ts';
import { createWindow } from './window.ts';

/** Where the build puts its parts, next to the program. */
export interface Parts {
  readonly page: URL;
  readonly engine: URL;
  readonly preload: URL;
}

export async function startApp(parts: Parts): Promise<void> {
  const log = createLog('electron');
  if (!app.requestSingleInstanceLock()) {
    // The first instance was told our arguments.
    app.quit();
    return;
  }
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged(APP_SCHEMES);
  app.on('web-contents-created', (_event, contents) => {
    guardContents(contents);
  });

  let window: BrowserWindow | undefined;
  const waiting = filesOfArguments(process.argv, process.cwd(), app.isPackaged);
  let open = (paths: readonly string[]): void => {
    waiting.push(...paths);
  };
  // macOS sends it before the app is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    open([path]);
  });
  app.on('second-instance', (_event, argv, cwd) => {
    open(filesOfArguments(argv, cwd, app.isPackaged));
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
  });
  await app.whenReady();

  const settings = openSettings();
  const recent = new RecentFiles(settings, log);
  const memories = new LiveMemories(settings, log);
  const engines = new UtilityEngines<MessagePortMain>((engineArguments) =>
    utilityProcess.fork(fileURLToPath(parts.engine), [engineArguments], {
      serviceName: 'Resetscope engine',
      env: scrubbedEnv(process.env),
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe'],
    }),
  );
  const host: HostService = {
    recent: () => Promise.resolve(recent.list()),
    forgetRecent: ({ path }) => {
      recent.forget(path);
      return Promise.resolve(null);
    },
    pickFiles: () => pickFiles(window),
    pickSavePath: ({ suggestedName }) => pickSavePath(window, suggestedName),
    opened: ({ paths }) => {
      recent.add(paths);
      for (const path of paths) app.addRecentDocument(path);
      return Promise.resolve(null);
    },
    liveMemory: () => Promise.resolve(memories.recall()),
    rememberLive: ({ options }) => {
      memories.remember(options);
      return Promise.resolve(null);
    },
    notify: ({ title, text }) => {
      if (Notification.isSupported()) new Notification({ title, body: text }).show();
      return Promise.resolve(null);
    },
  };
  const supervisor = new EngineSupervisor({
    launch: engines.launch,
    capabilities: { host: 'electron', pickFiles: true, upload: false, version: VERSION },
    captureFolder: defaultCaptureFolder(),
    host,
    log,
  });
  brokerPorts<MessagePortMain>({
    ipc: ipcMain,
    makeChannel: () => new MessageChannelMain(),
    giveToEngine: (port) => engines.give(port),
    refused: (reason) => {
      log.warn(reason);
    },
  });

  guardSession(session.defaultSession);
  const files = readStaticFiles(fileURLToPath(parts.page));
  protocol.handle(APP_SCHEME, (request) => answerPage(files, request));
  open = (paths) => {
    if (paths.length > 0) supervisor.requestOpen(paths);
  };
  const chooseAndOpen = async (): Promise<void> => {
    open(await pickFiles(window));
  };
  const updates = openUpdates(settings, log);
  const template = menuTemplate(process.platform, app.isPackaged, {
    updates,
    open: () => {
      chooseAndOpen().catch((error: unknown) => {
        log.error({ err: error }, 'the file dialog failed');
      });
    },
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  void updates?.start();

  const showWindow = (): void => {
    window = createWindow(fileURLToPath(parts.preload), settings, (error) => {
      log.error({ err: error }, 'window');
    });
    window.on('closed', () => {
      window = undefined;
    });
  };
  showWindow();
  app.on('activate', () => {
    if (window === undefined) showWindow();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  quitAfter(() => supervisor.dispose());

  if (waiting.length > 0) {
    // Not asked of the page: none is connected yet.
    const opening = supervisor.service['capture.open'](
      { paths: waiting, follow: false },
      new AbortController().signal,
    );
    opening.catch((error: unknown) => {
      log.error({ err: error }, 'the files of the command line were not opened');
    });
  }
}

/** Lets the work end before the app does, once. */
function quitAfter(work: () => Promise<void>): void {
  let isDone = false;
  app.on('will-quit', (event) => {
    if (isDone) return;
    event.preventDefault();
    void work().finally(() => {
      isDone = true;
      app.quit();
    });
  });
}
