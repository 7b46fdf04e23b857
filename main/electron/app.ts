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
import { HOST_METHOD_SCHEMAS } from '../../shared/contract/schemas.ts';
import type { Events, HostMethod, Methods } from '../../shared/contract/methods.ts';
import { Emitter } from '../../shared/base/event.ts';
import { messagePortChannel } from '../../shared/rpc/message-port-channel.ts';
import { openPeer } from '../../shared/rpc/peer.ts';
import { serveOn } from '../../shared/rpc/serve.ts';
import { Broker } from '../host/broker.ts';
import { Confirmations } from '../host/confirmations.ts';
import { GrantedPaths } from '../host/granted-paths.ts';
import { startProcesses } from '../host/host-processes.ts';
import { defaultCaptureFolder } from '../host/live/capture-folder.ts';
import { FleetClient } from '../host/fleet/fleet-client.ts';
import { FleetPlaces } from '../host/fleet/fleet-places.ts';
import { LiveMemories } from '../host/live-memory.ts';
import { createLog } from '../host/log.ts';
import { NameBook } from '../host/names.ts';
import { CaseBook } from '../host/notes/case-book.ts';
import { caseFolder } from '../host/notes/case-folder.ts';
import { RecentFiles } from '../host/recent.ts';
import { Tracer } from '../host/trace.ts';
import { samplesIn } from '../host/samples.ts';
import { lessonsIn } from '../lessons/lesson-files.ts';
import { scrubbedEnv } from '../host/scrubbed-env.ts';
import { openSettings } from '../host/settings.ts';
import { readStaticFiles } from '../host/static-files.ts';
import { VERSION } from '../host/version.ts';
import { desktopAccess } from './access.ts';
import { filesOfArguments, linkOfArguments } from './arguments.ts';
import { confirm, pickFiles, pickFolder, pickSavePath } from './dialogs.ts';
import { printPdf } from './print-pdf.ts';
import { takeDroppedFiles } from './dropped-files.ts';
import { hostedUtility, UtilityEngines } from './engine-process.ts';
import type { AppLink } from './links.ts';
import { linkQuestion, parseLink } from './links.ts';
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
  readonly capturer: URL;
  /** What reads a fleet. */
  readonly fleet: URL;
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
  let waitingLink = linkOfArguments(process.argv);
  let follow = (link: AppLink | undefined): void => {
    waitingLink = link ?? waitingLink;
  };
  // macOS hands links over so, others in arguments.
  app.on('open-url', (event, url) => {
    event.preventDefault();
    follow(parseLink(url));
  });
  app.on('second-instance', (_event, argv, cwd) => {
    open(filesOfArguments(argv, cwd, app.isPackaged));
    follow(linkOfArguments(argv));
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
  });
  await app.whenReady();

  const settings = openSettings();
  const recent = new RecentFiles(settings, log);
  const fork = (module: URL, argument: string, serviceName: string, env: Record<string, string>) =>
    utilityProcess.fork(fileURLToPath(module), [argument], {
      serviceName,
      env,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  const engines = new UtilityEngines<MessagePortMain>((engineArguments) =>
    fork(parts.engine, engineArguments, 'Resetscope engine', scrubbedEnv(process.env)),
  );
  const captureFolder = defaultCaptureFolder();
  const processes = startProcesses({
    launchEngine: engines.launch,
    launchCapturer: (folder) => {
      const env = scrubbedEnv(process.env, ['SSH_AUTH_SOCK']);
      return hostedUtility(fork(parts.capturer, folder, 'Resetscope capture', env));
    },
    captureFolder,
    notify: ({ title, text }) => {
      if (Notification.isSupported()) new Notification({ title, body: text }).show();
    },
    log,
  });
  processes.supervisor.events.captures.on((captures) => {
    recent.forgetFailed(captures);
  });
  const refused = (reason: string): void => {
    log.warn(reason);
  };
  const mayOpen = new GrantedPaths();
  const mayReplace = new GrantedPaths();
  const fleets = new FleetPlaces(settings, log, { shown: [], known: process.env['RESETSCOPE_FLEET'] });
  const pickToOpen = async (): Promise<readonly string[]> => {
    const paths = await pickFiles(window);
    mayOpen.add(...paths);
    return paths;
  };
  const broker = new Broker({
    engine: processes.supervisor.service,
    capturer: processes.capturer,
    capabilities: { host: 'electron', pickFiles: true, upload: false, version: VERSION },
    confinement: () => processes.supervisor.confinement(),
    access: desktopAccess({
      mayOpen,
      mayReplace,
      confirmed: new Confirmations(settings, log),
      fleets,
      ask: (question) => confirm(window, question),
    }),
    captureFolder,
    samples: samplesIn(new URL('..', parts.engine)),
    lessons: lessonsIn(new URL('..', parts.engine)),
    recent,
    opened: (paths) => {
      recent.add(paths);
      for (const path of paths) app.addRecentDocument(path);
    },
    names: new NameBook(settings, log),
    cases: new CaseBook(caseFolder()),
    tracer: new Tracer(),
    memories: new LiveMemories(settings, log),
    fleet: {
      places: fleets,
      start: () =>
        new FleetClient((fleetArguments) => {
          const kept = fleetArguments.store === 'clickhouse' ? ['RESETSCOPE_CLICKHOUSE_PASSWORD'] : [];
          const env = scrubbedEnv(process.env, kept);
          return hostedUtility(fork(parts.fleet, JSON.stringify(fleetArguments), 'Resetscope fleet', env));
        }),
      pickFolder: async () => {
        const folder = await pickFolder(window);
        if (folder !== null) mayOpen.add(folder);
        return folder;
      },
    },
    pickFiles: pickToOpen,
    printPdf,
    pickSavePath: async (suggestedName) => {
      const path = await pickSavePath(window, suggestedName);
      if (path !== null) {
        mayReplace.add(path);
        mayOpen.add(path);
      }
      return path;
    },
  });
  const openRequests = new Emitter<Events['open-request']>();
  brokerPorts<MessagePortMain>({
    ipc: ipcMain,
    makeChannel: () => new MessageChannelMain(),
    giveToEngine: (port) => engines.give(port),
    serveHost: (port) => {
      const events = { 'open-request': openRequests };
      serveOn<Pick<Methods, HostMethod>, Pick<Events, 'open-request'>>(
        openPeer(messagePortChannel(port)),
        HOST_METHOD_SCHEMAS,
        broker.service,
        events,
      );
      // The first page there is shows what a link asked for that started the program.
      const link = waitingLink;
      waitingLink = undefined;
      follow(link);
    },
    refused,
  });
  takeDroppedFiles(ipcMain, mayOpen, refused);

  guardSession(session.defaultSession);
  const files = readStaticFiles(fileURLToPath(parts.page));
  protocol.handle(APP_SCHEME, (request) => answerPage(files, request));
  open = (paths) => {
    mayOpen.add(...paths);
    if (paths.length > 0) openRequests.emit({ paths });
  };
  const followLink = async (link: AppLink): Promise<void> => {
    const { paths, place } = link;
    if (paths.length > 0) {
      if (!(await confirm(window, linkQuestion(link)))) return;
      mayOpen.add(...paths);
    }
    openRequests.emit({ paths, place });
  };
  follow = (link) => {
    if (link === undefined) return;
    followLink(link).catch((error: unknown) => {
      log.error({ err: error }, 'a link was not followed');
    });
  };
  const chooseAndOpen = async (): Promise<void> => {
    open(await pickToOpen());
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
  quitAfter(async () => {
    await broker.dispose();
    await processes.dispose();
  });

  if (waiting.length > 0) {
    // Not asked of the page: none is connected yet.
    const opening = broker.open(waiting, false, new AbortController().signal);
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
