// The conversation: draws what the stream of events says, and sends what its buttons mean.
import { copyText } from "./clipboard.js";
import { sendFrom } from "./dialog.js";

const NEAR_END = 120; // pixels from the bottom at which the page follows a growing answer
const LONGEST_SPOKEN = 1200; // characters that a screen reader is given of an answer

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html; // ours: the server escapes whatever people and models write
  return template.content;
}

// Parts that stay where they are whatever changes in them, so that what is marked or focused there stays, too.
const LASTING = ["answer", "text", "code", "head", "copy", "said", "question"];

const lasting = (part) => (part.tagName === "PRE" ? "pre" : LASTING.find((name) => part.classList.contains(name)));

// Gives `old` the parts of `drawn`, from `at` on. Those that are alike stay.
function renew(old, drawn, at = old.firstElementChild) {
  for (const one of [...drawn.children]) {
    const rest = [];
    for (let other = at; other; other = other.nextElementSibling) rest.push(other);
    const name = lasting(one);
    const same = rest.find((other) => other.isEqualNode(one)) ?? (name && rest.find((other) => lasting(other) === name));
    if (!same) { old.insertBefore(one, at); continue; }
    while (at !== same) at = removed(at);
    if (!same.isEqualNode(one)) renew(same, one);
    at = same.nextElementSibling;
  }
  while (at) at = removed(at);
}

function removed(part) {
  const next = part.nextElementSibling;
  part.remove();
  return next;
}

// Each remembers how it was drawn, before anybody changed it.
function remembered(drawn) {
  for (const entry of drawn) entry.drawn = entry.outerHTML;
  return drawn;
}

function markOf(item) {
  const list = item.parentElement;
  return new Text(list.tagName === "OL" ? `${list.start + [...list.children].indexOf(item)}. ` : "• ");
}

const entries = (html) => remembered([...fragment(html).children]);
const isBlank = (entry) => !entry.querySelector(".text").childElementCount;

export class Conversation {
  constructor(facts, post, notify, composer) {
    Object.assign(this, { words: facts.words, post, notify, composer });
    const parts = ["log", "welcome", "spoken", "down", "ask", "ask-text"].map((name) => document.getElementById(name));
    [this.log, this.welcome, this.spoken, this.down, this.dialog, this.asked] = parts;
    this.touched = new Set(); // ids of what the stream has spoken of since the last look at the whole
    this.follows = true;
    this.lastY = 0;
    remembered([...this.log.children]);
    this.decorate(this.log);
    this.changed();
    this.toEnd();
    this.log.addEventListener("click", (event) => this.clicked(event));
    sendFrom(this.dialog, () => this.answer());
    this.down.addEventListener("click", () => { this.follows = true; this.toEnd("smooth"); });
    addEventListener("scroll", () => this.scrolled(), { passive: true });
    const sizes = new ResizeObserver(() => (this.follows ? this.toEnd() : this.scrolled()));
    for (const part of [document.documentElement, this.log, composer.form]) sizes.observe(part); // the first is as high as the window
    setInterval(() => this.tick(), 250);
    this.share();
  }

  // `isBack`: the stream was away, and the page may have missed something.
  listen(isBack = false) {
    const waiting = this.open().map((entry) => entry.dataset.id).join();
    const source = this.source = new EventSource(`/events?waiting=${waiting}`);
    const on = (name, act) => source.addEventListener(name, (event) => {
      const data = JSON.parse(event.data);
      this.touched.add(data.id);
      act(data);
    });
    on("entry", ({ id, html }) => this.put(id, html));
    on("grow", ({ id, at, blocks }) => this.grow(id, at, blocks));
    on("note", ({ id, note, progress }) => this.note(id, note, progress));
    on("remove", ({ id }) => this.remove(id));
    on("clear", () => this.clear());
    on("notice", ({ text, alert }) => this.notify(text, { alert }));
    // Another one was chosen. What is written in a dialog would be lost.
    on("language", () => { if (!document.querySelector("dialog[open]")) location.reload(); });
    source.addEventListener("error", () => {
      isBack = true;
      this.lostTimer ??= setTimeout(() => { this.lostLine = this.notify(this.words.offline, { alert: true, stays: true }); }, 2500);
      if (source.readyState === EventSource.CLOSED) setTimeout(() => { if (this.source === source) this.again(); }, 2000);
    });
    source.addEventListener("open", () => {
      this.found();
      this.isKnown = true;
      this.tabs.postMessage("open");
      if (isBack) this.refresh();
      isBack = false;
    });
  }

  // The server has refused the stream. Where the session has ended the page begins a new one; where none begins,
  // the browser keeps no cookie of ours, and to try again would help nobody.
  async again() {
    const { source } = this;
    const answer = await fetch("/entries").catch(() => null);
    if (this.source !== source) return;
    if (answer?.status !== 401) this.listen(true);
    else if (this.isKnown) location.reload();
    else {
      this.found();
      this.notify(this.words["no-cookies"], { alert: true, stays: true });
    }
  }

  found() {
    clearTimeout(this.lostTimer);
    this.lostTimer = null;
    this.lostLine?.remove();
  }

