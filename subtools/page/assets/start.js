// Everything set going.

function watchWords() {
  document.querySelector("main").addEventListener("click", (event) => {
    if (!getSelection().isCollapsed || event.target.closest("a")) return; // somebody selects text
    const word = event.target.closest(".timed");
    if (!word) return;
    const time = starts[word.dataset.word];
    jump(time);
    if (!clock.hasMedia) openSite(time);
  });
}

function watchButtons() {
  element("play").addEventListener("click", togglePlay);
  element("back").addEventListener("click", () => move(-LONG));
  element("ahead").addEventListener("click", () => move(LONG));
  element("mute").addEventListener("click", toggleMute);
  element("full").addEventListener("click", toggleFull);
  element("copy").addEventListener("click", copyMoment);
  element("speed").addEventListener("change", () => setSpeed(parseFloat(element("speed").value)));
}

/** Tell the style sheet how high the player is. */
function watchDock() {
  const measure = () => {
    document.documentElement.style.setProperty("--dock", `${dock.offsetHeight}px`);
  };
  new ResizeObserver(measure).observe(dock);
}

watchDock();
estimateHeights();
addEventListener("resize", estimateHeights);
watchPassages();
beginFollowing();
watchScrolling();
watchSearch();
watchTimeline();
watchDialogs();
watchButtons();
watchLinks();
watchWords();
watchKeys();
watchMedia();
drawTimeline();
followHash();
document.documentElement.dataset.ready = "true";
