/** Lessons by theme: resets that can be made again, for whoever has no capture at hand or wants to know. */
import { LESSON_THEMES, LESSON_THEME_TITLES } from '../../../shared/model/lesson.ts';
import { useApp, useAppState } from '../../core/app-context.ts';

export function Learn() {
  const { actions } = useApp();
  const lessons = useAppState((state) => state.lessons);
  if (lessons.length === 0) return null;
  return (
    <section className="learn" aria-labelledby="learn-title">
      <h2 id="learn-title">Learn</h2>
      <div className="learn-themes">
        {LESSON_THEMES.map((theme) => {
          const those = lessons.filter((lesson) => lesson.theme === theme);
          if (those.length === 0) return null;
          return (
            <div key={theme} role="group" aria-label={LESSON_THEME_TITLES[theme]}>
              <h3>{LESSON_THEME_TITLES[theme]}</h3>
              <ul>
                {those.map(({ name, title, about }) => (
                  <li key={name}>
                    <button
                      type="button"
                      className="lesson-link"
                      title={about}
                      onClick={() => {
                        actions.showLesson(name);
                      }}
                    >
                      {title}
                    </button>
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
      </div>
    </section>
  );
}
