// What the browser keeps between visits. A browser that keeps nothing is fine: then nothing is kept.

const prefix = "hearth.console.";

export const kept = (name, otherwise) => read(() => localStorage, name, otherwise);
export const keep = (name, value) => write(() => localStorage, name, value);
/** Until this tab of the browser is closed. */
export const keptForNow = (name, otherwise) => read(() => sessionStorage, name, otherwise);
export const keepForNow = (name, value) => write(() => sessionStorage, name, value);

function read(storage, name, otherwise) {
  try {
    const text = storage().getItem(prefix + name);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

function write(storage, name, value) {
  try {
    storage().setItem(prefix + name, JSON.stringify(value));
  } catch {
    // Full, or forbidden.
  }
}
