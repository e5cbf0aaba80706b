/** The Color tab: a drawing or a gray photograph takes colors from words and from painted dots. */

import { api, Fault, Opened, save } from "./api";
import { button, h, slider } from "./dom";
import { Hints } from "./hints";
import { Stage } from "./stage";

const PAINTS = [
  ["#d8342c", "Red"],
  ["#f08a24", "Orange"],
  ["#f5d033", "Yellow"],
  ["#3f9b45", "Green"],
  ["#2f6fd0", "Blue"],
  ["#8147b5", "Purple"],
  ["#8a5a34", "Brown"],
  ["#f4f4f4", "White"],
];

const FORMATS = [
  ["png", "PNG"],
  ["psd", "Photoshop"],
  ["ora", "OpenRaster"],
  ["layer", "Color layer alone"],
];

type Mode = "color" | "chroma";

export class Coloring {
  readonly element: HTMLElement;
  readonly words: HTMLInputElement;
  private readonly stage: Stage;
  private readonly empty: HTMLElement;
  private readonly mode: HTMLSelectElement;
  private readonly job = h("div", { class_: "refine" });
  private readonly saving = h("div", { class_: "buttons", hidden: true });
  private readonly swatches = h("div", { class_: "swatches paints", role: "group", "aria-label": "Color of the brush" });
  private readonly anyColor: HTMLInputElement;
  private readonly undoDot: HTMLButtonElement;
  private readonly clearDots: HTMLButtonElement;
  private readonly eraser: HTMLButtonElement;
  private readonly table: HTMLElement;
  private readonly hints = new Hints();
  private session: Opened | null = null;
  private picture: ImageBitmap | null = null;
  private colored: ImageBitmap | null = null;
  private color = PAINTS[0][0];
  private erasing = false;
  private split = 0;
  private seed = 0;
  private running: { job: string; stop: () => void } | null = null;
  private planned = false;

  constructor(
    choose: () => void,
    private readonly say: (message: string, kind?: "fault" | "note") => void,
  ) {
    this.stage = new Stage({
      move: () => undefined,
      select: () => undefined,
      paint: (x, y, settled) => this.paint(x, y, settled),
      split: (share) => {
        this.split = share;
        this.stage.setSplit(share);
        this.draw();
      },
    });
    this.stage.painting = true;
    this.stage.brushSize = 24;
    this.stage.keyboardPaints();
    this.stage.element.tabIndex = 0;
    this.words = h("input", {
      type: "text",
      placeholder: "a red sneaker with a white sole",
      autocomplete: "off",
      maxlength: 400,
      enterkeyhint: "go",
      "aria-label": "What the drawing shows, with its colors",
    });
    const form = h("form", { class_: "say", onsubmit: (event: SubmitEvent) => void this.start(event) }, this.words);
    form.append(h("button", { type: "submit", class_: "primary", title: "Color it (Enter)" }, "Color"));
    this.mode = h("select", { "aria-label": "Kind of picture" }, h("option", { value: "color" }, "Drawing: colors under its lines"), h("option", { value: "chroma" }, "Gray photo: its lightness stays"));

    this.anyColor = h("input", { type: "color", value: PAINTS[0][0], "aria-label": "Any color", title: "Any color" });
    this.anyColor.addEventListener("input", () => this.choose(this.anyColor.value));
    for (const [color, name] of PAINTS) {
      const swatch = h("button", { type: "button", title: name, "aria-label": name });
      swatch.style.setProperty("--color", color);
      swatch.dataset.color = color;
      swatch.addEventListener("click", () => this.choose(color));
      this.swatches.append(swatch);
    }
    this.swatches.append(this.anyColor);
    const size = slider("Brush size", { min: 2, max: 200, step: 1, value: 24, neutral: 24 }, (value) => `${value} px`, (value) => (this.stage.brushSize = value));
    this.eraser = button("Eraser", { icon: "eraser", text: true }, () => {
      this.erasing = !this.erasing;
      this.update();
    });
    this.undoDot = button("Undo dot", { icon: "undo", text: true }, () => this.undo());
    this.clearDots = button("Clear", { text: true, title: "Take all dots away" }, () => {
      this.hints.clear();
      this.draw();
      this.update();
    });
    for (const [format, title] of FORMATS) this.saving.append(button(title, { text: true, title: `Save as ${title}` }, () => void this.save(format)));

    const below = h("div", { class_: "below" }, h("span", { "aria-hidden": "true" }, "Before"), this.stage.compare, h("span", { "aria-hidden": "true" }, "After"), h("span", { class_: "gap" }), button("Another drawing", { icon: "open", text: true }, choose));
    const panel = h(
      "aside",
      { class_: "panel", "aria-label": "Color" },
      form,
      this.mode,
      this.job,
      h("section", {}, h("h2", {}, "Dots of color"), h("p", { class_: "hint" }, "Paint where the words leave a choice. What you paint stays as it is."), this.swatches, size.element, h("div", { class_: "buttons" }, this.eraser, this.undoDot, this.clearDots)),
      h("section", {}, h("h2", {}, "Save"), this.saving),
    );
    this.table = h("div", { class_: "table-view", hidden: true }, h("div", { class_: "work" }, this.stage.element, below), panel);
    this.empty = h(
      "div",
      { class_: "start-view" },
      h("div", { class_: "orb tints", "aria-hidden": "true" }),
      h("h1", {}, "Color a drawing."),
      h("p", {}, "Drop a line drawing or a gray photograph here. Say what it shows, or dab some colors on it."),
      button("Choose a drawing", { icon: "open", text: true, class_: "primary" }, choose),
    );
    this.element = h("main", { class_: "tab", hidden: true }, this.empty, this.table);
    this.update();
  }

