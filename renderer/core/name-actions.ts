/** What a user can do about names of addresses and devices. */
import { errorText } from '../../shared/format/error.ts';
import type { NamedPlace } from '../../shared/names/named.ts';
import { parseRoute } from '../../shared/hops/parse-route.ts';
import type { TraceQuestion } from '../../shared/model/trace.ts';
import type { Link } from '../state/link.ts';
import { namesOf } from '../state/names-slice.ts';
import type { AppStore } from '../state/store.ts';

export function createNameActions(store: AppStore, link: Link) {
  /** @returns why it was refused, for people; null where it was done */
  async function change(answer: Promise<readonly NamedPlace[]>): Promise<string | null> {
    try {
      store.setState({ names: namesOf(await answer) });
      return null;
    } catch (error) {
      return errorText(error);
    }
  }

  function keepRoute(target: string, text: string): boolean {
    const route = parseRoute(text);
    if (route === undefined) return false;
    store.setState(({ routes }) => ({ routes: new Map(routes).set(target, route) }));
    return true;
  }

  return {
    /** Takes what a program said of the way to an address. @returns why nothing was taken, for people; null where something was */
    takeRoute(target: string, text: string): string | null {
      return keepRoute(target, text)
        ? null
        : 'There is no hop in it: paste what traceroute, tracert, tcptraceroute or mtr --report printed.';
    },

    forgetRoute(target: string): void {
      store.setState(({ routes }) => ({
        routes: new Map([...routes].filter(([one]) => one !== target)),
        trace: null,
      }));
    },

    /** Runs the command that was shown, because the user pressed run; takes what it says as it comes. */
    async runTrace(question: TraceQuestion): Promise<void> {
      const { target } = question;
      const tell = (text: string, ended: string | null): void => {
        store.setState({ trace: { target, text, ended } });
      };
      tell('', null);
      let text = '';
      try {
        await link.call('trace.start', question);
        for (;;) {
          const more = await link.call('trace.read', { from: text.length });
          text += more.text;
          keepRoute(target, text);
          // It may have said its last while the answer was on its way.
          const isOver = more.ended !== null && more.text === '';
          tell(text, isOver ? more.ended : null);
          if (isOver) return;
        }
      } catch (error) {
        tell(text, errorText(error));
      }
    },

    async stopTrace(): Promise<void> {
      await link.call('trace.stop', {});
    },

    /** Opens the dialog of names. @param key what is to be named; empty for none in particular */
    editNames(key = ''): void {
      store.setState({ dialog: 'names', nameKey: key });
    },

    saveNames(names: readonly NamedPlace[]): Promise<string | null> {
      return change(link.call('names.set', { names }));
    },

    removeNames(keys: readonly string[]): Promise<string | null> {
      return change(link.call('names.remove', { keys }));
    },
  };
}
