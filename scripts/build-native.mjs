// node scripts/build-native.mjs [--force] [VARIANT]…
//
// Builds the capture helper (native/capd), and what confines the process that reads captures (native/confine), with the C compiler
// of the machine, where their sources or the compiler changed.
// Without a compiler or libpcap's headers it says which is missing, in one line: everything but live capture works.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = join(root, 'native/capd');
const FUZZERS = join(root, 'test/native/fuzz');
/** Headers of Node-API, which few Nodes bring along: those of a checkout, and in the npm package those that lie with the sources. */
const NODE_API = ['node_modules/node-api-headers/include', 'native/node-api-headers/include']
  .map((folder) => join(root, folder))
  .find((folder) => existsSync(folder));
/** As Debian names them, the newest first. */
const CLANGS = ['clang', ...Array.from({ length: 10 }, (_, i) => `clang-${23 - i}`)];

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
/** The helper's calls that its fuzzers play. */
const PLAYED = ['write', 'poll', 'ftruncate', 'clock_gettime', 'setitimer', 'exit'];
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
  plain: {
    output: 'dist/native/resetscope-capd',
    // The same program as a file of its own, which alone gets the rights of the kernel witness; it knows itself by this name.
    copy: process.platform === 'linux' ? 'dist/native/resetscope-capd-witness' : undefined,
    flags: HARDENING,
    libraries: ['-lpcap'],
  },
  sanitized: {
    output: '.cache/native/resetscope-capd-sanitized',
    flags: SANITIZERS,
    libraries: ['-lpcap'],
  },
  // Confines the engine process. An addon, because Electron lets nothing come between it and its processes.
  confine: {
    output: 'dist/native/resetscope-confine.node',
    flags: [...SHARED, '-isystem', NODE_API],
    sources: sourcesIn('native/confine'),
    headers: [join(root, 'native/confine')],
    libraries: [],
  },
  'witness-lines': {
    output: '.cache/native/witness-lines',
    flags: [...SANITIZERS, `-I${SOURCES}`],
    sources: ['native/capd/witness-line.c', 'native/capd/utf8.c', 'test/native/programs/witness-lines.c'],
    libraries: [],
  },
  /** Coverage leads it where there is a clang; else test/native/fuzz/loop.c changes seeds blindly. */
  get fuzz() {
    const clang = fuzzingClang();
    const sanitizers = clang === undefined ? 'address,undefined' : 'fuzzer,address,undefined';
    return {
      output: '.cache/native/fuzz',
      compiler: clang,
      flags: [
        ...['-w', '-O1', '-g', `-fsanitize=${sanitizers}`, '-fno-sanitize-recover=all'],
        ...PLAYED.map((call) => `-D${call}=fuzz_${call}`),
      ],
      sources: fuzzSources(),
      headers: [SOURCES, FUZZERS],
      libraries: ['-lpcap'],
    };
  },
  inherited: {
    output: '.cache/native/inherited',
    flags: [...SANITIZERS, `-I${SOURCES}`],
    sources: ['native/capd/inherited.c', 'native/capd/fail.c', 'test/native/programs/inherited.c'],
    libraries: [],
  },
  'confined-calls': {
    output: '.cache/native/confined-calls',
    flags: ['-O1', '-g', `-I${join(root, 'native/confine')}`],
    sources: [
      ...sourcesIn('native/confine').filter((path) => !path.endsWith('/addon.c')),
      'test/native/programs/confined-calls.c',
    ],
    headers: [join(root, 'native/confine')],
    libraries: [],
  },
  // Loaded in front of libpcap.
  'hostile-compiler': {
    output: '.cache/native/hostile-compiler.so',
    flags: ['-shared', '-fPIC', '-U_GNU_SOURCE'],
    sources: ['test/native/programs/hostile-compiler.c'],
    libraries: [],
  },
};

/** @param {string} variant */
export function nativeProgram(variant = 'plain') {
  return join(root, VARIANTS[variant].output);
}

/**
 * Builds both parts in C. `isMissing` tells a machine without the tools from sources that do not compile.
 * @returns {{ built: true } | { built: false, reason: string, isMissing: boolean }}
 */
export function ensureNativeBuilt({ force = false, variants = ['plain'] } = {}) {
  const confinement = ensureConfinementBuilt({ force });
  const helper = ensureHelperBuilt({ force, variants });
  // The helper needs more than the other part: what is missing for it says all.
  return !confinement.built && !confinement.isMissing ? confinement : helper;
}

