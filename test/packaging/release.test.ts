/** What goes out beside the packages: licences, bill of materials, checksums; and what signing would take. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePackages, root, run, runWell } from './support/packages.ts';

const script = async <T>(name: string): Promise<T> =>
  (await import(new URL(`../../scripts/${name}`, import.meta.url).href)) as T;
const { bundledPackages, packageFolder } = await script<{
  bundledPackages(): readonly { name: string; version: string; folder: string }[];
  packageFolder(id: string): string | undefined;
}>('bundled-packages.mjs');
const { thirdPartyNotices, licenceText } = await script<{
  thirdPartyNotices(): string;
  licenceText(one: { name: string; folder: string; licence: string; author: string }): string;
}>('package-notices.mjs');
const { checksums } = await script<{ checksums(folder: string): string }>('package-checksums.mjs');
const { signingReport } = await script<{
  signingReport(
    platform: string,
    env: Readonly<Record<string, string>>,
  ): readonly { isThere: boolean; text: string }[];
}>('package-signing.mjs');
const { ensureBuilt } = await script<{ ensureBuilt(): Promise<string[]> }>('build.mjs');

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};
beforeAll(async () => {
  await ensureBuilt();
});

describe('the packages that are bundled', () => {
  it('are known by the modules that the bundler took', () => {
    expect(packageFolder('/x/node_modules/ws/lib/a.js')).toBe('node_modules/ws');
    expect(packageFolder('/x/node_modules/a/node_modules/@b/c/d.js')).toBe(
      'node_modules/a/node_modules/@b/c',
    );
    expect(packageFolder('\0/x/node_modules/ws/index.js?commonjs')).toBe('node_modules/ws');
    expect(packageFolder('/x/main/cli/index.ts')).toBeUndefined();
    const names = bundledPackages().map(({ name }) => name);
    // All that package.json says the programs need, and what the page is made of.
    expect(names).toEqual(expect.arrayContaining([...Object.keys(dependencies), 'react-dom', 'uplot']));
    expect(names).not.toContain('vitest');
  });

  it('are each in the notices, with the text of their licence', () => {
    const notices = thirdPartyNotices();
    const [list, ...texts] = notices.split(/^-{80}\n(?=.+\n-{80}$)/mu);
    for (const { name, version } of bundledPackages()) {
      expect(list).toContain(`  ${name} ${version} (`);
      const text = texts.find((one) => one.startsWith(`${name} ${version}\n`));
      expect(text, name).toMatch(/permission|redistribution/iu);
      expect(text, name).toMatch(/copyright/iu);
    }
    expect(texts).toHaveLength(bundledPackages().length);
  });

  it('cannot be shipped without a licence', () => {
    const none = { name: 'x', folder: 'packaging', licence: '', author: 'A. U. Thor' };
    expect(() => licenceText(none)).toThrow(/x has no file with its licence/u);
    expect(licenceText({ ...none, licence: 'MIT' })).toContain('Copyright (c) A. U. Thor');
  });
});

describe('the bill of materials', () => {
  it('has what is shipped, what runs it, and nothing else', () => {
    const { folder, files } = makePackages('package-sbom.mjs');
    try {
      expect(files).toHaveLength(1);
      const bill = JSON.parse(readFileSync(files[0] ?? '', 'utf8')) as {
        bomFormat: string;
        metadata: { component: { name: string } };
        components: { group?: string; name: string; version: string; purl: string }[];
        dependencies: { ref: string; dependsOn: string[] }[];
      };
      expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'resetscope' } } });
      const names = bill.components.map(({ purl }) => decodeURIComponent(purl.replace(/^pkg:[^/]+\//u, '')));
      const bundled = bundledPackages().map(({ name, version }) => `${name}@${version}`);
      expect(names.filter((name) => !/^(electron|node)@/u.test(name)).sort()).toEqual(bundled.sort());
      expect(names).toContain(`node@${process.versions.node}`);
      const known = new Set(bill.dependencies.map(({ ref }) => ref));
      expect(
        bill.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((one) => !known.has(one)),
      ).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('checksums', () => {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-sums-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are of what is released, as sha256sum reads them', () => {
    writeFileSync(join(folder, 'a.deb'), 'a');
    writeFileSync(join(folder, 'b.tar.gz'), 'b');
    writeFileSync(join(folder, 'builder-debug.yml'), 'c');
    writeFileSync(join(folder, 'SHA256SUMS'), '');
    const sum = createHash('sha256').update('a').digest('hex');
    expect(checksums(folder)).toMatch(new RegExp(`^${sum}  a\\.deb\\n[0-9a-f]{64}  b\\.tar\\.gz\\n$`, 'u'));
    writeFileSync(join(folder, 'SHA256SUMS'), checksums(folder));
    expect(runWell(['sha256sum', '-c', 'SHA256SUMS'], {}, folder)).toBe('a.deb: OK\nb.tar.gz: OK\n');
  });
});

describe('signing', () => {
  const texts = (platform: string, env: Readonly<Record<string, string>>): readonly string[] =>
    signingReport(platform, env).map(({ text }) => text);

  it('says what is there, and the least that is missing', () => {
    expect(texts('darwin', {})[0]).toContain('missing CSC_LINK + CSC_KEY_PASSWORD, or CSC_NAME');
    expect(texts('darwin', { CSC_LINK: 'x' })[0]).toContain('missing CSC_KEY_PASSWORD');
    expect(texts('darwin', { CSC_LINK: 'x', CSC_KEY_PASSWORD: 'y' })[0]).toContain(
      ': CSC_LINK, CSC_KEY_PASSWORD',
    );
    expect(texts('win32', { CSC_NAME: 'x' })[0]).toContain('missing');
    expect(texts('linux', { RESETSCOPE_GPG_KEY: 'x' })).toEqual([
      'the key that signs SHA256SUMS: RESETSCOPE_GPG_KEY',
    ]);
  });

  it('tells no secrets', () => {
    expect(texts('darwin', { CSC_LINK: 'hush', CSC_KEY_PASSWORD: 'hush' }).join()).not.toContain('hush');
  });

  it('fails only when it is required', () => {
    const command = [
      process.execPath,
      join(root, 'scripts/package-signing.mjs'),
      '--system',
      'win32',
    ] as const;
    expect(run([...command]).status).toBe(0);
    expect(run([...command, '--require']).status).toBe(1);
  });
});

describe('the release workflow', () => {
  const text = readFileSync(join(root, '.github/workflows/release.yml'), 'utf8');
  const workflow = load(text) as { jobs: Record<string, { strategy?: { matrix: { os: string[] } } }> };
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };

  it('builds on three systems, with scripts that are there', () => {
    const systems = Object.values(workflow.jobs).flatMap(({ strategy }) => strategy?.matrix.os ?? []);
    for (const system of ['ubuntu', 'macos', 'windows'])
      expect(
        systems.some((one) => one.startsWith(system)),
        system,
      ).toBe(true);
    const named = [...text.matchAll(/npm run (?:-s )?([\w:]+)/gu)].map((match) => match[1] ?? '');
    expect(named).toEqual(expect.arrayContaining(['package', 'package:cli', 'package:checksums', 'sbom']));
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    const files = [...text.matchAll(/node (scripts\/\S+\.mjs)/gu)].map((match) => match[1] ?? '');
    const there = readdirSync(join(root, 'scripts')).map((name) => `scripts/${name}`);
    expect(files.filter((file) => !there.includes(file))).toEqual([]);
  });

  it('trusts no action by a name that can be moved', () => {
    const used = [...text.matchAll(/uses: (\S+)/gu)].map((match) => match[1] ?? '');
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((one) => !/@[0-9a-f]{40}$/u.test(one))).toEqual([]);
  });
});
