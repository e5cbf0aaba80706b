/** What the photographer has set: the same document that the server reads (relighting/scene.py). */

export interface Light {
  id: string;
  on: boolean;
  azimuth: number;
  elevation: number;
  intensity: number;
  softness: number;
  color: string;
  refined: string | null;
}

export interface Environment {
  on: boolean;
  name: string;
  intensity: number;
  weights: number[][];
}

export interface Scene {
  lights: Light[];
  fill: number;
  exposure: number;
  environment: Environment | null;
  strength: number;
  shading: number;
  lighting: number;
}

export const MOST_LIGHTS = 16;

let counter = 0;

export function newLight(values: Partial<Light> = {}): Light {
  counter += 1;
  return {
    id: `light-${Date.now().toString(36)}-${counter}`,
    on: true,
    azimuth: -65,
    elevation: 25,
    intensity: 1,
    softness: 0.15,
    color: "#ffffff",
    refined: null,
    ...values,
  };
}

export function newScene(): Scene {
  return {
    lights: [newLight()],
    fill: 0.1,
    exposure: 0,
    environment: null,
    strength: 1,
    shading: 1,
    lighting: 1,
  };
}

/** Whether a document from a file has the shape of a scene. */
export function isScene(value: unknown): value is Scene {
  const scene = value as Scene;
  return (
    typeof scene === "object" &&
    scene !== null &&
    Array.isArray(scene.lights) &&
    scene.lights.every((light) => Number.isFinite(light.azimuth) && Number.isFinite(light.elevation)) &&
    [scene.fill, scene.exposure, scene.strength, scene.shading, scene.lighting].every(Number.isFinite)
  );
}

/** A light's place as words that a photographer would say. */
export function placeOf(azimuth: number, elevation: number): string {
  const [x, y, z] = vectorOf(azimuth, elevation);
  const parts: string[] = [];
  if (z < -0.25) parts.push("behind");
  if (y > 0.35) parts.push(z < -0.25 ? "above" : "upper");
  else if (y < -0.35) parts.push(z < -0.25 ? "below" : "lower");
  if (x > 0.3) parts.push("right");
  else if (x < -0.3) parts.push("left");
  if (parts.length === 0) return "front";
  if (parts.length === 1 && parts[0] === "upper") return "above";
  if (parts.length === 1 && parts[0] === "lower") return "below";
  return parts.join(" ");
}

/** Unit vector towards a light: x right, y up, z towards the camera. */
export function vectorOf(azimuth: number, elevation: number): [number, number, number] {
  const a = (azimuth * Math.PI) / 180;
  const e = (elevation * Math.PI) / 180;
  return [Math.sin(a) * Math.cos(e), Math.sin(e), Math.cos(a) * Math.cos(e)];
}

export function anglesOf([x, y, z]: [number, number, number]): { azimuth: number; elevation: number } {
  const length = Math.hypot(x, y, z);
  const round = (value: number) => Math.round(value * 100) / 100;
  return {
    azimuth: round((Math.atan2(x, z) * 180) / Math.PI),
    elevation: round((Math.asin(Math.max(-1, Math.min(1, y / length))) * 180) / Math.PI),
  };
}

/**
 * The flat map of all directions that the ball and the picture share: the middle is the camera, the
 * unit circle is the side of the object, and twice as far is behind it.
 */
export function discOf(azimuth: number, elevation: number): [number, number] {
  const [x, y, z] = vectorOf(azimuth, elevation);
  const side = Math.hypot(x, y);
  const radius = Math.acos(Math.max(-1, Math.min(1, z))) / (Math.PI / 2);
  return side < 1e-9 ? [0, radius > 1 ? 2 : 0] : [(x / side) * radius, (y / side) * radius];
}

export function anglesOfDisc(u: number, v: number): { azimuth: number; elevation: number } {
  const distance = Math.hypot(u, v);
  if (distance < 1e-9) return { azimuth: 0, elevation: 0 };
  const angle = (Math.min(distance, 1.94) * Math.PI) / 2;
  return anglesOf([
    (u / distance) * Math.sin(angle),
    (v / distance) * Math.sin(angle),
    Math.cos(angle),
  ]);
}
