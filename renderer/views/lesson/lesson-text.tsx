/** Prose of a lesson, in which commands and fields stand between backticks. */

export function LessonText({ text }: { readonly text: string }) {
  return <>{text.split('`').map((piece, at) => (at % 2 === 0 ? piece : <code key={at}>{piece}</code>))}</>;
}
