/** The overview says what the command line says of the same file. */
import type { AnalysisJson } from '../../main/cli/schema.ts';
import { causeOf } from '../../shared/causes/list.ts';
import { commandLine, expect, test } from './support/test.ts';

function countBy<T extends string>(
  resets: AnalysisJson['resets'],
  of: (reset: AnalysisJson['resets'][number]) => T,
): Map<T, number> {
  const counts = new Map<T, number>();
  for (const reset of resets) counts.set(of(reset), (counts.get(of(reset)) ?? 0) + 1);
  return counts;
}

test('the numbers are those of the command line', async ({ open, captures }) => {
  const { resets, flows, files } = await commandLine(captures.mixed);
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const origins = countBy(resets, (reset) => reset.origin.kind);
  // The numbers follow the reading at a pace for people.
  for (const [title, number] of [
    ['Packets', files[0].packets],
    ['Flows', flows],
    ['Resets', resets.length],
    ['Matter', resets.filter((reset) => reset.matters).length],
    ['Device on the path', origins.get('middlebox') ?? 0],
  ] as const) {
    await expect.poll(() => app.overview.number(title)).toBe(String(number));
  }

  const shown = await app.overview.counts('Who sent them');
  const find = (title: string): number | undefined =>
    Object.entries(shown).find(([text]) => text.startsWith(title))?.[1];
  expect(find('Device on the path')).toBe(origins.get('middlebox') ?? 0);
  expect(find('Host')).toBe(origins.get('endpoint') ?? 0);
  expect(find('Cannot tell')).toBe(origins.get('unknown') ?? 0);

  const causes = countBy(resets, (reset) => reset.cause.code);
  await expect
    .poll(() => app.overview.counts('Why'))
    .toEqual(Object.fromEntries([...causes].map(([code, count]) => [causeOf(code).title, count])));
});

test('every number of origins leads to its resets', async ({ open, captures }) => {
  const { resets } = await commandLine(captures.mixed);
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  for (const [title, kind] of [
    ['Device on the path', 'middlebox'],
    ['Host', 'endpoint'],
  ] as const) {
    await app.go('Overview');
    await app.overview
      .card('Who sent them')
      .getByRole('button', { name: new RegExp(`^${title}`) })
      .click();
    expect(await app.filter.inputValue()).toBe(`origin:${kind}`);
    const expected = resets.filter((reset) => reset.origin.kind === kind).length;
    expect(expected, `the capture has resets of ${kind}`).toBeGreaterThan(0);
    await expect.poll(() => app.resets.total()).toBe(expected);
  }
});

test('the headline leads to what matters', async ({ open, captures }) => {
  const { resets } = await commandLine(captures.mixed);
  const app = await open({ files: [captures.mixed] });
  await app.page.getByRole('button', { name: 'Show what matters' }).click();
  await expect.poll(() => app.resets.total()).toBe(resets.filter((reset) => reset.matters).length);
  expect(await app.filter.inputValue()).toBe('matters:yes');
});

test('findings that say the same are one row, which opens to each; one of them leads to its reset', async ({
  open,
  captures,
}) => {
  const { findings } = await commandLine(captures.mixed);
  const [first] = findings;
  const alike = findings.filter(({ cause }) => cause === first.cause);
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const card = app.overview.card('Findings');
  const merged = card.getByRole('row').nth(1).getByRole('button');
  const count = alike.reduce((sum, finding) => sum + finding.count, 0);
  expect(await merged.innerText()).toMatch(new RegExp(`^${count} resets .* on ${alike.length} servers`, 'u'));
  expect(await merged.getAttribute('aria-expanded')).toBe('false');
  await merged.click();
  const finding = card.getByRole('button').filter({ hasText: first.sentence });
  await finding.click();
  await app.verdict.summary.waitFor();
  expect(await app.verdict.root.innerText()).toContain(`frame ${first.resets[0].frame}`);
});
