/**
 * Keeps what is made of a name, because requests and answers of one kind have the same ones. It begins anew beyond `most`:
 * user metadata has names of its own, without end. What `make` throws for is not kept.
 */
export function keptByName<T>(most: number, make: (name: string) => T): (name: string) => T {
  const kept = new Map<string, T>();
  return (name) => {
    const known = kept.get(name);
    if (known !== undefined) return known;
    const made = make(name);
    if (kept.size >= most) kept.clear();
    kept.set(name, made);
    return made;
  };
}
