// Who speaks when, what about, and where we are; click, drag and keys seek.

const topicLinks = [...document.querySelectorAll("#topics a.moment")];
const timeline = element("timeline");
const canvas = timeline.querySelector("canvas");
const LEAST_LANE = 3; // pixels
const MOST_LANE = 9;
const MOST_LANES = 54; // pixels of all of them

const share = (time) => (duration() ? Math.min(1, Math.max(0, time / duration())) : 0);

function drawTimeline() {
  const lanes = Math.max(1, speakers.length);
  const lane = Math.min(MOST_LANE, Math.max(LEAST_LANE, MOST_LANES / lanes));
  timeline.style.setProperty("--height", `${Math.round(Math.max(16, lane * lanes))}px`);
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = devicePixelRatio || 1;
  Object.assign(canvas, { width: width * scale, height: height * scale });
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const colours = speakerColours();
  for (const { speaker, start, end } of turns) {
    pen.fillStyle = colours[speaker % colours.length];
    const left = share(start) * width;
    const long = Math.max(1, share(end) * width - left);
    pen.fillRect(left, (speaker * height) / lanes, long, Math.max(1.5, height / lanes - 1));
  }
  drawHits(pen, width, height);
  drawChapters();
  drawPosition();
}

function speakerColours() {
  const swatches = [...document.querySelectorAll("#speakers .swatch")];
  return swatches.slice(0, 12).map((swatch) => getComputedStyle(swatch).backgroundColor);
}

/** Draw where matches of the search are. */
function drawHits(pen, width, height) {
  pen.fillStyle = getComputedStyle(element("toast")).backgroundColor;
  for (const { first } of search.hits) {
    if (starts[first] === starts[first]) pen.fillRect(share(starts[first]) * width - 0.75, 0, 1.5, height);
  }
}

/** Lay the topics out above the speakers, as wide as they are long. */
function drawChapters() {
  const boxes = topicLinks.map((link, at) => {
    const box = element("chapters").children[at] ?? makeChapter(link);
    const [start, end] = [topicStarts[at], topicStarts[at + 1] ?? duration()];
    box.style.left = `${share(start) * 100}%`;
    box.style.width = `${Math.max(0, share(end) - share(start)) * 100}%`;
    return box;
  });
  element("chapters").append(...boxes);
}

/** For pointers only: the list of topics says the same to everybody. */
function makeChapter(link) {
  const box = document.createElement("span");
  const title = link.querySelector("bdi").cloneNode(true);
  box.append(title);
  box.title = title.textContent;
  box.addEventListener("click", () => jump(parseFloat(link.dataset.time)));
  return box;
}

function drawPosition() {
  const [time, end] = [now(), duration()];
  timeline.style.setProperty("--at", share(time));
  element("now").textContent = clockText(time);
  element("length").textContent = clockText(end);
  timeline.setAttribute("aria-valuemax", Math.round(end));
  timeline.setAttribute("aria-valuenow", Math.round(Math.min(time, end)));
  timeline.setAttribute("aria-valuetext", describe(time));
  showPlaying();
}

function showPlaying() {
  const playing = isPlaying();
  const button = element("play");
  const label = playing ? "Pause" : clock.hasMedia ? "Play" : `Open on ${dock.dataset.site || "its page"}`;
  if (button.getAttribute("aria-label") !== label) {
    button.setAttribute("aria-label", label);
    button.title = `${label} (space)`;
    button.querySelector("use").setAttribute("href", playing ? "#i-pause" : "#i-play");
  }
  element("mute").setAttribute("aria-pressed", String(Boolean(media?.muted)));
  if (data.link) {
    element("site").href = siteLink(now());
    element("site").title = `${element("site").textContent} at ${clockText(now())} (o)`;
  }
}

/** A time with who speaks and what about, in words. */
function describe(time) {
  const heard = turns.filter(({ start, end }) => start <= time && time < end);
  const names = [...new Set(heard.map(({ speaker }) => speakers[speaker]))];
  const topic = topicLinks[topicAt(time)]?.querySelector("bdi").textContent;
  return [clockText(time), names.join(", "), topic].filter(Boolean).join(" · ");
}

const timeUnder = (event) => {
  const box = timeline.getBoundingClientRect();
  return (Math.min(Math.max(0, event.clientX - box.left), box.width) / box.width) * duration();
};

function watchTimeline() {
  let dragging = false;
  const drag = (event) => {
    seek(timeUnder(event));
    setFollowing(true);
    showMoment();
  };
  timeline.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    dragging = true;
    timeline.setPointerCapture(event.pointerId);
    drag(event);
  });
  timeline.addEventListener("pointermove", (event) => {
    showHint(event);
    if (dragging) drag(event);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    timeline.addEventListener(end, () => (dragging = false));
  }
  timeline.addEventListener("pointerleave", () => (element("hint").textContent = ""));
  new ResizeObserver(drawTimeline).observe(timeline);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawTimeline);
}

function showHint(event) {
  const hint = element("hint");
  hint.textContent = describe(timeUnder(event));
  const most = innerWidth - hint.offsetWidth - 8;
  hint.style.left = `${Math.max(8, Math.min(most, event.clientX - hint.offsetWidth / 2))}px`;
}
