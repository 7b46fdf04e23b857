/** `resetscope explain`: the texts of causes of resets, and of the ways in which a connection fails without one. */
import type { Setting } from '../../shared/causes/settings/setting.ts';
import type { CauseCode } from '../../shared/model/cause.ts';
import { CAUSE_CODES } from '../../shared/model/cause.ts';
import { FAILURE_KINDS, type FailureKind } from '../../shared/model/failure.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { nearest } from '../../shared/filter/suggest.ts';
import { causeOf } from '../../shared/causes/list.ts';
import { FAILURE_KIND_TEXTS, type FailureKindText } from '../../shared/texts/failure-kinds.ts';
import { EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { Output } from './io.ts';
import { wrapText } from './layout.ts';
import { makeStyle } from './style.ts';

const CODES: readonly string[] = [...CAUSE_CODES, ...FAILURE_KINDS];

/** A text under titles, as a terminal shows it. */
interface Page {
  heading(title: string, code: string): string;
  paragraph(title: string, body: string): string;
  /** Empty where there are no items. */
  list(title: string, items: readonly string[]): string;
}

export async function explain(code: string | undefined, io: CliIo): Promise<number> {
  const output = new Output(io.stdout);
  if (code === undefined) {
    const longest = Math.max(...CODES.map((one) => one.length));
    for (const one of CODES) await output.write(`${one.padEnd(longest)}  ${titleOf(one)}\n`);
    await output.end();
    return EXIT_OK;
  }
  const page = pageFor(io);
  const text = isCauseCode(code)
    ? causePage(page, code)
    : isFailureKind(code)
      ? failurePage(page, code)
      : null;
  if (text === null) {
    const meant = nearest(code, CODES);
    const hint = meant === undefined ? '“resetscope explain” lists them all' : `did you mean “${meant}”?`;
    io.stderr.write(`resetscope: there is no cause or failure “${sanitiseText(code, 60)}”; ${hint}\n`);
    return EXIT_USAGE;
  }
  await output.write(text);
  await output.end();
  return EXIT_OK;
}

function titleOf(code: string): string {
  if (isCauseCode(code)) return causeOf(code).title;
  return isFailureKind(code) ? `${FAILURE_KIND_TEXTS[code].title} (a failure without a reset)` : '';
}

function pageFor(io: CliIo): Page {
  const style = makeStyle(io.stdoutIsTerminal, true, io.env);
  const width = Math.min(io.columns ?? 100, 100);
  return {
    heading: (title, code) => `${style.bold(title)} (${code})\n`,
    paragraph: (title, body) =>
      `\n${style.bold(title)}\n${wrapText(body, width - 2)
        .map((line) => `  ${line}\n`)
        .join('')}`,
    list: (title, items) => {
      const lines = items.flatMap((item) =>
        wrapText(item, width - 4).map((line, i) => `  ${i === 0 ? '- ' : '  '}${line}\n`),
      );
      return items.length === 0 ? '' : `\n${style.bold(title)}\n${lines.join('')}`;
    },
  };
}

/** What causes and failures are both told by. */
type Told = Pick<FailureKindText, 'title' | 'what' | 'seen' | 'client' | 'server' | 'confirm'>;

/** What one of them is told by besides, each at its place among the rest. */
interface Besides {
  readonly afterSeen?: string;
  readonly afterChecks?: string;
  readonly atEnd?: string;
}

function wholePage({ heading, paragraph, list }: Page, code: string, text: Told, besides: Besides): string {
  return [
    heading(text.title, code),
    paragraph('What happened', text.what),
    paragraph('What the application saw', text.seen),
    besides.afterSeen,
    list('Check on the client', text.client),
    list('Check on the server', text.server),
    besides.afterChecks,
    paragraph('How to confirm it', text.confirm),
    besides.atEnd,
  ].join('');
}

function causePage(page: Page, code: CauseCode): string {
  const text = causeOf(code);
  return wholePage(page, code, text, {
    afterSeen:
      page.paragraph('Is it fatal', text.fatal) +
      page.paragraph('Data loss', text.dataLoss) +
      page.paragraph('Unlike a timeout or a polite close', text.unlike),
    atEnd:
      page.list('Settings and their defaults', (text.settings ?? []).map(settingText)) +
      (text.harmless ? '\nThis is usually harmless noise.\n' : ''),
  });
}

function failurePage(page: Page, kind: FailureKind): string {
  const text = FAILURE_KIND_TEXTS[kind];
  return wholePage(page, kind, text, { afterChecks: page.list('Check on the path', text.path) });
}

/** "nginx: keepalive_timeout = 75 s. https://…" */
function settingText({ system, setting, default: value, since, source }: Setting): string {
  const from = since === undefined ? '' : ` since ${since}`;
  return `${system}: ${setting} = ${value}${from}. ${source}`;
}

function isCauseCode(code: string): code is CauseCode {
  return (CAUSE_CODES as readonly string[]).includes(code);
}

function isFailureKind(code: string): code is FailureKind {
  return (FAILURE_KINDS as readonly string[]).includes(code);
}
