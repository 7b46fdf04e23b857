/** Names on Electron's own IPC, which hands over ports and takes files; everything else is the contract on those ports. */
export const CONNECT = 'resetscope:connect';
export const PORT = 'resetscope:port';
export const TAKE_FILE = 'resetscope:take-file';
