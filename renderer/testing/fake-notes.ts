/** Notes as a host answers them, without a file: targets keep the numbers that they have on the page. */
import type { Params } from '../../shared/contract/methods.ts';
import { NO_NOTES, type Notes, type NoteTarget, type PlacedNote } from '../../shared/model/notes.ts';
import { subjectKey, type Subject } from '../../shared/notes/note.ts';

export class FakeNotes {
  /** Why nothing can be noted; null where it can. */
  why: string | null = null;
  /** What the capture's file brings along, and what a test puts there. */
  list: readonly PlacedNote[] = [];
  readonly #done: (readonly PlacedNote[])[] = [];
  readonly #undone: (readonly PlacedNote[])[] = [];
  #isBeside = false;
  #ids = 0;

  answer(): Notes {
    const said = (steps: readonly unknown[]): string | null => (steps.length === 0 ? null : 'the note');
    return {
      ...NO_NOTES,
      why: this.why,
      notes: this.list,
      files: [{ file: 0, isBeside: this.#isBeside, besidePath: '/a.pcap.resetscope.json', trouble: null }],
      undo: said(this.#done),
      redo: said(this.#undone),
    };
  }

  put({ id, version, target, text, isMarked }: Params<'notes.put'>): Notes {
    const one = { ...this.#note(target), text, isMarked };
    const isBlank = text === '' && !isMarked && target.kind !== 'filter';
    const others = this.list.filter((note) => note.id !== id || id === null);
    return this.#change([
      ...others,
      ...(isBlank ? [] : [id === null ? one : { ...one, id, version: version + 1 }]),
    ]);
  }

  mark({ targets, isMarked }: Params<'notes.mark'>): Notes {
    let list = this.list;
    for (const target of targets) {
      const key = subjectKey(this.#about(target));
      const own = list.filter(({ about, isFromFile }) => !isFromFile && subjectKey(about) === key);
      list = own.length === 0 && isMarked ? [...list, { ...this.#note(target), isMarked: true }] : list;
      list = list.map((note) => (own.includes(note) ? { ...note, isMarked } : note));
    }
    return this.#change(
      list.filter(({ text, isMarked: is, about }) => text !== '' || is || about.kind === 'filter'),
    );
  }

  remove(notes: Params<'notes.remove'>['notes']): Notes {
    return this.#change(this.list.filter((one) => !notes.some(({ id }) => id === one.id)));
  }

  undo(): Notes {
    return this.#step(this.#done, this.#undone);
  }

  redo(): Notes {
    return this.#step(this.#undone, this.#done);
  }

  keepBeside(isWanted: boolean): Notes {
    this.#isBeside = isWanted;
    return this.answer();
  }

  #change(list: readonly PlacedNote[]): Notes {
    this.#done.push(this.list);
    this.#undone.length = 0;
    this.list = list;
    return this.answer();
  }

  #step(from: (readonly PlacedNote[])[], to: (readonly PlacedNote[])[]): Notes {
    const list = from.pop();
    if (list !== undefined) {
      to.push(this.list);
      this.list = list;
    }
    return this.answer();
  }

  #note(target: NoteTarget): PlacedNote {
    const id = (++this.#ids).toString(16).padStart(8, '0');
    const at = (kind: NoteTarget['kind']): number =>
      target.kind === kind && 'id' in target ? target.id : -1;
    return {
      ...{ id, version: 1, changedMs: 1, about: this.#about(target), file: 0, text: '', isMarked: false },
      ...{ isFromFile: false, packet: at('packet'), flow: at('flow'), reset: at('reset') },
    };
  }

  #about(target: NoteTarget): Subject {
    switch (target.kind) {
      case 'capture':
        return { kind: 'capture' };
      case 'filter':
        return target;
      case 'finding':
        return { kind: 'finding', key: target.key, frame: 1 };
      case 'flow':
        return { kind: 'flow', frame: target.id + 1, client: '10.0.0.1:40000', server: '10.0.0.9:443' };
      case 'packet':
      case 'reset':
        return { kind: target.kind, frame: target.id + 1 };
    }
  }
}