  // A browser allows six connections to one host: a tab that nobody sees gives up its own once another tab has
  // one, which is what keeps the answers going that both show.
  share() {
    this.tabs = new BroadcastChannel("streams");
    this.tabs.addEventListener("message", () => { if (document.hidden) this.rest(); });
    addEventListener("pagehide", () => this.rest());
    const wake = () => { if (!document.hidden && !this.source) this.listen(true); };
    document.addEventListener("visibilitychange", wake);
    addEventListener("pageshow", wake);
    addEventListener("online", () => { if (this.source) { this.source.close(); this.listen(true); } });
  }

  rest() {
    this.source?.close();
    this.source = null;
    this.found();
  }

  // After a break of the stream the whole conversation is asked for again. What the stream has said since then
  // is newer.
  async refresh() {
    this.touched.clear();
    const answer = await fetch("/entries").catch(() => null);
    if (!answer?.ok) return;
    const drawn = entries(await answer.text());
    const names = new Set(drawn.map((one) => one.dataset.id));
    for (const { dataset } of this.log.querySelectorAll(".entry")) {
      if (!names.has(dataset.id) && !this.touched.has(dataset.id)) this.remove(dataset.id);
    }
    let last = null;
    for (const one of drawn) {
      const old = this.find(one.dataset.id);
      if (this.touched.has(one.dataset.id)) last = old ?? last;
      else if (old) { this.swap(old, one); last = old; }
      else {
        this.decorate(one);
        if (last) last.after(one); else this.log.prepend(one);
        last = one;
      }
    }
    this.changed();
  }

  clear() {
    for (const entry of this.log.querySelectorAll(".entry:not([data-open])")) {
      this.touched.add(entry.dataset.id);
      entry.remove();
    }
    this.changed();
    scrollTo({ top: 0 });
    this.composer.focus();
  }

  remove(id) {
    const entry = this.find(id);
    const held = entry?.contains(document.activeElement);
    entry?.remove();
    if (held) this.composer.focus();
    this.changed();
  }

  find(id) { return document.getElementById(`e-${id}`); }
  open() { return [...this.log.querySelectorAll(".entry[data-open]")]; }

  put(id, html) {
    const old = this.find(id);
    const [drawn] = entries(html);
    const isOpen = "open" in drawn.dataset;
    if (old) this.swap(old, drawn);
    else {
      this.decorate(drawn);
      drawn.classList.add("fresh");
      this.log.append(drawn);
      this.follows = true;
    }
    this.changed();
    if (!old && isOpen) this.say(this.words["answer-begun"]);
    if (!old && !isOpen) this.ended(drawn);
  }

  // An entry becomes what it is drawn as now. One that has ended and is drawn as before stays as it is, with what
  // is revealed in it. So does one under way whose text the server no longer has.
  swap(old, drawn) {
    const [wasOpen, isOpen] = [old, drawn].map((one) => "open" in one.dataset);
    if (isOpen ? isBlank(drawn) && !isBlank(old) : old.drawn === drawn.drawn) return;
    this.decorate(drawn);
    this.keepRoom(old, drawn);
    const held = old.contains(document.activeElement) && document.activeElement;
    for (const { name } of [...old.attributes]) if (!drawn.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of drawn.attributes) old.setAttribute(name, value);
    old.drawn = drawn.drawn;
    renew(old, drawn);
    if (held && !held.isConnected) this.hold(old, held.dataset);
    if (wasOpen && !isOpen) this.ended(old);
  }

  // A picture that has come is as large as its place was before it is loaded.
  keepRoom(old, drawn) {
    const room = old.querySelector(".canvas")?.viewBox.baseVal;
    if (!room) return;
    for (const picture of drawn.querySelectorAll(".pictures img")) [picture.width, picture.height] = [room.width, room.height];
  }

  // A picker that is drawn anew keeps the focus where it was.
  hold(entry, { command, value }) {
    const same = [...entry.querySelectorAll(".choice")].find((one) => one.dataset.command === command && one.dataset.value === value);
    (same ?? this.composer).focus();
  }

  ended(entry) {
    this.sayEnd(entry);
    if (entry.matches(".done[data-command=model]:not(:has(.choices))")) this.composer.chooseNoModel();
  }

  grow(id, at, blocks) {
    const text = this.find(id)?.querySelector(".text");
    if (!text) return;
    const added = fragment(blocks.join(""));
    this.decorate(added);
    renew(text, added, text.children[at] ?? null);
  }

  note(id, note, progress) {
    const entry = this.find(id);
    const line = entry?.querySelector(".note");
    if (!line) return;
    line.textContent = note;
    line.hidden = !note;
    const painting = entry.querySelector(".painting");
    if (!painting || !progress) return;
    [painting.dataset.elapsed, painting.dataset.expected] = progress;
    painting.since = performance.now();
    this.tick();
  }

  // Moves the bars of pictures under way between two words of the server.
  tick() {
    for (const painting of this.log.querySelectorAll(".painting")) {
      painting.since ??= performance.now();
      const elapsed = Number(painting.dataset.elapsed) + (performance.now() - painting.since) / 1000;
      const expected = Number(painting.dataset.expected);
      const bar = painting.querySelector("progress");
      if (expected > 0) bar.value = Math.min(elapsed / expected, 0.95);
    }
  }

