// node scripts/package-notices.mjs [FILE]
//
// The licences of all packages that are bundled, as their authors wrote them: every package of ours carries this file.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledPackages } from './bundled-packages.mjs';
import { ensureBuilt } from './build.mjs';
import { root } from './setup.mjs';

const RULE = '-'.repeat(80);

/** @param targets of the build; all unless named */
export function thirdPartyNotices(targets) {
  const packages = bundledPackages(targets);
  const list = packages.map((one) => `  ${one.name} ${one.version} (${one.licence})`);
  const texts = packages.map(
    (one) => `${RULE}\n${one.name} ${one.version}\n${RULE}\n\n${licenceText(one)}\n`,
  );
  return `Resetscope is made with the following packages, which are in it. Their licences follow.\n\n${list.join('\n')}\n\n${texts.join('\n')}`;
}

/**
 * What the package's own file says; where it has none, the text of the licence that it names, in the name of its author.
 * @throws Error where neither is known: a package without a licence cannot be shipped
 */
export function licenceText({ name, folder, licence, author }) {
  const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (files.length > 0)
    return files
      .sort()
      .map((file) => readFileSync(join(root, folder, file), 'utf8').trim())
      .join('\n\n');
  // Our own licence is the same one.
  if (licence === 'MIT')
    return readFileSync(join(root, 'LICENSE'), 'utf8')
      .replace(/^Copyright .*$/m, `Copyright (c) ${author}`)
      .trim();
  throw new Error(`${name} has no file with its licence (${licence || 'none named'}): it cannot be bundled`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensureBuilt();
  const file = process.argv[2] ?? join(root, 'dist/THIRD-PARTY-NOTICES.txt');
  writeFileSync(file, thirdPartyNotices());
}
