import { expect, it } from 'vitest';
import { failureSvg } from './failure-svg.ts';

function drawn(side: Parameters<typeof failureSvg>[0]['side']): string {
  return failureSvg({ side });
}

it('breaks the line close to the end whose doing it was, and lights that', () => {
  const [client, path, server] = (['client', 'path', 'server'] as const).map((side) =>
    Number(/x2="(\d+)"/u.exec(drawn(side))?.[1]),
  );
  expect(client).toBeLessThan(path);
  expect(path).toBeLessThan(server);
  expect(drawn('client').match(/inside lit"[^>]*>C</gu)).toHaveLength(1);
  expect(drawn('server').match(/inside lit"[^>]*>S</gu)).toHaveLength(1);
  expect(drawn('path')).not.toContain('lit"');
});

it('asks where nothing is known', () => {
  expect(drawn(null)).toContain('>?</text>');
  expect(drawn(null)).not.toContain('class="not"');
  expect(drawn(null)).toContain('aria-label="Where it failed cannot be told from this capture."');
});
