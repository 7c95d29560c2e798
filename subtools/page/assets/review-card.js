// One place: what is written, what is proposed, why, and what was decided.

const card = element("card");
let editing = null; // { item, first, last } while somebody types

function showCard() {
  editing = null;
  const item = find(current);
  if (!item) {
    card.replaceChildren(make("p", { className: "hint", text: items.length ? "Choose a place." : "There is nothing to review: no corrections, no findings." }));
    return showButtons(null);
  }
  card.replaceChildren(makeHead(item), makeContext(item), ...makeReadings(item), ...makeReasons(item));
  showButtons(item);
}

function makeHead(item) {
  const status = statusOf(item);
  const speaker = speakerAt(lineOf(item));
  return make(
    "div",
    { className: "heading" },
    make("h2", { text: headingOf(item) }),
    make("p", { className: "facts" },
      make("time", { text: item.start === null ? "time unknown" : clockText(item.start) }),
      ...(speaker === -1 ? [] : [" · ", makeName(speaker)]),
      " · ",
      make("span", { className: `status is-${status}`, text: `${SIGNS[status]} ${STATUS[status]}`.trim() }),
      ...(item.sure === undefined ? [] : [" · ", make("span", { className: `sure ${item.sure}`, text: item.sure }), ` ${item.percent}`]),
    ),
  );
}

function headingOf(item) {
  if (item.type === "edit") return "Own edit";
  if (item.type === "turn") return "Turn";
  if (item.type !== CORRECTION) return item.kind[0].toUpperCase() + item.kind.slice(1);
  return { apply: "Correction, applied by itself", propose: "Proposed correction", keep: "Hardly likely correction" }[item.decision];
}

/** The clauses around a place, with what is to change in them. */
function makeContext(item) {
  const [from, to] = clausesOf(item.first, item.last);
  const box = make("div", { className: "context" });
  for (let at = Math.max(0, from - 2); at <= Math.min(clauses.length - 1, Math.min(to, from + 8) + 2); at++) {
    const isHere = at >= from && at <= to;
    const line = make("p", { className: isHere ? "here" : "around", dir: "auto" });
    if (at > 0 && speakerAt(at - 1) !== speakerAt(at) && speakerAt(at) !== -1) {
      box.append(make("p", { className: "who", text: nameOf(speakerAt(at)) }));
    }
    line.append(...makePieces(item, clauses[at]));
    box.append(line);
  }
  return box;
}

function makePieces(item, clause) {
  const own = item.type === CORRECTION && !isCovered(item);
  const isRejected = statusOf(item) === "reject"; // then the proposal goes, and the text stays
  const shown = changesNow().filter((change) => change.item?.id !== item.id);
  if (own) shown.push({ first: item.first, last: item.last, after: proposalOf(item), item });
  shown.sort((a, b) => a.first - b.first || a.last - b.last);
  const pieces = [];
  let at = clause.first;
  for (const { kind, text, change } of piecesOf(clause.first, clause.last, shown.filter((c) => c.first >= clause.first && (c.first < clause.last || c.first === c.last)))) {
    if (kind === "same") pieces.push(...marked(text, at, item));
    else if (isRejected && change.item?.id === item.id) pieces.push(make(kind === "out" ? "span" : "del", { text, className: "own" }));
    else pieces.push(make(kind === "out" ? "del" : "ins", { text, className: change.item?.id === item.id || !change.item ? "own" : "other" }));
    if (kind !== "in") at += Array.from(text).length;
  }
  if (item.first === item.last && item.type === "finding" && item.first === clause.last) pieces.push(make("mark", { className: "gap-here", text: "▲", title: "here" }));
  return pieces;
}

/** Plain text, the part that a finding is about marked. */
function marked(text, at, item) {
  if (item.type !== "finding" || item.first === item.last) return [text];
  const list = Array.from(text);
  const [a, b] = [Math.max(0, item.first - at), Math.max(0, Math.min(list.length, item.last - at))];
  if (a >= b) return [text];
  return [list.slice(0, a).join(""), make("mark", { text: list.slice(a, b).join("") }), list.slice(b).join("")];
}

function proposalOf(item) {
  const mark = markOf(item);
  return mark?.kind === "replace" ? mark.after : item.after;
}

function makeReasons(item) {
  if (item.type === "finding") return makeFinding(item);
  if (item.type === "turn") return [make("p", { className: "hint", lang: "en" }, "Press ", make("kbd", { text: "t" }), " where somebody else says this.")];
  const guests = guestsOf(item).flatMap((guest) => [make("h3", { text: `Also found here: ${guest.kind}` }), ...makeFinding(guest)]);
  const held = item.held ? [make("p", { className: "hint", lang: "en", text: `Held back: ${item.held}.` })] : [];
  if (!item.evidence?.length) return [...held, ...guests];
  const reasons = item.why.map(([stance, words]) => make("li", { className: stance.endsWith("for") ? "for" : "against" },
    make("span", { className: "stance", text: stance }), " ", make("span", { text: words })));
  return [...held, make("h3", { text: "Why", lang: "en" }), make("ul", { className: "reasons", lang: "en" }, ...reasons), ...guests, makeNumbers(item)];
}

