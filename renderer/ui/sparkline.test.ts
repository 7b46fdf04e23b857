import { expect, it } from 'vitest';
import { sparkPoints } from './sparkline.tsx';

it('draws the newest rate at the right end, the highest at the top', () => {
  const points = sparkPoints({ values: [0, 50, 100], room: 5, width: 40, height: 20 });
  expect(points.map(([x]) => x)).toEqual([20, 30, 40]);
  expect(points[2][1]).toBeLessThan(points[1][1]);
  expect(points.every(([, y]) => y >= 0 && y <= 20)).toBe(true);
});
