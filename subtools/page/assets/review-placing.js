// Edits of a file put where they belong in this text. What fits nowhere stays in the file.

const ALIKE = 0.6; // of the letters around a place
const NEAR = 8; // seconds

const lettersOf = (text) => Array.from(text.normalize("NFKC").toLowerCase()).filter((c) => /[\p{L}\p{N}\p{M}]/u.test(c));

/** Number of letters of `wanted` that are left when those that differ are taken off. */
function agreeing(wanted, found) {
  let before = found.map((_, column) => column + 1);
  before.unshift(0);
  for (let row = 1; row <= wanted.length; row++) {
    const now = [row];
    for (let column = 1; column <= found.length; column++) {
      const differs = wanted[row - 1] !== found[column - 1];
      now.push(Math.min(before[column - 1] + differs, before[column] + 1, now[column - 1] + 1));
    }
    before = now;
  }
  return Math.max(0, wanted.length - before[found.length]);
}

function alikeness(edit, first, last) {
  const [left, right] = [lettersOf(edit.left ?? ""), lettersOf(edit.right ?? "")];
  const wanted = left.length + right.length;
  if (!wanted) return 1;
  const before = lettersOf(textOf(Math.max(0, first - CONTEXT), first));
  const after = lettersOf(textOf(last, last + CONTEXT));
  return (agreeing(left, before.slice(-left.length || before.length)) + agreeing(right, after.slice(0, right.length))) / wanted;
}

/** Where the text of an edit stands, and how many seconds later than it did. */
function occurrencesOf(edit) {
  const wanted = Array.from(edit.before ?? "");
  const found = [];
  for (let at = 0; wanted.length && at + wanted.length <= chars.length; at++) {
    if (chars[at] !== wanted[0] || !wanted.every((c, k) => chars[at + k] === c)) continue;
    const time = timeOf(at);
    const isKnown = edit.time !== null && edit.time !== undefined && time !== null;
    found.push({ first: at, last: at + wanted.length, moved: isKnown ? time / 1000 - edit.time : null });
  }
  return found;
}

/** By how many seconds the talk has moved since the edits were made, if three of them say so. */
function shiftOf(edits) {
  const moves = [];
  for (const edit of edits) {
    const exact = occurrencesOf(edit).filter(({ first, last }) => alikeness(edit, first, last) === 1);
    if (exact.length === 1 && exact[0].moved !== null) moves.push(exact[0].moved);
  }
  moves.sort((a, b) => a - b);
  const middle = moves[Math.floor(moves.length / 2)];
  const together = moves.filter((move) => Math.abs(move - middle) <= 2);
  return moves.length >= 3 && 2 * together.length > moves.length ? middle : 0;
}

let shift = 0; // s, of the file that is loaded

/** The characters [first, last) that an edit is about; null where that is not clear. */
function placeOf(edit) {
  const found = [];
  for (const place of occurrencesOf(edit)) {
    const far = place.moved === null ? 0 : Math.abs(place.moved - shift);
    if (far > NEAR) continue;
    const alike = alikeness(edit, place.first, place.last);
    if (alike >= ALIKE) found.push({ ...place, alike, far });
  }
  found.sort((a, b) => b.alike - a.alike || a.far - b.far);
  const rivals = found.filter(({ alike }) => alike > (found[0]?.alike ?? 0) - 0.1).sort((a, b) => a.far - b.far);
  if (rivals.length > 1 && rivals[1].far - rivals[0].far < 3 && rivals[1].alike === rivals[0].alike) return null;
  return rivals[0] ?? null;
}

/** Put one edit into a state; false where it fits nowhere. */
function placeEdit(edit, into) {
  if (edit.kind === "speaker") return placeName(edit, into);
  if (edit.kind === "turn") return placeTurn(edit, into);
  if (edit.kind === "checked") return placeChecked(edit, into);
  const place = placeOf(edit);
  if (!place) return false;
  const same = (item) => item.type === CORRECTION && item.first === place.first && item.last === place.last;
  const item = items.find((other) => same(other) && other.after === edit.after) ?? items.find(same);
  if (edit.kind === "edit" || !item) {
    if (edit.kind === "reject") return false;
    into.edits.push({ first: place.first, last: place.last, after: edit.after, time: timeOf(place.first) });
  } else if (item.after === edit.after) {
    into.marks[item.id] = { kind: edit.kind === "reject" ? "reject" : "accept" };
  } else if (edit.kind === "reject") {
    return false; // another correction than the one that was rejected
  } else {
    into.marks[item.id] = { kind: "replace", after: edit.after };
  }
  return true;
}

function placeChecked(edit, into) {
  const place = placeOf(edit);
  const near = (item) => item.start !== null && edit.time !== null && Math.abs(item.start / 1000 - edit.time) < 1;
  const item = items.find((other) => other.type === "finding" && !into.marks[other.id]
    && (place ? other.first === place.first : !edit.before && other.first === other.last && near(other)));
  if (item) into.marks[item.id] = { kind: "checked" };
  return Boolean(item);
}

function placeName(edit, into) {
  const place = placeOf(edit);
  const number = place ? clauses[clauseAt(place.first)].speaker : data.speakers.findIndex(({ name }) => !edit.before && name === edit.speaker);
  if (number < 0) return false;
  if (data.speakers[number].name !== edit.after) into.names[number] = edit.after;
  return true;
}

const KINDS = ["accept", "reject", "replace", "edit", "checked", "speaker", "turn", "landmark"];
const TEXTS = ["left", "before", "right", "after", "speaker"];

/** The edits of a file; an error in words where it is none. */
function readFile(text) {
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error("This is no edits file: it is not JSON.");
  }
  if (content?.format !== "subtools-edits" || !Array.isArray(content.edits)) throw new Error("This is no edits file.");
  if (content.version !== 1) throw new Error("This edits file is of another version.");
  const hasTexts = (edit) => TEXTS.every((name) => edit[name] === undefined || typeof edit[name] === "string")
    && (edit.time === null || edit.time === undefined || Number.isFinite(edit.time));
  const isSound = (edit) => edit && KINDS.includes(edit.kind) && hasTexts(edit)
    && (edit.kind !== "turn" || (edit.until && hasTexts(edit.until)));
  const wrong = content.edits.findIndex((edit) => !isSound(edit));
  if (wrong >= 0) throw new Error(`Edit ${wrong + 1} of this file cannot be read.`);
  return content.edits;
}

/** The state that the edits of a file come to. */
function stateOf(edits) {
  const found = structuredClone(NOTHING);
  shift = shiftOf(edits);
  const [turns, others] = [edits.filter(({ kind }) => kind === "turn"), edits.filter(({ kind }) => kind !== "turn")];
  for (const edit of [...others, ...turns]) { // turns go by names, which others may change
    if (edit.kind !== "landmark" && !placeEdit(edit, found)) found.loose.push(edit);
  }
  found.edits.sort((a, b) => a.first - b.first);
  found.given.sort((a, b) => a.first - b.first);
  found.edits = found.edits.filter((edit, at, all) => !all.slice(0, at).some((other) => overlaps(other, edit)));
  return found;
}
