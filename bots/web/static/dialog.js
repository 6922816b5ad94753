// A dialog that is sent. It stays open until the server has taken it: nothing written there is lost, and why it was
// not taken is read where one is.

export function sendFrom(dialog, send) {
  let waits = false;
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (waits) return; // pressed again
    waits = true;
    try {
      if (await send() !== null) dialog.close();
    } finally {
      waits = false;
    }
  });
}
