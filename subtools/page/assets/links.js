// Links to moments: from the address, and into the clipboard.

let toastTimer = 0;

/** Say something for a moment, to screen readers too. */
function toast(text) {
  element("toast").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (element("toast").textContent = ""), 4000);
}

/** The time in `#t=754.2`, `#t=12:34` or `#t=754,760`; NaN for anything else. */
function timeOfHash(hash) {
  const found = /^#t=(?:npt:)?(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?)(?:,.*)?$/.exec(hash);
  if (!found) return NaN;
  const [hours, minutes, seconds] = found.slice(1).map((number) => parseFloat(number ?? 0));
  return hours * 3600 + minutes * 60 + seconds;
}

/** Address of this page at a time. */
function momentLink(time) {
  const seconds = Math.max(0, Math.round(time * 1000) / 1000);
  return `${location.href.split("#")[0]}#t=${seconds}`;
}

/** Go to the moment in the address, if there is one. */
function followHash() {
  const time = timeOfHash(location.hash);
  if (time === time) goTo(time);
}

async function copyMoment() {
  const link = momentLink(now());
  if ((await copyText(link)) || copySelected(link)) toast(`Copied: link to ${clockText(now())}`);
  else window.prompt("Copy this link", link);
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no permission, or the page came over plain HTTP
  }
}

/** The old way, which needs no permission. */
function copySelected(text) {
  const box = document.createElement("textarea");
  const focused = document.activeElement;
  box.value = text;
  box.className = "unseen";
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  focused?.focus({ preventScroll: true });
  return done;
}

/** Links to moments play there instead of only changing the address. */
function watchLinks() {
  addEventListener("hashchange", followHash);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.moment");
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || link.target === "_blank") return;
    event.preventDefault();
    jump(parseFloat(link.dataset.time));
  });
}

/** Go to a moment that somebody has pointed at, and play. */
function jump(time) {
  history.replaceState(null, "", momentLink(time));
  goTo(time);
  if (clock.hasMedia) play();
}

/** Go to a moment and show it. */
function goTo(time) {
  closeContents();
  seek(time);
  setFollowing(true);
  showMoment();
}
