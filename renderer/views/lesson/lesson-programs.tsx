/** The client and the server of a lesson, in one language or the other, to be copied. */
import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { Lesson, LessonLanguage, LessonProgram } from '../../../shared/model/lesson.ts';
import { LESSON_LANGUAGES } from '../../../shared/model/lesson.ts';
import { useApp } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';

const LANGUAGE_NAMES: Readonly<Record<LessonLanguage, string>> = { node: 'Node.js', python: 'Python' };

interface LessonProgramsProps {
  readonly files: readonly LessonProgram[];
  readonly lesson: Lesson;
}

export function LessonPrograms({ files, lesson }: LessonProgramsProps) {
  const { actions } = useApp();
  const [language, setLanguage] = useState<LessonLanguage>('node');
  const command = `resetscope lesson ${lesson.name} --run`;
  return (
    <section aria-labelledby="lesson-programs">
      <h2 id="lesson-programs">Make it happen</h2>
      <p>
        <code>{command}</code>
        {lesson.needs === 'loopback'
          ? ' plays it on loopback of this machine, captures it and explains it.'
          : ' plays it between network namespaces of Linux, as root, captures it and explains it.'}
      </p>
      <div className="lesson-captures">
        <Button
          icon={<Copy size={13} aria-hidden="true" />}
          onClick={() => void actions.copy(command, 'the command')}
        >
          Copy the command
        </Button>
      </div>
      <div className="lesson-languages" role="group" aria-label="Language of the programs">
        {LESSON_LANGUAGES.map((one) => (
          <Button
            key={one}
            look="quiet"
            aria-pressed={language === one}
            onClick={() => {
              setLanguage(one);
            }}
          >
            {LANGUAGE_NAMES[one]}
          </Button>
        ))}
      </div>
      {files
        .filter((file) => file.language === language)
        .map(({ file, text }) => (
          <figure key={file} className="lesson-code">
            <figcaption>
              <code>{file}</code>
              <Button
                icon={<Copy size={13} aria-hidden="true" />}
                onClick={() => void actions.copy(text, file)}
              >
                Copy {file}
              </Button>
            </figcaption>
            <pre tabIndex={0}>{text}</pre>
          </figure>
        ))}
    </section>
  );
}