function makeFinding(item) {
  const heard = item.heard ? [make("p", { className: "hint" }, "Heard: ", make("q", {}, make("bdi", { text: item.heard })))] : [];
  return [make("p", { className: "why" }, make("bdi", { text: item.reason })), ...heard];
}

/** The evidence with its weights, for who wants to know. */
function makeNumbers(item) {
  const rows = item.evidence.map(([kind, reason, weight]) => make("li", { className: weight < 0 ? "against" : "for" },
    make("span", { className: "sign", text: weight < 0 ? "−" : "+", "aria-hidden": "true" }),
    make("span", { className: "unseen", text: weight < 0 ? "against: " : "for: " }),
    make("strong", { text: kind }), " ", make("bdi", { text: reason }),
    make("span", { className: "weight", text: ` ${weight > 0 ? "+" : ""}${weight.toFixed(1)}`, title: "log odds" })));
  return make("details", { className: "numbers", lang: "en" }, make("summary", { text: "In numbers" }), make("ul", { className: "evidence" }, ...rows));
}

function label(id, text, key) {
  Object.assign(element(id), { textContent: text, title: `${text} (${key})` });
}

function showButtons(item) {
  const isFinding = item?.type === "finding";
  const isOwn = item?.type === "edit" || item?.type === "turn";
  label("accept", isFinding ? "Text is right" : "Accept", "a");
  element("accept").disabled = !item || isOwn;
  label("reject", isOwn ? "Take out" : "Reject", "r");
  element("reject").disabled = !item || isFinding || statusOf(item) === "said";
  for (const id of ["edit", "give", "play"]) element(id).disabled = !item;
}

// --- what one does with it

function accept() {
  const item = find(current);
  if (!item || item.type === "edit" || item.type === "turn") return;
  decideAndGoOn(() => decide(item, item.type === "finding" ? "checked" : "accept"));
}

function reject() {
  const item = find(current);
  if (!item || item.type === "finding") return;
  if (item.type === "edit" || item.type === "turn") decideAndGoOn(() => forget(item));
  else decideAndGoOn(() => decide(item, "reject"));
}

function takeBack() {
  const item = find(current);
  if (item && forget(item)) select(find(item.id) ? item.id : listed()[0]?.id ?? null);
}

/** Let the words of a place be typed: those of a correction, or the clauses of a finding. */
function openEditor() {
  const item = find(current);
  if (!item) return;
  const [first, last] = editableAround(item.first, item.last);
  const box = make("textarea", { value: textNow(first, last), rows: 3, spellcheck: false, dir: "auto", lang: card.lang, "aria-label": "Text of this place" });
  const keepIt = make("button", { type: "button", className: "plain yes", text: "Keep (Enter)" });
  const drop = make("button", { type: "button", className: "plain", text: "Cancel (Escape)" });
  const editor = make("div", { className: "editor" }, box, make("p", { className: "buttons" }, keepIt, drop));
  if (item.type === CORRECTION && markOf(item)?.kind !== "reject" && afterOf(item) === null && !isCovered(item)) {
    box.value = textOf(first, item.first) + item.after + textOf(item.last, last);
  }
  editing = { item, first, last };
  card.querySelector(".editor")?.remove();
  card.querySelector(".context").after(editor);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) finishEditing(event, box.value);
    if (event.key === "Escape") closeEditor(event);
  });
  keepIt.addEventListener("click", (event) => finishEditing(event, box.value));
  drop.addEventListener("click", closeEditor);
  box.focus();
}

function closeEditor(event) {
  event?.preventDefault();
  showCard();
  card.focus({ preventScroll: true });
}

function finishEditing(event, value) {
  event.preventDefault();
  const { item, first, last } = editing;
  const text = value.replace(/\s*[\r\n]+\s*/gu, " ");
  closeEditor();
  const own = item.type === CORRECTION ? ownWords(item, first, last, text) : null;
  decideAndGoOn(() => {
    if (own !== null) return decideAs(item, own);
    return write(item, first, last, text);
  });
}

/** What stands for a correction, if nothing else of the clause was changed; else null. */
function ownWords(item, first, last, text) {
  const own = insideOf(text, textNow(first, item.first), textNow(item.last, last));
  return own === null || isCovered(item) || own === textOf(item.first, item.last) ? null : own;
}

function playCurrent(around) {
  const item = find(current);
  if (item) playStretch(...stretchOf(item), around);
}

/** When a place is spoken, with what else was found there. */
function stretchOf(item) {
  const known = [item, ...guestsOf(item)].filter(({ start }) => start !== null);
  if (!known.length) return [timeOf(item.first), null];
  return [Math.min(...known.map(({ start }) => start)), Math.max(...known.map(({ start, end }) => end ?? start))];
}

function togglePlay() {
  if (isPlaying()) stopPlaying();
  else playCurrent(AROUND);
}

function watchCard() {
  element("accept").addEventListener("click", accept);
  element("reject").addEventListener("click", reject);
  element("edit").addEventListener("click", openEditor);
  element("play").addEventListener("click", togglePlay);
  element("next").addEventListener("click", () => step(1));
  element("previous").addEventListener("click", () => step(-1));
  element("undo").addEventListener("click", () => goBack(undo, "undo"));
}
