const GIGABYTE = 1024 ** 3;

/** Bytes as gigabytes, with as many digits as a person would type. */
export function capText(bytes: number): string {
  return String(Number((bytes / GIGABYTE).toFixed(3)));
}

/** What is wrong with the cap as it was typed; null where it can be kept. */
export function capProblem(text: string): string | null {
  if (/^\d{1,6}(?:\.\d{1,3})?$/.test(text.trim())) return null;
  return 'A number of gigabytes, such as 10 or 0.5. With 0 no index stays that is not open.';
}

export function capOf(text: string): number {
  return Math.round(Number(text.trim()) * GIGABYTE);
}
