// The places, as chosen and ordered; which of them is looked at.

const STATUS = {
  open: "to do",
  applied: "applied",
  corrected: "settled by a correction",
  accept: "accepted",
  reject: "rejected",
  replace: "own words",
  chosen: "another reading",
  edit: "own edit",
  checked: "looked at",
  kept: "kept",
  given: "given to another speaker",
  said: "as it was",
};
const SHOWN = {
  work: ["Main list", (status) => status !== "kept" && status !== "said"],
  open: ["To do", (status) => status === "open"],
  applied: ["Applied by itself", (status) => status === "applied" || status === "corrected"],
  decided: ["Decided by me", (status) => !["open", "applied", "corrected", "kept", "said"].includes(status)],
  accept: ["Accepted", (status) => ["accept", "chosen", "replace"].includes(status)],
  reject: ["Rejected", (status) => status === "reject"],
  kept: ["Kept: hardly likely", (status) => status === "kept"],
  turns: ["Turns: who speaks", (status) => status === "given" || status === "said"],
  all: ["Everything", (status) => status !== "said"],
};
const SIGNS = { open: "○", applied: "●", corrected: "●", accept: "✓", reject: "✗", chosen: "✓", replace: "✎", edit: "✎", checked: "✓", kept: "–", given: "⇄", said: "" };

const SURENESS = ["likely", "possible", "unlikely"];

let current = null; // id of the place that is looked at

/** Edits that stand on their own, as places among the others. */
function ownItems() {
  const belongs = (edit) => items.some((item) => item.first < item.last && overlaps(edit, item));
  return state.edits.filter((edit) => !belongs(edit)).map((edit) => ({
    id: `e${edit.first}`, type: "edit", kind: "own edit", first: edit.first, last: edit.last,
    after: edit.after, start: edit.time, end: edit.time === null ? null : edit.time + 1000, doubt: 0,
  }));
}

const allItems = () => [...items, ...ownItems(), ...turnItems()];
const find = (id) => itemOf.get(id) ?? [...ownItems(), ...turnItems()].find((item) => item.id === id) ?? null;
const placeInTime = (item) => item.start ?? timeOf(item.first) ?? Infinity;

function listed() {
  const [, isShown] = SHOWN[element("show").value] ?? SHOWN.work;
  const kind = element("kind").value;
  const isKind = (item) => kind === "" || item.kind === kind || item.sure === kind || guestsOf(item).some((guest) => guest.kind === kind);
  const found = allItems().filter((item) => !hostOf(item) && isShown(statusOf(item)) && isKind(item));
  const byTime = (a, b) => placeInTime(a) - placeInTime(b) || a.first - b.first;
  const doubtOf = (item) => Math.max(item.doubt, ...guestsOf(item).map((guest) => guest.doubt));
  const byDoubt = (a, b) => doubtOf(b) - doubtOf(a) || byTime(a, b);
  const bySureness = (a, b) => (b.score ?? -1) - (a.score ?? -1) || byTime(a, b);
  return found.sort({ doubt: byDoubt, sure: bySureness }[element("order").value] ?? byTime);
}

function showList() {
  const shown = listed();
  const rows = shown.map(makeRow);
  element("items").replaceChildren(...rows);
  element("none").hidden = shown.length > 0;
  rows.find((row) => row.firstChild.getAttribute("aria-current"))?.scrollIntoView({ block: "nearest" });
  showProgress();
}

function makeRow(item) {
  const status = statusOf(item);
  const button = make(
    "button",
    { type: "button", className: `row is-${status}` },
    make("span", { className: "sign", text: SIGNS[status], title: STATUS[status], "aria-hidden": "true" }),
    make("time", { text: item.start === null ? "–" : clockText(item.start) }),
    make("span", { className: "what" }, ...describe(item)),
    ...(item.sure && (status === "open" || status === "kept") ? [make("span", { className: `sure ${item.sure}`, text: item.sure })] : []),
    make("span", { className: "unseen", text: `, ${STATUS[status]}` }),
  );
  if (item.id === current) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => {
    select(item.id, true);
    closeList();
  });
  return make("li", {}, button);
}

