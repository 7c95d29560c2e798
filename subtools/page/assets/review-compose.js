// The edits file: each decision with the words around it, so that it finds its place again.

const anchored = (first, last, time) => ({
  time: time === null || time === undefined ? null : Math.round(time / 100) / 10,
  left: leftOf(first),
  before: textOf(first, last),
  right: rightOf(last),
});

function listEdits() {
  const found = [];
  for (const item of items) {
    const mark = markOf(item);
    if (!mark || (item.type === CORRECTION && isCovered(item))) continue;
    found.push({ at: item.first, edit: item.type === CORRECTION ? correctionEdit(item, mark) : checkedEdit(item) });
  }
  for (const { first, last, after, time } of state.edits) {
    found.push({ at: first, edit: { kind: "edit", ...anchored(first, last, time), after } });
  }
  found.sort((a, b) => a.at - b.at);
  const people = Object.entries(state.names).map(([speaker, after]) => {
    const { name, first, last, sample } = data.speakers[speaker];
    const { time, ...place } = anchored(first, last, sample && sample[0]);
    return { kind: "speaker", time, speaker: name, ...place, after };
  });
  return [...found.map(({ edit }) => edit), ...people, ...state.given.map(turnEdit), ...state.loose];
}

const LANDMARKS = 9;

/** Words from all over the talk with their times, which tell by how much another run has moved. */
function listLandmarks() {
  const spoken = clauses.filter(({ first, last, start }) => start !== null && last - first >= 6);
  const count = Math.min(LANDMARKS, spoken.length);
  return Array.from({ length: count }, (_, at) => {
    const { first, last, start } = spoken[Math.floor(((at + 0.5) * spoken.length) / count)];
    const { time, ...place } = anchored(first, Math.min(last, first + 20), start);
    return { kind: "landmark", time, ...place, after: "" };
  });
}

/** A correction that only puts something in is anchored by the character beside it. */
function correctionEdit(item, mark) {
  const after = mark.after ?? item.after;
  let [first, last] = [item.first, item.last];
  while (!textOf(first, last).trim() && first > 0) first--;
  while (!textOf(first, last).trim() && last < chars.length) last++;
  const whole = textOf(first, item.first) + after + textOf(item.last, last);
  return { kind: mark.kind, ...anchored(first, last, item.start), after: whole };
}

function checkedEdit(item) {
  const place = anchored(item.first, Math.min(item.last, item.first + 60), item.start);
  return { kind: "checked", ...place, after: place.before };
}

/** The edits file: one edit a line, the same for the same decisions. */
function composeFile() {
  const edits = listEdits();
  if (edits.length) edits.push(...listLandmarks());
  const lines = edits.map((edit) => `  ${JSON.stringify(edit)}`).join(",\n");
  const note = data.corrections ? `"corrections": ${JSON.stringify(data.corrections)},\n` : "";
  const head = `"format": "subtools-edits",\n"version": 1,\n"talk": ${JSON.stringify(data.talk)},\n${note}`;
  return `{\n${head}${lines ? `"edits": [\n${lines}\n]` : '"edits": []'}\n}\n`;
}