  decorate(root) {
    // What scrolls sideways, or is covered until it is looked at, must be within the keyboard's reach.
    for (const part of root.querySelectorAll(".table, .spoiler")) part.tabIndex = 0;
    for (const pre of root.querySelectorAll("pre")) {
      if (pre.parentElement?.classList.contains("code")) continue;
      const [box] = fragment('<div class="code"><div class="head"><span></span><button type="button" class="copy"></button></div></div>').children;
      const [language, copy] = box.firstElementChild.children;
      language.textContent = pre.firstElementChild?.className.replace("language-", "") ?? "";
      copy.textContent = this.words.copy;
      pre.tabIndex = 0; // as a table
      pre.replaceWith(box);
      box.append(pre);
    }
  }

  changed() {
    this.welcome.hidden = this.log.childElementCount > 0;
    this.composer.showStop(this.open().some((entry) => entry.dataset.stop));
    for (const question of this.log.querySelectorAll(".question:not([tabindex])")) {
      if (question.scrollHeight > question.clientHeight) question.tabIndex = 0;
    }
  }

  clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches(".copy")) this.copy(button);
    else if (button.matches(".enlarge")) this.enlarge(button);
    else if (button.matches(".reuse")) this.reuse(button.closest(".entry"));
    else if (button.matches(".action, .choice")) this.press(button);
  }

  reuse(entry) { if (entry) this.composer.reuse(entry.querySelector(".question").textContent, entry.dataset.id); }

  async press(button) {
    if (button.ariaDisabled) return;
    const { command, ref, label, value, asks } = button.dataset;
    const fields = { command, ref, label, origin: button.closest(".entry").dataset.id };
    if (value !== undefined) fields.value = value;
    if (asks !== undefined) return this.ask(fields, asks);
    button.ariaDisabled = "true"; // not `disabled`, which would take the focus away from the keyboard
    await this.post(fields);
    setTimeout(() => { button.ariaDisabled = null; }, 800);
  }

  // Sends the fields with what is typed.
  ask(fields, prefilled) {
    document.getElementById("ask-title").textContent = fields.label;
    this.asking = { ...fields, label: "" };
    this.asked.value = prefilled;
    this.dialog.showModal();
    this.asked.focus();
  }

  answer() {
    const text = this.asked.value.trim();
    return text ? this.post({ ...this.asking, text }) : null;
  }

  stopLast() {
    const entry = this.open().findLast((one) => one.dataset.stop);
    if (entry) this.post({ command: "stop", ref: entry.dataset.stop, origin: entry.dataset.id });
  }

  async copy(button) {
    const code = button.closest(".code")?.querySelector("code").textContent;
    const done = await copyText(code ?? this.textOf(button.closest(".entry")));
    button.textContent = done ? this.words.copied : this.words["copy-failed"];
    this.say(button.textContent); // a screen reader does not tell of a label that changes
    setTimeout(() => { button.textContent = this.words.copy; }, 1600);
  }

  enlarge(button) {
    if (button.classList.contains("hidden")) {
      button.classList.remove("hidden");
      button.ariaLabel = button.dataset.enlarge;
      return;
    }
    const dialog = document.getElementById("large");
    const [from, to] = [button.querySelector("img"), dialog.querySelector("img")];
    [to.src, to.alt] = [from.src, from.alt];
    dialog.addEventListener("click", () => dialog.close(), { once: true });
    dialog.showModal();
  }

  say(text) { this.spoken.textContent = text; }

  textOf(entry) {
    const text = entry.querySelector(".text");
    const heads = text.querySelectorAll(".code > .head"); // a language and a button, in the middle of a sentence
    const marks = [...text.querySelectorAll("li:not(.task)")].map((item) => [item, markOf(item)]); // drawn, but no text
    for (const head of heads) head.hidden = true;
    for (const [item, mark] of marks) item.prepend(mark);
    const said = text.innerText.trim();
    for (const head of heads) head.hidden = false;
    for (const [, mark] of marks) mark.remove();
    return said;
  }

  sayEnd(entry) {
    const answer = this.textOf(entry).slice(0, LONGEST_SPOKEN);
    const note = entry.querySelector(".note").textContent;
    const done = entry.querySelector(".pictures") ? this.words["picture-done"] : this.words["answer-done"];
    this.say([done, answer, note].filter(Boolean).join(" "));
  }

  scrolled() {
    const left = document.documentElement.scrollHeight - scrollY - innerHeight;
    if (scrollY < this.lastY && left > 1) this.follows = false; // somebody reads further up
    else if (scrollY !== this.lastY && left < NEAR_END) this.follows = true;
    this.lastY = scrollY;
    this.down.hidden = left < 400;
  }

  toEnd(behavior = "instant") {
    if (!this.log.childElementCount) return;
    scrollTo({ top: document.documentElement.scrollHeight, behavior });
    this.lastY = scrollY; // the event comes later, and who scrolls up before that does
  }
}
