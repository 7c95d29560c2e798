// Text made comparable: one script, no case, no accents; and which characters sound alike.

const HAN = /\p{Script=Han}/u;
const LETTER = /[\p{L}\p{N}]/u;
const folds = readFolds();
const alike = readSounds(); // loosened syllable -> characters read so
const soundsOf = invertSounds(); // character -> loosened syllables

function readFolds() {
  const found = new Map();
  const characters = [...data.folds];
  for (let at = 0; at + 1 < characters.length; at += 2) found.set(characters[at], characters[at + 1]);
  return found;
}

/** A syllable without what speakers and recognisers often do not tell apart. */
function loosen(syllable) {
  return syllable.replace(/^([zcs])h/, "$1").replace(/ng$/, "n").replaceAll("v", "u");
}

function readSounds() {
  const found = new Map();
  for (const [syllable, characters] of Object.entries(data.readings)) {
    const sound = loosen(syllable);
    found.set(sound, (found.get(sound) ?? "") + characters);
  }
  return found;
}

function invertSounds() {
  const found = new Map();
  for (const [sound, characters] of alike) {
    for (const character of characters) {
      if (!found.has(character)) found.set(character, new Set());
      found.get(character).add(sound);
    }
  }
  return found;
}

/** Letters and digits of a text, comparable; what stands between two words is a space. */
function foldText(text) {
  let folded = "";
  let gap = false;
  for (const character of text.normalize("NFKD").toLowerCase()) {
    if (!LETTER.test(character)) {
      gap ||= !/\p{M}/u.test(character);
      continue;
    }
    const isHan = HAN.test(character);
    if (gap && folded && !isHan && !HAN.test(folded.at(-1))) folded += " ";
    folded += folds.get(character) ?? character;
    gap = false;
  }
  return folded;
}
