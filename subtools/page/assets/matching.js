// A query as two patterns: what is written, and what sounds like it.

const MOST_READINGS = 24; // ways to cut letters into syllables that are tried

/** The pattern of what is written; null for an empty query. */
function writtenPattern(query) {
  const folded = foldText(query);
  return folded ? new RegExp(spellOut(folded), "gu") : null;
}

/** Letters as a pattern: spaces, and borders of letters and digits, may be there or not. */
function spellOut(folded) {
  return folded
    .replace(/(\p{L})(?=\p{N})|(\p{N})(?=\p{L})/gu, "$& ")
    .replace(/ +/g, " ?");
}

/** The pattern of what sounds like a query; null where that would be nearly everything. */
function soundPattern(query) {
  const parts = query.replaceAll("ü", "v").replaceAll("Ü", "v");
  const pieces = parts.match(/\p{Script=Han}|[\p{L}\p{M}\p{N}]+?(?=\p{Script=Han}|[^\p{L}\p{M}\p{N}]|$)/gu);
  const found = (pieces ?? []).map(soundPiece);
  const syllables = found.reduce((sum, piece) => sum + piece.syllables, 0);
  if (syllables < 2) return null;
  return new RegExp(found.map((piece) => piece.pattern).join(" ?"), "gu");
}

function soundPiece(piece) {
  const folded = foldText(piece);
  if (HAN.test(folded)) {
    const characters = [...(soundsOf.get(folded) ?? [])].map((sound) => alike.get(sound)).join("");
    return { pattern: characters ? `[${characters}]` : folded, syllables: 1 };
  }
  const letters = folded.replace(/[1-5]/g, ""); // tones
  const ways = cutSyllables(letters);
  const patterns = ways.map((way) => way.map((characters) => `[${characters}]`).join(""));
  const least = ways.length ? Math.min(...ways.map((way) => way.length)) : 0;
  return { pattern: `(?:${[spellOut(folded), ...patterns].join("|")})`, syllables: least };
}

/** The ways to read letters as pinyin, each as the characters of its syllables. */
function cutSyllables(letters) {
  const whole = [];
  const begun = []; // the last syllable is not typed to its end
  const dead = new Set(); // lengths of what is left that no syllables make up
  const cut = (rest, way) => {
    if (whole.length >= MOST_READINGS || dead.has(rest.length)) return;
    if (!rest) return void whole.push(way);
    const before = whole.length;
    for (let length = Math.min(6, rest.length); length; length--) {
      const characters = charactersOf(rest.slice(0, length));
      if (characters) cut(rest.slice(length), [...way, characters]);
    }
    if (way.length && begun.length < MOST_READINGS) {
      const characters = charactersFrom(rest);
      if (characters) begun.push([...way, characters]);
    }
    if (whole.length === before) dead.add(rest.length);
  };
  if (/^[a-z]+$/.test(letters) && letters.length <= 48) cut(letters, []);
  return whole.length ? whole : begun;
}

const isSyllable = (letters) => letters in data.readings || alike.has(letters);
const charactersOf = (letters) => (isSyllable(letters) ? alike.get(loosen(letters)) ?? "" : "");

function charactersFrom(beginning) {
  const sounds = Object.keys(data.readings).filter((syllable) => syllable.startsWith(beginning));
  return [...new Set(sounds.map(loosen))].map((sound) => alike.get(sound)).join("");
}

/** All matches in `text`, in order; what is written counts before what sounds alike. */
function findMatches(text, query) {
  const written = [...matchesOf(text, writtenPattern(query))].map((found) => ({ ...found, alike: false }));
  const taken = new Set(written.flatMap(({ from, to }) => range(from, to)));
  const sounding = [...matchesOf(text, soundPattern(query))]
    .filter(({ from, to }) => !range(from, to).some((at) => taken.has(at)))
    .map((found) => ({ ...found, alike: true }));
  return [...written, ...sounding].sort((a, b) => a.from - b.from);
}

function* matchesOf(text, pattern) {
  if (!pattern) return;
  for (const found of text.matchAll(pattern)) {
    if (found[0]) yield { from: found.index, to: found.index + found[0].length };
  }
}

const range = (from, to) => Array.from({ length: to - from }, (_, at) => from + at);
