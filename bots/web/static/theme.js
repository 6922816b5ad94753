// Light or dark: the button on every page, and before the page is drawn, so that a dark room sees no white flash.
{
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => { root.dataset.theme = storage.read("localStorage", "theme") ?? (dark.matches ? "dark" : "light"); };
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("click", (event) => {
    if (!event.target.closest("#theme")) return;
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    storage.write("localStorage", "theme", root.dataset.theme);
  });
  apply();
}
