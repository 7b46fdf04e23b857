/** How a view looks: a picture for people, and what axe-core finds in it. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { AppPage } from '../pages/app-page.ts';
import { differences } from './approved.ts';
import { SCREENS } from './places.ts';

/** A script of the page, see OpenOptions. */
export const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/**
 * Before and after a pop-up at the end of the document lie guards that hand the focus on in the moment they get it, so that Tab
 * follows what is seen. They are hidden and take focus, which is a finding with any other element.
 */
const FOCUS_GUARDS = '[class*="__focus-trap"]';

interface Axe {
  run(
    context: { readonly include: Document; readonly exclude: readonly string[] },
    options: { readonly resultTypes: readonly ['violations'] },
  ): Promise<AxeResults>;
}

/** A finding keeps people out, and a difference counts, if it is still there when the page has come to rest. */
const LOOKS = 4;

/**
 * Findings that keep people out, one line each. A pane that waits for its answer is dimmed, and a toast fades in: text has
 * no contrast then, for a moment. So what is found is looked for again, and counts only if every look finds it.
 */
async function findings(app: AppPage): Promise<readonly string[]> {
  let lasting: readonly string[] = await findingsNow(app);
  for (let looks = 1; looks < LOOKS && lasting.length > 0; looks++) {
    await answered(app);
    const again = new Set(await findingsNow(app));
    lasting = lasting.filter((finding) => again.has(finding));
  }
  return lasting;
}

async function findingsNow(app: AppPage): Promise<string[]> {
  const { violations } = await app.page.evaluate(async (guards) => {
    const motions = document
      .getAnimations()
      .filter(({ effect }) => isFinite(effect?.getComputedTiming().endTime as number));
    await Promise.allSettled(motions.map(({ finished }) => finished));
    return (window as unknown as { axe: Axe }).axe.run(
      { include: document, exclude: [guards] },
      { resultTypes: ['violations'] },
    );
  }, FOCUS_GUARDS);
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
  // What the pointer happens to be over is no part of the view.
  await app.page.mouse.move(0, 0);
  const path = join(SCREENS, `${name}-${theme}.png`);
  let different: readonly string[] = [];
  for (let looks = 0; looks < LOOKS; looks++) {
    const picture = await pictureAtRest(app, path);
    different = varies ? [] : await differences(app.page, picture, `${name}-${theme}`);
    if (different.length === 0) break;
  }
  return [...found, ...different];
}

/** No pane waits for its answer. */
function answered(app: AppPage): Promise<void> {
  return app.page.locator('[aria-busy="true"], .is-switching').first().waitFor({ state: 'detached' });
}

/** A canvas is drawn some frames after its numbers came: the picture is taken when the next one is the same. */
async function pictureAtRest(app: AppPage, path: string): Promise<Buffer> {
  const take = (): Promise<Buffer> => app.page.screenshot({ path, animations: 'disabled' });
  await answered(app);
  let picture = await take();
  for (let looks = 0; looks < LOOKS; looks++) {
    const next = await take();
    if (next.equals(picture)) break;
    picture = next;
  }
  return picture;
}
