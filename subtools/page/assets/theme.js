// Runs before anything is drawn, so that no light page flashes up in the dark.
try {
  const kept = localStorage.getItem("subtools-theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
} catch {
  // storage may be forbidden; the system's choice holds then
}
