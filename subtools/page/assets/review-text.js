// The text of the talk by its characters, and what is to be decided about it.

const element = (id) => document.getElementById(id);
const data = JSON.parse(element("data").textContent);
const chars = Array.from(data.body); // as Python counts them
const items = data.items;
const itemOf = new Map(items.map((item) => [item.id, item]));
const clauses = readClauses();
const CONTEXT = 12; // characters on either side that an edit is found again by
const CORRECTION = "correction";

function readClauses() {
  const found = [];
  for (let at = 0; at < data.clauses.length; at += 5) {
    const [first, last, start, end, speaker] = data.clauses.slice(at, at + 5);
    found.push({ first, last, start: start < 0 ? null : start, end: end < 0 ? null : end, speaker });
  }
  return found;
}

const textOf = (first, last) => chars.slice(first, last).join("");
const leftOf = (first) => textOf(Math.max(0, first - CONTEXT), first);
const rightOf = (last) => textOf(last, last + CONTEXT);

/** Number of the clause that a character is in. */
function clauseAt(place) {
  let [low, high] = [0, clauses.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (clauses[middle].last <= place) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, clauses.length - 1);
}

/** The numbers [first, last] of the clauses that a stretch is in; of the one before a gap. */
function clausesOf(first, last) {
  const begin = clauseAt(first === last ? Math.max(0, first - 1) : first);
  return [begin, clauseAt(Math.max(first, last - 1))].sort((a, b) => a - b);
}

/** The characters [first, last) of whole clauses, so few that a person can edit them. */
function editableAround(first, last) {
  const MOST = 300;
  const [from, to] = first === last ? [clausesOf(first, last)[0], clausesOf(first, last)[0]] : clausesOf(first, last);
  const begin = clauses[from].first;
  let end = clauses[from].last;
  for (let at = from + 1; at <= to && clauses[at].last - begin <= MOST; at++) end = clauses[at].last;
  return [begin, end];
}

/** When a stretch is spoken, in ms; null where that is unknown. */
function timeOf(first) {
  for (let at = clauseAt(first); at < clauses.length && at < clauseAt(first) + 3; at++) {
    if (clauses[at].start !== null) return clauses[at].start;
  }
  return null;
}

/** 754200 as 12:34. */
function clockText(ms) {
  const whole = Math.floor(Math.max(0, ms) / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60), whole % 60];
  return hours ? `${hours}:${two(minutes % 60)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** An element with a class, text and children. */
function make(tag, { text, ...properties } = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "for") made.setAttribute(name, value);
    else made[name] = value;
  }
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

const isWordPart = (character) => /[\p{L}\p{N}\p{M}'’]/u.test(character) && !/\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u.test(character);
