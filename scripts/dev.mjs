// npm run dev [-- [--port N] [--follow] [--allow-paths] [--allow-ssh HOST] [FILE…]]
//
// The app in a browser while it is being changed. Vite serves the page and replaces in it what was changed; the programs
// (host and engine) are built anew at each change, and the host is started again with the files of the command line. Its
// port and its token stay, so the page comes back to it by itself.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer as createTcpServer } from 'node:net';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureConfinementBuilt, ensureHelperBuilt } from './build-native.mjs';
import { checkNode, ensureInstalled, root } from './setup.mjs';

const USAGE = `Usage: npm run dev -- [options] [FILE…]

Serves the app to a browser from its sources: a change of the page shows at once, a change of the engine or the host
starts them again. Ctrl-C ends all of it.

  --port N        port of the address (5173, or any free one)
  --follow        wait for more at the end of the last file
  --allow-paths   let the page open any file of this machine by its path
  --allow-ssh HOST
                  let the page capture on that machine over ssh; may be repeated
  --help          this text
`;
const USUAL_PORT = 5173;
/** Apart from dist/, which is the product's. */
const FOLDER = '.cache/dev';

checkNode();
const { values, positionals } = readArguments();
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
ensureInstalled();
const { build, createServer } = await import('vite');
const { HOSTED_PROGRAMS, programsConfig } = await import('./build.mjs');
const helper = ensureHelperBuilt();
if (!helper.built) console.log(`Without our own capture helper: ${helper.reason}.`);
const confinement = ensureConfinementBuilt();
if (!confinement.built)
  console.log(`The process that reads captures is not confined: ${confinement.reason}.`);

const files = positionals.map((path) => resolve(process.env.INIT_CWD ?? process.cwd(), path));
const [token, code] = [1, 2].map(() => randomBytes(32).toString('base64url'));
const hostPort = await freePort(0);
const pagePort = values.port === undefined ? await freePort(USUAL_PORT) : Number(values.port);
const origin = `http://127.0.0.1:${pagePort}`;
let host;
/** Resolves when what was built last has been started, and the host before it has ended. */
let started = Promise.resolve();
/** Only with the address, whose code the page exchanges for the token, can a browser come in. */
let isAddressTold = false;
let isEnding = false;

const page = await servePage();
const watcher = await watchPrograms();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end());

async function servePage() {
  const target = `http://127.0.0.1:${hostPort}`;
  const server = await createServer({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    clearScreen: false,
    server: {
      port: pagePort,
      strictPort: true,
      // The host has to find its own name in Host; the Origin stays the page's, which the host knows.
      proxy: {
        '/rpc': { target, ws: true, changeOrigin: true },
        '/session': { target, changeOrigin: true },
        '/upload': { target, changeOrigin: true },
      },
    },
  });
  return server.listen();
}

/** Builds now and after each change; whatever was built well is started. */
async function watchPrograms() {
  rmSync(join(root, FOLDER), { recursive: true, force: true });
  mkdirSync(join(root, FOLDER), { recursive: true });
  // The engine looks for the capture helper beside itself.
  symlinkSync(join(root, 'dist/native'), join(root, FOLDER, 'native'), 'junction');
  const config = programsConfig({ 'server/dev': 'main/server/dev.ts', ...HOSTED_PROGRAMS }, FOLDER);
  const rolldown = await build({ ...config, build: { ...config.build, watch: {} } });
  rolldown.on('event', (event) => {
    if (event.code === 'BUNDLE_END') started = started.then(startHost);
    if (event.code === 'ERROR') console.error(`Not built: ${event.error.message}`);
    if ('result' in event) void event.result?.close();
  });
  return rolldown;
}

/** Ends the host that runs, and starts what was built. */
async function startHost() {
  await endHost();
  if (isEnding) return;
  const options = ['--port', String(hostPort)];
  if (values.follow) options.push('--follow');
  if (values['allow-paths']) options.push('--allow-paths');
  for (const machine of values['allow-ssh']) options.push('--allow-ssh', machine);
  const child = fork(join(root, FOLDER, 'server/dev.js'), [...options, '--', ...files], {
    env: {
      ...process.env,
      RESETSCOPE_DEV_ORIGIN: origin,
      RESETSCOPE_DEV_TOKEN: token,
      RESETSCOPE_DEV_CODE: code,
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  host = child;
  child.on('error', (error) => console.error(`The host was not started: ${error.message}`));
  child.stdout.on('error', () => {});
  child.on('exit', (code, signal) => {
    if (host === child && !isEnding)
      console.error(`The host ended (${signal ?? code}); the next change starts it.`);
  });
  // It prints its address once it listens.
  const listens = await Promise.race([
    once(child.stdout, 'data').then(() => true),
    once(child, 'exit').then(() => false),
  ]);
  if (!listens || isEnding) return;
  console.log(
    isAddressTold ? 'The host was started again.' : `Ctrl-C ends it. The address:\n${origin}/#code=${code}`,
  );
  isAddressTold = true;
  // It prints another address when one was used.
  child.stdout.on('data', (text) => process.stdout.write(text));
}

async function endHost() {
  const child = host;
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  host = undefined;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function end() {
  if (isEnding) return;
  isEnding = true;
  // A host that a change is about to replace is no longer `host`, but `started` waits for its end.
  await Promise.all([endHost().then(() => started), watcher.close(), page.close()]);
  process.exit(0);
}

/** The wanted port, or any other; both only as long as nobody takes it meanwhile. */
async function freePort(wanted) {
  const probe = createTcpServer();
  try {
    probe.listen(wanted, '127.0.0.1');
    await once(probe, 'listening');
    return probe.address().port;
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    return freePort(0);
  } finally {
    probe.close();
  }
}

function readArguments() {
  try {
    const parsed = parseArgs({
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        follow: { type: 'boolean', default: false },
        'allow-paths': { type: 'boolean', default: false },
        'allow-ssh': { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (!/^\d{1,5}$/.test(parsed.values.port ?? '0')) throw new Error('--port takes a number');
    return parsed;
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(64);
  }
}
