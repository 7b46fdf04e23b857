// npm run sbom
//
// The bill of materials of what is shipped, CycloneDX: release/resetscope-VERSION.cdx.json. npm makes it of the lock file and
// needs no network. It is given a lock file of the bundled packages alone: to npm those of the page are development packages
// like any tool, and a tool whose own wishes contradict each other would have it refuse.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { bundledPackages } from './bundled-packages.mjs';
import { ensureBuilt } from './build.mjs';
import { metadata, RELEASE } from './package-parts.mjs';
import { root } from './setup.mjs';

await ensureBuilt();
const bundled = bundledPackages();
const bill = npmBill(lockOf(bundled.map(({ folder }) => folder)));
const shipped = new Set(bundled.map(({ name, version }) => `${name}@${version}`));
bill.components = bill.components.filter((component) => shipped.delete(nameOf(component)));
if (shipped.size > 0) {
  console.error(`npm sbom does not know ${[...shipped].join(', ')}, which are in the build`);
  process.exit(1);
}
// What runs it comes beside it: Electron in the desktop app, Node in the Debian package and the tarball.
bill.components.push(
  runtime('electron', metadata.devDependencies.electron, 'npm'),
  runtime('node', process.versions.node, 'generic'),
);
const kept = new Set([bill.metadata.component['bom-ref'], ...bill.components.map((one) => one['bom-ref'])]);
const known = new Map(bill.dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
bill.dependencies = [...kept].map((ref) => ({
  ref,
  dependsOn: (known.get(ref) ?? []).filter((one) => kept.has(one)),
}));

mkdirSync(RELEASE, { recursive: true });
const file = join(RELEASE, `resetscope-${metadata.version}.cdx.json`);
writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
console.log(`${relative(root, file)}: ${bill.components.length} components`);

/** A lock file of these packages and what they ask for, as if all of them were wanted for running. */
function lockOf(folders) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const reached = new Map();
  const queue = [...folders];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    if (reached.has(folder)) continue;
    const entry = packages[folder];
    reached.set(folder, { ...entry, dev: undefined });
    const { dependencies, peerDependencies = {}, peerDependenciesMeta = {} } = entry;
    const peers = Object.keys(peerDependencies).filter(
      (name) => peerDependenciesMeta[name]?.optional !== true,
    );
    for (const name of [...Object.keys(dependencies ?? {}), ...peers]) {
      const found = resolve(folder, name, packages);
      if (found !== undefined) queue.push(found);
    }
  }
  const direct = [...reached].filter(([folder]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(folder));
  const { name, version, license } = metadata;
  const dependencies = Object.fromEntries(
    direct.map(([folder, entry]) => [folder.slice('node_modules/'.length), entry.version]),
  );
  // npm takes the folder around a package for granted when it comes to it.
  const sorted = [...reached].sort(([a], [b]) => (a < b ? -1 : 1));
  return { name, version, license, dependencies, packages: Object.fromEntries(sorted) };
}

/** As Node looks for a package: in the folder's own node_modules, then in those around it. */
function resolve(folder, name, packages) {
  for (let place = folder; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))) {
    const candidate = `${place === '' ? '' : `${place}/`}node_modules/${name}`;
    if (candidate in packages) return candidate;
    if (place === '') return undefined;
  }
}

function npmBill({ packages, ...about }) {
  const work = mkdtempSync(join(tmpdir(), 'resetscope-sbom-'));
  // npm names the bill's subject after the folder.
  const folder = join(work, about.name);
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
    const lock = { name: about.name, lockfileVersion: 3, packages: { '': about, ...packages } };
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
    const options = {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      shell: process.platform === 'win32',
    };
    return JSON.parse(execFileSync(npm, args, options));
  } finally {
    rmSync(work, { recursive: true });
  }
}

function nameOf({ group, name, version }) {
  return `${group ? `${group}/` : ''}${name}@${version}`;
}

function runtime(name, version, type) {
  return {
    'bom-ref': `${name}@${version}`,
    type: 'application',
    name,
    version,
    purl: `pkg:${type}/${name}@${version}`,
    licenses: [{ license: { id: 'MIT' } }],
  };
}
