// Hears one stretch at a time, with a little around it.

let media = element("media");
const player = { from: 0, to: Infinity, looping: false, watch: 0 };
const AROUND = 500; // ms
const WIDER = 4000;
const SPEEDS = [...element("speed").options].map((option) => parseFloat(option.value));

const hasSound = () => Boolean(media.src) && !media.error;
const isPlaying = () => hasSound() && !media.paused && !media.ended;

/** Play from one ms to another, with `around` before and after. */
function playStretch(start, end, around = AROUND) {
  if (start === null || start === undefined) return toast("It is not known where this is spoken.");
  if (!hasSound()) return askForSound();
  player.from = Math.max(0, start - around) / 1000;
  player.to = (Math.max(start, end ?? start) + around) / 1000;
  media.currentTime = player.from;
  media.playbackRate = parseFloat(element("speed").value);
  media.play().catch((error) => {
    if (error.name !== "AbortError") showPlayer();
  });
}

function stopPlaying() {
  if (hasSound()) media.pause();
}

/** Stop at the end of the stretch, or begin again. */
function watchEnd() {
  if (!isPlaying() || media.currentTime < player.to) return;
  if (player.looping) media.currentTime = player.from;
  else media.pause();
}

function toggleLoop() {
  player.looping = !player.looping;
  element("loop").setAttribute("aria-pressed", String(player.looping));
  toast(player.looping ? "Again and again" : "Once");
}

function changeSpeed(steps) {
  const place = SPEEDS.indexOf(parseFloat(element("speed").value)) + steps;
  element("speed").value = String(SPEEDS[Math.min(Math.max(0, place), SPEEDS.length - 1)]);
  setSpeed();
  toast(`Speed ${element("speed").value}×`);
}

function setSpeed() {
  media.playbackRate = parseFloat(element("speed").value);
  kept.set("review-speed", element("speed").value);
}

function askForSound() {
  element("choose").hidden = false;
  toast(`${media.dataset.name || "The sound"} is not beside this page: choose it below.`);
}

function chooseSound(file) {
  if (!file) return;
  media.src = URL.createObjectURL(file);
  element("choose").hidden = true;
}

/** Servers without byte ranges let nobody seek: fetch the file whole then. */
async function ensureSeekable() {
  const end = media.seekable.length ? media.seekable.end(media.seekable.length - 1) : 0;
  if (!location.protocol.startsWith("http") || media.src.startsWith("blob:")) return;
  if (Number.isFinite(media.duration) && end >= media.duration - 1) return;
  const answer = await fetch(media.src).catch(() => null);
  if (answer?.ok) chooseSound(await answer.blob());
}

function showPlayer() {
  const playing = isPlaying();
  const button = element("play");
  button.setAttribute("aria-label", playing ? "Pause" : "Play this place");
  button.querySelector("use").setAttribute("href", playing ? "#i-pause" : "#i-play");
}

function watchMedia() {
  for (const event of ["play", "pause", "ended", "error"]) media.addEventListener(event, showPlayer);
  media.addEventListener("timeupdate", watchEnd);
  media.addEventListener("loadedmetadata", ensureSeekable);
  media.addEventListener("error", () => (element("choose").hidden = false));
  setInterval(watchEnd, 30); // timeupdate comes four times a second only
  element("choose").hidden = hasSound();
  element("sound").addEventListener("change", (event) => chooseSound(event.target.files[0]));
  element("loop").addEventListener("click", toggleLoop);
  element("speed").addEventListener("change", setSpeed);
  if (SPEEDS.includes(parseFloat(kept.get("review-speed")))) element("speed").value = kept.get("review-speed");
  element("auto").checked = kept.get("review-auto") !== "off";
  element("auto").addEventListener("change", () => kept.set("review-auto", element("auto").checked ? "on" : "off"));
}
