// The keyboard.

const KEYS = {
  j: () => step(1),
  ArrowDown: () => step(1),
  k: () => step(-1),
  ArrowUp: () => step(-1),
  n: stepOpen,
  p: togglePlay,
  w: () => playCurrent(WIDER),
  l: toggleLoop,
  "<": () => changeSpeed(-1),
  ">": () => changeSpeed(1),
  a: accept,
  Enter: accept,
  r: reject,
  x: reject,
  e: openEditor,
  v: nameSpeaker,
  t: () => openGiver("turn"),
  T: () => openGiver("rest"),
  1: () => chooseReading(0),
  2: () => chooseReading(1),
  3: () => chooseReading(2),
  4: () => chooseReading(3),
  0: takeBack,
  u: () => goBack(undo, "undo"),
  U: () => goBack(redo, "do again"),
  o: toggleOrder,
  f: () => element("show").focus(),
  q: toggleList,
  s: save,
  "?": toggleHelp,
};

function toggleOrder() {
  const order = element("order");
  order.selectedIndex = (order.selectedIndex + 1) % order.options.length;
  select(current);
  toast(`Order: ${order.selectedOptions[0].textContent}`);
}

function toggleHelp() {
  const help = element("help");
  if (help.open) help.close();
  else help.showModal();
}

function toggleTheme() {
  const root = document.documentElement;
  const isDark = root.dataset.theme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : root.dataset.theme === "dark";
  root.dataset.theme = isDark ? "light" : "dark";
  kept.set("theme", root.dataset.theme);
}

/** With Ctrl or Command: what every program does so. */
function commandOf(event) {
  const isTyping = event.target.closest?.("textarea, input:not([type=checkbox])");
  if (event.key === "s") return save;
  if (isTyping) return null;
  if (event.key === "z") return () => goBack(undo, "undo");
  if (event.key === "Z" || event.key === "y") return () => goBack(redo, "do again");
  return null;
}

function actionOf(event) {
  if (event.ctrlKey || event.metaKey) return commandOf(event);
  if (event.key === "Escape" && document.body.classList.contains("contents-open")) return toggleList;
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select")) return null;
  if (event.key.length === 1 && !element("keys").checked && event.key !== "?") return null;
  const onControl = event.target.closest?.("button, a, summary, label, input");
  if (event.key === " ") return onControl ? null : togglePlay;
  if (event.key === "Enter" && onControl) return null;
  return Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null;
}

function watchKeys() {
  addEventListener("keydown", (event) => {
    if (event.altKey || event.isComposing) return;
    if (element("help").open && event.key !== "?") return;
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    action();
  });
  element("theme").addEventListener("click", toggleTheme);
  element("show-help").addEventListener("click", toggleHelp);
  element("help").addEventListener("click", (event) => event.target === element("help") && toggleHelp());
  const box = element("keys");
  box.checked = kept.get("keys") !== "off";
  box.addEventListener("change", () => kept.set("keys", box.checked ? "on" : "off"));
}
