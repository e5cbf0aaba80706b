/** One open picture with its lights: the state of the page, and how it is drawn. */

import { api, base64Of, bytesToBase64, Config, Fault, floatsOf, Opened, RefineEvent, Session } from "./api";
import { History } from "./history";
import { channelOf, MaskPaint } from "./maskpaint";
import { Mixer } from "./mixing";
import { Pace } from "./pace";
import { counted, Histogram, NoWebGL, Renderer, Shown } from "./renderer";
import { isScene, Light, MOST_LIGHTS, newLight, newScene, Scene } from "./scene";
import { Stage } from "./stage";

const SERVER_SIDE = 1024;
const KEEP = "lasagna-session";
/** Without a change for so long, what moved is at rest. */
const REST_MS = 160;
const FADE_MS = 350;
const DIMMED = 0.6;

export interface Refining {
  job: string;
  light: string;
  index: number;
  total: number;
  started: number;
  waiting: boolean;
  lost: boolean;
  stop: () => void;
}

export interface SavedSession {
  kind: "lasagna-session";
  version: 1;
  picture: { name: string; width: number; height: number };
  scene: Scene;
  refined: Record<string, string>;
  /** Grey PNG in base64, where the mask is not the automatic one. */
  mask: string | null;
}

export class Studio {
  session: Opened | null = null;
  scene: Scene = newScene();
  selected: string | null = null;
  refining: Refining | null = null;
  painting = false;
  erase = false;
  showMask = false;
  clipping = false;
  split = 0;
  maskEdited = false;
  /** Whether the page mixes by itself. */
  readonly local: boolean;

  private renderer: Renderer | null = null;
  private mixer: Mixer | null = null;
  private paint: MaskPaint | null = null;
  private history = new History<Scene>(this.scene);
  private file: { blob: Blob; name: string } | { sample: string } | null = null;
  private looked: Session | null = null;
  /** Settled when the exact mask is here, or will not come. */
  private exact: Promise<void> = Promise.resolve();
  private stroke = false;
  private planned = 0;
  private mixStale = true;
  private stale = false;
  private drew = false;
  private lit = false;
  private movedAt = -Infinity;
  /** Something moved since the last frame, however long ago that was. */
  private moved = false;
  private drawnLevel = 0;
  private dim = 0;
  private readonly pace = new Pace();
  private asked: Scene | null = null;
  private asking = false;
  private histogramTimer = 0;

  constructor(
    readonly config: Config,
    readonly stage: Stage,
    private readonly changed: () => void,
    private readonly say: (message: string, kind?: "fault" | "note") => void,
    private readonly measured: (histogram: Histogram) => void,
  ) {
    let local = true;
    try {
      this.renderer = new Renderer(stage.canvas);
    } catch (error) {
      if (!(error instanceof NoWebGL)) throw error;
      local = false;
      stage.renewCanvas();
    }
    this.local = local;
    stage.canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    stage.canvas.addEventListener("webglcontextrestored", () => {
      this.renderer = new Renderer(stage.canvas);
      if (this.session !== null) void this.load(this.session);
    });
  }

  get light(): Light | undefined {
    return this.scene.lights.find((light) => light.id === this.selected);
  }

  // Opening ---------------------------------------------------------------------------------

  async open(blob: Blob, name: string): Promise<void> {
    const session = await api.open(blob, name);
    this.file = { blob, name };
    await this.begin(session, newScene());
  }

  async openSample(sample: string): Promise<void> {
    const session = await api.openSample(sample);
    this.file = { sample };
    await this.begin(session, newScene());
  }

