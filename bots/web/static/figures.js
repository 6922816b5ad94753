// Figures as people of the page's language write them, like core/words.py does.
const language = document.documentElement.lang;

// US dollars with `least` to `most` places.
export function dollars(value, least = 2, most = 9) {
  const places = { minimumFractionDigits: least, maximumFractionDigits: most };
  return new Intl.NumberFormat(language, { style: "currency", currency: "USD", ...places }).format(value);
}

export function number(value, places) {
  return new Intl.NumberFormat(language, { minimumFractionDigits: places, maximumFractionDigits: places }).format(value);
}

// A name that somebody chose, so that it cannot reorder the sentence around it; as core/bidi.py does.
export const isolated = (name) => `\u2068${name.replace(/[\u202a-\u202e\u2066-\u2069]/g, "")}\u2069`;
