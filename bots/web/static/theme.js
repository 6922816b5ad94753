// Runs before the page is drawn, so that a dark room sees no white flash.
{
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => { root.dataset.theme = localStorage.getItem("theme") ?? (dark.matches ? "dark" : "light"); };
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  apply();
}