/** Builds the variants of the capture helper that are not there as their sources say; answers as ensureNativeBuilt(). */
export function ensureHelperBuilt({ force = false, variants = ['plain'] } = {}) {
  return buildVariants(whatIsMissing(), variants, force);
}

/**
 * Builds what confines the process that reads captures (native/confine), which needs a compiler, and headers that come along; answers
 * as ensureNativeBuilt().
 */
export function ensureConfinementBuilt({ force = false, variants = ['confine'] } = {}) {
  const absence =
    process.platform === 'linux'
      ? (whyNoCompiler() ?? whyNoNodeApi())
      : `${process.platform} has nothing that it could use`;
  return buildVariants(absence, variants, force);
}

function buildVariants(absence, variants, force) {
  if (absence !== undefined) return { built: false, reason: absence, isMissing: true };
  for (const variant of variants) {
    const failure = buildVariant(variant, force);
    if (failure !== undefined) return { built: false, reason: failure, isMissing: false };
  }
  return { built: true };
}

/** Undefined when it was built, or needed not to be; else what the compiler said. */
function buildVariant(variant, force) {
  const { output, copy, compiler = 'cc', flags, libraries, ...more } = VARIANTS[variant];
  const { sources = sourcesOfProgram(), headers = [SOURCES] } = more;
  const programs = [output, copy].filter((path) => path !== undefined).map((path) => join(root, path));
  const [program, ...copies] = programs;
  const args = [
    ...['-std=c11', '-D_GNU_SOURCE', `-DCAPD_VERSION="${version()}"`],
    ...WARNINGS,
    ...flags,
    ...sources.map((source) => join(root, source)),
  ];
  const links = libraries.length > 0 ? libpcapFlags() : [];
  const stamp = join(root, `.cache/native/${variant}.stamp`);
  const fingerprint = fingerprintOf(compiler, [...args, ...links], headers);
  const isThere = [...programs, stamp].every((path) => existsSync(path));
  if (!force && isThere && readFileSync(stamp, 'utf8') === fingerprint) return;
  for (const folder of [dirname(program), dirname(stamp)]) mkdirSync(folder, { recursive: true });
  // Put in place as a whole: it may be running, and somebody else may be building it.
  const made = `${program}.${process.pid}`;
  const run = spawnSync(compiler, [...args, ...links, '-o', made], { encoding: 'utf8' });
  if (run.status !== 0) return `the C sources do not compile (${variant}):\n${run.stderr}`;
  for (const path of copies) {
    copyFileSync(made, `${path}.${process.pid}`);
    renameSync(`${path}.${process.pid}`, path);
  }
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

/** Everything but the begin and the end of the process, which the fuzzers have of their own. */
function fuzzSources() {
  const own = readdirSync(FUZZERS).filter((name) => name.endsWith('.c'));
  return [
    ...sourcesOfProgram().filter((path) => !/\/(main|fail)\.c$/u.test(path)),
    ...own
      .filter((name) => name !== 'loop.c' || fuzzingClang() === undefined)
      .map((name) => `test/native/fuzz/${name}`),
  ];
}

let clangFound;

/** A clang that has libFuzzer; undefined where there is none. */
function fuzzingClang() {
  clangFound ??=
    CLANGS.find((clang) => {
      const args = ['-fsanitize=fuzzer,address', '-x', 'c', '-', '-o', '/dev/null'];
      const input = 'int LLVMFuzzerTestOneInput(const char *data, long size) { return data && size < 0; }';
      return spawnSync(clang, args, { input, stdio: ['pipe', 'ignore', 'ignore'] }).status === 0;
    }) ?? null;
  return clangFound ?? undefined;
}

/** Changes with every source, every flag and the compiler. */
function fingerprintOf(compiler, args, headers) {
  const hash = createHash('sha256').update(args.join('\0'));
  hash.update(spawnSync(compiler, ['--version'], { encoding: 'utf8' }).stdout);
  const files = [
    ...headers.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))),
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

function whyNoNodeApi() {
  if (NODE_API === undefined) return 'the headers of Node-API are missing (npm install)';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = process.argv.slice(2).filter((argument) => argument in VARIANTS);
  const force = process.argv.includes('--force');
  const helper = ensureHelperBuilt({ force, variants: named.length > 0 ? named : undefined });
  const confinement = ensureConfinementBuilt({ force });
  for (const [name, { built, reason }] of Object.entries({
    'native/capd': helper,
    'native/confine': confinement,
  }))
    console.log(built ? `${name} is built` : `${name} is not built: ${reason}`);
  if ([helper, confinement].some(({ built, isMissing }) => !built && !isMissing)) process.exitCode = 1;
}
