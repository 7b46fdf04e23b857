/** A question to whoever sits at the terminal. */
import { createInterface } from 'node:readline';

/** @returns what was typed; nothing at the end of input, or where nobody types */
export function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) return Promise.resolve('');
  const line = createInterface({ input: process.stdin, output: process.stdout });
  return new Promise((resolve) => {
    line.once('close', () => {
      resolve('');
    });
    line.question(question, (said) => {
      resolve(said);
      line.close();
    });
  });
}
