import { expect, it } from 'vitest';
import { SvgPainter, escapeXml } from './svg-painter.ts';

const FONTS = { sans: '"A", sans-serif', mono: 'monospace' };

function painted(text: string): string {
  const painter = new SvgPainter((one) => one.length * 6, FONTS);
  painter.text(1, 2, text, { colour: '#000', size: 11 });
  return painter.file(10, 20, '#fff', `<${text}>`);
}

it('writes hostile text as text, and nothing else', () => {
  const svg = painted('</text><script>alert("x")</script>\u0000\ud800');
  expect(svg).not.toContain('<script');
  expect(svg).toContain('&lt;/text&gt;&lt;script&gt;alert(&quot;x&quot;)');
  const page = new DOMParser().parseFromString(svg, 'image/svg+xml');
  expect(page.querySelectorAll('script')).toHaveLength(0);
});

it('escapes what stands in attributes', () => {
  expect(escapeXml(FONTS.sans)).toBe('&quot;A&quot;, sans-serif');
});

it('breaks a line where a point is missing', () => {
  const painter = new SvgPainter(() => 0, FONTS);
  painter.path(
    [
      [0, 0],
      [1, 1],
      [NaN, 0],
      [2, 2],
      [3, 3],
    ],
    { colour: 'red' },
  );
  expect(painter.file(1, 1, '#fff', '')).toContain('d="M0 0L1 1M2 2L3 3"');
});
