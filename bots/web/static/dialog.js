// A dialog that is sent. It stays open until the server has taken it: nothing written there is lost, and why it was
// not taken is read where one is.

// Chromium gives the focus back to where it was, but no caret where a mouse closed the dialog.
function close(dialog) {
  if (!dialog.open) return; // somebody did already, and goes on writing
  dialog.close();
  const { activeElement: held } = document;
  held.blur();
  held.focus({ preventScroll: true });
}

export function sendFrom(dialog, send) {
  let waits = false;
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => close(dialog));
  dialog.addEventListener("keydown", (event) => { // Enter alone breaks a line there
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.querySelector("form").requestSubmit();
  });
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (waits) return; // pressed again
    waits = true;
    try {
      if (await send() !== null) close(dialog);
    } finally {
      waits = false;
    }
  });
}
