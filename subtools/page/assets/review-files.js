// The edits file: saved, loaded, and kept from getting lost.

let toastTimer = 0;
let handle = null; // of the file that was saved to, where the browser gives one
let fileName = data.file; // of what was saved last
const counted = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;

/** Say something for a moment, to screen readers too. */
function toast(text) {
  element("toast").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (element("toast").textContent = ""), 5000);
}

/** Save to a file that the person chooses once; where that cannot be, download it. */
async function save() {
  if (!window.showSaveFilePicker) return download();
  try {
    handle ??= await window.showSaveFilePicker({
      suggestedName: data.file,
      types: [{ description: "Edits", accept: { "application/json": [".json"] } }],
    });
    const written = JSON.stringify(state);
    const file = await handle.createWritable();
    await file.write(composeFile());
    await file.close();
    fileName = handle.name;
    if (written === JSON.stringify(state)) settle();
    toast(`Saved: ${handle.name}`);
  } catch (error) {
    if (error.name === "AbortError") return; // the person thought better of it
    handle = null;
    download();
  }
}

function download() {
  const address = URL.createObjectURL(new Blob([composeFile()], { type: "application/json" }));
  const link = make("a", { href: address, download: data.file });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  fileName = data.file;
  settle();
  toast(`Downloaded: ${data.file}`);
}

/** Take the decisions of a file in place of those there are; that can be undone. */
async function load(file) {
  if (!file) return;
  try {
    const found = stateOf(readFile(await file.text()));
    alter((now) => Object.assign(now, found));
    fileName = file.name;
    settle();
    const lost = found.loose.length;
    const count = listEdits().length - lost;
    toast(`${counted(count, "edit")} loaded${lost ? `; ${lost} ${lost === 1 ? "does" : "do"} not fit this text and ${lost === 1 ? "is" : "are"} listed below the places` : ""}.`);
    lookAgain();
  } catch (error) {
    toast(error.message);
  }
}

/** Go on with what was done the last time, saved or not. */
function restore() {
  const work = kept.get(WORK);
  if (!work) return;
  try {
    state = stateOf(readFile(work));
    past.push({ before: JSON.stringify(NOTHING), at: null });
    wasSaved = kept.get(SAVED) !== null;
    if (wasSaved) saved = JSON.stringify(state);
    const lost = state.loose.length ? `; ${state.loose.length} of them not found in this text` : "";
    const what = `${counted(listEdits().length, "edit")}${lost}`;
    toast(wasSaved ? `What was saved is here again: ${what}.` : `Work that was not saved is here again: ${what}.`);
  } catch {
    kept.set(WORK, null); // not ours, or damaged
    kept.set(SAVED, null);
  }
}

function startOver() {
  if (!alter((now) => Object.assign(now, structuredClone(NOTHING)))) return;
  toast("All decisions are taken back. Undo (u) brings them back.");
  lookAgain();
}

/** Show the place anew when everything may have changed, unless somebody types there. */
function lookAgain() {
  if (!card.querySelector(".editor")) select(find(current) ? current : listed()[0]?.id ?? null);
}

function watchDrops() {
  let depth = 0;
  const show = (by) => {
    depth = Math.max(0, depth + by);
    element("drop").hidden = depth === 0;
  };
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  addEventListener("dragenter", (event) => hasFiles(event) && show(1));
  addEventListener("dragleave", (event) => hasFiles(event) && show(-1));
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    show(-depth);
    load(event.dataTransfer.files[0]);
  });
}

function showFiles() {
  element("save").textContent = isDirty() ? "Save •" : "Save";
  element("save").setAttribute("aria-label", isDirty() ? "Save: there are unsaved edits" : "Save");
  const isSaved = wasSaved && !isDirty();
  element("file-state").textContent = isSaved ? "Saved as" : "Will be saved as";
  element("file-name").textContent = isSaved ? fileName : (handle?.name ?? data.file);
  element("undo").disabled = !past.length;
  element("loose").hidden = !state.loose.length;
  const lines = state.loose.map((edit) => make("li", {}, make("q", {}, make("bdi", { text: edit.before || edit.speaker || "" })), ` → `, make("bdi", { text: edit.after || "–" })));
  element("loose-list").replaceChildren(...lines);
}

function watchFiles() {
  element("command").textContent = data.command;
  element("command-line").hidden = !data.command;
  element("save").addEventListener("click", save);
  element("download").addEventListener("click", download);
  element("clear").addEventListener("click", startOver);
  element("load").addEventListener("change", (event) => {
    load(event.target.files[0]);
    event.target.value = "";
  });
  addEventListener("beforeunload", (event) => {
    if (isDirty()) event.preventDefault();
  });
  watchDrops();
  listeners.push(showFiles);
}
