// Puts text where people paste from. Whether that was allowed.
export async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  let isCopied = false; // a page without https has no such thing: there the browser's own command asks what to copy
  const fill = (event) => {
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
    isCopied = true;
  };
  document.addEventListener("copy", fill);
  document.execCommand("copy");
  document.removeEventListener("copy", fill);
  return isCopied;
}
