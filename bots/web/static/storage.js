// What this browser keeps for the page, in `localStorage` or `sessionStorage`. Where cookies are off even a look at
// these is an error: then nothing is kept.
const storage = {
  read(where, name) {
    try { return window[where].getItem(name); } catch { return null; }
  },
  write(where, name, value) {
    try { window[where].setItem(name, value); } catch { /* the page goes on without */ }
  },
};
