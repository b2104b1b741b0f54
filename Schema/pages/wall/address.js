// What the wall shows, as the fragment of its address: browsers do not send it to servers. Pure.

/**
 * @typedef {{view: "wall"|"village"|"household", key: string, asOf: string, area: string, profile: string, subject: string}} Place
 */

const views = ["village", "household"];
const settings = ["asOf", "area", "profile", "subject"];

/** @returns {Place} What cannot be read is left out. */
export function placeOf(fragment) {
  const place = { view: "wall", key: "", asOf: "", area: "", profile: "", subject: "" };
  for (const [name, value] of new URLSearchParams(fragment.replace(/^#/, ""))) {
    if (views.includes(name) && value !== "") [place.view, place.key] = [name, value];
    else if (settings.includes(name)) place[name] = value.trim();
  }
  if (!/^\d{4}-\d\d-\d\d$/.test(place.asOf)) place.asOf = "";
  return place;
}

/** @param {Partial<Place>} place @returns {string} Begins with `#`. */
export function fragmentOf(place) {
  const pairs = new URLSearchParams();
  if (views.includes(place.view)) pairs.append(place.view, place.key);
  for (const name of settings) if (place[name]) pairs.append(name, place[name]);
  return `#${pairs}`;
}

/** The same settings, another thing to look at. */
export function fragmentTo(place, view, key = "") {
  return fragmentOf({ ...place, view, key });
}