/** A place in a few words. */
function describe(item) {
  const mark = markOf(item);
  const before = textOf(item.first, Math.min(item.last, item.first + 40));
  if (item.type === "finding") {
    const said = item.heard || before;
    return [make("span", { className: "tag", text: item.kind }), " ", make("bdi", { text: said, lang: element("card").lang })];
  }
  if (item.type === "turn") return [make("span", { className: "tag", text: nameOf(speakerAt(lineOf(item))) }), " ", make("bdi", { text: before, lang: element("card").lang })];
  const after = mark?.kind === "replace" ? mark.after : item.after;
  const also = guestsOf(item).flatMap((guest) => [" ", make("span", { className: "tag", text: guest.kind })]);
  if (statusOf(item) === "reject") return [make("span", { text: before }), " → ", make("del", { text: after || "∅" }), ...also];
  return [make("del", { text: before }), " → ", make("ins", { text: after || "∅" }), ...also];
}

function showProgress() {
  const counted = items.filter((item) => !item.host && item.decision !== "keep" && item.decision !== "apply");
  const done = counted.filter((item) => statusOf(item) !== "open").length;
  Object.assign(element("progress"), { max: Math.max(1, counted.length), value: counted.length ? done : 1 });
  element("count").textContent = `${done} of ${counted.length} done`;
}

/** Look at a place; `isHeard`: and hear it, if that is wished. */
function select(id, isHeard = false) {
  current = id;
  stopPlaying();
  showList();
  showCard();
  const item = find(id);
  if (isHeard && item && element("auto").checked && item.start !== null && hasSound()) playStretch(...stretchOf(item));
}

/** Go to the next place of the list, or the one before. */
function step(by, isWanted = () => true) {
  const shown = listed();
  const at = shown.findIndex((item) => item.id === current);
  const ahead = by > 0 ? shown.slice(at + 1) : shown.slice(0, Math.max(0, at)).reverse();
  const found = ahead.find(isWanted);
  if (found) select(found.id, true);
  else toast(by > 0 ? "That was the last place." : "This is the first place.");
}

const stepOpen = () => step(1, (item) => statusOf(item) === "open");

/** Decide, and go on; the place that follows is the one that followed before. */
function decideAndGoOn(change) {
  const shown = listed();
  const at = shown.findIndex((item) => item.id === current);
  const following = shown[at + 1]?.id;
  if (!change()) return step(1);
  if (following) select(following, true);
  else select(current);
}

function goBack(action, what) {
  const stepped = action();
  if (!stepped) return toast(`There is nothing to ${what}.`);
  if (stepped.at && find(stepped.at)) select(stepped.at);
  else select(find(current) ? current : listed()[0]?.id ?? null);
  toast(what === "undo" ? "Undone" : "Done again");
}

const narrow899 = matchMedia("(max-width: 899px)");

function toggleList() {
  const isOpen = document.body.classList.toggle("contents-open", !document.body.classList.contains("contents-open") && narrow899.matches);
  element("show-list").setAttribute("aria-expanded", String(isOpen));
  if (isOpen || !narrow899.matches) (element("items").querySelector("[aria-current]") ?? element("show")).focus();
}

function closeList() {
  document.body.classList.remove("contents-open");
  element("show-list").setAttribute("aria-expanded", "false");
}

/** A kind to choose; corrections by how sure they are, too. */
function makeKinds(kind) {
  const sorts = kind === CORRECTION ? SURENESS.filter((word) => items.some((item) => item.sure === word)) : [];
  return [make("option", { value: kind, text: kind }), ...sorts.map((word) => make("option", { value: word, text: `${kind}: ${word}` }))];
}

function watchList() {
  element("show").append(...Object.entries(SHOWN).map(([value, [text]]) => make("option", { value, text })));
  const kinds = [...new Set(items.map((item) => item.kind))].sort();
  element("kind").append(make("option", { value: "", text: "All kinds" }), ...kinds.flatMap(makeKinds));
  for (const id of ["show", "kind", "order"]) {
    element(id).addEventListener("change", () => {
      const shown = listed();
      select(shown.some((item) => item.id === current) ? current : shown[0]?.id ?? null);
    });
  }
  element("show-list").addEventListener("click", toggleList);
  listeners.push(showList);
}
