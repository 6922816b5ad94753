// Where a question is written: text, pictures, model, send and stop.

import { isolated, number } from "./figures.js";

const THUMBNAIL = 640; // pixels of the longer side
const DRAFT = 1e6; // characters of a draft that a browser has room for
const MANY_LINES = 200;
const THUMBS = matchMedia("(pointer:coarse)"); // no Shift to hold: Enter breaks the line

// Whether the key belongs to an input method. Safari has ended the composing by the time it tells of the key.
export const isComposing = (event) => event.isComposing || event.keyCode === 229;

// A small copy to show again, made here so that the server keeps no large files.
async function shrink(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, THUMBNAIL / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
}

export class Composer {
  constructor(facts, post, notify) {
    Object.assign(this, { facts, words: facts.words, post, notify, pictures: [], sent: new Map(), canStop: false });
    this.adding = Promise.resolve(); // files are read one choice after the other
    this.form = document.getElementById("composer");
    this.area = document.getElementById("text");
    this.button = document.getElementById("send");
    this.list = document.getElementById("thumbnails");
    this.file = document.getElementById("file");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if ("stop" in this.button.dataset) this.onStop(); else this.submit();
    });
    this.area.addEventListener("input", () => { this.keep(); this.fit(); this.draw(); });
    this.area.addEventListener("keydown", (event) => this.key(event));
    document.getElementById("attach").addEventListener("click", () => this.file.click());
    this.file.addEventListener("change", () => { this.add([...this.file.files]); this.file.value = ""; }); // a list that empties itself
    addEventListener("resize", () => this.fit());
    addEventListener("beforeunload", (event) => { if (this.pictures.length) event.preventDefault(); });
    // A pointer presses what stands there, and what is typed next is written all the same. On a telephone the
    // keyboard makes room for the answer.
    this.form.querySelector(".tools").addEventListener("mousedown", (event) => { if (!THUMBS.matches) event.preventDefault(); });
    this.dropping();
    this.modelChoice();
    this.area.enterKeyHint = THUMBS.matches ? "enter" : "send";
    this.area.value ||= storage.read("sessionStorage", "draft") ?? "";
    this.button.disabled = false; // what was pressed earlier nobody would have heard
    this.fit();
    this.draw();
  }

  // What is not sent yet is there after a reload, a step back, another language.
  keep() {
    const { value } = this.area;
    storage.write("sessionStorage", "draft", value.length > DRAFT ? "" : value);
  }

  get text() { return this.area.value; }
  focus() { this.area.focus({ preventScroll: true }); }

  // As if somebody had typed it over what is there, so that a step back has the draft again. What has very many
  // lines would take seconds in this way.
  put(text) {
    this.area.focus();
    this.area.select();
    const isShort = text.split("\n").length < MANY_LINES;
    const isHere = document.activeElement === this.area; // not where a dialog is open
    if (isShort && isHere && document.execCommand("insertText", false, text)) return;
    this.area.value = text;
    this.area.dispatchEvent(new Event("input"));
  }

  choosePicture(text) {
    this.put(text);
    this.file.click();
  }

  key(event) {
    if (event.key === "ArrowUp" && !this.area.value && !this.pictures.length) { event.preventDefault(); this.onRecall(); }
    if (event.key !== "Enter" || event.shiftKey || event.defaultPrevented || isComposing(event)) return;
    if (THUMBS.matches && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (!event.repeat) this.submit();
  }

  async submit() {
    if (this.waits) return;
    this.waits = true;
    await this.adding; // what was chosen belongs to the question
    this.waits = false;
    const text = this.area.value.trim();
    if (!this.fits(text)) return;
    if (!text && !this.pictures.length) return;
    if (/^\/imagine\s*$/.test(text)) { this.clear(); this.onOpenForm(""); return; }
    const sent = { text: this.area.value, pictures: this.pictures };
    const fields = { text, ...this.modelFields() };
    this.clear();
    const id = await this.post(fields, sent.pictures);
    if (id !== null) { this.sent.set(id, sent.pictures); return; }
    this.put([sent.text, this.area.value].filter(Boolean).join("\n")); // refused: nothing that was written is lost
    this.pictures = [...sent.pictures, ...this.pictures];
    this.drawPictures();
  }

  fits(text) {
    const size = new TextEncoder().encode(text.replaceAll("\n", "\r\n")).length; // as a form sends it
    if (size <= this.facts.questionBytes) return true;
    this.notify(this.words["question-too-long"].replace("{kib}", Math.ceil(size / 1024)), { alert: true });
    return false;
  }

  // A question once more, with the files that this page sent along.
  reuse(text, id) {
    this.put(text);
    if (this.pictures.length) return;
    this.pictures = [...(this.sent.get(id) ?? [])];
    this.drawPictures();
  }

  clear() {
    this.pictures = [];
    this.drawPictures();
    this.clearText();
  }

  clearText() {
    this.area.value = "";
    this.area.dispatchEvent(new Event("input"));
  }

  add(files) {
    this.adding = this.adding.then(() => this.read(files)).catch(() => this.notify(this.words.failed, { alert: true }));
  }

  async read(files) {
    for (const file of files) {
      if (this.pictures.length >= this.facts.pictures) {
        this.notify(this.words["too-many"].replace("{n}", this.facts.pictures), { alert: true });
        break;
      }
      const thumbnail = await shrink(file).catch(() => null);
      if (thumbnail) this.pictures.push({ file, thumbnail, url: URL.createObjectURL(file) });
      else if (!file.type.startsWith("image/")) this.pictures.push({ file }); // a text or a PDF
      else this.notify(this.words["not-a-picture"].replace("{name}", isolated(file.name)), { alert: true });
    }
    this.drawPictures();
    this.focus();
    if (this.pictures.length) this.say(`${this.list.ariaLabel}: ${this.pictures.map(({ file }) => isolated(file.name)).join(", ")}`);
  }

  drawPictures() {
    this.list.replaceChildren(...this.pictures.map((picture) => {
      const item = document.createElement("li");
      const shown = picture.url
        ? Object.assign(document.createElement("img"), { src: picture.url, alt: picture.file.name })
        : Object.assign(document.createElement("span"), { className: "file", title: picture.file.name });
      if (!picture.url) shown.append(Object.assign(document.createElement("bdi"), { textContent: picture.file.name }));
      const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
      remove.setAttribute("aria-label", this.words["remove-picture"].replace("{name}", isolated(picture.file.name)));
      remove.addEventListener("click", () => {
        this.pictures = this.pictures.filter((one) => one !== picture);
        this.drawPictures();
        this.focus();
      });
      item.append(shown, remove);
      return item;
    }));
    this.list.hidden = !this.pictures.length;
    this.draw();
  }

  dropping() {
    const veil = document.getElementById("drop");
    const carries = (event) => event.dataTransfer?.types.includes("Files");
    addEventListener("dragover", (event) => { if (carries(event)) { event.preventDefault(); veil.hidden = false; } });
    addEventListener("dragleave", (event) => { if (!event.relatedTarget) veil.hidden = true; });
    addEventListener("drop", (event) => {
      veil.hidden = true;
      if (carries(event)) { event.preventDefault(); this.add([...event.dataTransfer.files]); }
    });
    addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      const isText = event.clipboardData?.types.includes("text/plain"); // cells of a table come as a picture, too
      if (files.length && !isText && !event.target.closest?.("dialog")) { event.preventDefault(); this.add(files); }
    });
  }

  modelChoice() {
    const box = document.getElementById("models");
    const opener = document.getElementById("model");
    const name = document.getElementById("model-name");
    const heat = document.getElementById("temperature");
    const kept = storage.read("localStorage", "model");
    for (const radio of box.querySelectorAll("input[name=model]")) if (radio.value === kept) radio.checked = true;
    const draw = () => {
      name.textContent = box.querySelector("input[name=model]:checked").dataset.label;
      document.getElementById("temperature-value").textContent = number(heat.value, 1);
    };
    box.addEventListener("input", () => { draw(); storage.write("localStorage", "model", this.modelFields().model ?? ""); });
    box.addEventListener("toggle", (event) => {
      opener.setAttribute("aria-expanded", event.newState === "open");
      if (event.newState !== "open") return;
      const edge = opener.getBoundingClientRect();
      box.style.left = `${Math.max(12, Math.min(edge.left, document.body.clientWidth - box.offsetWidth - 12))}px`;
      box.style.bottom = `${innerHeight - edge.top + 8}px`;
      box.style.setProperty("--room", `${edge.top - 16}px`);
      box.querySelector("input:checked").focus();
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // picks: it would send the question that is not written out yet, or stop an answer
      box.hidePopover();
    });
    box.addEventListener("focusout", ({ relatedTarget: next }) => {
      if (next && next !== opener && !box.contains(next)) box.hidePopover();
    });
    draw();
  }

  // A model picked for the conversation is meant: nothing picked here stands against it.
  chooseNoModel() {
    const auto = document.querySelector("input[name=model][value='']");
    auto.checked = true;
    auto.dispatchEvent(new Event("input", { bubbles: true }));
  }

  modelFields() {
    const model = document.querySelector("input[name=model]:checked").value;
    const heat = document.getElementById("temperature");
    const fields = {};
    if (model) fields.model = model;
    if (heat.valueAsNumber !== Number(heat.defaultValue)) fields.temperature = heat.value;
    return fields;
  }

  showStop(canStop) {
    this.canStop = canStop;
    this.draw();
  }

  draw() {
    const hasInput = this.area.value.trim() || this.pictures.length;
    const stops = !hasInput && this.canStop;
    this.button.toggleAttribute("data-stop", stops);
    this.button.toggleAttribute("data-idle", !hasInput && !stops);
    const label = stops ? this.words.stop : this.words.send;
    this.button.setAttribute("aria-label", label);
    this.button.title = label;
  }

  // Grows with the text where the browser does not do it by itself.
  fit() {
    if (CSS.supports("field-sizing", "content")) return;
    this.form.style.minHeight = `${this.form.offsetHeight}px`; // Firefox scrolls a page up that is shorter for a moment
    this.area.style.height = "auto";
    this.area.style.height = `${this.area.scrollHeight}px`;
    this.form.style.minHeight = "";
  }
}
