// npm run package:checksums
//
// Writes release/SHA256SUMS over what lies there, as sha256sum -c reads it, and signs it where RESETSCOPE_GPG_KEY names a key.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RELEASE } from './package-parts.mjs';

const NAME = 'SHA256SUMS';

/** What people download, and the files by which the app finds a newer release. */
const RELEASED = /\.(deb|rpm|AppImage|dmg|exe|tgz|tar\.gz|zip|json|yml|blockmap)$/;

export function checksums(folder) {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && RELEASED.test(entry.name) && !entry.name.startsWith('builder-'))
    .map(({ name }) => name)
    .sort();
  const lines = files.map((name) => {
    const sum = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
    return `${sum}  ${name}\n`;
  });
  return lines.join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = join(RELEASE, NAME);
  writeFileSync(file, checksums(RELEASE));
  const key = process.env.RESETSCOPE_GPG_KEY;
  if (key)
    execFileSync('gpg', ['--batch', '--yes', '--local-user', key, '--armor', '--detach-sign', file], {
      stdio: 'inherit',
    });
  console.log(`${file}${key ? ', signed' : ''}`);
}
