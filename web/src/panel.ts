/** The controls beside the picture. */

import { Ball } from "./ball";
import { api, Config, Fault, save } from "./api";
import { button, h, icon, slider } from "./dom";
import { Histogram } from "./renderer";
import { placeOf } from "./scene";
import { Studio } from "./studio";

const GELS = [
  ["#ffffff", "White"],
  ["#ffd2a1", "Warm"],
  ["#ff9a3c", "Candle"],
  ["#cfe1ff", "Cool"],
  ["#6b9bff", "Blue"],
  ["#ff6bea", "Magenta"],
];

const FORMATS = [
  ["psd", "Photoshop", "layers, 16 bit"],
  ["ora", "OpenRaster", "layers for Krita, GIMP"],
  ["png", "PNG", "16 bit"],
  ["tiff", "TIFF", "16 bit"],
  ["jpeg", "JPEG", "to share"],
  ["npz", "NPZ", "numbers"],
];

const percent = (value: number) => `${Math.round(100 * value)} %`;
const stops = (value: number) => `${value > 0 ? "+" : ""}${value.toFixed(1)} EV`;

export class Panel {
  readonly element: HTMLElement;
  readonly words: HTMLInputElement;
  readonly ball: Ball;
  private readonly chips = h("div", { class_: "chips", role: "group", "aria-label": "Lights" });
  private readonly place = h("div", { class_: "place", "aria-live": "polite" });
  private readonly ownControls = h("div", { class_: "own" });
  private readonly refine = h("div", { class_: "refine" });
  private readonly environment = h("div", { class_: "environment" });
  private readonly histogram = h("canvas", { width: 512, height: 96, role: "img", "aria-label": "Histogram" });
  private readonly clipped = h("p", { class_: "clipped", "aria-live": "polite" });
  private readonly sliders: Record<string, { element: HTMLElement; set: (value: number) => void }>;
  private readonly swatches: HTMLElement;
  private readonly anyColor: HTMLInputElement;
  private readonly recipe: HTMLSelectElement;
  private panorama: File | null = null;
  private maskButtons: Record<string, HTMLButtonElement> = {};
  private readonly brushControls: HTMLElement;

  constructor(
    private readonly studio: Studio,
    config: Config,
    private readonly say: (message: string, kind?: "fault" | "note") => void,
  ) {
    this.ball = new Ball({
      select: (id) => studio.select(id),
      move: (azimuth, elevation, settled) => studio.editLight({ azimuth, elevation }, settled),
    });
    this.words = h("input", {
      type: "text",
      id: "words",
      placeholder: "warm light from the upper left",
      autocomplete: "off",
      maxlength: 400,
      enterkeyhint: "go",
      "aria-label": "Describe the light",
    });
    const form = h("form", { class_: "say", onsubmit: (event: SubmitEvent) => void this.saidLight(event) }, this.words);
    form.append(h("button", { type: "submit", title: "Set the light (Enter)" }, "Set"));

    const own = (name: string, min: number, max: number, neutral: number, key: "intensity" | "softness") =>
      slider(name, { min, max, step: 0.01, value: neutral, neutral }, percent, (value, settled) =>
        studio.editLight({ [key]: value }, settled),
      );
    const whole = (
      name: string,
      key: "fill" | "exposure" | "strength" | "shading" | "lighting",
      min: number,
      max: number,
      neutral: number,
      show = percent,
    ) =>
      slider(name, { min, max, step: key === "exposure" ? 0.1 : 0.01, value: neutral, neutral }, show, (value, settled) =>
        studio.edit((scene) => {
          scene[key] = value;
        }, settled),
      );
    this.sliders = {
      intensity: own("Intensity", 0, 3, 1, "intensity"),
      softness: own("Softness", 0, 1, 0.15, "softness"),
      fill: whole("Fill", "fill", 0, 1.5, 0.1),
      exposure: whole("Exposure", "exposure", -2, 2, 0, stops),
      strength: whole("Strength", "strength", 0, 2, 1),
      shading: whole("Shading layer", "shading", 0, 1, 1),
      lighting: whole("Lighting layer", "lighting", 0, 1, 1),
    };

    this.anyColor = h("input", { type: "color", value: "#ffffff", "aria-label": "Any color", title: "Any color" });
    this.anyColor.addEventListener("input", () => this.setColor(this.anyColor.value, false));
    this.anyColor.addEventListener("change", () => this.setColor(this.anyColor.value, true));
    this.swatches = h("div", { class_: "swatches", role: "group", "aria-label": "Color of the light" });
    for (const [color, name] of GELS) {
      const swatch = h("button", { type: "button", title: name, "aria-label": name });
      swatch.style.setProperty("--color", color);
      swatch.dataset.color = color;
      swatch.addEventListener("click", () => this.setColor(color, true));
      this.swatches.append(swatch);
    }
    this.swatches.append(this.anyColor);

    this.recipe = h("select", { "aria-label": "How to refine" });
    for (const { name, summary } of config.recipes) this.recipe.append(h("option", { value: name, title: summary }, name));

    this.ownControls.append(this.sliders.intensity.element, this.sliders.softness.element, this.swatches, this.refine);
    this.brushControls = this.brushPart();
    this.element = h(
      "aside",
      { class_: "panel", "aria-label": "Light" },
      form,
      this.ball.element,
      this.place,
      this.chips,
      this.ownControls,
      h("section", {}, this.sliders.fill.element, this.environment),
      folded("Picture", true, this.histogram, this.clipped, this.sliders.exposure.element, this.sliders.strength.element, this.sliders.shading.element, this.sliders.lighting.element),
      folded("Mask", false, this.maskPart(), this.brushControls),
    );
    this.update();
  }

