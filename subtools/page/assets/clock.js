// Where we are in the talk: in the media file, or only in the transcript if there is none.

let media = element("media");
const dock = document.querySelector(".dock");
const clock = { hasMedia: media !== null, time: 0, listeners: [], length: data.duration / 1000 };
const SPEEDS = [...element("speed").options].map((option) => parseFloat(option.value));

const now = () => (clock.hasMedia ? media.currentTime : clock.time);
const isPlaying = () => clock.hasMedia && !media.paused && !media.ended;
const changed = () => clock.listeners.forEach((listener) => listener());

/** Length of the talk: that of the file, where it is known. */
function duration() {
  const stated = clock.hasMedia ? media.duration : NaN;
  return Number.isFinite(stated) && stated > 0 ? stated : clock.length;
}

function seek(time) {
  const place = Math.min(Math.max(0, time), duration() || time);
  clock.time = place;
  if (clock.hasMedia) media.currentTime = place;
  changed();
}

/** Begin to play; without a file, open the talk's page at this moment. */
function play() {
  if (!clock.hasMedia) return openSite(now());
  return media.play().catch((error) => {
    if (error.name !== "AbortError") toast("The browser will not play this file.");
  });
}

function togglePlay() {
  if (isPlaying()) media.pause();
  else play();
}

function setSpeed(speed) {
  element("speed").value = String(speed);
  if (clock.hasMedia) media.playbackRate = speed;
  kept.set("speed", String(speed));
}

function changeSpeed(steps) {
  const place = SPEEDS.indexOf(parseFloat(element("speed").value)) + steps;
  setSpeed(SPEEDS[Math.min(Math.max(0, place), SPEEDS.length - 1)]);
  toast(`Speed ${element("speed").value}×`);
}

function toggleMute() {
  if (clock.hasMedia) media.muted = !media.muted;
}

function toggleFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else if (media?.tagName === "VIDEO") media.requestFullscreen?.();
}

/** Address of the talk's page at a time; null where it has none. */
function siteLink(time) {
  return data.link && data.link[0] + Math.floor(Math.max(0, time)) + data.link[1];
}

function openSite(time) {
  const address = siteLink(time);
  if (!address) return;
  const link = document.createElement("a");
  Object.assign(link, { href: address, target: "_blank", rel: "noopener noreferrer" });
  link.click();
}

/** Go on without the file: it is missing, or of a kind this browser cannot play. */
function loseMedia() {
  if (!clock.hasMedia) return;
  clock.time = now() || clock.time;
  clock.hasMedia = false;
  showMedia();
  toast(`${media.dataset.name || "The media file"} is not beside this page, or cannot be played.`);
}

/** Show what can be done with or without a file. */
function showMedia() {
  const root = document.documentElement;
  root.dataset.media = clock.hasMedia ? media.tagName.toLowerCase() : "none";
  element("choose").hidden = clock.hasMedia;
  element("site").hidden = !data.link;
  element("site").lastElementChild.textContent = `Open on ${dock.dataset.site}`;
  for (const control of ["speed", "mute"]) element(control).disabled = !clock.hasMedia;
  element("play").disabled = !clock.hasMedia && !data.link;
  aimStamps();
  changed();
}

/** Without a file, times lead to the talk's page. */
function aimStamps() {
  for (const stamp of document.querySelectorAll(".passage a.moment")) {
    const outside = !clock.hasMedia && data.link;
    stamp.href = outside ? siteLink(stamp.dataset.time) : `#t=${stamp.dataset.time}`;
    stamp.target = outside ? "_blank" : "";
    stamp.rel = outside ? "noopener noreferrer" : "";
  }
}

/** Servers without byte ranges let nobody seek: fetch the file whole then. */
async function ensureSeekable() {
  const { seekable } = media;
  const end = seekable.length ? seekable.end(seekable.length - 1) : 0;
  if (!location.protocol.startsWith("http") || media.src.startsWith("blob:")) return;
  if (Number.isFinite(media.duration) && end >= media.duration - 1) return;
  const answer = await fetch(media.src).catch(() => null);
  if (answer?.ok) replaceMedia(await answer.blob());
}

/** Play other bytes from the same moment on. */
function replaceMedia(blob) {
  const [time, playing] = [now() || clock.time, isPlaying()];
  media.src = URL.createObjectURL(blob);
  clock.hasMedia = true;
  media.currentTime = time;
  media.playbackRate = parseFloat(element("speed").value);
  if (playing) play();
  showMedia();
}

/** Play a file that the reader has chosen. */
function chooseMedia(file) {
  if (!file) return;
  if (!media) {
    media = document.createElement(file.type.startsWith("video/") ? "video" : "audio");
    document.querySelector(".screen").append(media);
    watchElement();
  }
  replaceMedia(file);
}

function watchElement() {
  media.addEventListener("error", loseMedia);
  media.addEventListener("loadedmetadata", ensureSeekable);
  const events = ["play", "pause", "seeked", "timeupdate", "durationchange", "volumechange"];
  for (const event of [...events, "ended"]) media.addEventListener(event, changed);
  media.addEventListener("click", togglePlay);
  if (media.error) loseMedia();
}

function watchMedia() {
  element("choose").querySelector("input").addEventListener("change", (event) => {
    chooseMedia(event.target.files[0]);
  });
  if (media) watchElement();
  const speed = parseFloat(kept.get("speed"));
  setSpeed(SPEEDS.includes(speed) ? speed : 1);
  showMedia();
}
