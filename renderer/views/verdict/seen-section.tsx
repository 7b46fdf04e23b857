/** What the programs at both ends saw of this very reset, in the words of a language that the user chooses. */
import type { ProgramSees, Verdict } from '../../../shared/model/verdict.ts';
import { LANGUAGES, LANGUAGE_NAMES, programErrors, seesText } from '../../../shared/texts/program-errors.ts';
import { useApp, useAppState } from '../../core/app-context.ts';

export function SeenSection({ sees }: Pick<Verdict, 'sees'>) {
  const hasErrors = [sees.client, sees.server].some((one) => one === 'refused' || one === 'reset');
  return (
    <section className="card" aria-labelledby="seen-title">
      <header className="seen-head">
        <h3 id="seen-title" className="card-label">
          What the application saw
        </h3>
        {hasErrors ? <LanguageChoice /> : null}
      </header>
      <dl className="seen">
        <End title="Client" sees={sees.client} />
        <End title="Server" sees={sees.server} />
      </dl>
    </section>
  );
}

function LanguageChoice() {
  const { actions } = useApp();
  const language = useAppState((state) => state.language);
  return (
    <select
      className="select seen-language"
      aria-label="Language of the program"
      value={language}
      onChange={(event) => {
        const chosen = LANGUAGES.find((one) => one === event.target.value);
        if (chosen !== undefined) actions.setLanguage(chosen);
      }}
    >
      {LANGUAGES.map((one) => (
        <option key={one} value={one}>
          {LANGUAGE_NAMES[one]}
        </option>
      ))}
    </select>
  );
}

function End({ title, sees }: { readonly title: string; readonly sees: ProgramSees }) {
  const language = useAppState((state) => state.language);
  const errors = programErrors(sees, language);
  return (
    <div className="term">
      <dt>{title}</dt>
      <dd>
        {seesText(sees)}
        {errors.length === 0 ? null : (
          <ul className="seen-errors">
            {errors.map(({ at, error }) => (
              <li key={at}>
                <span className="faint">{at}</span>
                <code>{error}</code>
              </li>
            ))}
          </ul>
        )}
      </dd>
    </div>
  );
}
