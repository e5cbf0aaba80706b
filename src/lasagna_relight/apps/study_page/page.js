// One rater's way through a study. A choice is repeated until the server says that it is kept;
// repeating is harmless, for the server keeps one vote for each rater and question.
"use strict";

const RETRY_MS = [200, 500, 1000, 2000, 4000];
const byId = (name) => document.getElementById(name);
let current = null;
let shownAt = 0;

function raterName() {
  let name = localStorage.getItem("rater");
  if (!name) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    name = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    localStorage.setItem("rater", name);
  }
  return name;
}

async function ask(path, body) {
  for (let tries = 0; ; tries += 1) {
    try {
      const options = body && {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      };
      const answer = await fetch(path, options || {});
      if (answer.ok || (answer.status >= 400 && answer.status < 500)) {
        byId("trouble").hidden = true;
        return { ok: answer.ok, ...(await answer.json()) };
      }
    } catch (error) {
      // no server at the moment: try again below
    }
    byId("trouble").hidden = false;
    const wait = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)];
    await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random())));
  }
}

function show(section) {
  for (const name of ["welcome", "ask", "done"]) byId(name).hidden = name !== section;
}

function loaded(image, address) {
  return new Promise((resolve) => {
    let tries = 0;
    image.onload = () => resolve();
    image.onerror = () => {
      tries += 1;
      setTimeout(() => { image.src = `${address}?${tries}`; }, 500);
    };
    image.src = address;
  });
}

async function present(state) {
  if (state.done) {
    current = null;
    show("done");
    return;
  }
  const { question } = state;
  byId("progress").textContent = `${state.position + 1} of ${state.total}`;
  byId("filled").style.width = `${(100 * state.position) / state.total}%`;
  byId("words").textContent = question.words;
  show("ask");
  const places = [byId("source"), byId("left").firstElementChild, byId("right").firstElementChild];
  const addresses = [question.source, question.left, question.right];
  await Promise.all(places.map((place, index) => loaded(place, addresses[index])));
  for (const side of ["left", "right"]) {
    byId(side).classList.remove("chosen");
    byId(side).disabled = false;
  }
  current = question;
  shownAt = performance.now();
}

async function choose(side) {
  if (!current) return;
  const { item } = current;
  current = null;
  byId(side).classList.add("chosen");
  for (const name of ["left", "right"]) byId(name).disabled = true;
  const milliseconds = Math.round(performance.now() - shownAt);
  localStorage.setItem("pending", JSON.stringify({ item, side, milliseconds }));
  await send();
}

async function send() {
  const choice = JSON.parse(localStorage.getItem("pending"));
  const state = await ask("api/vote", { rater: raterName(), ...choice });
  localStorage.removeItem("pending");
  if (state.ok) {
    document.dispatchEvent(new CustomEvent("kept", { detail: choice }));
    await present(state);
  } else {
    await begin();
  }
}

async function begin() {
  if (localStorage.getItem("pending")) {
    await send();
    return;
  }
  const state = await ask(`api/next?rater=${raterName()}`);
  if (state.joined) {
    await present(state);
    return;
  }
  byId("title").textContent = state.title;
  byId("consent").textContent = state.consent;
  show("welcome");
}

byId("agree").addEventListener("click", async () => {
  byId("agree").disabled = true;
  await present(await ask("api/join", { rater: raterName() }));
});
byId("left").addEventListener("click", () => choose("left"));
byId("right").addEventListener("click", () => choose("right"));
document.addEventListener("keydown", (event) => {
  if (event.repeat) return;
  if (event.key === "ArrowLeft") choose("left");
  if (event.key === "ArrowRight") choose("right");
});
begin();