  update(): void {
    const { studio } = this;
    const { scene } = studio;
    this.ball.show(scene, studio.selected);
    const light = studio.light;
    this.place.textContent = light === undefined ? "No light. Add one, or describe it." : placeOf(light.azimuth, light.elevation);
    this.ownControls.hidden = light === undefined;
    if (light !== undefined) {
      this.sliders.intensity.set(light.intensity);
      this.sliders.softness.set(light.softness);
      this.anyColor.value = light.color;
      for (const swatch of this.swatches.querySelectorAll("button")) {
        swatch.setAttribute("aria-pressed", String(swatch.dataset.color === light.color));
      }
    }
    for (const key of ["fill", "exposure", "strength", "shading", "lighting"] as const) this.sliders[key].set(scene[key]);
    this.updateChips();
    this.updateRefine();
    this.updateEnvironment();
    this.updateMask();
  }

  showHistogram({ bins, white, black }: Histogram): void {
    const context = this.histogram.getContext("2d")!;
    const { width, height } = this.histogram;
    context.clearRect(0, 0, width, height);
    context.globalCompositeOperation = "lighter";
    const most = Math.max(...[0, 1, 2].map((c) => Math.max(...bins.subarray(64 * c + 1, 64 * c + 63))), 1);
    ["#a83232", "#2f8a3c", "#3355b8"].forEach((color, c) => {
      context.fillStyle = color;
      context.beginPath();
      context.moveTo(0, height);
      for (let i = 0; i < 64; i += 1) {
        const level = height * Math.min(1, Math.sqrt(bins[64 * c + i] / most));
        context.lineTo(((i + 0.5) * width) / 64, height - level);
      }
      context.lineTo(width, height);
      context.fill();
    });
    context.globalCompositeOperation = "source-over";
    const parts: string[] = [];
    if (white > 0.002) parts.push(`${(100 * white).toFixed(1)} % blown out`);
    if (black > 0.01) parts.push(`${(100 * black).toFixed(1)} % black`);
    this.clipped.textContent = parts.join(" · ");
  }

  async chooseEnvironment(file: File): Promise<void> {
    this.panorama = file;
    await this.project(0);
  }

  async refineNow(): Promise<void> {
    await this.studio.refine(this.recipe.value).catch((error: Fault) => this.say(error.message));
  }

  exportMenu(close: () => void): HTMLElement {
    const menu = h("div", { class_: "menu", role: "menu", "aria-label": "Export" });
    for (const [format, title, about] of FORMATS) {
      const item = h("button", { type: "button", role: "menuitem" }, h("b", {}, title), h("span", {}, about));
      item.dataset.format = format;
      item.addEventListener("click", () => {
        close();
        void this.export(format, title);
      });
      menu.append(item);
    }
    const session = h("button", { type: "button", role: "menuitem" }, h("b", {}, "Session"), h("span", {}, "small, reopens here"));
    session.dataset.format = "session";
    session.addEventListener("click", () => {
      close();
      void this.saveSession();
    });
    menu.append(session);
    return menu;
  }

  private async export(format: string, title: string): Promise<void> {
    this.say(`Writing the ${title} at full size…`, "note");
    try {
      const { blob, name } = await this.studio.withSession((id) => api.export(id, this.studio.scene, format));
      save(blob, name);
      this.say(`${name} is in your downloads.`, "note");
    } catch (error) {
      this.say((error as Error).message);
    }
  }

  private async saveSession(): Promise<void> {
    const document = await this.studio.saved();
    const name = `${document.picture.name.replace(/\.[^.]*$/, "")}.lasagna.json`;
    save(new Blob([JSON.stringify(document)], { type: "application/json" }), name);
    this.say(`${name} is in your downloads. Drop it on this picture to go on.`, "note");
  }

