/** The page: its start, its bar, its tabs, its keys. */

import "./style.css";
import { api, Config, Fault } from "./api";
import { Batch } from "./batch";
import { Coloring } from "./coloring";
import { button, h } from "./dom";
import { Panel } from "./panel";
import { Stage } from "./stage";
import { Studio } from "./studio";

const KEYS: [string, string][] = [
  ["Drag", "move the light, over the picture or on the ball"],
  ["Arrows", "move the light, when the ball has the focus (Shift: farther)"],
  ["L", "go to the ball"],
  ["W", "describe the light in words"],
  ["N", "add a light"],
  ["1 – 9", "choose a light"],
  ["Delete", "remove the chosen light"],
  ["R", "refine the chosen light"],
  ["B", "before and after"],
  ["C", "show what clips"],
  ["M", "brush of the mask: arrows move it, Space dabs; [ and ] change its size"],
  ["V", "show the mask"],
  ["+  −  0  .", "zoom in, out, whole picture, pixel for pixel"],
  ["Ctrl Z", "undo; with Shift, redo"],
  ["E", "export"],
];

async function start(): Promise<void> {
  const root = document.getElementById("app")!;
  let config: Config;
  try {
    config = await api.config();
  } catch (error) {
    root.append(h("p", { class_: "dead", role: "alert" }, (error as Fault).message));
    return;
  }

  const toast = h("div", { class_: "toast", role: "alert", hidden: true });
  let hiding = 0;
  const say = (message: string, kind: "fault" | "note" = "fault") => {
    toast.textContent = message;
    toast.className = `toast ${kind}`;
    toast.hidden = false;
    clearTimeout(hiding);
    hiding = window.setTimeout(() => (toast.hidden = true), kind === "note" ? 4500 : 9000);
  };

  const stage: Stage = new Stage({
    move: (azimuth, elevation, settled) => {
      if (studio.light === undefined) studio.addLight({ azimuth, elevation });
      else studio.editLight({ azimuth, elevation }, settled);
    },
    select: (id) => studio.select(id),
    paint: (x, y, settled) => studio.brushAt(x, y, settled),
    split: (share) => {
      studio.split = share;
      stage.setSplit(share);
      studio.draw(!studio.local, studio.local);
    },
  });
  stage.keyboardPaints();
  const studio: Studio = new Studio(config, stage, () => update(), say, (histogram) => panel.showHistogram(histogram));
  const panel = new Panel(studio, config, say);
  const batch = new Batch(config, () => (studio.session === null ? null : studio.scene), say);

  // The bar ---------------------------------------------------------------------------------
  const name = h("span", { class_: "name" });
  const undo = button("Undo", { icon: "undo", title: "Undo (Ctrl Z)" }, () => studio.undo());
  const redo = button("Redo", { icon: "redo", title: "Redo (Ctrl Shift Z)" }, () => studio.redo());
  const menuHolder = h("div", { class_: "menu-holder" });
  const exportButton = button("Export", { icon: "export", text: true, class_: "primary" }, () => toggleMenu());
  exportButton.setAttribute("aria-haspopup", "menu");
  menuHolder.append(exportButton);
  let menu: HTMLElement | null = null;
  const closeMenu = () => {
    if (menu === null) return;
    menu.remove();
    menu = null;
    exportButton.setAttribute("aria-expanded", "false");
    exportButton.focus();
  };
  const toggleMenu = () => {
    if (menu !== null) return closeMenu();
    menu = panel.exportMenu(closeMenu);
    menuHolder.append(menu);
    exportButton.setAttribute("aria-expanded", "true");
    menu.querySelector("button")?.focus();
    menu.addEventListener("keydown", (event) => {
      const items = [...menu!.querySelectorAll("button")];
      const at = items.indexOf(document.activeElement as HTMLButtonElement);
      if (event.key === "ArrowDown") items[(at + 1) % items.length].focus();
      else if (event.key === "ArrowUp") items[(at + items.length - 1) % items.length].focus();
      else if (event.key === "Escape") closeMenu();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  };
  document.addEventListener("pointerdown", (event) => {
    if (menu !== null && !menuHolder.contains(event.target as Node)) closeMenu();
  });

  const tabs: [string, HTMLElement][] = [];
  const tabBar = h("nav", { class_: "tabs", "aria-label": "Tabs" });
  const showTab = (chosen: string) => {
    for (const [title, element] of tabs) element.hidden = title !== chosen;
    for (const tab of tabBar.querySelectorAll("button")) {
      tab.setAttribute("aria-current", tab.textContent === chosen ? "page" : "false");
    }
    document.body.dataset.tab = chosen;
  };

  // The start -------------------------------------------------------------------------------
  const chooser = h("input", { type: "file", accept: "image/*,.heic,.tif,.tiff,.json", hidden: true, multiple: true, tabindex: -1, "aria-hidden": "true" });
  const busy = h("div", { class_: "busy", role: "status", hidden: true }, h("span", { class_: "pulse" }), h("span", {}, "Opening the picture…"));
  chooser.addEventListener("change", () => {
    void take([...(chooser.files ?? [])]);
    chooser.value = "";
  });
  const samples = h("div", { class_: "samples" });
  for (const { file, title } of config.samples) {
    const sample = h("button", { type: "button", "aria-label": `Sample: ${title}` }, h("img", { src: `api/samples/${file}`, alt: "", loading: "lazy" }), h("span", {}, title));
    sample.addEventListener("click", () => void opening(() => studio.openSample(file)));
    samples.append(sample);
  }
  const startView = h(
    "main",
    { class_: "start-view" },
    h("div", { class_: "orb", "aria-hidden": "true" }),
    h("h1", {}, "Move the light."),
    h("p", {}, "Drop a picture here. Then drag the light around, or say where it should come from."),
    button("Choose a picture", { icon: "open", text: true, class_: "primary" }, () => chooser.click()),
    h("p", { class_: "or" }, "or try one of these"),
    samples,
    h("p", { class_: "small" }, `Pictures stay on this machine. Up to ${config.upload_mb} MB.`),
  );

  // The light table -------------------------------------------------------------------------
  const zoomLabel = h("button", { type: "button", class_: "bare zoom", title: "Zoom; press for the whole picture (0)" });
  zoomLabel.addEventListener("click", () => stage.fitWhole());
  stage.onZoom = () => (zoomLabel.textContent = `${stage.percent} %`);
  const clipping = button("Show what clips", { icon: "warn", title: "Show what clips (C)" }, () => toggleClipping());
  const toggleClipping = () => {
    studio.clipping = !studio.clipping;
    clipping.setAttribute("aria-pressed", String(studio.clipping));
    studio.draw(false);
  };
  const below = h(
    "div",
    { class_: "below" },
    h("span", { "aria-hidden": "true" }, "Before"),
    stage.compare,
    h("span", { "aria-hidden": "true" }, "After"),
    h("span", { class_: "gap" }),
    clipping,
    button("Pixel for pixel", { text: true, class_: "bare", title: "Pixel for pixel (.)" }, () => stage.toPixels()),
    zoomLabel,
  );
  below.querySelectorAll("button")[1].firstElementChild!.textContent = "1:1";
  const table = h("main", { class_: "table-view" }, h("div", { class_: "work" }, stage.element, below), panel.element);
  if (!studio.local) {
    clipping.hidden = true;
    stage.compare.disabled = true;
    below.prepend(h("span", { class_: "server" }, "This browser has no WebGL 2: the studio's server mixes the light."));
  }
  const lightTab = h("div", { class_: "tab" }, startView, table);
  const coloring = new Coloring(() => drawings.click(), say);
  const drawings = h("input", { type: "file", accept: "image/*,.heic,.tif,.tiff", hidden: true, tabindex: -1, "aria-hidden": "true" });
  drawings.addEventListener("change", () => {
    if (drawings.files?.[0] !== undefined) void drawing(drawings.files[0]);
    drawings.value = "";
  });
  tabs.push(["Light", lightTab]);
  if (config.colors) tabs.push(["Color", coloring.element]);
  tabs.push(["Batch", batch.element]);
  for (const [title] of tabs) tabBar.append(button(title, { text: true, class_: "tab-button" }, () => showTab(title)));

  // Keys ------------------------------------------------------------------------------------
  const keys = h("dialog", { class_: "keys", "aria-label": "Keys" }, h("h2", {}, "Keys"));
  const list = h("dl", {});
  for (const [key, does] of KEYS) list.append(h("dt", {}, key), h("dd", {}, does));
  keys.append(list, button("Close", { text: true }, () => keys.close()));

  for (const only of [name, undo, redo, menuHolder]) only.classList.add("for-light");
  const another = button("Open another picture", { icon: "open", title: "Open another picture (O)", class_: "bare for-light" }, () => chooser.click());
  const bar = h(
    "header",
    { class_: "bar" },
    h("span", { class_: "brand" }, h("span", { class_: "mark", "aria-hidden": "true" }), "Lasagna"),
    tabBar,
    name,
    h("span", { class_: "gap" }),
    undo,
    redo,
    button("Keys", { icon: "help", title: "Keys (?)" }, () => keys.showModal()),
    another,
    menuHolder,
  );
  const veil = h("div", { class_: "veil", hidden: true, "aria-hidden": "true" }, h("span", {}, "Drop it"));
  root.append(bar, ...tabs.map(([, element]) => element), chooser, drawings, busy, toast, veil, keys);

  let last: boolean | null = null;
  function update(): void {
    const open = studio.session !== null;
    name.textContent = studio.session?.name ?? "";
    undo.disabled = !studio.canUndo;
    redo.disabled = !studio.canRedo;
    if (open !== last) {
      startView.hidden = open;
      table.hidden = !open;
      for (const element of bar.querySelectorAll<HTMLElement>("button:not(.tab-button)")) element.hidden = !open && element.title !== "Keys (?)";
      last = open;
    }
    panel.update();
  }

  async function opening(work: () => Promise<void>): Promise<void> {
    busy.hidden = false;
    try {
      await work();
      stage.fitWhole();
      toast.hidden = true;
      showTab("Light");
      panel.words.focus({ preventScroll: true });
    } catch (error) {
      say(error instanceof Fault ? error.message : "The browser could not show this picture.");
    } finally {
      busy.hidden = true;
    }
  }

  async function drawing(file: File): Promise<void> {
    busy.hidden = false;
    try {
      await coloring.open(file, file.name);
      toast.hidden = true;
    } catch (error) {
      say(error instanceof Fault ? error.message : "The browser could not show this picture.");
    } finally {
      busy.hidden = true;
    }
  }

  async function take(files: File[]): Promise<void> {
    const sessions = files.filter((file) => /\.json$/i.test(file.name));
    const skies = files.filter((file) => /\.(hdr|exr)$/i.test(file.name));
    const pictures = files.filter((file) => !sessions.includes(file) && !skies.includes(file));
    if (pictures.length > 1) {
      batch.add(pictures);
      showTab("Batch");
      return;
    }
    if (pictures.length === 1) {
      if (pictures[0].size > config.upload_mb * 2 ** 20) {
        say(`“${pictures[0].name}” is larger than ${config.upload_mb} MB. Save it smaller and open it again.`);
        return;
      }
      await opening(() => studio.open(pictures[0], pictures[0].name));
    }
    try {
      if (sessions.length > 0) {
        let document: unknown;
        try {
          document = JSON.parse(await sessions[0].text());
        } catch {
          throw new Fault("This file is no session of the studio.", 0);
        }
        await studio.reopen(document);
        say("The session is open again.", "note");
      }
      if (skies.length > 0) {
        if (studio.session === null) throw new Fault("Open a picture first, then the environment that lights it.", 0);
        await panel.chooseEnvironment(skies[0]);
      }
    } catch (error) {
      say((error as Error).message);
    }
  }

  let inside = 0;
  document.addEventListener("dragenter", (event) => {
    event.preventDefault();
    inside += 1;
    veil.hidden = false;
  });
  document.addEventListener("dragleave", () => {
    inside -= 1;
    if (inside <= 0) veil.hidden = true;
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    inside = 0;
    veil.hidden = true;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (document.body.dataset.tab === "Batch") batch.add(files);
    else if (document.body.dataset.tab === "Color" && files.length > 0) void drawing(files[0]);
    else void take(files);
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) void take(files);
  });

  const splits = () => {
    const share = studio.split > 0 ? 0 : 0.5;
    studio.split = share;
    stage.setSplit(share);
    studio.draw(false);
  };
  const actions: Record<string, () => void> = {
    l: () => panel.ball.focus(),
    w: () => panel.words.select(),
    n: () => studio.addLight({ azimuth: 125, elevation: 0 }),
    r: () => void panel.refineNow(),
    b: splits,
    c: toggleClipping,
    v: () => panel.showMask(!studio.showMask),
    m: () => {
      panel.setBrush(studio.painting ? null : "add");
      if (studio.painting) stage.element.focus();
    },
    e: toggleMenu,
    o: () => chooser.click(),
    "[": () => (stage.brushSize = Math.max(4, stage.brushSize / 1.25)),
    "]": () => (stage.brushSize = Math.min(400, stage.brushSize * 1.25)),
    "+": () => stage.zoomBy(1.25),
    "=": () => stage.zoomBy(1.25),
    "-": () => stage.zoomBy(0.8),
    "0": () => stage.fitWhole(),
    ".": () => stage.toPixels(),
    delete: () => studio.selected !== null && studio.removeLight(studio.selected),
    "?": () => keys.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    const typing = target.matches("input[type=text], select, textarea");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !typing) {
      event.preventDefault();
      if (document.body.dataset.tab === "Color") coloring.undo();
      else if (event.shiftKey) studio.redo();
      else studio.undo();
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    if (event.key === "?") keys.showModal();
    if (studio.session === null || document.body.dataset.tab !== "Light") return;
    if (/^[1-9]$/.test(event.key)) {
      const light = studio.scene.lights[Number(event.key) - 1];
      if (light !== undefined) studio.select(light.id);
      return;
    }
    const action = actions[event.key.toLowerCase()];
    if (action === undefined || event.key === "?") return;
    event.preventDefault();
    action();
  });
  window.addEventListener("online", () => studio.draw(true));

  showTab("Light");
  update();
  await studio.resume();
}

void start();
