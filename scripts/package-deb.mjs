// npm run package:deb
//
// The Debian package, release/resetscope_VERSION_ARCH.deb: command line, loopback app and desktop app. It is made by dpkg-deb
// from what electron-builder leaves unpacked: fpm, which electron-builder would download for it, knows neither debconf nor
// the rest of what is needed here. RESETSCOPE_REQUIRE_ELECTRON=1 fails where Electron's program is not installed, for
// releases; RESETSCOPE_DEB_LEVEL is how hard it is compressed (0 to 9, or none).
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { electronBinary } from './electron-binary.mjs';
import { unpackedDesktop } from './package-desktop.mjs';
import {
  buildAll,
  copy,
  copyTree,
  gzip,
  metadata,
  PACKAGING,
  RELEASE,
  settleModes,
  sourceDate,
  stageProgram,
  stop,
  write,
} from './package-parts.mjs';
import { root } from './setup.mjs';

const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };
/** Icons of these sizes belong to the theme hicolor. */
const ICONS = /^(16|24|32|48|64|128|256|512)x\1\.png$/;

if (process.platform !== 'linux') stop('Debian packages are made on Linux');
if (process.env.RESETSCOPE_REQUIRE_ELECTRON === '1' && electronBinary() === undefined)
  stop("Electron's program is not installed: node node_modules/electron/install.js");
const work = mkdtempSync(join(tmpdir(), 'resetscope-deb-'));
try {
  await buildAll();
  const tree = join(work, 'tree');
  const isStandIn = stage(tree);
  const file = join(RELEASE, `resetscope_${metadata.version}_${architecture()}.deb`);
  build(tree, file);
  if (isStandIn)
    console.log(
      "Without Electron's program, which is not installed here: a script that says so stands in its place.",
    );
  console.log(`${relative(root, file)} (${Math.round(statSync(file).size / 1e6)} MB)`);
} finally {
  rmSync(work, { recursive: true });
}

function architecture() {
  return ARCHITECTURES[process.arch] ?? stop(`there is no package for ${process.arch}`);
}

/** @returns whether a stand-in took the place of Electron's program */
function stage(tree) {
  const usr = join(tree, 'usr');
  const lib = join(usr, 'lib/resetscope');
  stageProgram(usr);
  const { folder, isStandIn } = unpackedDesktop(join(work, 'desktop'));
  copyTree(folder, join(lib, 'app'));
  // One helper for both apps, so that there is one place with rights.
  rmSync(join(lib, 'app/resources/native'), { recursive: true, force: true });
  symlinkSync('../../native', join(lib, 'app/resources/native'));
  // Nor are tens of megabytes of DuckDB there twice.
  rmSync(join(lib, 'app/resources/duckdb'), { recursive: true, force: true });
  if (existsSync(join(lib, 'duckdb'))) symlinkSync('../../duckdb', join(lib, 'app/resources/duckdb'));
  copy(join(PACKAGING, 'linux/apparmor-profile'), join(lib, 'app/apparmor-profile'));
  copy(join(PACKAGING, 'linux/resetscope-app'), join(usr, 'bin/resetscope-app'));
  write(
    join(usr, 'share/man/man1/resetscope-app.1.gz'),
    gzip(readFileSync(join(PACKAGING, 'man/resetscope-app.1'))),
  );
  copy(join(PACKAGING, 'linux/resetscope.desktop'), join(usr, 'share/applications/resetscope.desktop'));
  copy(join(PACKAGING, 'linux/resetscope-mime.xml'), join(usr, 'share/mime/packages/resetscope.xml'));
  stageIcons(join(usr, 'share/icons/hicolor'));
  copy(join(PACKAGING, 'debian/lintian-overrides'), join(usr, 'share/lintian/overrides/resetscope'));
  write(join(usr, 'share/doc/resetscope/changelog.gz'), gzip(changelog()));
  const licence = readFileSync(join(root, 'LICENSE'), 'utf8').split('\n\n').slice(2).join('\n\n').trimEnd();
  write(
    join(usr, 'share/doc/resetscope/copyright'),
    filled('copyright', { LICENSE: licence.replace(/^/gm, ' ').replace(/^ $/gm, ' .') }),
  );
  settleModes(tree);
  // Chromium falls back on it where user namespaces are forbidden; what it may do as root is to make namespaces.
  const sandbox = join(lib, 'app/chrome-sandbox');
  if (!isStandIn && existsSync(sandbox)) chmodSync(sandbox, 0o4755);
  return isStandIn;
}

