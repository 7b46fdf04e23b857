/** All names that the user gave: one is added or changed above, the others are listed, and a file carries them elsewhere. */
import { useId, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { Trash2 } from 'lucide-react';
import { errorText } from '../../shared/format/error.ts';
import { plural } from '../../shared/format/count.ts';
import { keyText, nameKey } from '../../shared/names/name-key.ts';
import { cleanName, hostsText, NAME_BOUNDS, parseHosts } from '../../shared/names/named.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useNames } from './use-names.ts';
import './names.css';

export function NamesDialog() {
  const { actions } = useApp();
  const isOpen = useAppState((state) => state.dialog === 'names');
  const key = useAppState((state) => state.nameKey);
  const first = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      open={isOpen}
      initialFocus={first}
      onClose={() => {
        actions.setDialog(null);
      }}
      title="Names of addresses and devices"
      look="names-dialog"
    >
      <NameForm key={key} of={key} first={first} />
      <NameList />
      <NameFile />
    </Dialog>
  );
}

interface NameFormProps {
  readonly of: string;
  /** Is put on the field that the user fills in first. */
  readonly first: RefObject<HTMLInputElement | null>;
}

function NameForm({ of, first }: NameFormProps) {
  const { actions } = useApp();
  const names = useNames();
  const [written, setWritten] = useState(of);
  const [name, setName] = useState(names.get(of) ?? '');
  const [error, setError] = useState<string | null>(null);
  const id = useId();
  const save = async (): Promise<void> => {
    const key = nameKey(written);
    const clean = cleanName(name);
    if (key === undefined) {
      setError('Write an IPv4, IPv6 or MAC address, or “device 2 before 192.0.2.7”.');
    } else if (clean === '') {
      setError('Write a name; to take one away, use the bin beside it.');
    } else {
      setError(await actions.saveNames([{ key, name: clean }]));
      setWritten('');
      setName('');
    }
  };
  return (
    <form
      className="names-form"
      onSubmit={(event) => {
        event.preventDefault();
        save().catch((reason: unknown) => {
          setError(errorText(reason));
        });
      }}
    >
      <label className="option">
        <span>Address or device</span>
        <span className="field-box">
          <input
            ref={of === '' ? first : undefined}
            className="mono"
            value={written}
            maxLength={NAME_BOUNDS.keyLength}
            placeholder="10.0.0.1"
            aria-describedby={error === null ? undefined : id}
            onChange={(event) => {
              setWritten(event.target.value);
            }}
          />
        </span>
      </label>
      <label className="option">
        <span>Name</span>
        <span className="field-box">
          <input
            ref={of === '' ? undefined : first}
            value={name}
            maxLength={NAME_BOUNDS.nameLength}
            placeholder="office firewall"
            onChange={(event) => {
              setName(event.target.value);
            }}
          />
        </span>
      </label>
      <Button look="primary" type="submit">
        Save
      </Button>
      {error === null ? null : (
        <p id={id} className="tone-bad names-error" role="alert">
          {error}
        </p>
      )}
    </form>
  );
}

function NameList() {
  const { actions } = useApp();
  const names = useNames();
  if (names.size === 0) {
    return (
      <p className="names-none">No names yet. A name stands before its address in every text of this page.</p>
    );
  }
  return (
    <ul className="names-list" aria-label="Names">
      {Array.from(names, ([key, name]) => (
        <li key={key}>
          <button
            type="button"
            className="names-one"
            title={`Change the name of ${keyText(key)}`}
            onClick={() => {
              actions.editNames(key);
            }}
          >
            <b>{name}</b>
            <span className="mono faint">{keyText(key)}</span>
          </button>
          <IconButton
            label={`Take the name of ${keyText(key)} away`}
            icon={<Trash2 size={13} aria-hidden="true" />}
            onClick={() => void actions.removeNames([key])}
          />
        </li>
      ))}
    </ul>
  );
}

/** Names as text like a hosts file: to be copied out, pasted in, or read from a file. */
function NameFile() {
  const { actions } = useApp();
  const names = useNames();
  const [told, setTold] = useState('');
  const file = useRef<HTMLInputElement>(null);
  const take = async (text: string): Promise<void> => {
    const { names: read, wrong } = parseHosts(text);
    const refused =
      wrong.length === 0
        ? ''
        : ` ${plural(wrong.length, 'line')} named nothing (the first is line ${wrong[0]}).`;
    if (read.length === 0) {
      setTold(`No names in it.${refused}`);
      return;
    }
    const error = await actions.saveNames(read);
    setTold(error ?? `Took ${plural(read.length, 'name')}.${refused}`);
  };
  return (
    <footer className="names-file">
      <input
        ref={file}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-label="File of names"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen !== undefined)
            chosen
              .slice(0, NAME_BOUNDS.fileLength)
              .text()
              .then(take, (reason: unknown) => {
                setTold(errorText(reason));
              });
          event.target.value = '';
        }}
      />
      <Button onClick={() => file.current?.click()}>Read a hosts file…</Button>
      <Button
        disabled={names.size === 0}
        onClick={() => {
          const list = Array.from(names, ([key, name]) => ({ key, name }));
          void actions.copy(hostsText(list), 'the names as a hosts file');
        }}
      >
        Copy as a hosts file
      </Button>
      <span className="names-told" role="status">
        {told}
      </span>
    </footer>
  );
}
