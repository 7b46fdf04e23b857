/** The loopback host as a program: puts server, engine process and recent files together, and ends them. */
import { errorText } from '../../shared/format/error.ts';
import { fileURLToPath } from 'node:url';
import type { Capabilities } from '../../shared/contract/methods.ts';
import { Emitter } from '../../shared/base/event.ts';
import { chromiumPrinter } from '../host/report/print-pdf.ts';
import { Broker } from '../host/broker.ts';
import type { EngineEnd } from '../host/engine-end.ts';
import { forkCapturer, forkEngine, forkFleet } from '../host/fork-engine.ts';
import { defaultCaptureFolder } from '../host/live/capture-folder.ts';
import { startProcesses } from '../host/host-processes.ts';
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
import { openSettings } from '../host/settings.ts';
import type { StaticFile } from '../host/static-files.ts';
import { readStaticFiles } from '../host/static-files.ts';
import { VERSION } from '../host/version.ts';
import type { Handover } from './open-browser.ts';
import { handToBrowser, whyNoBrowser } from './open-browser.ts';
import { serverAccess } from './access.ts';
import type { ServerArguments } from './options.ts';
import { parseArguments, USAGE } from './options.ts';
import type { Address, Development, RunningServer } from './server.ts';
import { startServer } from './server.ts';
import { releasingUploads } from './shown-uploads.ts';
import { Uploads } from './uploads.ts';

/** sysexits.h: EX_USAGE. */
const EXIT_USAGE = 64;
const NO_FILES: ReadonlyMap<string, StaticFile> = new Map();

/** Where the build puts its parts, next to the program. */
export interface Parts {
  /** Undefined where the page is served by something else. */
  readonly page: URL | undefined;
  readonly engine: URL;
  readonly capturer: URL;
  /** What reads a fleet. */
  readonly fleet: URL;
}

export async function main(argv: readonly string[], parts: Parts, development?: Development): Promise<void> {
  // Whoever read what we print may be gone, `| head` and a closed terminal among them; captures go on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  let options: ServerArguments;
  try {
    options = parseArguments(argv);
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n\n${USAGE}`);
    process.exitCode = EXIT_USAGE;
    return;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  let close: () => Promise<void>;
  try {
    close = await run(options, parts, development);
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    process.exitCode = 1;
    return;
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      void close().then(() => process.exit(0));
    });
  }
}

async function run(
  options: ServerArguments,
  parts: Parts,
  development: Development | undefined,
): Promise<() => Promise<void>> {
  const log = createLog('server');
  const files = parts.page === undefined ? NO_FILES : readStaticFiles(fileURLToPath(parts.page));
  const settings = openSettings();
  const recent = new RecentFiles(settings, log);
  const captureFolder = defaultCaptureFolder();
  const fleets = new FleetPlaces(settings, log, {
    shown: options.fleets,
    known: process.env['RESETSCOPE_FLEET'],
  });
  const uploads = await Uploads.create(options.uploadLimitBytes);
  const capabilities: Capabilities = { host: 'server', pickFiles: false, upload: true, version: VERSION };
  const processes = startProcesses({
    launchEngine: forkEngine(fileURLToPath(parts.engine)),
    launchCapturer: forkCapturer(fileURLToPath(parts.capturer)),
    captureFolder,
    // The page sees it in the status.
    notify: () => undefined,
    log,
  });
  const { supervisor } = processes;
  supervisor.events.captures.on((captures) => {
    recent.forgetFailed(captures);
  });
  const launchFleet = forkFleet(fileURLToPath(parts.fleet));
  const broker = new Broker({
    engine: supervisor.service,
    capturer: processes.capturer,
    capabilities,
    confinement: () => supervisor.confinement(),
    access: serverAccess({
      ...options,
      isUpload: (path) => uploads.has(path),
      fleets: fleets.named,
    }),
    captureFolder,
    samples: samplesIn(new URL('..', parts.engine)),
    lessons: lessonsIn(new URL('..', parts.engine)),
    recent,
    // Uploads are nobody's recent files, they go with the server.
    opened: (paths) => {
      recent.add(paths.filter((path) => !uploads.has(path)));
    },
    names: new NameBook(settings, log),
    cases: new CaseBook(caseFolder()),
    tracer: new Tracer(),
    memories: new LiveMemories(settings, log),
    fleet: { places: fleets, start: () => new FleetClient(launchFleet) },
    pickFiles: () => Promise.resolve([]),
    pickSavePath: () => Promise.resolve(null),
    printPdf: chromiumPrinter(process.env),
  });
  const engine: EngineEnd = {
    service: releasingUploads({ ...supervisor.reads, ...broker.service }, uploads),
    events: { ...supervisor.events, 'open-request': new Emitter() },
  };
  let told: Address | undefined;
  let handed: { readonly code: string; readonly over: Handover } | undefined;
  const tellAddress = (): void => {
    told = server.makeAddress();
    process.stdout.write(`${told.url}\n`);
  };
  const server = await startServer({
    port: options.port,
    files,
    uploads,
    engine,
    log,
    development,
    codeUsed(code) {
      if (code === handed?.code) void handed.over.end();
      // There is always one on the terminal that lets somebody in: for another browser, or for whoever closed all tabs.
      else if (code === told?.code || code === development?.code) {
        process.stdout.write(
          'A browser came in. The address for another one, or for when all tabs are closed:\n',
        );
        tellAddress();
      }
    },
  }).catch(async (error: unknown) => {
    await processes.dispose();
    await uploads.dispose();
    throw error;
  });
  tellAddress();
  if (options.open) handed = await openBrowser(server);
  if (options.paths.length > 0) {
    const { paths, follow } = options;
    broker.open(paths, follow, new AbortController().signal).catch((error: unknown) => {
      log.error({ err: error }, 'the files of the command line were not opened');
    });
  }
  return async () => {
    await handed?.over.end();
    await broker.dispose();
    await processes.dispose();
    await server.close();
  };
}

/** The browser gets an address of its own: the one on the terminal stays good for whoever copies it. */
async function openBrowser(
  server: RunningServer,
): Promise<{ readonly code: string; readonly over: Handover } | undefined> {
  const reason = whyNoBrowser({ uid: process.getuid?.(), env: process.env });
  if (reason !== undefined) {
    process.stderr.write(`${reason}\n`);
    return undefined;
  }
  const address = server.makeAddress();
  try {
    return {
      code: address.code,
      over: await handToBrowser(address, { ended: () => server.revoke(address.code) }),
    };
  } catch (error) {
    server.revoke(address.code);
    process.stderr.write(`No browser was opened (${errorText(error)}): open the address above.\n`);
    return undefined;
  }
}
