/** `resetscope explain`: the texts of causes. */
import type { Setting } from '../../shared/causes/settings/setting.ts';
import type { CauseCode } from '../../shared/model/cause.ts';
import { CAUSE_CODES } from '../../shared/model/cause.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { nearest } from '../../shared/filter/suggest.ts';
import { causeOf } from '../../shared/causes/list.ts';
import { EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { Output } from './io.ts';
import { wrapText } from './layout.ts';
import { makeStyle } from './style.ts';

export async function explain(code: string | undefined, io: CliIo): Promise<number> {
  const style = makeStyle(io.stdoutIsTerminal, true, io.env);
  const output = new Output(io.stdout);
  if (code === undefined) {
    const longest = Math.max(...CAUSE_CODES.map((one) => one.length));
    for (const one of CAUSE_CODES) await output.write(`${one.padEnd(longest)}  ${causeOf(one).title}\n`);
    await output.end(false);
    return EXIT_OK;
  }
  if (!isCauseCode(code)) {
    const meant = nearest(code, CAUSE_CODES);
    const hint = meant === undefined ? '“resetscope explain” lists them all' : `did you mean “${meant}”?`;
    io.stderr.write(`resetscope: there is no cause “${sanitiseText(code, 60)}”; ${hint}\n`);
    return EXIT_USAGE;
  }
  const text = causeOf(code);
  const width = Math.min(io.columns ?? 100, 100);
  const paragraph = (title: string, body: string): string =>
    `\n${style.bold(title)}\n${wrapText(body, width - 2)
      .map((line) => `  ${line}\n`)
      .join('')}`;
  const list = (title: string, items: readonly string[]): string => {
    const lines = items.flatMap((item) =>
      wrapText(item, width - 4).map((line, i) => `  ${i === 0 ? '- ' : '  '}${line}\n`),
    );
    return items.length === 0 ? '' : `\n${style.bold(title)}\n${lines.join('')}`;
  };
  await output.write(`${style.bold(text.title)} (${code})\n`);
  await output.write(paragraph('What happened', text.what));
  await output.write(paragraph('What the application saw', text.seen));
  await output.write(paragraph('Is it fatal', text.fatal));
  await output.write(paragraph('Data loss', text.dataLoss));
  await output.write(paragraph('Unlike a timeout or a polite close', text.unlike));
  await output.write(list('Check on the client', text.client));
  await output.write(list('Check on the server', text.server));
  await output.write(paragraph('How to confirm it', text.confirm));
  await output.write(list('Settings and their defaults', (text.settings ?? []).map(settingText)));
  if (text.harmless) await output.write('\nThis is usually harmless noise.\n');
  await output.end(false);
  return EXIT_OK;
}

/** "nginx: keepalive_timeout = 75 s. https://…" */
function settingText({ system, setting, default: value, since, source }: Setting): string {
  const from = since === undefined ? '' : ` since ${since}`;
  return `${system}: ${setting} = ${value}${from}. ${source}`;
}

function isCauseCode(code: string): code is CauseCode {
  return (CAUSE_CODES as readonly string[]).includes(code);
}
