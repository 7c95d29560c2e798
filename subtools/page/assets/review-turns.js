// Who says a turn, where that is somebody else.

const LEAST_ANCHOR = 2; // characters that a gift is found again by
const MOST_ANCHOR = 20;

/** Who says a clause as things are: the number of a speaker, the name of a new one, or -1. */
function speakerAt(at) {
  const clause = clauses[at];
  if (!clause) return -1;
  return state.given.find(({ first, last }) => first <= clause.first && clause.last <= last)?.to ?? clause.speaker;
}

/** The numbers [first, last] of the clauses of the turn that a clause is in. */
function turnAt(at) {
  const speaker = speakerAt(at);
  let [begin, end] = [at, at];
  while (begin > 0 && speakerAt(begin - 1) === speaker) begin--;
  while (end < clauses.length - 1 && speakerAt(end + 1) === speaker) end++;
  return [begin, end];
}

/** Every turn as a place among the others, found by its first clause. */
function turnItems() {
  const found = [];
  for (let at = 0; at < clauses.length; at = turnAt(at)[1] + 1) {
    const { first, last, start, end } = clauses[at];
    const isGiven = state.given.some((one) => one.first <= first && last <= one.last);
    found.push({ id: `t${first}`, type: "turn", kind: "turn", first, last, after: "", start, end, doubt: 0, isGiven });
  }
  return found;
}

const lineOf = (item) => clauseAt(item.first === item.last ? Math.max(0, item.first - 1) : item.first);

/** Give a turn, or what of it comes from a place on, to a speaker: a number, or a new name. */
function give(item, isRest, to) {
  const here = lineOf(item);
  const [begin, end] = turnAt(here);
  const from = isRest ? here : begin;
  const [first, last] = [clauses[from].first, clauses[end].last];
  const isBack = clauses.slice(from, end + 1).every(({ speaker }) => speaker === to);
  return alter((now) => {
    now.given = now.given.flatMap((one) => cutOut(one, first, last));
    if (!isBack) now.given.push({ first, last, to });
    now.given.sort((a, b) => a.first - b.first);
  }, item.id);
}

/** What of a gift is not between two characters. */
function cutOut(one, first, last) {
  const parts = [{ ...one, last: Math.min(one.last, first) }, { ...one, first: Math.max(one.first, last) }];
  return parts.filter((part) => part.first < part.last);
}

/** Somebody as the state knows them: their number, if they are known by that name. */
function personOf(name, names = state.names) {
  const cleaned = cleanName(name);
  const number = data.speakers.findIndex((speaker, at) => (names[at] ?? speaker.name) === cleaned);
  return number < 0 ? cleaned : number;
}

/** The names of those who were not known before. */
const newPeople = () => [...new Set(state.given.map(({ to }) => to).filter((to) => typeof to === "string"))];

// --- in the edits file

function turnEdit({ first, last, to }) {
  const [begin, end] = [clauseAt(first), clauseAt(last - 1)];
  const { time, ...place } = anchored(...anchorIn(begin), clauses[begin].start);
  const speaker = data.speakers[clauses[begin].speaker]?.name ?? "";
  const until = anchored(...anchorIn(end), clauses[end].start);
  return { kind: "turn", time, speaker, ...place, after: nameOf(to), until };
}

/** Characters of a clause by which it is found again: such that no correction may change. */
function anchorIn(at) {
  const { first, last } = clauses[at];
  const borders = [first];
  for (const item of [...corrections, ...state.edits].filter((one) => one.first < last && first < one.last)) borders.push(item.first, item.last);
  borders.push(last);
  borders.sort((a, b) => a - b);
  let best = [first, first];
  for (let k = 0; k < borders.length; k += 2) {
    const [a, b] = [Math.max(first, borders[k]), Math.min(last, borders[k + 1])];
    if (b - a > best[1] - best[0] && /[\p{L}\p{N}]/u.test(textOf(a, b))) best = [a, b];
  }
  if (best[1] - best[0] < LEAST_ANCHOR) best = [first, last];
  return [best[0], Math.min(best[1], best[0] + MOST_ANCHOR)];
}

/** Put a gift of a file into a state; false where it fits nowhere. */
function placeTurn(edit, into) {
  const [begin, end] = [placeOf(edit), edit.until ? placeOf(edit.until) : null];
  if (!begin || !end || end.last <= begin.first) return false;
  const first = clauses[clauseAt(begin.first)].first;
  const last = clauses[clauseAt(end.last - 1)].last;
  into.given = into.given.flatMap((one) => cutOut(one, first, last));
  into.given.push({ first, last, to: personOf(edit.after, into.names) });
  return true;
}

// --- what one does with it

const SCOPES = { turn: "the whole turn", rest: "from this line to the end of the turn" };

/** Let somebody be chosen: by a number, by a press, or by a name. */
function openGiver(scope = "turn") {
  const item = find(current);
  if (!item || !clauses.length) return;
  const chosen = make("select", { "aria-label": "What" }, ...Object.entries(SCOPES).map(([value, text]) => make("option", { value, text })));
  chosen.value = scope;
  const here = speakerAt(lineOf(item));
  const people = [...data.speakers.keys(), ...newPeople()];
  const finish = (to) => {
    if (to === "") return closeEditor();
    closeEditor();
    if (give(item, chosen.value === "rest", to)) toast(`${nameOf(to)} says this.`);
    select(item.id);
  };
  const buttons = people.map((person, at) => {
    const number = make("kbd", { text: at < 9 ? String(at + 1) : "" });
    const button = make("button", { type: "button", className: "plain", disabled: person === here }, number, " ", make("bdi", { text: nameOf(person), lang: card.lang }));
    button.addEventListener("click", () => finish(person));
    return button;
  });
  const name = make("input", { type: "text", className: "name", maxLength: 80, placeholder: "another name", "aria-label": "Another name" });
  const drop = make("button", { type: "button", className: "plain", text: "Cancel (Escape)" });
  drop.addEventListener("click", closeEditor);
  const box = make("div", { className: "editor giver", lang: "en", role: "group", "aria-label": "Who says this" },
    make("p", {}, make("label", {}, "Who says ", chosen)),
    make("p", { className: "buttons" }, ...buttons),
    make("p", { className: "buttons" }, name, drop));
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    if (event.key === "Escape") closeEditor(event);
    else if (event.target === name && event.key === "Enter") finish(personOf(name.value));
    else if (event.target !== name && /^[1-9]$/.test(event.key)) {
      const button = buttons[Number(event.key) - 1];
      if (button && !button.disabled) {
        event.preventDefault();
        button.click();
      }
    }
  });
  card.querySelector(".editor")?.remove();
  card.querySelector(".context").after(box);
  (buttons.find((button) => !button.disabled) ?? name).focus();
}

function watchTurns() {
  element("give").addEventListener("click", () => openGiver());
}
