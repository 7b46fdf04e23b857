/** Hands something to the user as a file: browser and desktop window alike ask where to, or put it among the downloads. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by the next turn; the content need not be kept any longer.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  });
}
