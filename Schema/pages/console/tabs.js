// A row of tabs with a panel each (ARIA "tabs" pattern): one of them in the order of Tab, arrows move between them.

import { el } from "./dom.js";

/**
 * @param {string} label A word's key.
 * @param {{name: string, t: string, panel: HTMLElement}[]} tabs
 * @param {(name: string) => void} onSelect
 */
export function makeTabs(label, tabs, onSelect = () => {}) {
  const buttons = tabs.map((tab) => el("button", {
    type: "button", role: "tab", id: `tab-${tab.name}`, t: tab.t, "aria-controls": `panel-${tab.name}`,
    on: { click: () => select(tab.name), keydown: (event) => moved(event, buttons, (button) => { button.click(); button.focus(); }) },
  }));
  tabs.forEach((tab) => {
    tab.panel.id = `panel-${tab.name}`;
    tab.panel.setAttribute("role", "tabpanel");
    tab.panel.setAttribute("aria-labelledby", `tab-${tab.name}`);
  });
  const root = el("div", { class: "tabs", role: "tablist", tLabel: label }, ...buttons);

  function select(name, tells = true) {
    tabs.forEach((tab, index) => {
      const isSelected = tab.name === name;
      buttons[index].setAttribute("aria-selected", String(isSelected));
      buttons[index].tabIndex = isSelected ? 0 : -1;
      tab.panel.hidden = !isSelected;
    });
    if (tells) onSelect(name);
  }

  return { root, select };
}

/** Left, right, Home and End among buttons. */
export function moved(event, buttons, go) {
  const index = buttons.indexOf(event.currentTarget);
  const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  go(buttons[(next + buttons.length) % buttons.length]);
}
