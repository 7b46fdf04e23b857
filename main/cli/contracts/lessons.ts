/** What `lesson --json` prints: all lessons, or one with what the engine says of its captures. */
import * as v from 'valibot';
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import { FAILURE_KINDS } from '../../../shared/model/failure.ts';
import { LESSON_LANGUAGES, LESSON_THEMES } from '../../../shared/model/lesson.ts';
import { ORIGIN_KINDS, SIDES } from '../../../shared/model/verdict.ts';
import { FAILURE_SCHEMA, RESET_SCHEMA } from '../schema.ts';
import type { Contract } from './contract.ts';

const words = v.pipe(v.string(), v.minLength(1));
const choice = v.pipe(v.number(), v.integer(), v.minValue(0));
const name = v.pipe(v.string(), v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u));

/** What a capture must show; what is left out is not claimed. */
const claim = v.variant('found', [
  v.strictObject({ found: v.literal('nothing') }),
  v.strictObject({
    found: v.literal('reset'),
    kind: v.picklist(ORIGIN_KINDS),
    side: v.optional(v.picklist(SIDES)),
    /** One of these. */
    causes: v.pipe(v.array(v.picklist(CAUSE_CODES)), v.minLength(1)),
    matters: v.optional(v.boolean()),
  }),
  v.strictObject({ found: v.literal('failure'), kind: v.picklist(FAILURE_KINDS) }),
]);

/** Where a capture was made: `at` names its files, `where` says it in words. */
const point = { at: name, where: words };
const answer = { choice, why: words };

const lesson = {
  name,
  title: words,
  theme: v.picklist(LESSON_THEMES),
  about: words,
  story: v.array(words),
  question: words,
  choices: v.array(words),
  /** `choice` is its place among the choices, from 0. */
  answer: v.strictObject(answer),
  fix: v.strictObject({ change: words, why: words, settings: v.array(words) }),
  /** The lesson whose programs it shares, where they are not its own. */
  programs: v.optional(name),
  needs: v.picklist(['loopback', 'namespaces']),
  captures: v.array(v.strictObject({ ...point, shows: claim, fixed: claim })),
  /** What its captures show when they are compared with each other, where that is the lesson. */
  together: v.optional(claim),
};

const found = { resets: v.array(RESET_SCHEMA), failures: v.array(FAILURE_SCHEMA) };

const program = v.strictObject({
  role: v.picklist(['server', 'client', 'proxy']),
  language: v.picklist(LESSON_LANGUAGES),
  file: words,
  text: words,
});

const told = v.strictObject({
  ...lesson,
  answer: v.strictObject({ ...answer, text: words }),
  /** Its programs with `--code`; else the lesson whose programs it shares. */
  programs: v.optional(v.union([name, v.array(program)])),
  /** Whether it was made here and now. */
  played: v.boolean(),
  /** What the engine says of its captures, before the fix and after it. */
  before: v.array(v.strictObject({ ...point, ...found })),
  after: v.array(v.strictObject({ ...point, ...found })),
  compared: v.optional(v.strictObject(found)),
});

export const LESSON_CONTRACTS: readonly Contract[] = [
  {
    name: 'lessons',
    title: 'All lessons',
    schema: v.array(v.strictObject(lesson)),
    command: ['lesson', '--json'],
  },
  {
    name: 'lesson',
    title: 'A lesson, and what its captures show',
    schema: told,
    command: ['lesson', 'NAME', '--json'],
    isTestedApart: true,
  },
];
