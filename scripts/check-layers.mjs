// npm run layers: holds the imports of all sources against .dependency-cruiser.cjs.
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';

// With a TypeScript that it cannot use, the cruiser sees nothing and finds nothing wrong. So it must have seen about
// as many sources as there are; raise it as they grow.
const FEWEST_SOURCES = 1000;

const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
process.chdir(new URL('..', import.meta.url).pathname);
const { output } = await cruise(['shared', 'main', 'renderer', 'test'], {
  ...options,
  ruleSet: { forbidden },
  validate: true,
});

const sources = output.modules.filter(({ source }) => /^(shared|main|renderer|test)\/.*\.tsx?$/.test(source));
const { violations } = output.summary;
for (const { rule, from, to } of violations) console.log(`${rule.name}: ${from} → ${to}`);
console.log(
  `${sources.length} sources, ${output.summary.totalDependenciesCruised} imports, ${violations.length} violations`,
);
if (sources.length < FEWEST_SOURCES) {
  console.log(`fewer than ${FEWEST_SOURCES} sources were seen: the gate is blind`);
  process.exitCode = 1;
}
if (violations.length > 0) process.exitCode = 1;
