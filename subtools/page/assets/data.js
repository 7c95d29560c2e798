// What the page knows: times of words as numbers, and how to find one fast.

const element = (id) => document.getElementById(id);
const data = JSON.parse(element("data").textContent);
const wordCount = data.lengths.length;
const starts = new Float64Array(wordCount); // seconds; NaN: not known
const ends = new Float64Array(wordCount);
readTimes();
const timed = sortTimed(); // indices of words with a time, by time
const speakers = data.speakers;
const turns = readTurns();
const topicStarts = data.topics.map((start) => start / 1000);

function readTimes() {
  let clock = 0;
  for (let word = 0; word < wordCount; word++) {
    const known = data.gaps[word] !== null;
    const start = clock + data.gaps[word];
    starts[word] = known ? start / 1000 : NaN;
    if (known) clock = start + data.lasts[word];
    ends[word] = known ? clock / 1000 : NaN;
  }
}

function sortTimed() {
  const found = [];
  for (let word = 0; word < wordCount; word++) if (starts[word] === starts[word]) found.push(word);
  return Uint32Array.from(found.sort((a, b) => starts[a] - starts[b]));
}

function readTurns() {
  const found = [];
  for (let at = 0; at < data.turns.length; at += 3) {
    const [speaker, start, end] = data.turns.slice(at, at + 3);
    found.push({ speaker, start: start / 1000, end: end / 1000 });
  }
  return found;
}

/** Number of items, in order, for which `isBefore(index)` holds. */
function bisect(length, isBefore) {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The word that is spoken at a time, or was last; -1 before the first. */
function wordAt(time) {
  const count = bisect(timed.length, (at) => starts[timed[at]] <= time + 0.001);
  return count ? timed[count - 1] : -1;
}

/** The topic at a time; -1 before the first. */
function topicAt(time) {
  return bisect(topicStarts.length, (at) => topicStarts[at] <= time + 0.001) - 1;
}

/** 754.2 as 12:34, as `timecode.compose_clock` does. */
function clockText(time) {
  const whole = Math.floor(Math.max(0, time));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60), whole % 60];
  return hours ? `${hours}:${two(minutes % 60)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

const kept = {
  get(name) {
    try {
      return localStorage.getItem(`subtools-${name}`);
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`subtools-${name}`, value);
    } catch {
      // storage may be forbidden; the choice then lasts as long as the page
    }
  },
};
