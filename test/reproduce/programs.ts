/** Programs made of every reset of a capture, and whether languages take them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reproduceReset } from '../../main/host/reproduce/reproduce-reset.ts';
import { SCRIPT_LANGUAGES, type ScriptLanguage } from '../../shared/model/reproduction.ts';
import type { Session } from '../../main/engine/session.ts';
import { SIDES } from '../../shared/model/verdict.ts';

export const hasPython = spawnSync('python3', ['--version']).status === 0;

export interface MadePrograms {
  /** Distinct ones, by what tells them apart: their code without its comments. */
  readonly node: Map<string, string>;
  readonly python: Map<string, string>;
  /** Resets that no program can do again, and their reasons. */
  readonly refused: string[];
  made: number;
}

const MARK: Readonly<Record<ScriptLanguage, RegExp>> = { node: /^\s*\/\/.*$/gmu, python: /^\s*#.*$/gmu };

export function noPrograms(): MadePrograms {
  return { node: new Map(), python: new Map(), refused: [], made: 0 };
}

/** Makes one for each reset, language and side. */
export function programsOf(session: Session, programs: MadePrograms): void {
  for (const reset of session.resetIds()) {
    for (const language of SCRIPT_LANGUAGES) {
      for (const side of SIDES) {
        const { script, why } = reproduceReset(session, reset, language, side);
        if (script === null) {
          programs.refused.push(why);
          continue;
        }
        programs.made++;
        programs[language].set(script.replace(MARK[language], '').replaceAll(/\d+/gu, '0'), script);
      }
    }
  }
}

/** What the languages say against them; each is parsed and none is run. */
export function problemsOf(programs: MadePrograms): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-programs-'));
  try {
    const problems: string[] = [];
    for (const [i, script] of [...programs.node.values()].entries()) {
      const path = join(folder, `${i}.mjs`);
      writeFileSync(path, script);
      const { status, stderr } = spawnSync(process.execPath, ['--check', path], { encoding: 'utf8' });
      if (status !== 0) problems.push(stderr);
    }
    if (!hasPython) return problems;
    const paths = [...programs.python.values()].map((script, i) => {
      const path = join(folder, `${i}.py`);
      writeFileSync(path, script);
      return path;
    });
    const parse = 'import ast, sys\nfor path in sys.argv[1:]: ast.parse(open(path).read(), path)';
    const { status, stderr } = spawnSync('python3', ['-c', parse, ...paths], { encoding: 'utf8' });
    if (status !== 0) problems.push(stderr);
    return problems;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
