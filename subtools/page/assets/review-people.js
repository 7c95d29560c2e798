// What the speakers are called, changed where the name stands.

/** A name as a button; pressed, it can be typed anew. */
function makeName(speaker) {
  const button = make("button", { type: "button", className: "name", title: "Change this name everywhere", "data-speaker": String(speaker) }, make("bdi", { text: nameOf(speaker) }));
  button.addEventListener("click", () => openName(button, speaker));
  return button;
}

function openName(button, speaker) {
  const box = make("input", { type: "text", className: "name", value: nameOf(speaker), maxLength: 80, "aria-label": `New name of ${nameOf(speaker)}` });
  let isOver = false;
  const close = (isKept) => {
    if (isOver) return;
    isOver = true;
    const isFocused = document.activeElement === box;
    const isChanged = isKept && rename(speaker, box.value);
    box.replaceWith(button);
    if (isChanged) toast(`Called ${cleanName(box.value)} from now on.`);
    showPeople();
    showCard();
    if (isFocused) card.focus({ preventScroll: true });
  };
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") close(true);
    if (event.key === "Escape") close(false);
    event.stopPropagation();
  });
  box.addEventListener("blur", () => close(true));
  button.replaceWith(box);
  box.select();
}

function showPeople() {
  const rows = data.speakers.map(({ seconds, sample }, speaker) => {
    const hear = make("button", { type: "button", className: "icon", text: "▶", disabled: !sample, "aria-label": `Hear ${nameOf(speaker)}` });
    hear.addEventListener("click", () => playStretch(sample[0], Math.max(sample[1], sample[0] + 3000)));
    return make("li", {}, hear, makeName(speaker), make("span", { className: "share", text: clockText(seconds * 1000) }));
  });
  const added = newPeople().map((name) => make("li", {}, make("span", { className: "icon" }), makeName(name)));
  element("names").replaceChildren(...rows, ...added);
  element("people-count").textContent = String(rows.length + added.length);
  element("people").hidden = !rows.length && !added.length;
}

function nameSpeaker() {
  const button = card.querySelector("button.name");
  if (button) openName(button, speakerAt(lineOf(find(current))));
}

function watchPeople() {
  listeners.push(showPeople);
}
