/** What the page asks of its server. Every fault is one sentence that can be shown. */

import { Basis } from "./lights";
import { Environment, Light, Scene } from "./scene";

export interface Config extends Basis {
  samples: { file: string; title: string }[];
  recipes: { name: string; summary: string }[];
  upload_mb: number;
  /** Whether there is a Color tab. */
  colors: boolean;
}

/** A picture that can be shown. */
export interface Opened {
  id: string;
  name: string;
  width: number;
  height: number;
  preview: [number, number];
  revision: number;
}

/** One that can be lit. The first mask is a quick one; `final` tells of the exact one. */
export interface Session extends Opened {
  final: boolean;
  box: [number, number, number, number];
  resolution: number;
  cells: [number, number];
  mask: string;
  note: string | null;
}

export type RefineEvent =
  | { kind: "step"; index: number; total: number; map?: string }
  | { kind: "done"; refined?: string }
  | { kind: "failed"; message: string }
  | { kind: "cancelled" | "stale" | "end" };

export class Fault extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
  /** The session is no longer there. */
  get gone(): boolean {
    return this.status === 410;
  }
  /** Nobody answered. */
  get offline(): boolean {
    return this.status === 0;
  }
}

async function ask(path: string, options: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Fault("The studio does not answer. It goes on when the connection is back.", 0);
  }
  if (answer.ok) return answer;
  let message = `The studio could not do this (${answer.status}).`;
  try {
    const { detail } = (await answer.json()) as { detail?: unknown };
    if (typeof detail === "string") message = detail;
  } catch {
    /* no sentence came along */
  }
  throw new Fault(message, answer.status);
}

const posted = (body: BodyInit | null, name?: string): RequestInit => ({
  method: "POST",
  body,
  headers: name === undefined ? {} : { "x-name": encodeURIComponent(name) },
});

const json = (value: unknown): RequestInit => ({
  method: "POST",
  body: JSON.stringify(value),
  headers: { "content-type": "application/json" },
});

const of = (session: string) => `api/sessions/${session}`;

export const api = {
  config: async (): Promise<Config> => (await ask("api/config")).json(),
  open: async (file: Blob, name: string, purpose: "light" | "color" = "light"): Promise<Opened> =>
    (await ask(`api/sessions?purpose=${purpose}`, posted(file, name))).json(),
  openSample: async (file: string): Promise<Opened> =>
    (await ask(`api/samples/${file}/open`, { method: "POST" })).json(),
  resume: async (session: string): Promise<Opened> => (await ask(of(session))).json(),
  /** The picture under a later mask than number `after`, as soon as there is one. */
  look: async (session: string, after: number): Promise<Session> =>
    (await ask(`${of(session)}/look?after=${after}`)).json(),
  close: (session: string): void => {
    void fetch(of(session), { method: "DELETE", keepalive: true }).catch(() => undefined);
  },
  preview: async (session: string): Promise<Blob> => (await ask(`${of(session)}/preview.png`)).blob(),
  maskOf: async ({ id, revision }: Session): Promise<Blob> => (await ask(`${of(id)}/masks/${revision}/mask.png`)).blob(),
  numbersOf: async ({ id, revision }: Session): Promise<ArrayBuffer> =>
    (await ask(`${of(id)}/masks/${revision}/numbers`)).arrayBuffer(),
  mask: async (session: string, choice: "auto" | "whole" | "painted", painted: Blob | null = null): Promise<Session> =>
    (await ask(`${of(session)}/mask/${choice}`, posted(painted))).json(),
  words: async (words: string): Promise<Pick<Light, "azimuth" | "elevation" | "intensity" | "softness" | "color">> =>
    (await ask("api/words", json({ words }))).json(),
  environment: async (session: string, file: File, turn: number): Promise<Pick<Environment, "name" | "weights">> =>
    (await ask(`${of(session)}/environment?turn=${turn}`, posted(file, file.name))).json(),
  refine: async (session: string, azimuth: number, elevation: number, recipe: string): Promise<{ job: string; waiting: number }> =>
    (await ask(`${of(session)}/refine`, json({ azimuth, elevation, recipe }))).json(),
  cancel: (session: string, job: string): Promise<unknown> => ask(`${of(session)}/jobs/${job}`, { method: "DELETE" }),
  refinement: async (session: string, name: string): Promise<Float32Array> =>
    new Float32Array(await (await ask(`${of(session)}/refinements/${name}`)).arrayBuffer()),
  restore: (session: string, name: string, map: string): Promise<unknown> =>
    ask(`${of(session)}/refinements`, json({ name, map })),
  mix: async (session: string, scene: Scene, side: number): Promise<Blob> =>
    (await ask(`${of(session)}/mix?side=${side}`, json(scene))).blob(),
  export: async (session: string, scene: Scene, format: string): Promise<{ blob: Blob; name: string }> => {
    const answer = await ask(`${of(session)}/export/${format}`, json(scene));
    return { blob: await answer.blob(), name: nameOf(answer, `relit.${format}`) };
  },
  color: async (
    session: string,
    asked: { words: string; mode: "color" | "chroma"; seed: number; hints: string | null },
  ): Promise<{ job: string; waiting: number }> => (await ask(`${of(session)}/color`, json(asked))).json(),
  colored: async (session: string, part: string): Promise<{ blob: Blob; name: string }> => {
    const answer = await ask(`${of(session)}/colored/${part}`);
    return { blob: await answer.blob(), name: nameOf(answer, `colored.${part}`) };
  },
  /** Follows a job; a lost connection is taken up again where it broke. Returns how to stop. */
  follow: (session: string, job: string, tell: (event: RefineEvent) => void, lost: (now: boolean) => void): (() => void) => {
    const source = new EventSource(`${of(session)}/jobs/${job}`);
    source.onopen = () => lost(false);
    source.onmessage = (message) => {
      const event = JSON.parse(message.data as string) as RefineEvent;
      if (event.kind === "end") source.close();
      tell(event);
    };
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) {
        tell({ kind: "failed", message: "The refinement was lost with its session. Start it again." });
      } else {
        lost(true);
      }
    };
    return () => source.close();
  },
};

export function floatsOf(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

function nameOf(answer: Response, otherwise: string): string {
  const header = answer.headers.get("content-disposition") ?? "";
  return decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(header)?.[1] ?? otherwise);
}

export function base64Of(floats: Float32Array): string {
  return bytesToBase64(new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength));
}

export function bytesToBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 1) text += String.fromCharCode(bytes[i]);
  return btoa(text);
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
