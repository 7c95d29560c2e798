// The readings of a place, where more than one may have been said: the one that is proposed, and others.

const NUMBERED = 4; // those that a key chooses
const BRIEF = 20; // characters of a reading that are said again

/** The readings as buttons; the one that stands there now is pressed. */
function makeReadings(item) {
  if (!item.alternatives?.length) return [];
  const standing = standingAt(item);
  const buttons = readingsOf(item).map((reading, at) => makeReading(reading, at, reading === standing));
  return [make("div", { className: "readings", lang: "en", role: "group", "aria-label": "What may have been said" }, ...buttons)];
}

function makeReading(reading, at, isChosen) {
  const hasKey = at < NUMBERED;
  const button = make("button", { type: "button", className: "plain", "aria-pressed": String(isChosen), ...(hasKey ? { "aria-keyshortcuts": String(at + 1) } : {}) },
    ...(hasKey ? [make("kbd", { text: String(at + 1), "aria-hidden": "true" })] : []),
    make("span", { className: "unseen", text: `Reading ${at + 1}: ` }),
    reading ? make("bdi", { text: reading, lang: card.lang }) : make("i", { text: "nothing" }));
  button.addEventListener("click", () => chooseReading(at));
  return button;
}

/** Decide that one of the readings is right, and go on. */
function chooseReading(at) {
  if (card.querySelector(".editor")) return; // there, numbers are text or people
  const item = find(current);
  if (!item?.alternatives?.length) return toast("No other readings are known here.");
  const reading = readingsOf(item)[at];
  if (reading === undefined) return toast(`There is no reading ${at + 1} here.`);
  const isOverOwn = isCovered(item);
  const isFocused = card.contains(document.activeElement);
  decideAndGoOn(() => decideAs(item, reading));
  if (isFocused) card.focus({ preventScroll: true }); // the button is gone
  toast(`Chosen: ${inBrief(reading) || "nothing"}${isOverOwn ? ", in place of your own edit" : ""}`);
}

function inBrief(text) {
  const letters = Array.from(text);
  return letters.length > BRIEF ? `${letters.slice(0, BRIEF).join("")}…` : text;
}