  private async saidLight(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const words = this.words.value.trim();
    if (words === "") return;
    this.words.setAttribute("aria-invalid", "false");
    try {
      const light = await api.words(words);
      if (this.studio.light === undefined) this.studio.addLight(light);
      else this.studio.editLight(light, true);
    } catch (error) {
      this.words.setAttribute("aria-invalid", "true");
      this.say((error as Error).message);
    }
  }

  private setColor(color: string, settled: boolean): void {
    if (color === "#000000") {
      this.say("A black light gives no light. Choose a color, or take the intensity down.", "note");
      this.update();
      return;
    }
    this.studio.editLight({ color }, settled);
  }

  private updateChips(): void {
    const { studio } = this;
    const chips: HTMLElement[] = studio.scene.lights.map((light, index) => {
      const chosen = light.id === studio.selected;
      const name = `Light ${index + 1}`;
      const dot = h("i", {});
      dot.style.setProperty("--color", light.color);
      const pick = h("button", { type: "button", class_: "pick", "aria-pressed": String(chosen) }, dot, name);
      if (light.refined !== null) pick.append(h("em", { title: "refined" }, "refined"));
      pick.addEventListener("click", () => studio.select(light.id));
      const chip = h("span", { class_: `chip${chosen ? " chosen" : ""}${light.on ? "" : " off"}` }, pick);
      if (chosen) {
        chip.append(
          button(light.on ? `Switch ${name} off` : `Switch ${name} on`, { icon: "eye" }, () =>
            studio.editLight({ on: !light.on }, true),
          ),
          button(`Remove ${name}`, { icon: "close" }, () => studio.removeLight(light.id)),
        );
      }
      return chip;
    });
    chips.push(button("Add a light", { icon: "plus", class_: "bare add" }, () => studio.addLight({ azimuth: 125, elevation: 0 })));
    const focused = document.activeElement instanceof HTMLElement && this.chips.contains(document.activeElement) ? [...this.chips.querySelectorAll("button")].indexOf(document.activeElement as HTMLButtonElement) : -1;
    this.chips.replaceChildren(...chips);
    if (focused >= 0) this.chips.querySelectorAll("button")[focused]?.focus();
  }

  private updateRefine(): void {
    const { refining, light } = this.studio;
    if (refining === null) {
      if (this.refine.dataset.state !== "idle") {
        this.refine.dataset.state = "idle";
        const start = button("Refine this light", { text: true, title: "Solve this light more carefully (R)" }, () => void this.refineNow());
        start.classList.add("start");
        this.refine.replaceChildren(start, this.recipe);
      }
      return;
    }
    if (this.refine.dataset.state !== "busy") {
      this.refine.dataset.state = "busy";
      this.refine.replaceChildren(
        h("progress", { max: 1, "aria-label": "Refinement" }),
        h("span", { class_: "state", role: "status" }),
        button("Cancel", { text: true }, () => void this.studio.cancel().catch((error: Error) => this.say(error.message))),
      );
    }
    const bar = this.refine.querySelector("progress")!;
    const state = this.refine.querySelector(".state")!;
    if (refining.total > 0) bar.value = refining.index / refining.total;
    else bar.removeAttribute("value");
    const passed = (performance.now() - refining.started) / 1000;
    const left = refining.index > 0 ? (passed * (refining.total - refining.index)) / refining.index : NaN;
    const index = this.studio.scene.lights.findIndex(({ id }) => id === refining.light);
    const whose = light?.id === refining.light ? "" : `Light ${index + 1}: `;
    if (refining.lost) state.textContent = "Connection lost; it goes on by itself…";
    else if (refining.waiting || refining.total === 0) state.textContent = `${whose}Waiting for its turn…`;
    else state.textContent = `${whose}step ${refining.index} of ${refining.total}${Number.isFinite(left) ? `, ${Math.ceil(left)} s left` : ""}`;
  }

