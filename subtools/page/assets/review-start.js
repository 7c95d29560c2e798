// Everything set going.

function watchDock() {
  const dock = document.querySelector(".dock");
  const measure = () => document.documentElement.style.setProperty("--dock", `${dock.offsetHeight}px`);
  new ResizeObserver(measure).observe(dock);
}

card.lang = document.documentElement.dataset.language ?? "";
watchDock();
watchFiles();
watchList();
watchPeople();
watchTurns();
watchCard();
watchKeys();
watchMedia();
restore();
announce();
select((listed().find((item) => statusOf(item) === "open") ?? listed()[0])?.id ?? null);
document.documentElement.dataset.ready = "true";