  /** The picture that this tab had open before it was reloaded, if it is still there. */
  async resume(): Promise<boolean> {
    const kept = sessionStorage.getItem(KEEP);
    if (kept === null) return false;
    try {
      const { id, scene } = JSON.parse(kept) as { id: string; scene: Scene };
      if (!isScene(scene)) return false;
      await this.begin(await api.resume(id), scene);
      await this.exact;
      for (const light of this.scene.lights) {
        if (light.refined === null) continue;
        const map = await api.refinement(id, light.refined).catch(() => null);
        if (map === null) light.refined = null;
        else this.mixer?.remember(light.refined, map);
      }
      this.draw(true);
      this.changed();
      return true;
    } catch {
      sessionStorage.removeItem(KEEP);
      return false;
    }
  }

  close(): void {
    if (this.session !== null) api.close(this.session.id);
    this.stopFollowing();
    this.session = this.looked = null;
    this.mixer = null;
    sessionStorage.removeItem(KEEP);
    this.changed();
  }

  private async begin(session: Opened, scene: Scene): Promise<void> {
    const before = this.session;
    this.stopFollowing();
    if (before !== null && before.id !== session.id) api.close(before.id);
    this.scene = scene;
    this.selected = scene.lights[0]?.id ?? null;
    this.history = new History<Scene>(scene);
    this.painting = this.showMask = this.maskEdited = false;
    this.split = 0;
    await this.load(session);
    this.keep();
  }

