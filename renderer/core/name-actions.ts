/** What a user can do about names of addresses and devices. */
import { errorText } from '../../shared/format/error.ts';
import type { NamedPlace } from '../../shared/names/named.ts';
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

  return {
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
