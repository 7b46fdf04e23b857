/** What a page may reach through its host: files, folders and other machines. Each host has its own way of asking the user. */

export interface Access {
  /** The user named this file: command line, dialog, upload. What was opened before and captures are allowed without asking. */
  mayOpen(path: string): boolean;
  /** Whether a file may be written there that is not among the captures; `replace` where the user was asked about that too. */
  mayWrite(path: string): 'no' | 'new' | 'replace';
  /** Whether captures may be kept in a folder that is not that of captures. */
  mayCaptureInto(folder: string): Promise<boolean>;
  /** Whether to capture on another machine, with the user's keys. */
  mayCaptureOn(host: string): Promise<boolean>;
  /** Whether to send the probes that ask the way to an address; the page showed the command, and the user pressed run. */
  mayTrace(target: string): Promise<boolean>;
  /** Whether notes may be kept beside a capture that is open, as a file that is named after it. */
  mayKeepBeside(capture: string): Promise<boolean>;
  /** Which fleets a page may look at: those that the program was started with, or those that the user picked or agreed to. */
  readonly fleets: 'named' | 'agreed';
  /** @param place a folder, or the address of a server without a password */
  mayLookAt(place: string): Promise<boolean>;
  /** What to do about a refusal, for people; it ends the sentence that says what was refused. */
  readonly cures: {
    readonly open: string;
    readonly write: string;
    readonly fleet: string;
    ssh(host: string): string;
  };
}
