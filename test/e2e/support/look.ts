/** How a view looks: a picture for people, and what axe-core finds in it. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { AppPage } from '../pages/app-page.ts';
import { SCREENS } from './places.ts';

/** A script of the page, see OpenOptions. */
export const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Axe {
  run(context: Document, options: { readonly resultTypes: readonly ['violations'] }): Promise<AxeResults>;
}

/** Findings that keep people out, one line each. */
async function findings(app: AppPage): Promise<string[]> {
  const { violations } = await app.page.evaluate(() =>
    (window as unknown as { axe: Axe }).axe.run(document, { resultTypes: ['violations'] }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map((node) => node.target.join(' '))
          .slice(0, 3)
          .join(' | ')}`,
    );
}

/** @param isSeen it shows nothing that was not looked at before: a picture is enough */
export async function look(app: AppPage, name: string, theme: string, isSeen = false): Promise<string[]> {
  await app.page.screenshot({
    path: join(SCREENS, `${name}-${theme}.png`),
    animations: 'disabled',
    caret: 'initial',
  });
  return isSeen ? [] : (await findings(app)).map((finding) => `${name}: ${finding}`);
}
