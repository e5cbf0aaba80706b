/** The picture: zoom and pan, the light under the pointer, and the brush of the mask. */

import { h } from "./dom";
import { anglesOfDisc, discOf, Light, placeOf, Scene } from "./scene";

export interface StageActions {
  move: (azimuth: number, elevation: number, settled: boolean) => void;
  select: (id: string) => void;
  paint: (x: number, y: number, settled: boolean) => void;
  split: (share: number) => void;
}

const LARGEST_ZOOM = 16;

export class Stage {
  readonly element: HTMLElement;
  canvas: HTMLCanvasElement;
  private readonly sheet: HTMLElement;
  private readonly dots: HTMLElement;
  private readonly brush: HTMLElement;
  private readonly divider: HTMLInputElement;
  private readonly status = h("p", { class_: "stage-status", role: "status", hidden: true });
  private size: [number, number] = [1, 1];
  private center: [number, number] = [0.5, 0.5];
  private reach = 0.5;
  private zoom = 1;
  private fit = 1;
  private x = 0;
  private y = 0;
  private fitted = true;
  private readonly fingers = new Map<number, PointerEvent>();
  private dragging: number | null = null;
  /** Nobody has moved the light over the picture yet. */
  private untouched = true;
  private lights: Light[] = [];
  painting = false;
  brushSize = 40;

