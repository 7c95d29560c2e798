// The field above: matches counted, marked, and stepped through.

const field = element("query");
const search = { hits: [], at: -1, byPassage: new Map() };
let folded = null; // the talk as one comparable text, made when it is first searched
let searchTimer = 0;

/** The talk's text, and which word each of its characters belongs to. */
function foldTalk() {
  const pieces = [];
  const owners = [];
  let before = "";
  let gap = false;
  forEachWord((text, word) => {
    const piece = foldText(text);
    const isApart = gap && before && piece && ![before, piece[0]].some((letter) => HAN.test(letter));
    const added = isApart ? ` ${piece}` : piece;
    pieces.push(added);
    for (let at = 0; at < added.length; at++) owners.push(word);
    before = piece.at(-1) ?? before;
    gap = !LETTER.test(text.at(-1) ?? " ") || (!piece && gap);
  });
  return { text: pieces.join(""), owners };
}

function forEachWord(visit) {
  texts.forEach((paragraph, passage) => {
    let text = paragraph.textContent;
    for (let word = data.firsts[passage]; word <= lastOf(passage); word++) {
      visit(text.slice(0, data.lengths[word]), word);
      text = text.slice(data.lengths[word]);
    }
  });
}

function runSearch() {
  folded ??= foldTalk();
  const found = field.value.trim() ? findMatches(folded.text, field.value) : [];
  search.hits = found.map(({ from, to, alike }) => ({
    first: folded.owners[from],
    last: folded.owners[to - 1],
    alike,
  }));
  search.at = -1;
  search.byPassage = groupHits();
  dressAll();
  drawTimeline();
  countHits();
  if (search.hits.length) showHit(firstHitBelow());
}

function groupHits() {
  const groups = new Map();
  search.hits.forEach((hit, number) => {
    for (let passage = passageOf(hit.first); passage <= passageOf(hit.last); passage++) {
      if (!groups.has(passage)) groups.set(passage, []);
      groups.get(passage).push(number);
    }
  });
  return groups;
}

/** The first match from the top of the window on, else the first. */
function firstHitBelow() {
  const top = bisect(passages.length, (at) => passages[at].getBoundingClientRect().bottom < sight().top);
  const place = search.hits.findIndex(({ first }) => first >= (data.firsts[top] ?? 0));
  return Math.max(0, place);
}

function countHits() {
  const [all, like] = [search.hits.length, search.hits.filter((hit) => hit.alike).length];
  const place = search.at < 0 ? `${all}` : `${search.at + 1} of ${all}`;
  const kind = HAN.test(field.value) ? "by sound" : "by pinyin";
  const sounds = like ? `, ${like === all ? "" : `${like} `}${kind}` : "";
  element("count").textContent = field.value.trim() ? (all ? place + sounds : "no match") : "";
  for (const button of ["previous", "next"]) element(button).disabled = !all;
}

function stepHit(steps) {
  const count = search.hits.length;
  if (!count) return toast(field.value.trim() ? "No match" : "Nothing is searched for: press /");
  showHit((search.at + steps + count) % count);
}

function showHit(number) {
  search.at = number;
  setFollowing(false);
  dressAll();
  countHits();
  const word = wordElement(search.hits[number].first);
  if (word && !isIn(word.getBoundingClientRect(), sight())) scrollToElement(word);
}

/** Mark the matches in a passage. */
function dressHits(passage) {
  for (const span of texts[passage].querySelectorAll(".hit")) span.classList.remove("hit", "alike", "at");
  for (const number of search.byPassage.get(passage) ?? []) {
    const { first, last, alike } = search.hits[number];
    for (let word = first; word <= last; word++) {
      const span = texts[passage].querySelector(`[data-word="${word}"]`);
      span?.classList.add("hit");
      span?.classList.toggle("alike", alike);
      span?.classList.toggle("at", number === search.at);
    }
  }
}

function clearSearch() {
  field.value = "";
  runSearch();
  field.blur();
}

function watchSearch() {
  dressers.push(dressHits);
  field.addEventListener("input", (event) => {
    clearTimeout(searchTimer);
    if (!event.isComposing) searchTimer = setTimeout(runSearch, 120);
  });
  field.addEventListener("compositionend", () => {
    clearTimeout(searchTimer);
    searchTimer = setTimeout(runSearch, 0);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") clearSearch();
    if (event.key !== "Enter") return;
    event.preventDefault();
    stepHit(event.shiftKey ? -1 : 1);
  });
  element("next").addEventListener("click", () => stepHit(1));
  element("previous").addEventListener("click", () => stepHit(-1));
}
