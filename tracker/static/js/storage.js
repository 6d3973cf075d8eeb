// The browser's storage, that never throws: it may be full, forbidden or gone.

export function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Then there is nothing to remove.
  }
}

/** The keys that begin with a prefix. */
export function keys(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

/** Leave a word for the next page of this window. Where that is forbidden, the page has to do without. */
export function leaveWord(key, word) {
  try {
    sessionStorage.setItem(key, word);
  } catch {
    // As said.
  }
}

/** Take the word that the page before left, if any. */
export function takeWord(key) {
  try {
    const word = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    return word;
  } catch {
    return null;
  }
}
