/**
 * The mix at the size of the networks: relighting/mixing.py and the fit of compositing/upsample.py.
 *
 * Light adds up in linear light over R x R values (64 x 64), once for each frame; the shader lays
 * the result over every pixel of the preview, guided by the pixel's own luma.
 */

import { Basis, contributions, linearToSrgb, srgbToLinear } from "./lights";
import { Scene } from "./scene";

const EDGE_VARIANCE = 0.004;
const OUTSIDE_WEIGHT = 1e-3;
const FAINTEST = 1e-5;
const LIMIT = 2 * Math.log(10);

/** Slope and offset of the log gain for the luma of a pixel, RGBA rows of R x R. */
export interface Coefficients {
  side: number;
  slope: Float32Array;
  /** At luma 0.5, where it is well conditioned: log gain = slope * (luma - 0.5) + offset. */
  offset: Float32Array;
}

export class Mixer {
  readonly side: number;
  private readonly linear: Float32Array;
  private readonly brightness: Float32Array;
  private readonly guide: Float32Array;
  private readonly weight: Float64Array;
  private readonly norm: Float64Array;
  private readonly meanGuide: Float64Array;
  private readonly spreadGuide: Float64Array;
  private readonly solved = new Map<string, Float32Array>();
  private readonly maps = new Map<string, Float32Array>();

  constructor(
    private readonly basis: Basis,
    numbers: ArrayBuffer,
    side: number,
  ) {
    const cells = side * side;
    const count = basis.basis.size * cells;
    const map = (index: number) => new Float32Array(numbers, 2 * count + 4 * index * cells, cells);
    this.side = side;
    this.linear = floatsOfHalves(new Uint16Array(numbers, 0, count));
    this.brightness = map(0);
    this.guide = map(1);
    this.weight = Float64Array.from(map(2), (w) => w + OUTSIDE_WEIGHT);
    this.norm = boxMean(this.weight, side);
    this.meanGuide = this.mean(this.guide);
    const square = this.mean(this.guide.map((value) => value * value));
    this.spreadGuide = square.map((value, i) => Math.max(value - this.meanGuide[i] ** 2, 0) + EDGE_VARIANCE);
  }

  /** Keeps the map of a light that was solved alone. */
  remember(name: string, map: Float32Array): void {
    this.maps.set(name, map);
    this.solved.set(
      name,
      map.map((value, i) => srgbToLinear(this.brightness[i] * Math.exp(value))),
    );
  }

  knows(name: string): boolean {
    return this.solved.has(name);
  }

  mapOf(name: string): Float32Array | undefined {
    return this.maps.get(name);
  }

  /** What the shader needs to draw `scene`. */
  coefficients(scene: Scene): Coefficients {
    const cells = this.side * this.side;
    const slope = new Float32Array(4 * cells);
    const offset = new Float32Array(4 * cells);
    const asked = contributions(this.basis, scene, (name) => this.knows(name));
    if (asked.empty) return { side: this.side, slope, offset };
    for (let c = 0; c < (asked.colored ? 3 : 1); c += 1) {
      const total = new Float64Array(cells);
      for (let k = 0; k < this.basis.basis.size; k += 1) {
        const weight = asked.weights[3 * k + c];
        if (weight === 0) continue;
        const row = this.linear.subarray(k * cells, (k + 1) * cells);
        for (let i = 0; i < cells; i += 1) total[i] += weight * row[i];
      }
      for (const { name, tint } of asked.solved) {
        const row = this.solved.get(name)!;
        for (let i = 0; i < cells; i += 1) total[i] += tint[c] * row[i];
      }
      for (let i = 0; i < cells; i += 1) {
        const gain = Math.log(linearToSrgb(Math.max(total[i], FAINTEST)) / this.brightness[i]);
        total[i] = scene.strength * Math.max(-LIMIT, Math.min(LIMIT, gain));
      }
      this.fit(total, c, slope, offset);
    }
    if (!asked.colored) {
      for (let i = 0; i < 4 * cells; i += 4) {
        slope[i + 1] = slope[i + 2] = slope[i];
        offset[i + 1] = offset[i + 2] = offset[i];
      }
    }
    return { side: this.side, slope, offset };
  }

  /** The guided filter's line through every window, for one channel. */
  private fit(target: Float64Array, channel: number, slope: Float32Array, offset: Float32Array): void {
    const { guide, meanGuide, spreadGuide } = this;
    const meanTarget = this.mean(target);
    const product = target.map((value, i) => value * guide[i]);
    const lean = this.mean(product);
    for (let i = 0; i < lean.length; i += 1) lean[i] = (lean[i] - meanGuide[i] * meanTarget[i]) / spreadGuide[i];
    const smooth = this.mean(lean);
    for (let i = 0; i < smooth.length; i += 1) {
      slope[4 * i + channel] = smooth[i];
      offset[4 * i + channel] = target[i] + smooth[i] * (0.5 - guide[i]);
    }
  }

  /** Mean of every 3 x 3 window, weighted by the mask. */
  private mean(values: ArrayLike<number>): Float64Array {
    const weighted = new Float64Array(values.length);
    for (let i = 0; i < values.length; i += 1) weighted[i] = values[i] * this.weight[i];
    const mean = boxMean(weighted, this.side);
    for (let i = 0; i < mean.length; i += 1) mean[i] /= this.norm[i];
    return mean;
  }
}

/** Half precision, never negative: the bits moved to their places, and the exponent to its zero. */
function floatsOfHalves(halves: Uint16Array): Float32Array {
  const floats = new Float32Array(Uint32Array.from(halves, (half) => half << 13).buffer);
  return floats.map((value) => value * 2 ** 112);
}

/** Mean of every 3 x 3 window; the border repeats. */
function boxMean(values: Float64Array, side: number): Float64Array {
  const across = new Float64Array(values.length);
  const mean = new Float64Array(values.length);
  for (let y = 0; y < side; y += 1) {
    const row = y * side;
    for (let x = 0; x < side; x += 1) {
      across[row + x] = values[row + Math.max(x - 1, 0)] + values[row + x] + values[row + Math.min(x + 1, side - 1)];
    }
  }
  for (let y = 0; y < side; y += 1) {
    const above = Math.max(y - 1, 0) * side;
    const below = Math.min(y + 1, side - 1) * side;
    for (let x = 0; x < side; x += 1) {
      mean[y * side + x] = (across[above + x] + across[y * side + x] + across[below + x]) / 9;
    }
  }
  return mean;
}
