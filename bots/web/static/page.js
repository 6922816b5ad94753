// Puts the page together. The server says what is true; the scripts only draw it and send what a person does.
import { Conversation } from "./conversation.js";
import { Composer } from "./composer.js";
import { commandMenu } from "./menu.js";
import { imageForm } from "./imagine.js";

const facts = JSON.parse(document.getElementById("facts").textContent);
const notices = document.getElementById("notices");
const PATIENCE = 30_000; // milliseconds that a request may take
const UPLOAD_PATIENCE = 600_000; // and one with files, on a slow line

// Says something above the composer, for a while or until the line that is given back is removed. What was wrong with
// what a dialog sent is said in there, which lies over all else.
function notify(text, { alert = false, stays = false } = {}) {
  const place = (alert && !stays && document.querySelector("dialog[open] .buttons")) || notices;
  [...place.children].find((one) => one.textContent === text)?.remove();
  const line = document.createElement("p");
  line.textContent = text;
  line.classList.toggle("alert", alert);
  if (stays) line.dataset.stays = "";
  if (place !== notices) line.role = "alert"; // the notices are no part of what a screen reader is in
  place.append(line);
  if (!stays) setTimeout(() => line.remove(), alert ? 9000 : 4000);
  return line;
}

// Sends one turn. Returns the id of its entry ("" where it has none); null, and the person is told why, where
// the server did not take it.
async function post(fields, pictures = []) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const { file, thumbnail } of pictures) {
    form.append("picture", file, file.name);
    form.append("thumbnail", thumbnail ?? new Blob(), "thumbnail");
  }
  const signal = AbortSignal.timeout(pictures.length ? UPLOAD_PATIENCE : PATIENCE);
  try {
    const answer = await fetch("/turn", { method: "POST", body: form, headers: { "x-page": "1" }, signal });
    if (answer.ok) {
      for (const line of document.querySelectorAll(":is(#notices, .buttons) .alert:not([data-stays])")) line.remove(); // what was wrong is not any more
      return (await answer.json()).id;
    }
    if (answer.status === 401) location.reload();
    const said = await answer.json().catch(() => ({}));
    notify(said.error ?? facts.words.failed, { alert: true });
  } catch {
    notify(facts.words.unanswered, { alert: true }); // nor does anybody know whether it arrived
  }
  return null;
}

commandMenu(document.getElementById("text"), document.getElementById("menu"), facts.commands); // first: its Enter takes a command
const composer = new Composer(facts, post, notify);
const conversation = new Conversation(facts, post, notify, composer);
const openImageForm = imageForm(post, (text) => { if (composer.text === text) composer.clearText(); });
composer.onStop = () => conversation.stopLast();
composer.onOpenForm = openImageForm;
composer.onRecall = () => conversation.reuse([...conversation.log.querySelectorAll(".entry:has(.reuse)")].at(-1));
composer.say = (text) => conversation.say(text);
conversation.listen();
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // kept by the browser: its stream is closed

document.getElementById("paint").addEventListener("click", () => openImageForm(composer.text));
document.getElementById("new").addEventListener("click", async () => {
  const last = conversation.log.lastElementChild;
  if (last && !last.matches(".done[data-command=new]")) await post({ command: "new" });
  composer.focus();
});
for (const example of document.querySelectorAll(".example")) {
  example.addEventListener("click", () => {
    if (example.dataset.kind === "paint") openImageForm(example.dataset.text);
    else if (example.dataset.kind === "picture") composer.choosePicture(example.dataset.text);
    else composer.put(example.dataset.text);
  });
}
