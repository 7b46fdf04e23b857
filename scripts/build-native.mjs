// node scripts/build-native.mjs [--force] [plain | sanitized | witness-lines]…
//
// Builds the capture helper (native/capd), and what confines the process that reads captures (native/confine), with the C compiler
// of the machine, where their sources or the compiler changed.
// Without a compiler or libpcap's headers it says which is missing, in one line: everything but live capture works.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = join(root, 'native/capd');

const WARNINGS = [
  ...['-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Wshadow', '-Wconversion', '-Wno-sign-conversion'],
  ...['-Wstrict-prototypes', '-Wmissing-prototypes', '-Wformat=2'],
];
const HARDENING = [
  ...['-O2', '-fPIE', '-fstack-protector-strong', '-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=3'],
  // C libraries that know only level 2 warn.
  '-Wno-error=cpp',
  ...(process.platform === 'linux'
    ? ['-pie', '-fstack-clash-protection', '-Wl,-z,relro,-z,now,-z,noexecstack']
    : []),
];
const SHARED = [
  ...['-O2', '-shared', '-fPIC', '-fstack-protector-strong', '-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=3'],
  ...[
    '-Wno-error=cpp',
    '-fvisibility=hidden',
    '-fstack-clash-protection',
    '-Wl,-z,relro,-z,now,-z,noexecstack',
  ],
];
const SANITIZERS = ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

/** What can be made: the program as it ships, and what its tests run. */
const VARIANTS = {
  plain: { output: 'dist/native/resetscope-capd', flags: HARDENING, libraries: ['-lpcap'] },
  sanitized: {
    output: '.cache/native/resetscope-capd-sanitized',
    flags: SANITIZERS,
    libraries: ['-lpcap'],
  },
  // Confines the engine process. An addon, because Electron lets nothing come between it and its processes.
  confine: {
    output: 'dist/native/resetscope-confine.node',
    flags: [...SHARED, '-isystem', join(root, 'node_modules/node-api-headers/include')],
    sources: sourcesIn('native/confine'),
    libraries: [],
  },
  'witness-lines': {
    output: '.cache/native/witness-lines',
    flags: [...SANITIZERS, `-I${SOURCES}`],
    sources: ['native/capd/witness-line.c', 'native/capd/utf8.c', 'test/native/programs/witness-lines.c'],
    libraries: [],
  },
};

/** @param {string} variant */
export function nativeProgram(variant = 'plain') {
  return join(root, VARIANTS[variant].output);
}

/**
 * Builds the variants that are not there as their sources say. `isMissing` tells a machine without the tools from sources that do
 * not compile.
 * @returns {{ built: true } | { built: false, reason: string, isMissing: boolean }}
 */
export function ensureNativeBuilt({ force = false, variants = ['plain'] } = {}) {
  // Whoever wants the helper wants this as well, and needs less for it.
  const confinement = ensureConfinementBuilt({ force });
  if (!confinement.built && !confinement.isMissing) return confinement;
  const absence = whatIsMissing();
  if (absence !== undefined) return { built: false, reason: absence, isMissing: true };
  for (const variant of variants) {
    const failure = buildVariant(variant, force);
    if (failure !== undefined) return { built: false, reason: failure, isMissing: false };
  }
  return { built: true };
}

/**
 * Builds what confines the process that reads captures (native/confine). It needs a compiler and nothing else.
 * @returns {{ built: true } | { built: false, reason: string, isMissing: boolean }}
 */
export function ensureConfinementBuilt({ force = false } = {}) {
  const absence =
    process.platform === 'linux' ? whyNoCompiler() : `${process.platform} has nothing that it could use`;
  if (absence !== undefined) return { built: false, reason: absence, isMissing: true };
  const failure = buildVariant('confine', force);
  return failure === undefined ? { built: true } : { built: false, reason: failure, isMissing: false };
}

/** Undefined when it was built, or needed not to be; else what the compiler said. */
function buildVariant(variant, force) {
  const { output, flags, libraries, sources = sourcesOfProgram() } = VARIANTS[variant];
  const program = join(root, output);
  const args = [
    ...['-std=c11', '-D_GNU_SOURCE', `-DCAPD_VERSION="${version()}"`],
    ...WARNINGS,
    ...flags,
    ...sources.map((source) => join(root, source)),
  ];
  const links = libraries.length > 0 ? libpcapFlags() : [];
  const stamp = join(root, `.cache/native/${variant}.stamp`);
  const fingerprint = fingerprintOf([...args, ...links]);
  if (!force && existsSync(program) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint)
    return;
  for (const folder of [dirname(program), dirname(stamp)]) mkdirSync(folder, { recursive: true });
  // Put in place as a whole: it may be running, and somebody else may be building it.
  const made = `${program}.${process.pid}`;
  const run = spawnSync('cc', [...args, ...links, '-o', made], { encoding: 'utf8' });
  if (run.status !== 0) return `the C sources do not compile (${variant}):\n${run.stderr}`;
  renameSync(made, program);
  writeFileSync(stamp, fingerprint);
}

function sourcesOfProgram() {
  return sourcesIn('native/capd');
}

function sourcesIn(folder) {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.c'))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** Changes with every source, every flag and the compiler. */
function fingerprintOf(args) {
  const hash = createHash('sha256').update(args.join('\0'));
  hash.update(spawnSync('cc', ['--version'], { encoding: 'utf8' }).stdout);
  const files = [
    ...['native/capd', 'native/confine'].flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => join(root, folder, name)),
    ),
    ...args.filter((arg) => arg.endsWith('.c')),
  ];
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function version() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}

function libpcapFlags() {
  const run = spawnSync('pkg-config', ['--cflags', '--libs', 'libpcap'], { encoding: 'utf8' });
  return run.status === 0 ? run.stdout.trim().split(/\s+/) : ['-lpcap'];
}

function whatIsMissing() {
  if (process.platform === 'win32') return 'the capture helper is not made for Windows';
  const noCompiler = whyNoCompiler();
  if (noCompiler !== undefined) return noCompiler;
  const probe = spawnSync('cc', ['-E', '-', ...libpcapFlags()], {
    input: '#include <pcap/pcap.h>\n',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  if (probe.status !== 0) return "libpcap's headers are missing (Debian: apt-get install libpcap-dev)";
}

function whyNoCompiler() {
  if (spawnSync('cc', ['--version'], { stdio: 'ignore' }).status !== 0)
    return 'there is no C compiler (Debian: apt-get install gcc libc6-dev)';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = process.argv.slice(2).filter((argument) => argument in VARIANTS);
  const result = ensureNativeBuilt({
    force: process.argv.includes('--force'),
    variants: named.length > 0 ? named : undefined,
  });
  console.log(result.built ? 'native/capd is built' : result.reason);
  const confinement = ensureConfinementBuilt({ force: process.argv.includes('--force') });
  console.log(
    confinement.built ? 'native/confine is built' : `native/confine is not built: ${confinement.reason}`,
  );
  if ([result, confinement].some(({ built, isMissing }) => !built && !isMissing)) process.exitCode = 1;
}