  constructor(private readonly actions: StageActions) {
    this.canvas = pictureCanvas();
    this.dots = h("div", { class_: "dots", "aria-hidden": "true" });
    this.brush = h("div", { class_: "brush", hidden: true });
    this.divider = h("input", {
      type: "range",
      class_: "divider",
      min: 0,
      max: 100,
      value: 0,
      step: 0.5,
      "aria-label": "Before and after: the left part shows the picture as it came",
    });
    this.divider.addEventListener("input", () => this.actions.split(this.divider.valueAsNumber / 100));
    this.sheet = h("div", { class_: "sheet" }, this.canvas, this.dots);
    this.element = h("div", { class_: "stage" }, this.sheet, this.brush, this.status);
    this.element.addEventListener("pointerdown", (event) => this.down(event));
    this.element.addEventListener("pointermove", (event) => this.moved(event));
    this.element.addEventListener("pointerup", (event) => this.up(event));
    this.element.addEventListener("pointercancel", (event) => this.up(event));
    this.element.addEventListener("pointerleave", () => (this.brush.hidden = true));
    this.element.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.element.addEventListener("contextmenu", (event) => event.preventDefault());
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  /** Another canvas, for one that turned out to be of no use. */
  renewCanvas(): void {
    const fresh = pictureCanvas();
    this.canvas.replaceWith(fresh);
    this.canvas = fresh;
  }

  /** The slider of before and after, to be placed below the picture. */
  get compare(): HTMLInputElement {
    return this.divider;
  }

  open(size: [number, number]): void {
    this.size = size;
    [this.canvas.width, this.canvas.height] = size;
    this.dots.replaceChildren();
    this.lights = [];
    this.fitted = true;
    this.setSplit(0);
    this.resize();
  }

  /** Where the object is, in pixels of the preview: the center of the lights' map. */
  aim(box: [number, number, number, number], scale: number): void {
    this.center = [(box[0] + box[2] / 2) / scale, (box[1] + box[3] / 2) / scale];
    this.reach = Math.max(box[2], box[3]) / 2 / scale;
  }

  /** The exact light is still on its way. */
  get busy(): boolean {
    return this.element.dataset.state === "looking" || this.element.dataset.state === "exact";
  }

  /** What is under way with the picture as a whole; "ready" when it is in its light. */
  tell(state: "looking" | "exact" | "ready"): void {
    this.element.dataset.state = state;
    this.element.setAttribute("aria-busy", String(state !== "ready"));
    const texts = { looking: "Finding the object…", exact: "Sharpening its edge…", ready: this.untouched ? "Drag anywhere: the light follows" : "" };
    this.status.textContent = texts[state];
    this.status.hidden = texts[state] === "";
  }

  /**
   * Painting without a pointer: arrows move the brush (Shift: farther), Space or Enter dabs. The
   * element takes the focus where its tabIndex says so.
   */
  keyboardPaints(): void {
    this.element.setAttribute("role", "application");
    this.element.setAttribute("aria-label", "Picture to paint on. Arrow keys move the brush, Space paints a dot.");
    let [x, y] = [0.5, 0.5];
    this.element.addEventListener("blur", () => (this.brush.hidden = true));
    this.element.addEventListener("keydown", (event) => {
      if (!this.painting || event.ctrlKey || event.metaKey) return;
      const ways: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      const way = ways[event.key];
      const dabs = event.key === " " || event.key === "Enter";
      if (way === undefined && !dabs) return;
      event.preventDefault();
      event.stopPropagation();
      const step = event.shiftKey ? 0.08 : 0.015;
      if (way !== undefined) [x, y] = [Math.min(1, Math.max(0, x + step * way[0])), Math.min(1, Math.max(0, y + step * way[1]))];
      const [px, py] = [x * this.size[0], y * this.size[1]];
      this.brush.hidden = false;
      this.placeBrush(this.x + px * this.zoom, this.y + py * this.zoom);
      if (dabs) this.actions.paint(px, py, true);
    });
  }

  setSplit(share: number): void {
    this.divider.valueAsNumber = 100 * share;
    this.sheet.style.setProperty("--split", `${100 * share}%`);
    this.sheet.classList.toggle("splitting", share > 0);
  }

  show(scene: Scene, selected: string | null): void {
    this.lights = scene.lights;
    const { children } = this.dots;
    while (children.length > scene.lights.length) this.dots.lastChild!.remove();
    while (children.length < scene.lights.length) this.dots.append(h("span", {}));
    scene.lights.forEach((light, index) => {
      const dot = children[index] as HTMLElement;
      dot.className = `dot${light.id === selected ? " chosen" : ""}${light.on ? "" : " off"}`;
      dot.title = `Light ${index + 1}, ${placeOf(light.azimuth, light.elevation)}`;
      dot.style.setProperty("--color", light.color);
      dot.dataset.light = light.id;
    });
    this.placeDots();
  }

  /** By transforms: what moves is neither laid out nor painted anew, glow and all. */
  private placeDots(): void {
    this.lights.forEach(({ azimuth, elevation }, index) => {
      const [u, v] = discOf(azimuth, elevation);
      const x = (this.center[0] + u * this.reach) * this.zoom;
      const y = (this.center[1] - v * this.reach) * this.zoom;
      const dot = this.dots.children[index] as HTMLElement | undefined;
      if (dot !== undefined) dot.style.transform = `translate(${x}px, ${y}px)`;
    });
  }

  fitWhole(): void {
    this.fitted = true;
    this.resize();
  }

  /** One pixel of the preview on one of the screen. */
  toPixels(): void {
    this.zoomTo(1 / window.devicePixelRatio);
  }

  zoomBy(factor: number): void {
    this.zoomTo(this.zoom * factor);
  }

  get percent(): number {
    return Math.round(100 * this.zoom * window.devicePixelRatio);
  }

  onZoom: () => void = () => undefined;

  private zoomTo(zoom: number, at?: [number, number]): void {
    const box = this.element.getBoundingClientRect();
    const [px, py] = at ?? [box.width / 2, box.height / 2];
    const least = Math.min(this.fit * 0.5, 1 / window.devicePixelRatio);
    const next = Math.max(least, Math.min(LARGEST_ZOOM, zoom));
    this.x = px - ((px - this.x) * next) / this.zoom;
    this.y = py - ((py - this.y) * next) / this.zoom;
    this.zoom = next;
    this.fitted = false;
    this.place();
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    const room = Math.min(width, height) > 500 ? 28 : 10;
    this.fit = Math.min((width - 2 * room) / this.size[0], (height - 2 * room) / this.size[1]);
    if (this.fitted) {
      this.zoom = Math.max(0.01, Math.min(this.fit, 2));
      this.x = (width - this.size[0] * this.zoom) / 2;
      this.y = (height - this.size[1] * this.zoom) / 2;
    }
    this.place();
  }

  private place(): void {
    const { style } = this.sheet;
    style.width = `${this.size[0] * this.zoom}px`;
    style.height = `${this.size[1] * this.zoom}px`;
    style.transform = `translate(${this.x}px, ${this.y}px)`;
    // the words stand on the picture, not across its edge
    const below = this.element.clientHeight - this.y - this.size[1] * this.zoom;
    this.status.style.bottom = `${Math.max(0, below) + 14}px`;
    this.placeDots();
    this.canvas.classList.toggle("pixels", this.zoom * window.devicePixelRatio >= 2);
    this.onZoom();
  }

  private pixel(event: PointerEvent): [number, number] {
    const box = this.element.getBoundingClientRect();
    return [(event.clientX - box.left - this.x) / this.zoom, (event.clientY - box.top - this.y) / this.zoom];
  }

  private down(event: PointerEvent): void {
    this.fingers.set(event.pointerId, event);
    this.element.setPointerCapture(event.pointerId);
    if (this.fingers.size === 2) {
      this.dragging = null;
      return;
    }
    if (event.button !== 0 || event.altKey) return;
    event.preventDefault();
    this.untouched = false;
    this.status.hidden ||= !this.busy;
    const dot = (event.target as HTMLElement).dataset?.light;
    if (dot !== undefined && !this.painting) this.actions.select(dot);
    this.dragging = event.pointerId;
    this.element.classList.add("dragging");
    this.act(event, false);
  }

  private moved(event: PointerEvent): void {
    this.showBrush(event);
    const before = this.fingers.get(event.pointerId);
    if (before === undefined) return;
    if (this.fingers.size === 2) {
      this.pinch(before, event);
    } else if (this.dragging === event.pointerId) {
      this.act(event, false);
    } else {
      this.x += event.clientX - before.clientX;
      this.y += event.clientY - before.clientY;
      this.fitted = false;
      this.place();
    }
    this.fingers.set(event.pointerId, event);
  }

  private up(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    if (this.dragging !== event.pointerId) return;
    this.dragging = null;
    this.element.classList.remove("dragging");
    this.act(event, true);
  }

  private act(event: PointerEvent, settled: boolean): void {
    const [x, y] = this.pixel(event);
    if (this.painting) {
      this.actions.paint(x, y, settled);
      return;
    }
    const u = (x - this.center[0]) / this.reach;
    const v = (this.center[1] - y) / this.reach;
    const { azimuth, elevation } = anglesOfDisc(u, v);
    this.actions.move(azimuth, elevation, settled);
  }

  private pinch(before: PointerEvent, now: PointerEvent): void {
    const other = [...this.fingers.values()].find((finger) => finger.pointerId !== now.pointerId);
    if (other === undefined) return;
    const spread = (a: PointerEvent) => Math.hypot(a.clientX - other.clientX, a.clientY - other.clientY);
    const box = this.element.getBoundingClientRect();
    const middle: [number, number] = [
      (now.clientX + other.clientX) / 2 - box.left,
      (now.clientY + other.clientY) / 2 - box.top,
    ];
    this.x += (now.clientX - before.clientX) / 2;
    this.y += (now.clientY - before.clientY) / 2;
    this.zoomTo((this.zoom * spread(now)) / Math.max(spread(before), 1), middle);
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const box = this.element.getBoundingClientRect();
    this.zoomTo(this.zoom * Math.exp(-event.deltaY * 0.0016), [event.clientX - box.left, event.clientY - box.top]);
  }

  private showBrush(event: PointerEvent): void {
    this.brush.hidden = !this.painting || event.pointerType === "touch";
    if (this.brush.hidden) return;
    const box = this.element.getBoundingClientRect();
    this.placeBrush(event.clientX - box.left, event.clientY - box.top);
  }

  private placeBrush(x: number, y: number): void {
    const side = this.brushSize * this.zoom;
    this.brush.style.width = this.brush.style.height = `${side}px`;
    this.brush.style.transform = `translate(${x - side / 2}px, ${y - side / 2}px)`;
  }
}

function pictureCanvas(): HTMLCanvasElement {
  return h("canvas", { class_: "picture", role: "img", "aria-label": "The picture in its light" });
}
