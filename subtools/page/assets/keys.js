// The keyboard, as in other players.

const SHORT = 5; // seconds
const LONG = 10;
const KEYS = {
  k: togglePlay,
  j: () => move(-LONG),
  l: () => move(LONG),
  ArrowLeft: () => move(-SHORT),
  ArrowRight: () => move(SHORT),
  Home: () => goTo(0),
  End: () => goTo(duration()),
  m: toggleMute,
  f: toggleFull,
  "<": () => changeSpeed(-1),
  ">": () => changeSpeed(1),
  n: () => stepHit(1),
  N: () => stepHit(-1),
  c: copyMoment,
  o: () => openSite(now()),
  t: toggleContents,
  "?": toggleHelp,
  "/": () => field.select(),
};
const SLIDER_KEYS = {
  ArrowUp: () => move(SHORT),
  ArrowDown: () => move(-SHORT),
  PageUp: () => move(60),
  PageDown: () => move(-60),
};

function move(seconds) {
  seek(now() + seconds);
  setFollowing(true);
  showMoment();
}

function actionOf(event) {
  const target = event.target;
  if (event.key === "Escape" && isOpen()) return closeContents;
  if (target === timeline && SLIDER_KEYS[event.key]) return SLIDER_KEYS[event.key];
  if (target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]")) return null;
  const isLetter = event.key.length === 1;
  if (isLetter && !element("keys").checked && event.key !== "?") return null;
  if (event.key === " ") return target.closest?.("button, a, summary, label, input") ? null : togglePlay;
  if (/^[0-9]$/.test(event.key)) return () => goTo((duration() * event.key) / 10);
  return Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null;
}

function watchKeys() {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (element("help").open && event.key !== "?") return;
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    action();
  });
}
