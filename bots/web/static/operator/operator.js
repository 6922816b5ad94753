// What the operator pages do beyond links and forms: charts, no form sent twice, and keeping the overview true.
import { drawChart } from "./chart.js";

for (const figure of document.querySelectorAll(".chart")) drawChart(figure);

// What scrolls is within the keyboard's reach.
for (const table of document.querySelectorAll(".table")) if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;

// On a phone the pages are one line to be moved sideways.
document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// The message of a form is told once: a reload does not tell it again.
const address = new URL(location);
if (address.searchParams.has("note")) {
  address.searchParams.delete("note");
  history.replaceState(null, "", address);
}

// A form is sent once, however often its button is pressed before the next page is there.
const sent = new Set();
addEventListener("submit", (event) => {
  if (sent.has(event.target)) event.preventDefault();
  else sent.add(event.target);
  setTimeout(() => sent.delete(event.target), 10_000); // or its sending was broken off
});
addEventListener("pageshow", () => sent.clear()); // one step back leads to a page that has sent nothing

const now = document.getElementById("now");
if (now) {
  const live = document.getElementById("live");
  live.hidden = false;
  live.addEventListener("click", () => live.setAttribute("aria-pressed", live.ariaPressed !== "true"));
  setInterval(async () => {
    if (live.ariaPressed !== "true" || document.hidden || now.contains(document.activeElement)) return;
    const answer = await fetch("/operator/live").catch(() => null);
    if (answer?.status === 401) location.reload();
    else if (answer?.ok) now.innerHTML = await answer.text();
  }, Number(now.dataset.every));
}
