/** A ladder as an SVG file: the window that is seen, or the whole of it as far as a picture can be looked at. */
import { paintOrigin, originColour } from '../ui/drawn-marks.ts';
import type { Painter, TextLook } from '../ui/painter.ts';
import { fitText } from '../ui/painter.ts';
import { SvgPainter } from '../ui/svg-painter.ts';
import { vantageName } from '../words/join-text.ts';
import { laneX } from './layout.ts';
import { paintLadder } from './paint.ts';
import type { LadderScene } from './scene.ts';

const HEAD_PX = 46;
/** The names of several capture points stand over those of the hosts. */
const JOINED_HEAD_PX = 62;
/** Taller pictures are opened by nothing: some 2,000 rows. */
export const MOST_PX = 56_000;

interface SvgOptions {
  /** px of the ladder, top and height. */
  readonly from: number;
  readonly height: number;
  readonly title: string;
  readonly ends: { readonly client: string; readonly server: string };
}

export function svgLadder(scene: LadderScene, measure: Painter['measure'], options: SvgOptions): string {
  const { theme, layout } = scene;
  const height = Math.min(options.height, MOST_PX, scene.rungs.totalPx - options.from);
  const head = scene.packets.courses === null ? HEAD_PX : JOINED_HEAD_PX;
  const painter = new SvgPainter(measure, theme.fonts);
  // What the pointer and the cursor do is no part of the picture.
  const still = { ...scene, hovered: -1, cursor: -1 };
  paintHead(painter, scene, options.ends, head);
  paintLadder(shifted(painter, head), still, options.from, height);
  return painter.file(layout.width, height + head + 4, theme.colour('bg-1'), options.title);
}

function paintHead(
  painter: Painter,
  { theme, layout, lanes, packets }: LadderScene,
  ends: SvgOptions['ends'],
  head: number,
): void {
  const [first, second] = [head - 32, head - 16];
  const room = (layout.server - layout.client) * 0.36;
  const name: TextLook = { colour: theme.colour('text-1'), size: theme.sizes.text, bold: true };
  const address: TextLook = { colour: theme.colour('text-2'), size: theme.sizes.text, mono: true };
  painter.text(layout.client - 8, first, 'Client', name);
  painter.text(layout.client - 8, second, fitText(painter, ends.client, address, room), address);
  painter.text(layout.server + 8, first, 'Server', { ...name, align: 'right' });
  painter.text(layout.server + 8, second, fitText(painter, ends.server, address, room), {
    ...address,
    align: 'right',
  });
  for (const device of lanes.devices) {
    const x = laneX(layout, device.at);
    const colour = originColour(theme, device.kind);
    paintOrigin(painter, x, 14, device.kind, 6, colour);
    const words = device.kind === 'unknown' ? 'a device?' : 'Device';
    painter.text(x, 30, words, { colour, size: theme.sizes.text, bold: true, align: 'center' });
  }
  for (const { at, name: vantage } of packets.courses?.vantages ?? []) {
    const look: TextLook = {
      colour: theme.colour('accent-text'),
      size: theme.sizes.text,
      bold: true,
      align: 'center',
    };
    painter.text(laneX(layout, at), 14, fitText(painter, vantageName(vantage), look, room), look);
  }
  for (const at of packets.courses?.proxies ?? []) {
    const look: TextLook = {
      colour: theme.colour('text-2'),
      size: theme.sizes.text,
      bold: true,
      align: 'center',
    };
    painter.text(laneX(layout, at), 14, 'proxy', look);
  }
  painter.line(0, head - 3, layout.width, head - 3, { colour: theme.colour('line') });
}

/** The same painter, farther down. */
function shifted(painter: Painter, down: number): Painter {
  return {
    line: (x0, y0, x1, y1, look) => {
      painter.line(x0, y0 + down, x1, y1 + down, look);
    },
    path: (points, look) => {
      painter.path(
        points.map(([x, y]) => [x, y + down] as const),
        look,
      );
    },
    box: (x, y, width, height, look) => {
      painter.box(x, y + down, width, height, look);
    },
    polygon: (points, fill) => {
      painter.polygon(
        points.map(([x, y]) => [x, y + down] as const),
        fill,
      );
    },
    disc: (x, y, radius, look) => {
      painter.disc(x, y + down, radius, look);
    },
    text: (x, y, text, look) => {
      painter.text(x, y + down, text, look);
    },
    measure: (text, look) => painter.measure(text, look),
  };
}
