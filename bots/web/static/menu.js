// The menu of commands that opens on "/": arrows choose, Enter or Tab takes, Escape closes.
import { isComposing } from "./composer.js";

export function commandMenu(area, menu, commands) {
  const list = menu.firstElementChild;
  let shown = [];
  let chosen = 0;

  function close() {
    menu.hidden = true;
    shown = [];
    area.removeAttribute("aria-activedescendant");
  }

  function draw() {
    list.replaceChildren(...shown.map((command, at) => {
      const line = document.createElement("div");
      const name = Object.assign(document.createElement("b"), { textContent: `/${command.name}` });
      const about = Object.assign(document.createElement("span"), { textContent: command.about });
      line.id = `menu-${command.name}`;
      line.setAttribute("role", "option");
      line.append(name, about);
      line.addEventListener("pointerdown", (event) => { event.preventDefault(); take(command); });
      line.addEventListener("pointermove", () => { if (chosen !== at) { chosen = at; mark(); } });
      return line;
    }));
    menu.hidden = false;
    const header = document.querySelector(".top").getBoundingClientRect();
    menu.style.setProperty("--room", `${area.form.getBoundingClientRect().top - header.bottom - 12}px`);
    mark();
  }

  function mark() {
    [...list.children].forEach((line, at) => line.setAttribute("aria-selected", at === chosen));
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", `menu-${shown[chosen].name}`);
  }

  function take(command) {
    area.value = command.takes_text ? `/${command.name} ` : `/${command.name}`;
    close();
    if (command.takes_text) area.dispatchEvent(new Event("input"));
    else area.form.requestSubmit();
    area.focus();
  }

  area.addEventListener("input", () => {
    const typed = /^\/([a-z]*)$/.exec(area.value);
    shown = typed ? commands.filter((command) => command.name.startsWith(typed[1])) : [];
    chosen = 0;
    if (shown.length) draw(); else close();
  });
  area.addEventListener("keydown", (event) => {
    if (menu.hidden || isComposing(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length;
      mark();
    } else if (event.key === "Enter" && area.value === `/${shown[chosen].name}`) return close(); // written out: sent
    else if (event.key === "Enter" || event.key === "Tab") take(shown[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  area.addEventListener("blur", close);
}
