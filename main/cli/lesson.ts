/** `resetscope lesson`: tells a lesson, asks its question, and lets the engine answer by the lesson's captures. */
import { errorText } from '../../shared/format/error.ts';
import { jsonText, sanitiseLines, sanitiseText } from '../../shared/format/text.ts';
import { nearest } from '../../shared/filter/suggest.ts';
import type { Lesson, LessonLanguage, LessonPart } from '../../shared/model/lesson.ts';
import { LESSON_THEME_TITLES, choiceKey } from '../../shared/model/lesson.ts';
import type { LessonFiles } from '../lessons/lesson-files.ts';
import { EXIT_CAPTURE, EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { Output } from './io.ts';
import { padText, wrapText } from './layout.ts';
import type { LessonCaptures } from './lesson-captures.ts';
import { keptCaptures } from './lesson-captures.ts';
import { verdictJson, verdictText } from './lesson-verdict.ts';
import type { Style } from './style.ts';
import { makeStyle } from './style.ts';

export interface LessonOptions {
  readonly run?: boolean;
  readonly language: LessonLanguage;
  readonly answer?: boolean;
  readonly code?: boolean;
  readonly save?: string;
  readonly json?: boolean;
  readonly color?: boolean;
}

const READABLE_WIDTH = 100;
const MOST_ANSWER_CHARACTERS = 40;

/** @throws OutputClosed, or what went wrong with writing to standard output */
export async function lesson(name: string | undefined, options: LessonOptions, io: CliIo): Promise<number> {
  const files = await io.lessons();
  if (name === undefined) return list(files, options, io);
  const found = files.find(name);
  if (found === undefined) {
    const meant = nearest(
      name,
      files.list().map((one) => one.name),
    );
    const hint = meant === undefined ? '“resetscope lesson” lists them all' : `did you mean “${meant}”?`;
    io.stderr.write(`resetscope: there is no lesson “${sanitiseText(name, 60)}”; ${hint}\n`);
    return EXIT_USAGE;
  }
  return new Telling(found, files, options, io).run();
}

async function list(files: LessonFiles, options: LessonOptions, io: CliIo): Promise<number> {
  const output = new Output(io.stdout);
  const lessons = files.list();
  if (options.json === true) await output.write(`${jsonText(lessons, 2)}\n`);
  else {
    const style = makeStyle(io.stdoutIsTerminal, options.color !== false, io.env);
    await output.write(listText(lessons, style, Math.min(io.columns ?? READABLE_WIDTH, READABLE_WIDTH)));
  }
  await output.end();
  return EXIT_OK;
}

function listText(lessons: readonly Lesson[], style: Style, width: number): string {
  const widest = lessons.reduce((most, { name }) => Math.max(most, name.length), 0);
  let theme = '';
  const lines = lessons.flatMap((one) => {
    const head =
      one.theme === theme ? [] : [...(theme === '' ? [] : ['']), style.bold(LESSON_THEME_TITLES[one.theme])];
    theme = one.theme;
    const about = wrapText(one.about, Math.max(20, width - widest - 4));
    return [...head, ...about.map((line, i) => `  ${padText(i === 0 ? one.name : '', widest)}  ${line}`)];
  });
  return `${lines.join('\n')}\n\nresetscope lesson NAME tells one; with --run it happens here and now.\n`;
}

/** One lesson, from its story to its fix. */
class Telling {
  readonly #lesson: Lesson;
  readonly #files: LessonFiles;
  readonly #options: LessonOptions;
  readonly #io: CliIo;
  readonly #output: Output;
  readonly #style: Style;
  readonly #width: number;

  constructor(lesson: Lesson, files: LessonFiles, options: LessonOptions, io: CliIo) {
    this.#lesson = lesson;
    this.#files = files;
    this.#options = options;
    this.#io = io;
    this.#output = new Output(io.stdout);
    this.#style = makeStyle(io.stdoutIsTerminal, options.color !== false, io.env);
    this.#width = Math.min(io.columns ?? READABLE_WIDTH, READABLE_WIDTH);
  }

  async run(): Promise<number> {
    const { save } = this.#options;
    if (this.#options.json === true) return this.#json();
    await this.#story();
    await this.#ask();
    const captures = await this.#captures();
    if (save !== undefined) {
      const failed = await this.#save(save, captures);
      if (failed !== null) return failed;
    }
    // All is started and written by now; from here on packets are read.
    this.#io.confine?.([]);
    await this.#verdicts(captures, 'before', 'What Resetscope says');
    if (this.#lesson.together !== undefined && captures.before.length > 1) {
      await this.#heading('What Resetscope says of both together (resetscope compare)');
      await this.#write(
        await verdictText(
          captures.before.map(({ path }) => path),
          this.#width,
          this.#style,
        ),
      );
    }
    await this.#answer();
    await this.#verdicts(captures, 'after', 'After the fix');
    if (this.#options.code === true) await this.#code();
    await this.#furtherOn();
    await this.#output.end();
    return captures.failed ? EXIT_CAPTURE : EXIT_OK;
  }

  async #json(): Promise<number> {
    const captures = await this.#captures();
    const { save } = this.#options;
    if (save !== undefined) {
      const failed = await this.#save(save, captures);
      if (failed !== null) return failed;
    }
    this.#io.confine?.([]);
    const told = {
      ...this.#lesson,
      answer: { ...this.#lesson.answer, text: this.#lesson.choices[this.#lesson.answer.choice] },
      played: captures.played,
      before: await verdictsOf(captures.before),
      after: await verdictsOf(captures.after),
      ...(this.#lesson.together === undefined
        ? {}
        : { compared: await verdictJson(captures.before.map(({ path }) => path)) }),
      ...(this.#options.code === true ? { programs: this.#files.programs(this.#lesson) } : {}),
    };
    await this.#output.write(`${jsonText(told, 2)}\n`);
    await this.#output.end();
    return captures.failed ? EXIT_CAPTURE : EXIT_OK;
  }

  async #story(): Promise<void> {
    const { title, name, story } = this.#lesson;
    await this.#write(`${this.#style.bold(title)} (${name})\n`);
    for (const paragraph of story) await this.#paragraph(paragraph);
  }

  /** On a terminal it waits for an answer, which may be none; what is right is told by the captures. */
  async #ask(): Promise<void> {
    const { question, choices, answer } = this.#lesson;
    await this.#heading(question);
    for (const [at, choice] of choices.entries()) {
      const lines = wrapText(choice, this.#width - 5);
      await this.#write(
        lines.map((line, i) => `  ${i === 0 ? `${choiceKey(at)})` : '  '} ${line}\n`).join(''),
      );
    }
    if (this.#options.answer === true || this.#io.ask === undefined || !this.#io.stdoutIsTerminal) return;
    await this.#output.flush();
    const keys = choices.map((_, at) => choiceKey(at)).join(', ');
    const said = await this.#io.ask(`\nYour answer (${keys}; Enter shows it): `);
    const key = said.trim().toLowerCase().slice(0, MOST_ANSWER_CHARACTERS);
    if (key === '') return;
    const isRight = key === choiceKey(answer.choice);
    await this.#write(isRight ? this.#style.green('That is it.\n') : this.#style.yellow('Let us see.\n'));
  }

  /** Played here and now where that is wanted and possible; else those that came with the program. */
  async #captures(): Promise<LessonCaptures> {
    if (this.#options.run !== true) return keptCaptures(this.#lesson, this.#files);
    const { playedCaptures } = await import('./lesson-run.ts');
    return playedCaptures(this.#lesson, this.#files, this.#options.language, this.#io);
  }

  async #verdicts(captures: LessonCaptures, part: LessonPart, title: string): Promise<void> {
    for (const { where, path } of captures[part]) {
      await this.#heading(`${title}, ${where}`);
      await this.#write(await verdictText([path], this.#width, this.#style));
    }
  }

  async #answer(): Promise<void> {
    const { answer, choices, fix } = this.#lesson;
    await this.#heading(`The answer: ${choiceKey(answer.choice)}`);
    await this.#paragraph(choices[answer.choice], false);
    await this.#paragraph(answer.why);
    await this.#heading('The fix');
    await this.#paragraph(fix.change, false);
    await this.#paragraph(fix.why);
    if (fix.settings.length > 0) await this.#paragraph(`By name: ${fix.settings.join(', ')}.`);
  }

  async #code(): Promise<void> {
    const programs = this.#files.programs(this.#lesson);
    for (const { file, text } of programs.filter(({ language }) => language === this.#options.language)) {
      await this.#heading(file);
      await this.#write(text);
    }
  }

  async #furtherOn(): Promise<void> {
    const { name, needs } = this.#lesson;
    await this.#write('\n');
    if (this.#options.run !== true) {
      const where = needs === 'loopback' ? 'on loopback' : 'between network namespaces, as root';
      await this.#write(this.#style.dim(`resetscope lesson ${name} --run makes it happen here, ${where}.\n`));
    }
    if (this.#options.save === undefined)
      await this.#write(
        this.#style.dim(`resetscope lesson ${name} --save FOLDER gives you its programs and captures.\n`),
      );
  }

  /** @returns null, or the exit code where it could not be done */
  async #save(folder: string, captures: LessonCaptures): Promise<number | null> {
    const { saveLesson } = await import('./lesson-save.ts');
    try {
      const written = await saveLesson(this.#lesson, this.#files, captures, folder);
      this.#io.stderr.write(sanitiseLines(written.map((path) => `written: ${path}\n`).join('')));
      return null;
    } catch (error) {
      this.#io.stderr.write(`resetscope: ${sanitiseText(errorText(error), 1000)}\n`);
      return EXIT_USAGE;
    }
  }

  async #heading(title: string): Promise<void> {
    await this.#write(
      `\n${wrapText(title, this.#width)
        .map((line) => this.#style.bold(line))
        .join('\n')}\n`,
    );
  }

  async #paragraph(text: string, isApart = true): Promise<void> {
    const lines = wrapText(text, this.#width - 2).map((line) => `  ${line}\n`);
    await this.#write(`${isApart ? '\n' : ''}${lines.join('')}`);
  }

  async #write(text: string): Promise<void> {
    await this.#output.write(text);
  }
}

async function verdictsOf(captures: LessonCaptures['before']): Promise<readonly object[]> {
  const told: object[] = [];
  for (const { at, where, path } of captures) told.push({ at, where, ...(await verdictJson([path])) });
  return told;
}