  /** Shows the picture as it came, then its light as soon as the server has looked at it. */
  private async load(session: Opened): Promise<void> {
    const picture = await api.preview(session.id);
    this.stage.open(session.preview);
    this.mixer = this.paint = null;
    this.session = session;
    this.looked = null;
    this.lit = false;
    if (this.renderer !== null) {
      const bitmap = await createImageBitmap(picture, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
      this.renderer.open(bitmap);
      bitmap.close();
      const level = Pace.coarsestOf(session.preview);
      this.pace.open(session.preview, level, this.renderer.measure(this.shown(), level));
    }
    this.stage.tell("looking");
    this.draw(false);
    this.changed();
    performance.mark("picture");
    this.exact = this.watch(session.id).catch((error: Error) => this.couldNotLook(session.id, error));
  }

  private async watch(id: string): Promise<void> {
    for (let after = 0, final = false; !final; ) {
      const session = await patiently(() => api.look(id, after));
      const [mask, numbers] = await patiently(() => Promise.all([api.maskOf(session), api.numbersOf(session)]));
      const overtaken = this.session?.id !== id || (this.looked !== null && (this.stroke || this.maskEdited));
      if (overtaken) break;
      await this.take(session, mask, numbers);
      ({ revision: after, final } = session);
      if (!final) {
        this.stage.tell("exact");
        this.dim = DIMMED; // the object alone in its light, so that its mask is seen
        this.draw(false);
      }
    }
    await this.fadeIn();
    this.stage.tell("ready");
    this.draw(false);
    performance.mark("exact light");
  }

  private couldNotLook(id: string, error: Error): void {
    this.stage.tell("ready");
    this.dim = 0;
    if (this.session?.id !== id) return;
    this.say(error.message);
    if (this.looked === null) this.close();
  }

  /** The rest of the picture comes back. */
  private async fadeIn(): Promise<void> {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const start = performance.now();
    for (const from = this.dim; this.dim > 0; ) {
      await new Promise(requestAnimationFrame);
      this.dim = calm ? 0 : Math.min(this.dim, from * Math.max(0, 1 - (performance.now() - start) / FADE_MS));
      this.draw(false, this.dim > 0);
    }
  }

  private async take(session: Session, mask: Blob, numbers: ArrayBuffer): Promise<void> {
    const { coverage, width, height } = await channelOf(mask);
    this.session = this.looked = session;
    this.paint = new MaskPaint(coverage, width, height);
    this.mixer = new Mixer(this.config, numbers, session.resolution);
    const scale = session.width / session.preview[0];
    this.renderer?.look({ scale, box: session.box, cells: session.cells });
    this.renderer?.setMask(coverage);
    this.stage.aim(session.box, scale);
    if (session.note !== null) this.say(session.note, "note");
    this.draw(true);
    this.changed();
  }

  /** Runs `work`; opens the picture anew, once, where the server has forgotten it. */
  async withSession<T>(work: (session: string) => Promise<T>): Promise<T> {
    if (this.session === null) throw new Fault("Open a picture first.", 0);
    try {
      return await work(this.session.id);
    } catch (error) {
      if (!(error instanceof Fault && error.gone) || this.file === null) throw error;
      const scene = this.scene;
      const kept = await this.saved();
      const session =
        "sample" in this.file ? await api.openSample(this.file.sample) : await api.open(this.file.blob, this.file.name);
      await this.begin(session, scene);
      await this.exact;
      await this.reopen(kept);
      return work(session.id);
    }
  }

  // Changing --------------------------------------------------------------------------------

  /** Changes the scene by `change`; `settled` makes it a step that can be undone. */
  edit(change: (scene: Scene) => void, settled: boolean): void {
    change(this.scene);
    if (settled) {
      this.history.commit(this.scene);
      this.keep();
      this.movedAt = -Infinity;
      this.moved = false;
    }
    this.draw(true, !settled);
    this.changed();
  }

  /** Changes the chosen light; one that was refined for another place is instant again. */
  editLight(values: Partial<Light>, settled: boolean): void {
    this.edit((scene) => {
      const light = scene.lights.find(({ id }) => id === this.selected);
      if (light === undefined) return;
      if (["azimuth", "elevation", "softness"].some((key) => key in values && values[key as keyof Light] !== light[key as keyof Light])) {
        light.refined = null;
      }
      Object.assign(light, values);
    }, settled);
  }

  addLight(values: Partial<Light> = {}): void {
    if (this.scene.lights.length >= MOST_LIGHTS) {
      this.say(`${MOST_LIGHTS} lights are the most. Remove one first.`);
      return;
    }
    const light = newLight(values);
    this.selected = light.id;
    this.edit((scene) => scene.lights.push(light), true);
  }

  removeLight(id: string): void {
    this.edit((scene) => {
      scene.lights = scene.lights.filter((light) => light.id !== id);
    }, true);
    if (this.selected === id) this.selected = this.scene.lights.at(-1)?.id ?? null;
    this.changed();
    this.draw(true);
  }

  select(id: string): void {
    this.selected = id;
    this.changed();
  }

  undo(): void {
    this.restore(this.history.undo());
  }

  redo(): void {
    this.restore(this.history.redo());
  }

  get canUndo(): boolean {
    return this.history.canUndo;
  }

  get canRedo(): boolean {
    return this.history.canRedo;
  }

  private restore(scene: Scene | null): void {
    if (scene === null) return;
    this.scene = scene;
    if (this.light === undefined) this.selected = scene.lights.at(-1)?.id ?? null;
    this.keep();
    this.draw(true);
    this.changed();
  }

  private keep(): void {
    if (this.session !== null) {
      sessionStorage.setItem(KEEP, JSON.stringify({ id: this.session.id, scene: this.scene }));
    }
  }

  // Mask ------------------------------------------------------------------------------------

  brushAt(x: number, y: number, settled: boolean): void {
    if (this.paint === null) return;
    this.paint.stroke(x, y, this.stage.brushSize, this.erase);
    this.renderer?.setMask(this.paint.coverage);
    this.stroke = true;
    this.draw(false, !settled);
    if (settled) {
      this.paint.lift();
      void this.sendMask().catch((error: Error) => this.say(error.message));
    }
  }

  private async sendMask(): Promise<void> {
    const painted = await this.paint!.png();
    await this.changeMask("painted", painted);
  }

  async changeMask(choice: "auto" | "whole" | "painted", painted: Blob | null = null): Promise<void> {
    const session = await this.withSession((id) => api.mask(id, choice, painted));
    const [mask, numbers] = await Promise.all([api.maskOf(session), api.numbersOf(session)]);
    this.maskEdited = choice !== "auto";
    this.stroke = false;
    this.dim = 0;
    for (const light of this.scene.lights) light.refined = null;
    await this.take(session, mask, numbers);
  }

  // Refining --------------------------------------------------------------------------------

  async refine(recipe: string): Promise<void> {
    const light = this.light;
    if (light === undefined) return;
    if (this.refining !== null) {
      this.say("One light is refined at a time. Wait for this one, or cancel it.", "note");
      return;
    }
    const { job, waiting } = await this.withSession((id) => api.refine(id, light.azimuth, light.elevation, recipe));
    const stop = api.follow(
      this.session!.id,
      job,
      (event) => this.heard(event),
      (lost) => {
        if (this.refining !== null) this.refining.lost = lost;
        this.changed();
      },
    );
    this.refining = {
      job,
      light: light.id,
      index: 0,
      total: 0,
      started: performance.now(),
      waiting: waiting > 0,
      lost: false,
      stop,
    };
    this.changed();
  }

  async cancel(): Promise<void> {
    const refining = this.refining;
    if (refining === null || this.session === null) return;
    await api.cancel(this.session.id, refining.job);
  }

  private heard(event: RefineEvent): void {
    const refining = this.refining;
    if (refining === null || this.mixer === null) return;
    const light = this.scene.lights.find(({ id }) => id === refining.light);
    if (event.kind === "step") {
      refining.waiting = false;
      refining.index = event.index;
      refining.total = event.total;
      if (event.map !== undefined && light !== undefined) {
        this.mixer.remember(refining.job, floatsOf(event.map));
        light.refined = refining.job;
        this.draw(true);
      }
    } else if (event.kind === "end") {
      this.refining = null;
    } else if (event.kind === "done") {
      this.history.commit(this.scene);
      this.keep();
    } else {
      if (light !== undefined) light.refined = null;
      if (event.kind === "failed") this.say(event.message);
      if (event.kind === "stale") this.say("The mask has changed, so the refinement was dropped.", "note");
      this.refining = event.kind === "failed" ? null : refining;
      this.draw(true);
    }
    this.changed();
  }

  private stopFollowing(): void {
    this.refining?.stop();
    this.refining = null;
  }

  // Sessions as files -----------------------------------------------------------------------

  async saved(): Promise<SavedSession> {
    const session = this.session!;
    const refined: Record<string, string> = {};
    for (const { refined: name } of this.scene.lights) {
      const map = name === null ? undefined : this.mixer?.mapOf(name);
      if (name !== null && map !== undefined) refined[name] = base64Of(map);
    }
    let mask: string | null = null;
    if (this.maskEdited && this.paint !== null) {
      const bytes = new Uint8Array(await (await this.paint.png()).arrayBuffer());
      mask = bytesToBase64(bytes);
    }
    return {
      kind: "lasagna-session",
      version: 1,
      picture: { name: session.name, width: session.width, height: session.height },
      scene: this.scene,
      refined,
      mask,
    };
  }

  /** Takes over a saved session for the picture that is open. */
  async reopen(saved: unknown): Promise<void> {
    const document = saved as SavedSession;
    await this.exact;
    const session = this.session;
    if (session === null) throw new Fault("Open the picture first, then the session that belongs to it.", 0);
    if (document?.kind !== "lasagna-session" || !isScene(document.scene)) {
      throw new Fault("This file is no session of the studio.", 0);
    }
    const { width, height } = document.picture;
    if (width !== session.width || height !== session.height) {
      throw new Fault(
        `This session belongs to “${document.picture.name}” of ${width} × ${height} pixels. Open that picture first.`,
        0,
      );
    }
    if (document.mask !== null) {
      const bytes = Uint8Array.from(atob(document.mask), (c) => c.charCodeAt(0));
      await this.changeMask("painted", new Blob([bytes], { type: "image/png" }));
    } else if (this.maskEdited) {
      await this.changeMask("auto");
    }
    for (const [name, map] of Object.entries(document.refined)) {
      await api.restore(this.session!.id, name, map);
      this.mixer?.remember(name, floatsOf(map));
    }
    this.selected = document.scene.lights[0]?.id ?? null;
    this.edit(() => undefined, false);
    this.scene = document.scene;
    this.edit(() => undefined, true);
  }

  // Drawing ---------------------------------------------------------------------------------

  /** Asks for a frame; `mix` where lights have changed, `moving` where the next follows soon. */
  draw(mix: boolean, moving = false): void {
    this.mixStale ||= mix;
    this.stale = true;
    if (moving) {
      if (!this.moves) this.pace.start();
      this.moved = true;
      this.movedAt = performance.now();
    }
    this.plan();
  }

  private plan(): void {
    if (this.planned !== 0) return;
    this.planned = requestAnimationFrame((now) => {
      this.planned = 0;
      this.frame(now);
    });
  }

  private get moves(): boolean {
    return this.moved || performance.now() - this.movedAt < REST_MS;
  }

  private shown(): Shown {
    const { shading, lighting } = this.scene;
    return {
      shading,
      lighting,
      split: this.split,
      clipping: this.clipping,
      mask: this.showMask || this.painting,
      dim: this.dim,
    };
  }

  private frame(now: number): void {
    if (this.session === null) return;
    if (this.renderer === null) {
      if (this.mixer === null) return;
      this.stage.show(this.scene, this.selected);
      if (this.mixStale) void this.askServer();
      this.mixStale = false;
      return;
    }
    const moves = this.moves;
    if (this.moved) this.movedAt = performance.now(); // a slow frame is no rest
    this.moved = false;
    if (moves) {
      this.pace.tick(now, this.drew);
      this.plan();
    }
    const level = moves || this.stage.busy ? this.pace.level : 0;
    this.drew = this.stale || level < this.drawnLevel;
    if (!this.drew) return;
    this.stale = false;
    this.drawnLevel = level;
    if (this.mixer !== null) {
      this.stage.show(this.scene, this.selected);
      if (this.mixStale) this.renderer.setMix(this.mixer.coefficients(this.scene));
      this.mixStale = false;
    }
    this.renderer.draw(this.shown(), level);
    if (this.mixer !== null && !this.lit) {
      this.lit = true;
      performance.mark("light");
    }
    clearTimeout(this.histogramTimer);
    this.histogramTimer = window.setTimeout(() => {
      if (this.renderer !== null && this.session !== null) this.measured(this.renderer.histogram(this.shown()));
    }, 120);
  }

  /** Without WebGL the server mixes: one picture is asked for at a time, the latest scene next. */
  private async askServer(): Promise<void> {
    this.asked = this.scene;
    if (this.asking) return;
    this.asking = true;
    try {
      while (this.asked !== null) {
        const scene = structuredClone(this.asked);
        this.asked = null;
        const blob = await this.withSession((id) => api.mix(id, scene, SERVER_SIDE));
        const bitmap = await createImageBitmap(blob);
        const context = this.stage.canvas.getContext("2d")!;
        context.clearRect(0, 0, this.stage.canvas.width, this.stage.canvas.height);
        context.drawImage(bitmap, 0, 0, this.stage.canvas.width, this.stage.canvas.height);
        bitmap.close();
        const { width, height } = this.stage.canvas;
        const every = Math.max(1, Math.floor(width / 192));
        const { data } = context.getImageData(0, 0, width, height);
        const some = new Uint8Array(4 * Math.ceil((width * height) / every));
        for (let i = 0, j = 0; i < width * height; i += every, j += 4) some.set(data.subarray(4 * i, 4 * i + 4), j);
        this.measured(counted(some));
      }
    } catch (error) {
      this.say((error as Error).message);
    } finally {
      this.asking = false;
    }
  }
}

/** What `ask` brings, once the connection is there. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Fault && error.offline)) throw error;
      await new Promise((later) => setTimeout(later, 1000));
    }
  }
}
