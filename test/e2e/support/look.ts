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

/** A finding keeps people out if it is still there when the page has come to rest. */
const LOOKS = 4;

/**
 * Findings that keep people out, one line each. A pane that waits for its answer is dimmed, and a toast fades in: text has
 * no contrast then, for a moment. So what is found is looked for again, and counts only if every look finds it.
 */
async function findings(app: AppPage): Promise<readonly string[]> {
  let lasting: readonly string[] = await findingsNow(app);
  for (let looks = 1; looks < LOOKS && lasting.length > 0; looks++) {
    await app.page.locator('[aria-busy="true"], .is-switching').first().waitFor({ state: 'detached' });
    const again = new Set(await findingsNow(app));
    lasting = lasting.filter((finding) => again.has(finding));
  }
  return lasting;
}

async function findingsNow(app: AppPage): Promise<string[]> {
  const { violations } = await app.page.evaluate(async () => {
    const motions = document
      .getAnimations()
      .filter(({ effect }) => isFinite(effect?.getComputedTiming().endTime as number));
    await Promise.allSettled(motions.map(({ finished }) => finished));
    return (window as unknown as { axe: Axe }).axe.run(document, { resultTypes: ['violations'] });
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
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
