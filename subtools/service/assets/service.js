// The drop page: takes files, sends them, and shows what becomes of them. All text is set as text.
"use strict";

const byId = (id) => document.getElementById(id);
const limit = Number(document.body.dataset.mediaLimit);
const IS_ACTIVE = { waiting: true, running: true };
const SOON = 1000, LATER = 5000; // ms between two questions
const TEXT = /\.(txt|md|srt|vtt|ass|ssa|json|lrc|ttml|xml|sbv|tsv)$/i;
const shown = new Map(); // id -> {item, told}
let sending = null;
let timer = 0;

function sayError(text) {
  byId("error").textContent = text;
  byId("error").hidden = !text;
}

function make(kind, text, name) {
  const element = document.createElement(kind);
  if (text) element.textContent = text;
  if (name) element.className = name;
  return element;
}

// --- files that are dropped

function takeFiles(files) {
  for (const file of files) {
    const isText = file.type.startsWith("text/") || TEXT.test(file.name);
    const chosen = new DataTransfer();
    chosen.items.add(file);
    byId(isText ? "document" : "media").files = chosen.files;
  }
}

function watchDrops() {
  const isFiles = (event) => event.dataTransfer && event.dataTransfer.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    document.body.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    document.body.classList.remove("over");
    takeFiles(event.dataTransfer.files);
  });
}

// --- sending

function findMistake() {
  const media = byId("media").files[0];
  const address = byId("address").value.trim();
  const hasDocument = byId("document").files[0] || byId("transcript").value.trim();
  if (!media && !address && !hasDocument) return "Choose a sound or video, or give its address.";
  if (media && address) return "There are a file and an address: give one of them.";
  if (media && media.size > limit) return "The file is too large.";
  if (byId("document").files[0] && byId("transcript").value.trim()) {
    return "There are two transcripts: give a file, or a text.";
  }
  return "";
}

function readAnswer(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

function send(event) {
  event.preventDefault();
  if (sending) return;
  const mistake = findMistake();
  sayError(mistake);
  if (mistake) return;
  const request = new XMLHttpRequest();
  sending = request;
  request.upload.onprogress = (told) => showSent(told.loaded, told.total);
  request.onload = () => endSending(request.status === 202, readAnswer(request));
  request.onerror = () => endSending(false, { message: "The connection broke." });
  request.onabort = () => endSending(false, { message: "The upload was stopped." });
  request.open("POST", "/api/jobs");
  request.setRequestHeader("Accept", "application/json");
  request.send(new FormData(byId("ask")));
  byId("upload").hidden = byId("stop").hidden = false;
  byId("send").disabled = true;
  showSent(0, 1);
}

function showSent(loaded, total) {
  const share = total ? loaded / total : 0;
  byId("sent").value = share;
  byId("sent-said").textContent = `${Math.floor(share * 100)} %`;
}

function endSending(isTaken, answer) {
  sending = null;
  byId("upload").hidden = byId("stop").hidden = true;
  byId("send").disabled = false;
  if (isTaken) {
    byId("ask").reset();
    byId("news").textContent = `${answer.title}: taken.`;
    refresh();
  } else {
    const hint = answer.hint ? ` (${answer.hint})` : "";
    sayError(`${answer.message || "The service did not take it."}${hint}`);
  }
}

// --- what becomes of them

function sayState(job) {
  if (job.state === "waiting") return job.ahead ? `waiting, ${job.ahead} before it` : "waiting";
  if (job.state !== "running") return job.state;
  const percent = Math.floor(job.progress.share * 100);
  return `${percent} %, ${job.progress.stage || "beginning"}`;
}

function makeItem(job) {
  const item = make("li");
  const title = make("h3", job.title);
  title.id = `t-${job.id}`;
  item.append(title, make("p", "", "state"));
  const bar = make("progress");
  bar.max = 1;
  bar.setAttribute("aria-labelledby", title.id);
  item.append(bar, make("p", "", "error"), make("p", "", "links"), make("p", "", "acts"));
  return item;
}

function fillItem(item, job) {
  item.querySelector(".state").textContent = sayState(job);
  const bar = item.querySelector("progress");
  bar.hidden = !IS_ACTIVE[job.state];
  bar.value = job.progress ? job.progress.share : 0;
  const error = item.querySelector(".error");
  error.textContent = job.error || (job.progress && job.progress.note) || "";
  error.hidden = !error.textContent;
}

function makeLink(text, address, name) {
  const link = make("a", text, name);
  link.href = address;
  return link;
}

function fillEnd(item, job) {
  const links = item.querySelector(".links");
  const acts = item.querySelector(".acts");
  links.replaceChildren();
  acts.replaceChildren();
  if (job.page) links.append(makeLink("Listen and read", job.page, "page"));
  for (const file of job.files) {
    if (file.url !== job.page) links.append(makeLink(file.name, file.url));
  }
  links.hidden = !job.files.length;
  const isActive = IS_ACTIVE[job.state];
  const button = make("button", isActive ? "Cancel" : "Delete");
  button.type = "button";
  button.setAttribute("aria-label", `${button.textContent} ${job.title}`);
  button.onclick = () => (isActive ? cancel(job) : remove(job));
  acts.append(button);
}

async function ask(address, method = "GET") {
  const answer = await fetch(address, { method, headers: { Accept: "application/json" } });
  if (answer.status === 401) location.href = "/login";
  const text = await answer.text();
  const found = text ? JSON.parse(text) : {};
  if (!answer.ok) throw new Error(found.message);
  return found;
}

async function act(address, method) {
  try {
    await ask(address, method);
  } catch (error) {
    sayError(error.message);
  }
  refresh();
}

const cancel = (job) => act(`${job.url}/cancel`, "POST");

function remove(job) {
  if (confirm(`Delete “${job.title}” and all its files?`)) act(job.url, "DELETE");
}

function show(jobs) {
  const there = new Set(jobs.map((job) => job.id));
  for (const [id, { item }] of shown) {
    if (!there.has(id)) {
      item.remove();
      shown.delete(id);
    }
  }
  const list = byId("jobs");
  jobs.forEach((job, place) => {
    if (!shown.has(job.id)) shown.set(job.id, { item: makeItem(job), state: "" });
    const known = shown.get(job.id);
    fillItem(known.item, job);
    if (known.state !== job.state) {
      if (known.state) byId("news").textContent = `${job.title}: ${job.state}`;
      known.state = job.state;
      fillEnd(known.item, job);
    }
    if (list.children[place] !== known.item) list.insertBefore(known.item, list.children[place] || null);
  });
  byId("none").hidden = jobs.length > 0;
}

async function refresh() {
  clearTimeout(timer);
  let pause = LATER;
  try {
    const found = await ask("/api/jobs?limit=100");
    show(found.jobs);
    byId("more").hidden = found.total <= found.jobs.length;
    byId("more").textContent = `and ${found.total - found.jobs.length} older ones`;
    if (found.jobs.some((job) => IS_ACTIVE[job.state])) pause = SOON;
  } catch {
    byId("news").textContent = "The service does not answer.";
  }
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(refresh, pause);
}

byId("ask").addEventListener("submit", send);
byId("stop").addEventListener("click", () => sending && sending.abort());
document.addEventListener("visibilitychange", () => document.hidden || refresh());
watchDrops();
refresh();
