// The paragraphs. Words become elements only near the window: 60,000 of them would be slow.

const NEAR = "600px 0px"; // above and below the window
const CLOSING = /[\s,.;:!?…、，。；：！？）」』】》〉”’"')\]]+$/u; // is not lit with its word

const passages = [...document.querySelectorAll(".passage")];
const texts = passages.map((passage) => passage.querySelector("p"));
const plain = new Map(); // passage -> what it held before its words became elements
const dressers = []; // functions that mark the words of a passage

const passageOf = (word) => bisect(data.firsts.length, (at) => data.firsts[at] <= word) - 1;
const lastOf = (passage) => (data.firsts[passage + 1] ?? wordCount) - 1;

/** Make the words of a passage elements. */
function spell(passage) {
  if (plain.has(passage)) return;
  const before = [...texts[passage].childNodes];
  plain.set(passage, before);
  let word = data.firsts[passage];
  const after = before.map((node) => {
    const box = node.nodeType === Node.TEXT_NODE ? new DocumentFragment() : node.cloneNode(false);
    for (let text = node.textContent; text; word++) {
      box.append(...spellWord(text.slice(0, data.lengths[word]), word));
      text = text.slice(data.lengths[word]);
      if (!data.lengths[word]) break; // never without end, whatever the data say
    }
    return box;
  });
  texts[passage].replaceChildren(...after);
  dressers.forEach((dress) => dress(passage));
}

function spellWord(text, word) {
  const tail = text.match(CLOSING)?.[0] ?? "";
  const span = document.createElement("span");
  span.className = starts[word] === starts[word] ? "w timed" : "w";
  span.dataset.word = word;
  span.textContent = tail.length < text.length ? text.slice(0, text.length - tail.length) : text;
  return [span, text.slice(span.textContent.length)];
}

/** Give a passage its plain text back, unless somebody has selected some of it. */
function unspell(passage) {
  const selection = getSelection();
  if (!selection.isCollapsed && selection.containsNode(texts[passage], true)) return;
  texts[passage].replaceChildren(...(plain.get(passage) ?? texts[passage].childNodes));
  plain.delete(passage);
}

/** The element of a word. */
function wordElement(word) {
  const passage = passageOf(word);
  spell(passage);
  return texts[passage].querySelector(`[data-word="${word}"]`);
}

/** Mark the words of all passages that are shown as elements anew. */
function dressAll() {
  for (const passage of plain.keys()) dressers.forEach((dress) => dress(passage));
}

function watchPassages() {
  const index = new Map(passages.map((passage, number) => [passage, number]));
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) spell(index.get(target));
        else if (plain.has(index.get(target))) unspell(index.get(target));
      }
    },
    { rootMargin: NEAR },
  );
  passages.forEach((passage) => watcher.observe(passage));
}

/** Tell the browser about how high the passages will be that it has not laid out yet. */
function estimateHeights() {
  const width = texts[0]?.clientWidth;
  if (!width) return;
  const style = getComputedStyle(texts[0]);
  const line = parseFloat(style.lineHeight);
  const columns = width / (parseFloat(style.fontSize) / 2);
  const ends = [...data.firsts.slice(1), wordCount];
  passages.forEach((passage, number) => {
    let used = 0;
    for (let word = data.firsts[number]; word < ends[number]; word++) {
      used += data.lengths[word] > 2 ? data.lengths[word] : data.lengths[word] * 2;
    }
    const height = Math.ceil(used / columns) * line;
    passage.style.containIntrinsicBlockSize = `auto ${Math.round(height)}px`;
  });
}
