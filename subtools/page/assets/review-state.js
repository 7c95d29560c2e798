// What was decided, how to take it back, and how it is kept.

const NOTHING = { marks: {}, edits: [], names: {}, given: [], loose: [] };
let state = structuredClone(NOTHING);
let saved = JSON.stringify(state);
const past = [];
const future = [];
const listeners = [];

const kept = {
  get(name) {
    try {
      return localStorage.getItem(`subtools-${name}`);
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      if (value === null) localStorage.removeItem(`subtools-${name}`);
      else localStorage.setItem(`subtools-${name}`, value);
    } catch {
      // storage may be forbidden or full; the work then lasts as long as the page
    }
  },
};
const WORK = `review-${data.key}`;
const SAVED = `${WORK}-saved`;
let wasSaved = false; // whether a file holds what `saved` is

const isDirty = () => JSON.stringify(state) !== saved;
const announce = () => listeners.forEach((listener) => listener());

/** Change the state; `at` is the item to come back to when that is undone. */
function alter(change, at = null) {
  const before = JSON.stringify(state);
  change(state);
  if (JSON.stringify(state) === before) return false;
  past.push({ before, at });
  future.length = 0;
  keep();
  announce();
  return true;
}

function stepBack(from, to) {
  const step = from.pop();
  if (!step) return null;
  to.push({ before: JSON.stringify(state), at: step.at });
  state = JSON.parse(step.before);
  keep();
  announce();
  return step;
}

const undo = () => stepBack(past, future);
const redo = () => stepBack(future, past);

/** Keep everything in the browser, anchored as in the file, and whether a file has it, too. */
function keep() {
  const hasWork = listEdits().length > 0;
  kept.set(SAVED, hasWork && !isDirty() ? "yes" : null);
  kept.set(WORK, hasWork ? composeFile() : null);
}

/** Take everything as saved. */
function settle() {
  saved = JSON.stringify(state);
  wasSaved = true;
  keep();
  announce();
}

// --- what holds

const corrections = items.filter((item) => item.type === CORRECTION);
const overlaps = (a, b) => a.first < b.last && b.first < a.last;
const isCovered = (item) => state.edits.some((edit) => overlaps(edit, item));
const markOf = (item) => state.marks[item.id];
const hostOf = (item) => (item.host ? itemOf.get(item.host) : null); // a correction that decides about a finding, too
const guests = new Map(items.filter(({ host }) => host).map(({ host }) => [host, items.filter((item) => item.host === host)]));
const guestsOf = (item) => guests.get(item.id) ?? [];

/** open, accept, reject, chosen, replace, checked; applied and kept for what nobody has decided yet. */
function statusOf(item) {
  if (item.type === "edit") return "edit";
  if (item.type === "turn") return item.isGiven ? "given" : "said";
  const mark = markOf(item);
  if (item.type === CORRECTION && isCovered(item)) return "replace";
  if (mark) return item.alternatives?.includes(mark.after) ? "chosen" : mark.kind;
  if (item.decision === "apply") return "applied";
  if (item.decision === "keep") return "kept";
  if (isEditedFinding(item) || (hostOf(item) && ["reject", "accept", "chosen", "replace"].includes(statusOf(hostOf(item))))) return "checked";
  return isCorrected(item) ? "corrected" : "open";
}

/** Whether a correction that holds is of the words that a finding is about. */
const isCorrected = (item) => corrections.some((other) => overlaps(other, item) && afterOf(other) !== null);

const isEditedFinding = (item) => item.type === "finding" && item.first < item.last && isCovered(item);

/** What stands for a correction as things are; null: the text as it was. */
function afterOf(item) {
  if (isCovered(item)) return null;
  const mark = markOf(item);
  if (mark?.kind === "replace") return mark.after;
  const isMade = mark ? mark.kind === "accept" : item.decision === "apply";
  return isMade ? item.after : null;
}

/** What stands in the place of a correction, whoever wrote it; null: what always did, or parts of something longer. */
function standingAt(item) {
  const edits = state.edits.filter((edit) => overlaps(edit, item));
  const wide = edits.find(({ first, last }) => first <= item.first && item.last <= last);
  if (wide) return insideOf(wide.after, textOf(wide.first, item.first), textOf(item.last, wide.last));
  if (!edits.length) return afterOf(item);
  return edits.every(({ first, last }) => item.first <= first && last <= item.last) ? textNow(item.first, item.last) : null;
}

/** What of a text is between two others; null where it does not begin and end with them. */
function insideOf(text, before, after) {
  const isAround = text.startsWith(before) && text.endsWith(after) && text.length >= before.length + after.length;
  return isAround ? text.slice(before.length, text.length - after.length) : null;
}

/** All changes that hold, in order. */
function changesNow() {
  const made = corrections
    .map((item) => ({ first: item.first, last: item.last, after: afterOf(item), item }))
    .filter(({ after }) => after !== null);
  const own = state.edits.map((edit) => ({ ...edit, item: null }));
  return [...made, ...own].sort((a, b) => a.first - b.first || a.last - b.last);
}

/** The text from one character to another as pieces: as it was, taken out, put in. */
function piecesOf(first, last, changes) {
  const pieces = [];
  let at = first;
  const push = (kind, text, change) => text && pieces.push({ kind, text, change });
  for (const change of changes) {
    if (change.last < first || change.first > last || change.first < at) continue;
    push("same", textOf(at, change.first));
    push("out", textOf(change.first, change.last), change);
    push("in", change.after, change);
    at = Math.max(at, change.last);
  }
  push("same", textOf(at, last));
  return pieces;
}

