/** Offers a text as a file to be saved, as the browser or the window does it. The parts are not joined in memory. */
export function saveText(fileName: string, type: string, parts: readonly BlobPart[]): void {
  const address = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
