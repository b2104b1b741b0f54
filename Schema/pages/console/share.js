// A question as the fragment of a link. Browsers do not send fragments to servers.

/**
 * @typedef {{document: string, variables: string, asOf: string, version: string}} Shared
 */

/** @param {Shared} question @returns {string} Begins with `#`. */
export function fragmentOf(question) {
  const parts = [];
  for (const name of ["document", "variables", "asOf", "version"]) {
    const value = question[name];
    if (value && value.trim() !== "") parts.push(`${name}=${encodeURIComponent(value)}`);
  }
  return `#${parts.join("&")}`;
}

/** @returns {Shared|null} null if the fragment holds no document. */
export function questionOf(fragment) {
  const values = membersOf(fragment);
  return values.document === undefined ? null : { variables: "", asOf: "", version: "", ...values };
}

/** The fragment of a saved question with its parameters, lists repeated. */
export function fragmentOfSaved(name, parameters) {
  return `#q=${encodeURIComponent(name)}${parameters.map(([key, value]) => `&${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join("")}`;
}

/** @returns {{name: string, parameters: [string, string][]}|null} */
export function savedOf(fragment) {
  const pairs = pairsOf(fragment);
  if (pairs[0]?.[0] !== "q") return null;
  return { name: pairs[0][1], parameters: pairs.slice(1) };
}

function membersOf(fragment) {
  const known = ["document", "variables", "asOf", "version"];
  return Object.fromEntries(pairsOf(fragment).filter(([name]) => known.includes(name)));
}

function pairsOf(fragment) {
  return fragment.replace(/^#/, "").split("&").filter((part) => part.includes("=")).map((part) => {
    const at = part.indexOf("=");
    return [decoded(part.slice(0, at)), decoded(part.slice(at + 1))];
  });
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
