// What the stages of `npm test` found, and the words for it: every skip by its name and reason, every failure, and the last
// line "N passed, N failed, N skipped".
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureNativeBuilt } from './build-native.mjs';
import { electronBinary } from './electron-binary.mjs';
import { root } from './setup.mjs';

const corpus = process.env.RESETSCOPE_CORPUS ?? join(root, '../shared/corpus/zeek');
const field = process.env.RESETSCOPE_FIELD ?? join(root, '../shared/field');

/** What a machine may lack without failing: the tests that need it, the reason, and whether that is really so here. */
const DECLARED_ABSENCES = [
  {
    tests: /corpus|needs every explanation/,
    reason: 'no real captures (RESETSCOPE_CORPUS)',
    holds: () => !existsSync(corpus),
  },
  {
    tests: /field cases/,
    reason: 'no cases of public reports (RESETSCOPE_FIELD)',
    holds: () => !existsSync(field),
  },
  {
    tests: /electron binary/i,
    reason: "Electron's program is not installed",
    holds: () => electronBinary() === undefined,
  },
  {
    tests: /permission is missing|needs a folder that it may write to|folder cannot be written to/,
    reason: 'root may read and write everything',
    holds: () => process.getuid?.() === 0,
  },
  {
    tests: /file system without hard links/,
    reason: 'the kernel has no vfat',
    holds: () =>
      !existsSync('/proc/filesystems') || !readFileSync('/proc/filesystems', 'utf8').includes('vfat'),
  },
  {
    tests: /prints a report to PDF/,
    reason: 'Chromium is not installed',
    holds: () => !['/usr/bin/chromium', '/usr/bin/google-chrome'].some((path) => existsSync(path)),
  },
  { tests: /^lab:/, reason: 'network namespaces cannot be made', holds: () => !canMakeNamespaces() },
  {
    tests: /kernel witness/,
    reason: 'no tracefs, or no right to mount it',
    holds: () => !canMakeNamespaces() || !existsSync('/sys/kernel/tracing'),
  },
  {
    tests: /capture helper/,
    reason: 'the capture helper cannot be built or network namespaces cannot be made',
    holds: () => !canMakeNamespaces() || !ensureNativeBuilt().built,
  },
  {
    tests: /live capture under faults/,
    reason: 'live capture needs the capture helper, root, and network namespaces',
    holds: () => !canMakeNamespaces() || !ensureNativeBuilt().built,
  },
  {
    tests: /live capture under faults: as nobody/,
    reason: 'others may not read this folder',
    holds: () => !othersMayRead(),
  },
  {
    tests: /the Debian package, installed/,
    reason: 'a Debian package is installed by root, on a Debian that does not have it',
    holds: () => process.getuid?.() !== 0 || !existsSync('/usr/bin/dpkg-deb') || isInstalledPackage(),
  },
  {
    tests: /\(chdb\)/,
    reason: 'ClickHouse of today is installed by a command of its own (npm run fleet:chdb)',
    holds: () => !existsSync(join(root, '.cache/chdb/node_modules/chdb')),
  },
  { tests: /long\.fuzz/, reason: 'long fuzzing is a command of its own (npm run fuzz)', holds: () => true },
];

/** Counts the tests of one stage. */
export class Tally {
  passed = 0;
  failures = [];
  skips = [];

  /** @param {string} status of vitest, or our own: anything but `passed` and `failed` is a skip */
  add(name, status) {
    if (status === 'passed') this.passed++;
    else if (status === 'failed') this.failures.push(name);
    else this.skips.push(name);
  }

  /** @param {string} report of a vitest that ended with this exit code or signal; `prefix` begins each name */
  addReport(report, code, prefix = '') {
    if (!existsSync(report)) {
      this.add(`${prefix}vitest ended with exit code ${code} and no report`, 'failed');
      return;
    }
    const before = this.failures.length;
    for (const { name, tests } of vitestFiles(report)) {
      for (const { title, status, messages } of tests)
        this.add(`${prefix}${name}: ${title}${status === 'failed' ? reason(messages) : ''}`, status);
    }
    // Errors outside of any test, such as unhandled rejections, only show in the exit code.
    if (code !== 0 && this.failures.length === before)
      this.add(`${prefix}vitest ended with exit code ${code}`, 'failed');
  }

  toString() {
    return `${this.passed} passed, ${this.failures.length} failed, ${this.skips.length} skipped`;
  }
}

/** Prints what was skipped and what failed, then the line with the sums; answers whether nothing failed. */
export function report(tallies) {
  console.log('');
  const undeclared = [];
  const skips = tallies.flatMap((tally) => tally.skips);
  const failures = tallies.flatMap((tally) => tally.failures);
  for (const name of skips) {
    const absence = DECLARED_ABSENCES.find(({ tests, holds }) => tests.test(name) && holds());
    console.log(`skipped: ${name}${absence === undefined ? '' : ` — ${absence.reason}`}`);
    if (process.env.CI && absence === undefined) undeclared.push(name);
  }
  for (const name of undeclared) console.log(`FAILED: skipped under CI without a declared reason: ${name}`);
  for (const name of failures) console.log(`FAILED: ${name}`);
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
  // What must not be skipped here and was is a failure, and is counted once.
  const failed = failures.length + undeclared.length;
  console.log(`${passed} passed, ${failed} failed, ${skips.length - undeclared.length} skipped`);
  return failed === 0;
}

/** The files of a JSON report of vitest, each with how long it took and its tests. */
export function* vitestFiles(report) {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  for (const { name, status, message, startTime, endTime, assertionResults } of testResults) {
    const tests = assertionResults.map((test) => ({
      title: test.fullName,
      status: test.status,
      messages: test.failureMessages,
    }));
    // A file that cannot even be loaded has no tests to fail.
    if (status === 'failed' && !tests.some((test) => test.status === 'failed'))
      tests.push({ title: '(the file)', status, messages: [message] });
    yield { name: name.replace(root, ''), seconds: (endTime - startTime) / 1000, tests };
  }
}

const REASON_LENGTH = 600;

/** A failure carries its reason behind its name, on the same line: the end of a log is enough to know what happened. */
function reason(messages) {
  const text = messages
    .map((message) => stripVTControlCharacters(message).split('\n    at ')[0].replaceAll(/\s+/g, ' ').trim())
    .filter((message) => message !== '')
    .join(' | ');
  return text === '' ? '' : ` — ${text.slice(0, REASON_LENGTH)}`;
}

export function canMakeNamespaces() {
  return process.getuid?.() === 0 && spawnSync('unshare', ['--net', 'true']).status === 0;
}

function isInstalledPackage() {
  return spawnSync('dpkg-query', ['-W', 'resetscope'], { stdio: 'ignore' }).status === 0;
}

function othersMayRead() {
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'];
  return spawnSync('setpriv', [...nobody, 'test', '-r', join(root, 'dist/cli/index.js')]).status === 0;
}
