/** How much of each direction of the basis a light takes: relighting/lights.py in the page. */

import { Scene, vectorOf } from "./scene";

export interface Basis {
  /** Triangles between its directions: inverse bases, nine numbers each, and corners, three each. */
  basis: { size: number; front: number; inverses: number[]; corners: number[] };
  disk_samples: number;
  widest_deg: number;
}

type Vector = [number, number, number];

/** Adds the weights of one direction, times `amount`, to `into`. See relighting/basis.py. */
export function addWeights(basis: Basis, [x, y, z]: Vector, amount: number, into: Float64Array): void {
  const { inverses, corners } = basis.basis;
  let best = 0;
  let least = -Infinity;
  let chosen: Vector = [0, 0, 0];
  for (let t = 0; 3 * t < corners.length; t += 1) {
    const m = 9 * t;
    const a = inverses[m] * x + inverses[m + 1] * y + inverses[m + 2] * z;
    if (a <= least) continue;
    const b = inverses[m + 3] * x + inverses[m + 4] * y + inverses[m + 5] * z;
    if (b <= least) continue;
    const c = inverses[m + 6] * x + inverses[m + 7] * y + inverses[m + 8] * z;
    if (c <= least) continue;
    best = t;
    least = Math.min(a, b, c);
    chosen = [a, b, c];
  }
  for (let i = 0; i < 3; i += 1) into[corners[3 * best + i]] += amount * Math.max(chosen[i], 0);
}

/** Unit vectors over the disk of a light: a golden spiral, as `disk_vectors` in Python. */
export function diskVectors(basis: Basis, center: Vector, softness: number): Vector[] {
  if (softness === 0) return [center];
  const aside: Vector = Math.abs(center[1]) < 0.9 ? [0, 1, 0] : [0, 0, 1];
  const across = unit(cross(aside, center));
  const along = cross(center, across);
  const count = basis.disk_samples;
  const depth = 1 - Math.cos((softness * basis.widest_deg * Math.PI) / 180);
  const turn = Math.PI * (3 - Math.sqrt(5));
  const vectors: Vector[] = [];
  for (let i = 0; i < count; i += 1) {
    const height = 1 - ((i + 0.5) / count) * depth;
    const radius = Math.sqrt(1 - height * height);
    const c = radius * Math.cos((i + 0.5) * turn);
    const s = radius * Math.sin((i + 0.5) * turn);
    vectors.push([0, 1, 2].map((k) => height * center[k] + c * across[k] + s * along[k]) as Vector);
  }
  return vectors;
}

export function lightWeights(basis: Basis, azimuth: number, elevation: number, softness: number): Float64Array {
  const weights = new Float64Array(basis.basis.size);
  const vectors = diskVectors(basis, vectorOf(azimuth, elevation), softness);
  for (const vector of vectors) addWeights(basis, vector, 1 / vectors.length, weights);
  return weights;
}

export function srgbToLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

export function linearToSrgb(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

/** The color of a light in linear light; its largest channel is 1. */
export function tintOf(color: string): Vector {
  const channels = [1, 3, 5].map((at) => srgbToLinear(parseInt(color.slice(at, at + 2), 16) / 255));
  const largest = Math.max(...channels, 1e-6);
  return channels.map((channel) => channel / largest) as Vector;
}

/** The total of all lights that the basis serves, and those that were solved alone. */
export interface Contributions {
  colored: boolean;
  /** A row of red, green, blue for each direction of the basis. */
  weights: Float64Array;
  solved: { name: string; tint: Vector }[];
  empty: boolean;
}

export function contributions(basis: Basis, scene: Scene, known: (name: string) => boolean): Contributions {
  const { size: count, front } = basis.basis;
  const weights = new Float64Array(3 * count);
  const solved: Contributions["solved"] = [];
  const scale = 2 ** scene.exposure;
  let colored = false;
  for (let c = 0; c < 3; c += 1) weights[3 * front + c] += scale * scene.fill;
  const around = scene.environment;
  if (around?.on) {
    for (const [k, row] of around.weights.entries()) {
      for (let c = 0; c < 3; c += 1) weights[3 * k + c] += scale * around.intensity * row[c];
      colored ||= row.some((value) => Math.abs(value - row[0]) > 1e-8 + 1e-5 * Math.abs(row[0]));
    }
  }
  for (const light of scene.lights) {
    if (!light.on) continue;
    const tint = tintOf(light.color).map((channel) => channel * light.intensity * scale) as Vector;
    colored ||= tint[0] !== tint[1] || tint[1] !== tint[2];
    if (light.refined !== null && known(light.refined)) {
      solved.push({ name: light.refined, tint });
      continue;
    }
    const own = lightWeights(basis, light.azimuth, light.elevation, light.softness);
    for (let k = 0; k < count; k += 1) for (let c = 0; c < 3; c += 1) weights[3 * k + c] += own[k] * tint[c];
  }
  const empty = scene.fill === 0 && !around?.on && !scene.lights.some((light) => light.on);
  return { colored, weights, solved, empty };
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(v: Vector): Vector {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length];
}
