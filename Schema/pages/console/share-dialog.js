// Asks before what tells of a person goes into a link.

import { el } from "./dom.js";
import { word } from "./words.js";

/**
 * @param {string} where The inputs that personal values are given to.
 * @param {boolean} canLeaveOut Whether all of them are variables, so that a link without variables holds none.
 * @returns {Promise<"cancel"|"without"|"all">}
 */
export function shareDialog(where, canLeaveOut) {
  return new Promise((resolve) => {
    const button = (name, key) => el("button", { type: "button", t: key, on: { click: () => dialog.close(name) } });
    const dialog = el("dialog", { "aria-labelledby": "share-warning", on: { close: () => {
      dialog.remove();
      resolve(dialog.returnValue === "" ? "cancel" : dialog.returnValue);
    } } }, el("p", { id: "share-warning" }, word("sharePersonal", { where })),
    el("div", { class: "bar" }, button("cancel", "cancel"), canLeaveOut ? button("without", "shareWithout") : null, button("all", "shareAnyway")));
    document.body.append(dialog);
    dialog.showModal();
  });
}
