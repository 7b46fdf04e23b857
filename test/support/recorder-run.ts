/** A recorder that runs its source in this process, with all that it told. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { RecorderMessage } from '../../main/capture/live/recorder/recorder-messages.ts';
import { type EndDeadlines, Recorder } from '../../main/capture/live/recorder/recorder.ts';
import type { Launch } from '../../main/capture/live/sources/source.ts';
import { eventually } from './patience.ts';
import { record, type Recording } from './recording-sink.ts';

type Message<Kind extends RecorderMessage['kind']> = Extract<RecorderMessage, { kind: Kind }>;

export class RecorderRun {
  readonly messages: RecorderMessage[] = [];
  readonly #folder: string;
  readonly #recorder: Recorder;

  /** @param folder where the ring goes, in a folder of its own */
  constructor(
    folder: string,
    launch: Partial<Launch> & Pick<Launch, 'program'>,
    endDeadlines?: EndDeadlines,
  ) {
    const whole: Launch = {
      kind: 'helper',
      args: [],
      format: 'pcapng',
      interface: 'eth7',
      endBy: 'stdin',
      writesFiles: false,
      countsAtSignal: false,
      dropsAreQueue: false,
      isLocal: true,
      ...launch,
    };
    this.#folder = join(folder, 'ring');
    mkdirSync(this.#folder, { recursive: true });
    const ring = { fileBytes: 64 * 1024 * 1024, fileSeconds: null, files: 4 };
    const plan = { folder: this.#folder, base: 'eth7', ring, keepFreeBytes: 0 };
    const setup = { launch: whole, plan, socketProgram: null, witness: false };
    const tell = (message: RecorderMessage): void => {
      this.messages.push(message);
    };
    this.#recorder = new Recorder(setup, tell, endDeadlines);
    this.#recorder.start();
  }

  until<Kind extends RecorderMessage['kind']>(kind: Kind): Promise<Message<Kind>> {
    return eventually(() => {
      const found = this.last(kind);
      if (found === undefined) throw new Error(`no ${kind} yet`);
      return found;
    });
  }

  /** So many packets are on the disk. */
  packets(count: number): Promise<void> {
    return eventually(() => {
      expect(this.last('written')?.file.packets).toBeGreaterThanOrEqual(count);
    });
  }

  async stop(): Promise<RecorderMessage> {
    this.#recorder.stop();
    return this.until('ended');
  }

  last<Kind extends RecorderMessage['kind']>(kind: Kind): Message<Kind> | undefined {
    return this.messages.findLast((message): message is Message<Kind> => message.kind === kind);
  }

  /** The bytes of the first file of the ring. */
  firstFile(): Buffer {
    const [name] = readdirSync(this.#folder);
    return readFileSync(join(this.#folder, name));
  }

  recorded(): Recording {
    return record(this.firstFile());
  }
}