  private updateEnvironment(): void {
    const { environment } = this.studio.scene;
    const state = environment === null ? "none" : `${environment.name}${environment.on}`;
    if (environment === null) {
      if (this.environment.dataset.state === state) return;
      const add = fileButton("Add an environment", "globe", ".hdr,.exr,.pic,image/*", (file) => void this.chooseEnvironment(file));
      add.title = "A panorama, as HDR, EXR or any picture, lights the object from all around";
      this.environment.replaceChildren(add);
    } else if (this.environment.dataset.state !== state) {
      const change = (key: "intensity", value: number, settled: boolean) =>
        this.studio.edit((scene) => {
          if (scene.environment !== null) scene.environment[key] = value;
        }, settled);
      const row = h("div", { class_: "row" }, icon("globe"), h("b", {}, environment.name));
      row.append(
        button(environment.on ? "Switch the environment off" : "Switch the environment on", { icon: "eye" }, () =>
          this.studio.edit((scene) => {
            if (scene.environment !== null) scene.environment.on = !scene.environment.on;
          }, true),
        ),
        button("Remove the environment", { icon: "close" }, () =>
          this.studio.edit((scene) => {
            scene.environment = null;
          }, true),
        ),
      );
      const level = slider("Environment", { min: 0, max: 3, step: 0.01, value: environment.intensity, neutral: 1 }, percent, (value, settled) => change("intensity", value, settled));
      this.environment.replaceChildren(row, level.element);
      if (this.panorama !== null) {
        const turn = slider("Turn", { min: -180, max: 180, step: 1, value: 0, neutral: 0 }, (value) => `${value}°`, (value, settled) => {
          if (settled) void this.project(value);
        });
        this.environment.append(turn.element);
      }
      this.environment.classList.toggle("off", !environment.on);
    }
    this.environment.dataset.state = state;
  }

  private async project(turn: number): Promise<void> {
    const file = this.panorama;
    if (file === null) return;
    try {
      const { name, weights } = await this.studio.withSession((id) => api.environment(id, file, turn));
      const first = this.studio.scene.environment === null;
      this.studio.edit((scene) => {
        scene.environment = { on: true, intensity: scene.environment?.intensity ?? 1, name, weights };
        if (first) for (const light of scene.lights) light.on = false; // so that the surrounding is seen
      }, true);
    } catch (error) {
      this.say((error as Error).message);
    }
  }

  private maskPart(): HTMLElement {
    const { studio } = this;
    const run = (work: Promise<void>) => void work.catch((error: Error) => this.say(error.message));
    this.maskButtons = {
      brush: button("Brush", { icon: "brush", text: true, title: "Paint what the light may fall on (M)" }, () => this.setBrush(studio.painting && !studio.erase ? null : "add")),
      show: button("Show", { icon: "eye", text: true, title: "Show the mask (V)" }, () => this.showMask(!studio.showMask)),
      eraser: button("Eraser", { icon: "eraser", text: true }, () => this.setBrush(studio.painting && studio.erase ? null : "erase")),
    };
    return h(
      "div",
      { class_: "buttons" },
      this.maskButtons.brush,
      this.maskButtons.eraser,
      this.maskButtons.show,
      button("Find object", { icon: "auto", text: true }, () => run(studio.changeMask("auto"))),
      button("Whole picture", { icon: "whole", text: true }, () => run(studio.changeMask("whole"))),
      fileButton("Load mask", "folder", "image/*", (file) => run(studio.changeMask("painted", file))),
    );
  }

  showMask(shown: boolean): void {
    this.studio.showMask = shown;
    this.studio.draw(false);
    this.update();
  }

  setBrush(mode: "add" | "erase" | null): void {
    this.studio.painting = mode !== null;
    this.studio.erase = mode === "erase";
    this.studio.stage.painting = mode !== null;
    this.studio.stage.element.tabIndex = mode === null ? -1 : 0;
    this.studio.draw(false);
    this.update();
  }

  private brushPart(): HTMLElement {
    const size = slider("Brush size", { min: 4, max: 400, step: 1, value: 40, neutral: 40 }, (value) => `${value} px`, (value) => {
      this.studio.stage.brushSize = value;
    });
    return h("div", { class_: "brush-size", hidden: true }, size.element);
  }

  private updateMask(): void {
    const { painting, erase, showMask } = this.studio;
    this.maskButtons.show.setAttribute("aria-pressed", String(showMask));
    this.maskButtons.brush.setAttribute("aria-pressed", String(painting && !erase));
    this.maskButtons.eraser.setAttribute("aria-pressed", String(painting && erase));
    this.brushControls.hidden = !painting;
  }
}

export function fileButton(label: string, name: string, accept: string, chosen: (file: File) => void): HTMLButtonElement {
  const input = h("input", { type: "file", accept, hidden: true, "aria-hidden": "true", tabindex: -1 });
  input.addEventListener("change", () => {
    if (input.files?.[0] !== undefined) chosen(input.files[0]);
    input.value = "";
  });
  const shown = button(label, { icon: name, text: true }, () => input.click());
  shown.append(input);
  input.addEventListener("click", (event) => event.stopPropagation());
  return shown;
}

function folded(title: string, open: boolean, ...children: Node[]): HTMLElement {
  const summary = h("summary", {}, title);
  const details = h("details", { open }, summary);
  details.append(...children);
  summary.addEventListener("click", () => setTimeout(() => details.scrollIntoView({ block: "nearest" })));
  return details;
}
