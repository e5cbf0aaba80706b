/** The ball: all lights on one small sphere. Inside the ball a light is in front, in the ring behind. */

import { h } from "./dom";
import { tintOf } from "./lights";
import { anglesOfDisc, discOf, Light, placeOf, Scene, vectorOf } from "./scene";

const SIZE = 232;
const RADIUS = 70;
/** Encoded bytes of linear light in steps of 1/1024; a power for every pixel would cost more than the mix. */
const ENCODED = Uint8ClampedArray.from({ length: 1025 }, (_, i) => 255 * (i / 1024) ** (1 / 2.2));

export interface BallActions {
  select: (id: string) => void;
  move: (azimuth: number, elevation: number, settled: boolean) => void;
}

export class Ball {
  readonly element: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly handle: HTMLElement;
  private scene: Scene | null = null;
  private selected: string | null = null;

  constructor(private readonly actions: BallActions) {
    this.canvas = h("canvas", { width: 2 * SIZE, height: 2 * SIZE, "aria-hidden": "true" });
    this.handle = h("div", {
      class_: "ball-handle",
      role: "slider",
      tabindex: 0,
      "aria-label": "Where the light stands. Arrow keys move it; with Shift, farther.",
      "aria-valuemin": -180,
      "aria-valuemax": 180,
      "aria-valuenow": 0,
    });
    this.element = h("div", { class_: "ball" }, this.canvas, this.handle);
    this.canvas.addEventListener("pointerdown", (event) => this.start(event, true));
    this.handle.addEventListener("pointerdown", (event) => this.start(event, false));
    this.handle.addEventListener("keydown", (event) => this.key(event));
  }

  show(scene: Scene, selected: string | null): void {
    this.scene = scene;
    this.selected = selected;
    this.paint();
    const light = this.light;
    this.handle.hidden = light === undefined;
    if (light === undefined) return;
    const [u, v] = discOf(light.azimuth, light.elevation);
    this.handle.style.left = `${(100 * (SIZE / 2 + u * (RADIUS * 0.78))) / SIZE}%`;
    this.handle.style.top = `${(100 * (SIZE / 2 - v * (RADIUS * 0.78))) / SIZE}%`;
    this.handle.style.setProperty("--color", light.color);
    this.handle.setAttribute("aria-valuenow", String(Math.round(light.azimuth)));
    this.handle.setAttribute(
      "aria-valuetext",
      `${placeOf(light.azimuth, light.elevation)}, azimuth ${Math.round(light.azimuth)}, elevation ${Math.round(light.elevation)} degrees`,
    );
  }

  focus(): void {
    this.handle.focus();
  }

  private get light(): Light | undefined {
    return this.scene?.lights.find((light) => light.id === this.selected);
  }

  private disc(event: PointerEvent): [number, number] {
    const box = this.canvas.getBoundingClientRect();
    const reach = (RADIUS * 0.78 * box.width) / SIZE;
    return [
      (event.clientX - box.left - box.width / 2) / reach,
      -(event.clientY - box.top - box.height / 2) / reach,
    ];
  }

  private start(event: PointerEvent, jumps: boolean): void {
    if (event.button !== 0) return;
    event.preventDefault();
    const [u, v] = this.disc(event);
    if (jumps) {
      const hit = this.scene?.lights.find((light) => {
        const [a, b] = discOf(light.azimuth, light.elevation);
        return light.id !== this.selected && Math.hypot(a - u, b - v) < 0.22;
      });
      if (hit !== undefined) {
        this.actions.select(hit.id);
      }
    }
    const target = event.currentTarget as HTMLElement;
    target.setPointerCapture(event.pointerId);
    const move = (next: PointerEvent, settled: boolean) => {
      const { azimuth, elevation } = anglesOfDisc(...this.disc(next));
      this.actions.move(azimuth, elevation, settled);
    };
    if (jumps) move(event, false);
    const moving = (next: Event) => move(next as PointerEvent, false);
    const done = (next: Event) => {
      target.removeEventListener("pointermove", moving);
      target.removeEventListener("pointerup", done);
      target.removeEventListener("pointercancel", done);
      move(next as PointerEvent, true);
    };
    target.addEventListener("pointermove", moving);
    target.addEventListener("pointerup", done);
    target.addEventListener("pointercancel", done);
    this.handle.focus({ preventScroll: true });
  }

  private key(event: KeyboardEvent): void {
    const light = this.light;
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    };
    const step = steps[event.key];
    if (light === undefined || step === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const reach = event.shiftKey ? 0.2 : 0.05;
    const [u, v] = discOf(light.azimuth, light.elevation);
    const { azimuth, elevation } = anglesOfDisc(u + reach * step[0], v + reach * step[1]);
    this.actions.move(azimuth, elevation, true);
  }

  private paint(): void {
    const { canvas, scene } = this;
    const context = canvas.getContext("2d");
    if (context === null || scene === null) return;
    const zoom = canvas.width / SIZE;
    context.clearRect(0, 0, canvas.width, canvas.height);
    const center = canvas.width / 2;
    const reach = RADIUS * 0.78 * zoom;
    context.lineWidth = zoom;
    context.strokeStyle = "rgba(255,255,255,.09)";
    for (const ring of [2]) {
      context.beginPath();
      context.arc(center, center, ring * reach * 0.985, 0, 2 * Math.PI);
      context.stroke();
    }
    context.font = `${10.5 * zoom}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.fillStyle = "rgba(255,255,255,.42)";
    context.fillText("behind", center, center - 1.72 * reach);
    const radius = Math.round(reach);
    const side = 2 * radius + 1;
    const image = context.createImageData(side, side);
    const sum = new Float64Array(3);
    const lights = scene.lights
      .filter((light) => light.on)
      .map((light) => ({ way: vectorOf(light.azimuth, light.elevation), tint: tintOf(light.color), light }));
    for (let row = 0; row < side; row += 1) {
      for (let column = 0; column < side; column += 1) {
        const x = (column - radius) / radius;
        const y = (radius - row) / radius;
        const rest = 1 - x * x - y * y;
        if (rest < 0) continue;
        const z = Math.sqrt(rest);
        sum.fill(0.012 + 0.35 * scene.fill * z);
        for (const { way, tint, light } of lights) {
          const wrap = 0.5 * light.softness;
          const facing = (x * way[0] + y * way[1] + z * way[2] + wrap) / (1 + wrap);
          if (facing <= 0) continue;
          for (let c = 0; c < 3; c += 1) sum[c] += 0.55 * light.intensity * tint[c] * facing;
        }
        const at = 4 * (row * side + column);
        for (let c = 0; c < 3; c += 1) image.data[at + c] = ENCODED[Math.round(1024 * Math.min(1, sum[c]))];
        image.data[at + 3] = 255 * Math.min(1, (1 - Math.sqrt(x * x + y * y)) * radius * 0.7 + 0.02);
      }
    }
    context.putImageData(image, center - radius, center - radius);
    for (const light of scene.lights) {
      if (light.id === this.selected) continue;
      const [u, v] = discOf(light.azimuth, light.elevation);
      context.beginPath();
      context.arc(center + u * reach, center - v * reach, 5 * zoom, 0, 2 * Math.PI);
      context.fillStyle = light.on ? light.color : "#444";
      context.fill();
      context.lineWidth = 1.5 * zoom;
      context.strokeStyle = "rgba(0,0,0,.75)";
      context.stroke();
    }
  }
}
