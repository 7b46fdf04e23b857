// npm run package:icons
//
// Draws the icon in all sizes out of packaging/icons/resetscope.svg, in Chromium, and puts them into the containers of
// Windows (.ico) and macOS (.icns). What it makes is committed, so that packaging needs no browser.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './setup.mjs';

const FOLDER = join(root, 'packaging/icons');
const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** Windows knows no larger ones. */
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** Types of the entries that hold PNG, by Apple's icns: plain sizes, then those for screens of double density. */
const ICNS_TYPES = [
  ['icp4', 16],
  ['icp5', 32],
  ['icp6', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
];

const pictures = await drawPictures();
for (const [size, png] of pictures) writeFileSync(join(FOLDER, `${size}x${size}.png`), png);
writeFileSync(join(FOLDER, 'icon.ico'), ico());
writeFileSync(join(FOLDER, 'icon.icns'), icns());

async function drawPictures() {
  const svg = readFileSync(join(FOLDER, 'resetscope.svg'), 'utf8');
  const executablePath = process.env.RESETSCOPE_CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const drawn = new Map();
  for (const size of SIZES) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px}</style>${svg}`);
    drawn.set(size, await page.screenshot({ omitBackground: true }));
    await page.close();
  }
  await browser.close();
  return drawn;
}

/** ICONDIR, one ICONDIRENTRY for each picture, then the pictures; 0 stands for 256. */
function ico() {
  const header = Buffer.alloc(6 + 16 * ICO_SIZES.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(ICO_SIZES.length, 4);
  let offset = header.length;
  ICO_SIZES.forEach((size, index) => {
    const entry = 6 + 16 * index;
    const { length } = pictures.get(size);
    header.writeUInt8(size % 256, entry);
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += length;
  });
  return Buffer.concat([header, ...ICO_SIZES.map((size) => pictures.get(size))]);
}

function icns() {
  const entries = ICNS_TYPES.map(([type, size]) => icnsBlock(type, pictures.get(size)));
  return icnsBlock('icns', Buffer.concat(entries));
}

function icnsBlock(type, content) {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32BE(8 + content.length, 4);
  return Buffer.concat([header, content]);
}
