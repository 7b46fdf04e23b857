/** Hands a text to the user as a file: browser and desktop window alike ask where to, or put it among the downloads. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by the next turn; the text need not be kept any longer.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  });
}
