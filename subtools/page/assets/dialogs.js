// What opens above the page: topics on small windows, the help, dark and light.

const contents = element("contents");
const dark = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 899px)");

const isOpen = () => document.body.classList.contains("contents-open");

function openContents() {
  element("topics").open = true;
  if (narrow.matches) {
    document.body.classList.add("contents-open");
    element("show-contents").setAttribute("aria-expanded", "true");
  }
  const link = topicLinks[Math.max(0, follow.topic)] ?? contents;
  link.focus();
}

function closeContents() {
  if (!isOpen()) return;
  document.body.classList.remove("contents-open");
  element("show-contents").setAttribute("aria-expanded", "false");
  element("show-contents").focus({ preventScroll: true });
}

function toggleContents() {
  if (isOpen()) closeContents();
  else openContents();
}

function toggleHelp() {
  const help = element("help");
  if (help.open) help.close();
  else help.showModal();
}

function toggleTheme() {
  const root = document.documentElement;
  const isDark = root.dataset.theme === "auto" ? dark.matches : root.dataset.theme === "dark";
  root.dataset.theme = isDark ? "light" : "dark";
  kept.set("theme", root.dataset.theme);
  drawTimeline();
}

function watchDialogs() {
  element("show-contents").addEventListener("click", toggleContents);
  element("show-help").addEventListener("click", toggleHelp);
  element("theme").addEventListener("click", toggleTheme);
  element("help").addEventListener("click", (event) => {
    if (event.target === element("help")) toggleHelp(); // the ground around it
  });
  for (const part of contents.querySelectorAll("details")) part.hidden = part.dataset.count === "0";
  const box = element("keys");
  box.checked = kept.get("keys") !== "off";
  box.addEventListener("change", () => kept.set("keys", box.checked ? "on" : "off"));
}
