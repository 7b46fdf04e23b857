// npm start [-- [--port N] [--server] [--follow] [--allow-paths] [--allow-ssh HOST] [FILE…]]
//
// Opens the desktop window where Electron and a display are there, and else serves the same app on loopback to a browser.
import { spawn, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureConfinementBuilt, ensureHelperBuilt } from './build-native.mjs';
import { electronBinary, whyNoWindow } from './electron-binary.mjs';
import { checkNode, ensureInstalled, root } from './setup.mjs';

const USAGE = `Usage: npm start -- [options] [FILE…]

Builds what changed and opens the app: in a desktop window, or, without Electron or a display, in a browser at an
address on this machine that is printed.

  --server        use the browser, also where a window could be shown
  --port N        port of the address (any free one)
  --follow        wait for more at the end of the last file (browser)
  --allow-paths   let the page open any file of this machine by its path (browser)
  --allow-ssh HOST
                  let the page capture on that machine over ssh; may be repeated (browser)
  --help          this text
`;

checkNode();
const { values, positionals } = readArguments();
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
ensureInstalled();
const { ensureBuilt } = await import('./build.mjs');
const built = await ensureBuilt();
if (built.length > 0) console.log(`Built ${built.join(', ')}.`);
const helper = ensureHelperBuilt();
if (!helper.built) console.log(`Without our own capture helper: ${helper.reason}.`);
const confinement = ensureConfinementBuilt();
if (!confinement.built)
  console.log(`The process that reads captures is not confined: ${confinement.reason}.`);

const files = positionals.map((path) => resolve(process.env.INIT_CWD ?? process.cwd(), path));
const reason = values.server ? 'as asked' : values.port === undefined ? whyNoWindow() : 'a port was given';
if (reason === undefined) startElectron();
else await startServer();

function startElectron() {
  const env = { ...process.env };
  // With it, Electron would be a plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  const child = spawn(electronBinary(), [root, ...files], { stdio: 'inherit', env });
  // A Ctrl-C reaches it too; it ends, and then so do we.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error(`Electron did not start: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
  });
}

/** In this very process: nothing is left behind when it ends, however it ends. */
async function startServer() {
  console.log(`Using the browser (${reason}). Ctrl-C ends it. The address:`);
  const options = [];
  if (values.port !== undefined) options.push('--port', values.port);
  if (values.follow) options.push('--follow');
  if (values['allow-paths']) options.push('--allow-paths');
  for (const machine of values['allow-ssh']) options.push('--allow-ssh', machine);
  if (canOpenBrowser()) options.push('--open');
  const program = join(root, 'dist/server/index.js');
  process.argv = [process.argv[0], program, ...options, '--', ...files];
  await import(pathToFileURL(program).href);
}

function canOpenBrowser() {
  const hasDisplay = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  if (process.platform !== 'linux' || !hasDisplay || process.env.CI) return false;
  return spawnSync('sh', ['-c', 'command -v xdg-open'], { stdio: 'ignore' }).status === 0;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        server: { type: 'boolean', default: false },
        port: { type: 'string' },
        follow: { type: 'boolean', default: false },
        'allow-paths': { type: 'boolean', default: false },
        'allow-ssh': { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(64);
  }
}
