// Which known name was perhaps meant.

/** The number of single-letter edits between two short texts, at most `limit` + 1. */
export function distance(one, other, limit = 3) {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[other.length];
}

/** The nearest name; "" if none is near. */
export function nearest(name, names) {
  const limit = Math.max(1, Math.floor(name.length * 0.4));
  let best = "";
  let least = limit + 1;
  for (const other of names) {
    const found = distance(name.toLowerCase(), other.toLowerCase(), limit);
    if (found < least) {
      least = found;
      best = other;
    }
  }
  return best;
}
