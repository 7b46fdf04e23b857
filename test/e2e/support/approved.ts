/**
 * Pictures that somebody looked at and approved, and how much a view differs from its own. They are kept small, and what is
 * seen is made as small: at a third of the size a changed layout, colour or word shows, and how a letter's edge was smoothed does not.
 *
 * Text looks different in other fonts, so that pictures are compared only where those are what they were when they were approved.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { ROOT, SCREENS } from './places.ts';

const APPROVED = join(ROOT, 'test/e2e/approved');
const FONTS = join(APPROVED, 'fonts.json');

/** Set, it approves what is seen now: RESETSCOPE_APPROVE=1 node test/e2e/run.mjs looks */
const APPROVING = process.env.RESETSCOPE_APPROVE !== undefined;

const SCALE = 1 / 3;
/** How far a colour may be off, of 255, in the mean of its three parts. */
const TOLERANCE = 20;
/** Which share of the pixels may be off further. */
const MAX_SHARE = 0.004;

const FONTS_SCHEMA = v.record(v.string(), v.number());

/** What a picture differs in from the approved one, as one line; nothing where it does not. */
export async function differences(page: Page, picture: Buffer, name: string): Promise<readonly string[]> {
  const path = join(APPROVED, `${name}.webp`);
  const fonts = await fontWidths(page);
  const small = await shrunk(page, picture);
  if (APPROVING) {
    mkdirSync(APPROVED, { recursive: true });
    writeFileSync(FONTS, `${JSON.stringify(fonts, null, 2)}\n`);
    writeFileSync(path, Buffer.from(small, 'base64'));
    return [];
  }
  if (!existsSync(path)) return [`${name}: nobody has approved a picture of it`];
  if (!isSame(fonts, approvedFonts())) return [];
  const share = await shareThatDiffers(page, small, readFileSync(path, 'base64'));
  if (share <= MAX_SHARE) return [];
  return [`${name}: ${(share * 100).toFixed(1)} % of it differs from the approved picture; see ${SCREENS}`];
}

/** Whether the fonts here are those of the approved pictures; without, pictures are not compared. */
export async function hasApprovedFonts(page: Page): Promise<boolean> {
  return APPROVING || isSame(await fontWidths(page), approvedFonts());
}

function approvedFonts(): Readonly<Record<string, number>> {
  return v.parse(FONTS_SCHEMA, JSON.parse(readFileSync(FONTS, 'utf8')));
}

function isSame(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  return Object.entries(b).every(([font, width]) => Math.abs((a[font] ?? 0) - width) < 0.01);
}

/** Widths of a text in the families that the page uses: they tell fonts apart. */
function fontWidths(page: Page): Promise<Record<string, number>> {
  return page.evaluate(() => {
    const context = document.createElement('canvas').getContext('2d');
    const widths: Record<string, number> = {};
    for (const family of ['ui-sans-serif, system-ui, sans-serif', 'ui-monospace, monospace']) {
      if (context === null) continue;
      context.font = `100px ${family}`;
      widths[family] = Math.round(context.measureText('Who really hung up? 0123456789 @#').width * 100) / 100;
    }
    return widths;
  });
}

/** @returns a PNG in base64 */
function shrunk(page: Page, picture: Buffer): Promise<string> {
  return page.evaluate(
    async ({ source, scale }) => {
      // The page's policy lets no image come from elsewhere, and this is none that it shows.
      const bytes = Uint8Array.from(atob(source), (byte) => byte.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes]));
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('no canvas');
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      return canvas.toDataURL('image/webp', 0.8).split(',')[1];
    },
    { source: picture.toString('base64'), scale: SCALE },
  );
}

function shareThatDiffers(page: Page, a: string, b: string): Promise<number> {
  return page.evaluate(
    async ({ pictures, tolerance }) => {
      const pixels = async (source: string): Promise<ImageData> => {
        const bytes = Uint8Array.from(atob(source), (byte) => byte.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes]));
        const canvas = document.createElement('canvas');
        canvas.width = image.width;
        canvas.height = image.height;
        const context = canvas.getContext('2d');
        if (context === null) throw new Error('no canvas');
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height);
      };
      const [one, other] = await Promise.all(pictures.map(pixels));
      if (one.width !== other.width || one.height !== other.height) return 1;
      let off = 0;
      for (let at = 0; at < one.data.length; at += 4) {
        let sum = 0;
        for (let part = 0; part < 3; part++) sum += Math.abs(one.data[at + part] - other.data[at + part]);
        if (sum / 3 > tolerance) off++;
      }
      return off / (one.data.length / 4);
    },
    { pictures: [a, b], tolerance: TOLERANCE },
  );
}
