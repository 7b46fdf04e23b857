/** How a view looks: a picture for people, and what axe-core finds in it. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { AppPage } from '../pages/app-page.ts';
import { differences } from './approved.ts';
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

export interface LookOptions {
  /** It shows nothing that was not looked at before: a picture is enough. */
  readonly isSeen?: boolean | undefined;
  /** It shows what is another in every run, such as paths and the time of day: nobody can approve that. */
  readonly varies?: boolean | undefined;
}

export async function look(
  app: AppPage,
  name: string,
  theme: string,
  { isSeen = false, varies = false }: LookOptions = {},
): Promise<string[]> {
  const found = isSeen ? [] : (await findings(app)).map((finding) => `${name}: ${finding}`);
  const picture = await app.page.screenshot({
    path: join(SCREENS, `${name}-${theme}.png`),
    animations: 'disabled',
  });
  if (!varies) found.push(...(await differences(app.page, picture, `${name}-${theme}`)));
  return found;
}
