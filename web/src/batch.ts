/** Many pictures under one light: a table that fills, and one archive at the end. */

import { api, Config, Fault, save } from "./api";
import { button, h } from "./dom";
import { newLight, newScene, Scene } from "./scene";
import { zip } from "./zip";

interface Row {
  file: File;
  state: HTMLElement;
  bar: HTMLProgressElement;
  link: HTMLElement;
  done: { name: string; blob: Blob } | null;
}

const PICTURE = /\.(jpe?g|png|webp|tiff?|hei[cf]|avif|bmp|gif)$/i;

export class Batch {
  readonly element: HTMLElement;
  private readonly words: HTMLInputElement;
  private readonly format: HTMLSelectElement;
  private readonly body = h("tbody", {});
  private readonly summary = h("p", { class_: "summary", role: "status" }, "No pictures yet.");
  private readonly start: HTMLButtonElement;
  private readonly stop: HTMLButtonElement;
  private readonly all: HTMLButtonElement;
  private rows: Row[] = [];
  private running = false;

  constructor(
    _: Config,
    private readonly currentScene: () => Scene | null,
    private readonly say: (message: string) => void,
  ) {
    this.words = h("input", {
      type: "text",
      placeholder: "light from the upper left",
      maxlength: 400,
      "aria-label": "The light for all pictures",
    });
    this.format = h("select", { "aria-label": "Format" });
    for (const [value, name] of [["png", "PNG 16 bit"], ["jpeg", "JPEG"], ["tiff", "TIFF"], ["psd", "Photoshop"], ["ora", "OpenRaster"]]) {
      this.format.append(h("option", { value }, name));
    }
    this.start = button("Relight all", { text: true, class_: "start" }, () => void this.run());
    this.stop = button("Stop", { text: true }, () => (this.running = false));
    this.all = button("Save all as ZIP", { icon: "export", text: true }, () => void this.saveAll());
    const files = h("input", { type: "file", multiple: true, accept: "image/*", hidden: true, tabindex: -1, "aria-hidden": "true" });
    const folder = h("input", { type: "file", webkitdirectory: true, hidden: true, tabindex: -1, "aria-hidden": "true" });
    for (const input of [files, folder]) {
      input.addEventListener("change", () => {
        this.add([...(input.files ?? [])]);
        input.value = "";
      });
    }
    this.element = h(
      "main",
      { class_: "batch", hidden: true },
      h("h1", {}, "Many pictures, one light"),
      h("p", { class_: "hint" }, "Choose pictures or a folder, say what light they should have, and save them all. Without words, the light of the open picture is used."),
      h(
        "div",
        { class_: "buttons" },
        button("Choose pictures", { icon: "open", text: true }, () => files.click()),
        button("Choose a folder", { icon: "folder", text: true }, () => folder.click()),
        files,
        folder,
      ),
      h("div", { class_: "buttons wide" }, this.words, this.format, this.start, this.stop, this.all),
      this.summary,
      h("div", { class_: "table", tabindex: 0, role: "region", "aria-label": "Pictures" },
        h("table", {}, h("thead", {}, h("tr", {}, h("th", {}, "Picture"), h("th", {}, "Progress"), h("th", {}, "Result"))), this.body),
      ),
    );
    this.update();
  }

  add(files: File[]): void {
    for (const file of files.filter(({ name }) => PICTURE.test(name))) {
      const bar = h("progress", { max: 1, value: 0, "aria-label": `Progress of ${file.name}` });
      const state = h("span", {}, "waiting");
      const link = h("td", {});
      this.body.append(h("tr", {}, h("td", {}, file.name), h("td", {}, bar, state), link));
      this.rows.push({ file, state, bar, link, done: null });
    }
    this.update();
  }

  private async run(): Promise<void> {
    let scene: Scene;
    try {
      scene = await this.scene();
    } catch (error) {
      this.say((error as Fault).message);
      return;
    }
    this.running = true;
    this.update();
    for (const row of this.rows.filter(({ done }) => done === null)) {
      if (!this.running) break;
      await this.relight(row, scene);
      this.update();
    }
    this.running = false;
    this.update();
  }

  private async scene(): Promise<Scene> {
    const words = this.words.value.trim();
    if (words !== "") return { ...newScene(), lights: [newLight(await api.words(words))] };
    const current = this.currentScene();
    if (current === null) throw new Fault("Say what light the pictures should have.", 0);
    return { ...current, lights: current.lights.map((light) => ({ ...light, refined: null })) };
  }

  private async relight(row: Row, scene: Scene): Promise<void> {
    const tell = (share: number, state: string) => {
      row.bar.value = share;
      row.state.textContent = state;
    };
    let session: string | null = null;
    try {
      tell(0.1, "opening");
      session = (await api.open(row.file, row.file.name)).id;
      tell(0.6, "writing");
      row.done = await api.export(session, scene, this.format.value);
      tell(1, "done");
      const { blob, name } = row.done;
      const one = button("Save", { text: true, title: `Save ${name}` }, () => save(blob, name));
      one.setAttribute("aria-label", `Save ${name}`);
      row.link.replaceChildren(one);
    } catch (error) {
      tell(0, (error as Error).message);
      row.state.classList.add("fault");
    } finally {
      if (session !== null) api.close(session);
    }
  }

  private async saveAll(): Promise<void> {
    const taken = new Set<string>();
    const files = this.rows.flatMap(({ done }) => {
      if (done === null) return [];
      let name = done.name;
      for (let n = 2; taken.has(name); n += 1) name = done.name.replace(/(\.relit\.[^.]+)$/, ` ${n}$1`);
      taken.add(name);
      return [{ ...done, name }];
    });
    save(await zip(files), "relit.zip");
  }

  private update(): void {
    const done = this.rows.filter((row) => row.done !== null).length;
    this.summary.textContent = this.rows.length === 0 ? "No pictures yet." : `${done} of ${this.rows.length} done`;
    this.start.disabled = this.running || done === this.rows.length;
    this.stop.hidden = !this.running;
    this.all.disabled = this.running || done === 0;
  }
}
