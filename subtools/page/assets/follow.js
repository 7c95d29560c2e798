// The spoken word, lit and kept in sight until the reader scrolls away.

const STAYS = 0.8; // seconds a word stays lit in a pause
const NEAR_ENOUGH = 2; // windows; what is further away is jumped to
const SETTLED = 3; // pixels
const MOST_SCROLLING = 2500; // ms; on a busy machine, too

const still = matchMedia("(prefers-reduced-motion: reduce)");
const follow = { on: true, word: -1, passage: -1, topic: -1, ours: false };
let oursTimer = 0;

function setFollowing(on) {
  follow.on = on;
  element("follow").hidden = on || follow.word < 0;
}

/** Light the word that is spoken now. */
function lightWord() {
  const time = now();
  const last = wordAt(time);
  const word = last >= 0 && time <= ends[last] + STAYS ? last : -1;
  if (word !== follow.word || last < 0) {
    texts[follow.passage]?.querySelector(".now")?.classList.remove("now");
    follow.word = word;
    lightPassage(last < 0 ? -1 : passageOf(last));
    if (word >= 0) wordElement(word)?.classList.add("now");
    if (follow.on && word >= 0 && isPlaying()) keepInSight();
  }
  lightTopic(topicAt(time));
}

function lightPassage(passage) {
  if (passage === follow.passage) return;
  for (const [number, isNow] of [[follow.passage, false], [passage, true]]) {
    passages[number]?.classList.toggle("current", isNow);
  }
  follow.passage = passage;
}

function lightTopic(topic) {
  if (topic === follow.topic) return;
  follow.topic = topic;
  [...element("chapters").children].forEach((one, at) => one.classList.toggle("current", at === topic));
  topicLinks.forEach((link, at) => {
    if (at === topic) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
  element("here").textContent = topicLinks[topic]?.querySelector("bdi").textContent ?? "";
  showTopic(topicLinks[topic]);
}

/** Keep the current topic visible in a list that is longer than its box. */
function showTopic(link) {
  const list = element("contents");
  if (!link || list.matches(":hover, :focus-within")) return; // somebody is reading it
  const [box, inside] = [list.getBoundingClientRect(), link.getBoundingClientRect()];
  if (inside.top < box.top || inside.bottom > box.bottom) {
    list.scrollTop += inside.top - box.top - box.height / 3;
  }
}

/** The part of the window that neither bar nor player covers. */
function sight() {
  const screen = document.querySelector(".screen");
  const isAbove = getComputedStyle(screen).position === "sticky" && media?.tagName === "VIDEO";
  const bar = document.querySelector(".bar").getBoundingClientRect().bottom;
  const top = isAbove && innerWidth < 900 ? bar + screen.offsetHeight : bar;
  return { top: top + 8, bottom: dock.getBoundingClientRect().top - 8 };
}

const isIn = (box, { top, bottom }) => box.top >= top && box.bottom <= bottom;

/** Scroll if the lit word is about to leave the window. */
function keepInSight() {
  const word = texts[follow.passage]?.querySelector(".now");
  if (!word) return;
  const { top, bottom } = sight();
  if (!isIn(word.getBoundingClientRect(), { top, bottom: bottom - (bottom - top) / 5 })) {
    scrollToElement(word);
  }
}

/** Show the current moment, wherever it is. */
function showMoment() {
  lightWord();
  const passage = Math.max(0, follow.passage);
  const target = texts[passage]?.querySelector(".now") ?? passages[passage];
  if (target && !isIn(target.getBoundingClientRect(), sight())) scrollToElement(target);
}

/** Scroll so that `target` is in the upper third; smoothly, if it is near. */
function scrollToElement(target, tries = 5) {
  const { top, bottom } = sight();
  const way = target.getBoundingClientRect().top - (top + (bottom - top) * 0.3);
  const isFar = Math.abs(way) > NEAR_ENOUGH * innerHeight;
  claimScrolling();
  scrollTo({ top: scrollY + way, behavior: isFar || still.matches ? "instant" : "smooth" });
  // Passages on the way get their real heights only now, so look again.
  if (isFar && tries && Math.abs(way) > SETTLED) {
    requestAnimationFrame(() => target.isConnected && scrollToElement(target, tries - 1));
  }
}

/** What scrolls from now on is ours, until it comes to rest. */
function claimScrolling() {
  follow.ours = true;
  clearTimeout(oursTimer);
  oursTimer = setTimeout(() => (follow.ours = false), MOST_SCROLLING);
}

/** Stop following when the reader goes elsewhere. */
function watchScrolling() {
  const leave = (event) => {
    if (!event.target.closest?.(".side, .dock, dialog")) setFollowing(false);
  };
  addEventListener("wheel", leave, { passive: true });
  addEventListener("touchmove", leave, { passive: true });
  addEventListener("keydown", (event) => {
    if (["PageUp", "PageDown", "ArrowUp", "ArrowDown"].includes(event.key)) leave(event);
  });
  addEventListener("scroll", () => {
    if (!follow.ours && follow.on && hasLost()) setFollowing(false);
  });
  addEventListener("scrollend", () => (follow.ours = false));
  element("follow").addEventListener("click", () => {
    setFollowing(true);
    showMoment();
    element("play").focus({ preventScroll: true });
  });
}

/** Whether the lit word is out of the window: somebody has dragged the scroll bar. */
function hasLost() {
  const word = texts[follow.passage]?.querySelector(".now");
  if (!word) return false;
  const box = word.getBoundingClientRect();
  return box.bottom < 0 || box.top > innerHeight;
}

function beginFollowing() {
  const frame = () => {
    lightWord();
    drawPosition();
    if (isPlaying()) requestAnimationFrame(frame);
    else running = false;
  };
  let running = false;
  clock.listeners.push(() => {
    if (running) return;
    running = true;
    requestAnimationFrame(frame);
  });
  dressers.push((passage) => {
    if (passage !== follow.passage || follow.word < 0) return;
    texts[passage].querySelector(`[data-word="${follow.word}"]`)?.classList.add("now");
  });
}