/** What Debian's programs want to know of a version; what changed is told where it is released. */
function changelog() {
  return filled('changelog', {
    VERSION: debianVersion(metadata.version),
    MAINTAINER: metadata.author,
    HOMEPAGE: metadata.homepage,
    DATE: new Date(sourceDate() * 1000).toUTCString().replace('GMT', '+0000'),
  });
}

function stageIcons(hicolor) {
  for (const name of readdirSync(join(PACKAGING, 'icons'))) {
    const size = ICONS.exec(name)?.[1];
    if (size === undefined) continue;
    copy(join(PACKAGING, 'icons', name), join(hicolor, `${size}x${size}/apps/resetscope.png`));
  }
  copy(join(PACKAGING, 'icons/resetscope.svg'), join(hicolor, 'scalable/apps/resetscope.svg'));
}

function build(tree, file) {
  const control = join(tree, 'DEBIAN');
  const files = filesIn(tree);
  const installed = files.reduce((sum, path) => sum + Math.ceil(statSync(path).size / 1024), 0);
  write(
    join(control, 'control'),
    filled('control', {
      VERSION: debianVersion(metadata.version),
      ARCHITECTURE: architecture(),
      MAINTAINER: metadata.author,
      INSTALLED_SIZE: String(installed),
      GLIBC: newestGlibc(join(tree, 'usr/lib/resetscope')),
      HOMEPAGE: metadata.homepage,
    }),
  );
  const sums = files.map((path) => `${md5(path)}  ${relative(tree, path)}\n`);
  write(join(control, 'md5sums'), sums.join(''));
  copy(join(PACKAGING, 'debian/templates'), join(control, 'templates'));
  for (const script of ['config', 'postinst', 'postrm']) {
    copy(join(PACKAGING, 'debian', script), join(control, script));
    chmodSync(join(control, script), 0o755);
  }
  chmodSync(control, 0o755);
  write(file, '');
  // Not zstd: Debian before 12 cannot read that.
  const level = process.env.RESETSCOPE_DEB_LEVEL ?? '6';
  const compression = level === 'none' ? ['-Znone'] : ['-Zxz', `-z${level}`];
  execFileSync('dpkg-deb', ['--root-owner-group', ...compression, '--build', tree, file], {
    stdio: 'pipe',
    // It gives no file a later time than this one.
    env: { ...process.env, SOURCE_DATE_EPOCH: String(sourceDate()) },
  });
}

/** `1.2.0-rc.1` comes before `1.2.0`, which Debian writes with a tilde. */
function debianVersion(version) {
  return version.replace('-', '~');
}

/** The newest version of the C library that a program here asks for (the names of ELF's version needs). */
function newestGlibc(folder) {
  const programs = filesIn(folder).filter(
    (path) => readFileSync(path).subarray(0, 4).toString('latin1') === '\x7fELF',
  );
  const versions = programs.flatMap((path) =>
    [
      ...readFileSync(path)
        .toString('latin1')
        .matchAll(/\0GLIBC_2\.(\d+)/g),
    ].map((match) => Number(match[1])),
  );
  return `2.${Math.max(...versions)}`;
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function md5(path) {
  return createHash('md5').update(readFileSync(path)).digest('hex');
}

function filled(name, values) {
  const text = readFileSync(join(PACKAGING, 'debian', name), 'utf8');
  return text.replaceAll(
    /@([A-Z_]+)@/g,
    (_, key) => values[key] ?? stop(`packaging/debian/${name} wants ${key}`),
  );
}
