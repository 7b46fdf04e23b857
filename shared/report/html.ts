/** A report as a page that stands alone: no script, nothing loaded, drawings inline. The page is ASCII. */
import { countText } from '../format/count.ts';
import type {
  Report,
  ReportBytes,
  ReportCase,
  ReportEvidence,
  ReportField,
  ReportTable,
  ReportTerm,
} from '../model/report.ts';
import { html } from './escape.ts';
import { failureSvg } from './failure-svg.ts';
import { baseName, frameName, frameNames, pathsToName } from './frame-name.ts';
import { ladderSvgs } from './ladder-svg.ts';
import { pathSvg } from './path-svg.ts';
import { STYLE } from './style.ts';
import { failureWhereText } from '../texts/failure-where.ts';
import type { Naming } from './words.ts';
import {
  bytesSentence,
  hexOffset,
  capturedTerms,
  evidenceGroups,
  NO_NAMES,
  placeWord,
  TITLES,
} from './words.ts';

/** Nothing may be loaded or run: the page shows what strangers' packets said. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const HEX_LINE = 16;

/** @param naming the user's names */
export function reportHtml(report: Report, naming: Naming = NO_NAMES): string {
  const page = new Page(report, naming);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${html(report.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${page.body()}
</main>
</body>
</html>
`;
}

class Page {
  readonly #report: Report;
  readonly #paths: readonly string[];
  readonly #naming: Naming;

  constructor(report: Report, naming: Naming) {
    this.#report = report;
    this.#paths = report.files.map(({ path }) => path);
    this.#naming = naming;
  }

  body(): string {
    const report = this.#report;
    const isSingle = report.cases.length === 1 && report.facts.length === 0;
    const cases = report.cases.map((one) => this.#case(one, isSingle));
    const anonymised = report.isAnonymised ? ' Addresses, names and payload were replaced.' : '';
    return [
      `<h1>${this.#text(report.title)}</h1>`,
      `<p class="by">${html(`${report.madeBy}, ${report.madeAt}.${anonymised}`)}</p>`,
      `<p class="lead">${this.#text(report.what)}</p>`,
      this.#do(report.next, []),
      terms(report.facts, (text) => this.#text(text)),
      ...report.tables.map((table) => this.#table(table)),
      ...cases,
      ...report.moreTables.map((table) => this.#table(table)),
      this.#notes(),
      this.#captured(),
    ]
      .filter((part) => part !== '')
      .join('\n');
  }

  #text(text: string): string {
    return html(this.#naming.text(text));
  }

  #case(told: ReportCase, isSingle: boolean): string {
    const { title, what, next, commands, facts, limits, refute } = told;
    const heading = isSingle ? '' : `<h2>${this.#text(`${title}, frame ${this.#frame(told)}`)}</h2>`;
    const parts = [
      this.#path(told),
      // What to do stands before the proof: who must act reads this first.
      this.#do([next], commands),
      ...(isSingle ? what.map((text) => `<p>${this.#text(text)}</p>`) : []),
      terms(facts, (text) => this.#text(text)),
      this.#ladder(told),
      this.#evidence(told),
      this.#bytes(told.bytes),
      list(TITLES.refute, refute, (text) => this.#text(text)),
      list(TITLES.limits, limits, (text) => this.#text(text)),
    ];
    const lead = isSingle ? '' : what.map((text) => `<p>${this.#text(text)}</p>`).join('\n');
    return `<section class="case">${[heading, lead, ...parts].filter((part) => part !== '').join('\n')}</section>`;
  }

  #frame(at: { readonly file: number; readonly frame: number }): string {
    return frameName(this.#paths, at);
  }

  #path({ path, failure, client, server, serverName }: ReportCase): string {
    const ends = `<div class="ends"><span>${this.#text(client)}</span><span>${this.#text(serverName === '' ? server : `${server}, ${serverName}`)}</span></div>`;
    if (failure !== null)
      return `<figure>${ends}${failureSvg(failure)}<figcaption>${html(failureWhereText(failure.side))}</figcaption></figure>`;
    // The heading has the ends already.
    if (path === null) return '';
    return `<figure>${ends}${pathSvg(path, this.#naming.device(path.deviceKey))}<figcaption>${this.#text(path.caption)}</figcaption></figure>`;
  }

  #do(next: readonly string[], commands: ReportCase['commands']): string {
    const told = next.filter((text) => text !== '');
    if (told.length === 0 && commands.length === 0) return '';
    const steps = commands.map(
      ({ where, purpose, command }) =>
        `<div class="step"><p>${html(`On the ${placeWord(where)}: ${purpose}`)}</p><pre>${html(command)}</pre></div>`,
    );
    const paragraphs = told.map((text) => `<p>${this.#text(text)}</p>`).join('');
    return `<div class="do"><h3>${TITLES.next}</h3>${paragraphs}${steps.join('')}</div>`;
  }

  #ladder(told: ReportCase): string {
    if (told.packets.length === 0) return '';
    const [first, ...others] = ladderSvgs(told, this.#paths);
    return `<figure class="long"><div class="keep"><h2>${TITLES.ladder}</h2>${first}</div>${others.join('')}<figcaption>${html(TITLES.ladderAbout)}</figcaption></figure>`;
  }

  #evidence(told: ReportCase): string {
    const groups = evidenceGroups(told).map(({ title, pieces, hasWeight }) => {
      const rows = pieces.map((piece) => this.#piece(told, piece, hasWeight));
      const head = `<thead><tr>${hasWeight ? '<th class="weight">Weight</th>' : ''}<th>${html(title)}</th><th class="frames">Frames</th></tr></thead>`;
      return `<table>${head}<tbody>${rows.join('')}</tbody></table>`;
    });
    if (groups.length === 0) return '';
    return `<h2>${TITLES.evidence}</h2>${groups.join('')}`;
  }

  #piece(told: ReportCase, { weight, text, frames }: ReportEvidence, hasWeight: boolean): string {
    const names = frameNames(pathsToName(told, frames, this.#paths), frames);
    return `<tr>${hasWeight ? `<td class="tight">${html(weight)}</td>` : ''}<td>${this.#text(text)}</td><td>${html(names)}</td></tr>`;
  }

  #bytes(bytes: ReportBytes | null): string {
    if (bytes === null) return '';
    const counting = bytes.fields.filter(({ counts }) => counts);
    const rows = counting.map(
      ({ title, value, from, to }) =>
        `<tr><th>${html(title)}</th><td>${html(value)}</td><td class="tight"><code>${html(bytes.hex.slice(from, to).join(' '))}</code></td><td class="tight">${hexOffset(from)}</td></tr>`,
    );
    return (
      `<div class="keep"><h2>${TITLES.bytes}</h2><p>${html(bytesSentence(bytes, this.#frame(bytes)))}</p>` +
      `<div class="hex">${hexDump(bytes, counting)}</div></div>` +
      `<table><thead><tr><th>Field</th><th>Value</th><th>Bytes</th><th>At</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
    );
  }

  #table({ title, columns, rows, more }: ReportTable): string {
    const head = columns.map((column) => `<th${cellClass(column)}>${html(column)}</th>`).join('');
    const body = rows.map(
      (row) =>
        `<tr>${row.map((cell, column) => `<td${cellClass(columns[column])} data-column="${html(columns[column])}">${this.#text(cell)}</td>`).join('')}</tr>`,
    );
    const left = more > 0 ? `<p class="more">${countText(more)} more are not listed here.</p>` : '';
    return `<h2>${html(title)}</h2><table class="list"><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>${left}`;
  }

  #notes(): string {
    const { notes } = this.#report;
    if (notes.length === 0) return '';
    return `<h2>${TITLES.notes}</h2>${terms(
      notes.map(({ on, text }): ReportTerm => ({ term: on, text })),
      (text) => this.#text(text),
    )}`;
  }

  #captured(): string {
    const { files, lost } = this.#report;
    // What was lost beyond single files stays with the last one: it would be alone on a page.
    const told = files.map(
      (file, index) =>
        `<div class="keep"><h3>${html(baseName(file.path))}</h3>${terms(capturedTerms(file), html)}${index === files.length - 1 ? `<p>${html(lost.join(' '))}</p>` : ''}</div>`,
    );
    return `<h2>${TITLES.captured}</h2>${told.join('')}`;
  }
}

/** Numbers stand to the right and are not broken, nor are frames; addresses have room for those of IPv4. */
function cellClass(column: string): string {
  if (column === 'Resets' || column === 'Mattered' || column === 'Count' || column === 'No.')
    return ' class="number"';
  if (column === 'Client' || column === 'Server') return ' class="place"';
  return column === 'Frame' || column === 'Sure' || column === 'Who' ? ' class="tight"' : '';
}

function terms(all: readonly ReportTerm[], text: (text: string) => string): string {
  if (all.length === 0) return '';
  const rows = all.map((one) => `<tr><th scope="row">${html(one.term)}</th><td>${text(one.text)}</td></tr>`);
  return `<table class="facts"><tbody>${rows.join('')}</tbody></table>`;
}

function list(title: string, items: readonly string[], text: (text: string) => string): string {
  if (items.length === 0) return '';
  const [first, ...others] = items.map((item) => `<li>${text(item)}</li>`);
  // The heading stays with its first line.
  return `<div class="keep"><h2>${html(title)}</h2><ul>${first}</ul></div>${others.length === 0 ? '' : `<ul>${others.join('')}</ul>`}`;
}

function hexDump({ hex }: ReportBytes, counting: readonly ReportField[]): string {
  const lines: string[] = [];
  for (let from = 0; from < hex.length; from += HEX_LINE) {
    const cells = hex.slice(from, from + HEX_LINE).map((digits, index) => {
      const at = from + index;
      const isMarked = counting.some((field) => at >= field.from && at < field.to);
      const gap = index === 0 ? '' : index === HEX_LINE / 2 ? '  ' : ' ';
      return gap + (isMarked ? `<mark>${html(digits)}</mark>` : html(digits));
    });
    lines.push(`${hexOffset(from)}  ${cells.join('')}`);
  }
  return lines.join('\n');
}
