// @ts-check
// Not more often than can be read: tables and words need no sixty changes a second.

/** A gate that opens once in `ms`; a refused caller is called back when it opens. @param {number} ms @param {() => void} again */
export function pace(ms, again) {
  let last = -Infinity;
  let timer = 0;
  return () => {
    const wait = last + ms - performance.now();
    if (wait > 0) {
      timer ||= setTimeout(() => { timer = 0; again(); }, wait);
      return false;
    }
    last = performance.now();
    return true;
  };
}
