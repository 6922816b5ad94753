// The form that orders a picture. Ranges come from the server's own list of options.
import { sendFrom } from "./dialog.js";
import { dollars } from "./figures.js";

// `ordered` is told of the text that the form was opened with, once what became of it is ordered.
export function imageForm(post, ordered) {
  const dialog = document.getElementById("imagine");
  const form = dialog.querySelector("form");
  const price = document.getElementById("price");
  const fields = form.elements;
  let begun = "";

  function draw() {
    const nanos = Number(fields.model.selectedOptions[0]?.dataset.nanos ?? 0) * Number(fields.count.value || 1);
    price.textContent = dollars(nanos / 1e9);
    for (const shape of form.querySelectorAll(".shape")) {
      const fits = shape.dataset.width === fields.width.value && shape.dataset.height === fields.height.value;
      shape.setAttribute("aria-pressed", fits);
    }
    for (const range of form.querySelectorAll("input[type=range]")) range.value = fields[range.dataset.for].value;
  }

  form.addEventListener("input", (event) => {
    const twin = event.target.dataset.for;
    if (twin) fields[twin].value = event.target.value;
    draw();
  });
  for (const shape of form.querySelectorAll(".shape")) {
    shape.addEventListener("click", () => {
      [fields.width.value, fields.height.value] = [shape.dataset.width, shape.dataset.height];
      draw();
    });
  }
  form.addEventListener("invalid", (event) => { event.target.closest("details")?.setAttribute("open", ""); }, true);
  const more = form.querySelector("details");
  more.addEventListener("toggle", () => { if (more.open) more.scrollIntoView({ block: "nearest" }); });
  sendFrom(dialog, async () => {
    const { prompt, ...options } = Object.fromEntries(new FormData(form));
    const from = begun;
    const id = await post({ command: "imagine", text: prompt, ...options });
    if (id !== null) ordered(from);
    return id;
  });

  return (text) => {
    begun = text;
    if (text) fields.prompt.value = text.replace(/^\/imagine\s*/, "");
    draw();
    dialog.showModal();
    fields.prompt.focus();
  };
}