  async open(blob: Blob, name: string): Promise<void> {
    const session = await api.open(blob, name, "color");
    const picture = await createImageBitmap(await api.preview(session.id));
    this.close();
    this.session = session;
    this.picture = picture;
    this.stage.open(session.preview);
    this.hints.open(session.preview);
    this.empty.hidden = true;
    this.table.hidden = false;
    this.draw();
    this.update();
    this.words.focus({ preventScroll: true });
  }

  undo(): void {
    this.hints.undo();
    this.draw();
    this.update();
  }

  close(): void {
    this.running?.stop();
    this.running = null;
    if (this.session !== null) api.close(this.session.id);
    this.session = null;
    this.colored?.close();
    this.colored = null;
  }

  private choose(color: string): void {
    this.color = color;
    this.erasing = false;
    this.update();
  }

  private paint(x: number, y: number, settled: boolean): void {
    this.hints.stroke(x, y, this.stage.brushSize, this.erasing ? null : this.color, settled);
    this.draw();
    if (settled) this.update();
  }

  private async start(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.session === null || this.running !== null) return;
    const words = this.words.value.trim();
    if (words === "") {
      this.say("Say what the drawing shows, with its colors: “a red apple with a green leaf”.", "note");
      this.words.focus();
      return;
    }
    const { id } = this.session;
    try {
      const { job } = await api.color(id, { words, mode: this.mode.value as Mode, seed: this.seed, hints: await this.hints.base64() });
      const stop = api.follow(id, job, (event) => {
        if (event.kind === "step") this.progress(event.index / event.total);
        else if (event.kind === "done") void this.take(id).catch((error: Fault) => this.say(error.message));
        else if (event.kind === "failed") this.say(event.message);
        if (event.kind === "end" || event.kind === "failed") {
          this.running = null;
          this.update();
        }
      }, (lost) => this.tell(lost ? "Connection lost; it goes on by itself…" : "Coloring…"));
      this.running = { job, stop };
      this.update();
    } catch (error) {
      this.say((error as Error).message);
    }
  }

  private async take(id: string): Promise<void> {
    const { blob } = await api.colored(id, "preview");
    const colored = await createImageBitmap(blob);
    if (this.session?.id !== id) return colored.close();
    this.colored?.close();
    this.colored = colored;
    this.seed += 1; // another try gives other colors
    this.draw();
    this.update();
  }

  private async save(format: string): Promise<void> {
    if (this.session === null) return;
    try {
      const { blob, name } = await api.colored(this.session.id, format);
      save(blob, name);
      this.say(`${name} is in your downloads.`, "note");
    } catch (error) {
      this.say((error as Error).message);
    }
  }

  private draw(): void {
    if (this.planned) return;
    this.planned = true;
    requestAnimationFrame(() => {
      this.planned = false;
      const { canvas } = this.stage;
      const context = canvas.getContext("2d")!;
      const { width, height } = canvas;
      context.clearRect(0, 0, width, height);
      const before = Math.round(this.split * width);
      if (this.picture === null) return;
      context.drawImage(this.colored ?? this.picture, 0, 0, width, height);
      if (this.colored === null || this.split === 0) this.hints.draw(context);
      else if (before > 0) {
        context.clearRect(0, 0, before, height);
        context.drawImage(this.picture, 0, 0, before, height, 0, 0, before, height);
      }
    });
  }

  private progress(share: number): void {
    const bar = this.job.querySelector("progress");
    if (bar !== null) bar.value = share;
  }

  private tell(state: string): void {
    const shown = this.job.querySelector(".state");
    if (shown !== null) shown.textContent = state;
  }

  private update(): void {
    const { hints, running } = this;
    for (const swatch of this.swatches.querySelectorAll("button")) swatch.setAttribute("aria-pressed", String(!this.erasing && swatch.dataset.color === this.color));
    this.anyColor.value = this.color;
    this.eraser.setAttribute("aria-pressed", String(this.erasing));
    this.undoDot.disabled = this.clearDots.disabled = hints.isEmpty;
    this.saving.hidden = this.colored === null;
    this.saving.parentElement!.hidden = this.colored === null;
    const state = running === null ? "idle" : "busy";
    if (this.job.dataset.state === state) return;
    this.job.dataset.state = state;
    this.job.replaceChildren();
    if (running !== null) {
      const cancel = button("Cancel", { text: true }, () => void api.cancel(this.session!.id, running.job).catch((error: Error) => this.say(error.message)));
      this.job.append(h("progress", { max: 1, value: 0, "aria-label": "Coloring" }), h("span", { class_: "state", role: "status" }, "Coloring…"), cancel);
    }
  }
}