/** The text from one character to another as it is now. */
function textNow(first, last) {
  const inner = changesNow().filter((change) => change.first >= first && change.last <= last);
  return piecesOf(first, last, inner).filter(({ kind }) => kind !== "out").map(({ text }) => text).join("");
}

/** The characters of a stretch as it is now, each with those of the text that it stands for. */
function unitsOf(first, last) {
  const units = [];
  let at = first;
  const inner = changesNow().filter((change) => change.first >= first && change.last <= last);
  for (const { kind, text, change } of piecesOf(first, last, inner)) {
    const list = Array.from(text);
    if (kind === "same") list.forEach((c, k) => units.push({ c, first: at + k, last: at + k + 1, change: null }));
    if (kind === "in") list.forEach((c) => units.push({ c, first: change.first, last: change.last, change }));
    if (kind !== "in") at += list.length;
  }
  return units;
}

/** What of `text`, instead of what a stretch says now, is new: the least that is whole words. */
function narrow(first, last, text) {
  const units = unitsOf(first, last);
  const old = units.map(({ c }) => c);
  const now = Array.from(text);
  let left = 0;
  while (left < old.length && left < now.length && old[left] === now[left]) left++;
  let right = 0;
  while (right < old.length - left && right < now.length - left && old.at(-1 - right) === now.at(-1 - right)) right++;
  const isOne = (place) => units[place - 1]?.change && units[place - 1].change === units[place]?.change;
  const cutsWord = (list, place) => place > 0 && place < list.length && isWordPart(list[place - 1]) && isWordPart(list[place]);
  const cutsLeft = () => isOne(left) || cutsWord(old, left) || cutsWord(now, left);
  const cutsRight = () => isOne(old.length - right) || cutsWord(old, old.length - right) || cutsWord(now, now.length - right);
  while (left > 0 && cutsLeft()) left--;
  while (right > 0 && cutsRight()) right--;
  const range = () => {
    const begin = units[left]?.first ?? last;
    return left < old.length - right ? [begin, units[old.length - right - 1].last] : [begin, begin];
  };
  // What is only put in needs a word to hold on to.
  const isBare = textOf(...range()) === "" ? (found) => !/[\p{L}\p{N}]/u.test(found) : (found) => !found.trim();
  while (isBare(textOf(...range())) && (left > 0 || right > 0)) {
    if (left > 0) do left--; while (left > 0 && cutsLeft());
    else do right--; while (right > 0 && cutsRight());
  }
  const [begin, end] = range();
  return { first: begin, last: end, after: now.slice(left, now.length - right).join("") };
}

// --- decisions

function decide(item, kind, after) {
  return alter((now) => {
    now.edits = now.edits.filter((edit) => !overlaps(edit, item) || item.first === item.last);
    now.marks[item.id] = after === undefined ? { kind } : { kind, after };
  }, item.id);
}

const readingsOf = (item) => [item.after, ...item.alternatives];
const markFor = (item, reading) => (reading === item.after ? { kind: "accept" } : { kind: "replace", after: reading });

/** Decide what is right in the place of a correction. */
function decideAs(item, reading) {
  const { kind, after } = markFor(item, reading);
  return decide(item, kind, after);
}

function forget(item) {
  return alter((now) => {
    if (item.type === "turn") {
      const [begin, end] = turnAt(lineOf(item)).map((at) => clauses[at]);
      now.given = now.given.flatMap((one) => cutOut(one, begin.first, end.last));
      return;
    }
    delete now.marks[item.id];
    now.edits = now.edits.filter((edit) => (item.type === "edit" ? edit.first !== item.first : !overlaps(edit, item)));
  }, item.id);
}

/** Put other text in place of what a stretch says; of the readings in it, the one that changes least. */
function write(item, first, last, text) {
  const difference = () => (text === textNow(first, last) ? null : narrow(first, last, text));
  return alter((now) => {
    if (item.type === "finding") now.marks[item.id] = { kind: "checked" };
    if (item.type === CORRECTION && !isCovered(item)) markNearest(now, item, difference);
    const change = difference();
    if (!change) return;
    const isBack = change.after === textOf(change.first, change.last);
    for (const other of corrections.filter((one) => overlaps(one, change))) {
      delete now.marks[other.id];
      if (isBack && other.decision === "apply") now.marks[other.id] = { kind: "reject" };
    }
    now.edits = now.edits.filter((edit) => !overlaps(edit, change));
    if (!isBack) now.edits.push({ ...change, time: timeOf(change.first) });
    now.edits.sort((a, b) => a.first - b.first);
  }, item.id);
}

/** Mark a correction with that of its readings beside which the least differs. */
function markNearest(now, item, difference) {
  const size = (change) => (change ? change.after.length + change.last - change.first : 0);
  const put = (mark) => (mark ? (now.marks[item.id] = mark) : delete now.marks[item.id]);
  let best = { mark: now.marks[item.id], size: size(difference()) };
  for (const mark of readingsOf(item).map((reading) => markFor(item, reading))) {
    put(mark);
    if (size(difference()) < best.size) best = { mark, size: size(difference()) };
  }
  put(best.mark);
}

const cleanName = (name) => name.replace(/[\p{Cc}\p{Cf}]/gu, " ").replace(/\s+/gu, " ").trim();

function rename(speaker, name) {
  const cleaned = cleanName(name);
  return alter((now) => {
    if (typeof speaker === "string") {
      const to = personOf(cleaned || speaker);
      now.given = now.given.map((one) => (one.to === speaker ? { ...one, to } : one));
      return;
    }
    if (!cleaned || cleaned === data.speakers[speaker].name) delete now.names[speaker];
    else now.names[speaker] = cleaned;
  });
}

const nameOf = (speaker) => typeof speaker === "string" ? speaker : state.names[speaker] ?? data.speakers[speaker]?.name ?? "";
