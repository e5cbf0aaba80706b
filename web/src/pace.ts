/**
 * Short frames while something moves, on any machine: where one takes too long, the next are drawn
 * with fewer pixels. At rest the picture is drawn whole again.
 */

const AIM_MS = 26;
const SLOW_MS = 34;
const QUICK_MS = 20;
const SMALLEST_SIDE = 256;
/** So many quick frames in a row, and a finer level is tried. */
const PATIENCE = 40;

export class Pace {
  /** Every level halves both sides. */
  level = 0;
  private coarsest = 0;
  private finest = 0;
  private before = 0;
  private slow = 0;
  private quick = 0;

  /** Another picture, of which one frame at `level` took `ms`, all told. */
  open(size: [number, number], level: number, ms: number): void {
    this.coarsest = Pace.coarsestOf(size);
    this.finest = this.slow = this.quick = 0;
    this.level = Math.max(0, Math.min(this.coarsest, level + fewer(ms)));
  }

  static coarsestOf(size: [number, number]): number {
    return Math.max(0, Math.floor(Math.log2(Math.max(...size) / SMALLEST_SIDE)));
  }

  /** Begins to count frames. */
  start(): void {
    this.before = 0;
  }

  /** Called in every animation frame while something moves; `drew` tells of the one before. */
  tick(now: number, drew: boolean): void {
    const took = now - this.before;
    const counts = drew && this.before > 0;
    this.before = now;
    if (!counts) return;
    this.slow = took > SLOW_MS ? this.slow + 1 : 0;
    this.quick = took < QUICK_MS ? this.quick + 1 : 0;
    if (this.slow >= 2 && this.level < this.coarsest) {
      this.finest = this.level + 1; // it was tried, and was too much
      this.level = Math.min(this.coarsest, this.level + Math.max(1, fewer(took)));
      this.slow = 0;
    } else if (this.quick >= PATIENCE && this.level > this.finest) {
      this.level -= 1;
      this.quick = 0;
    }
  }
}

/** How many levels coarser, or finer where negative, a frame of `ms` should be drawn. */
function fewer(ms: number): number {
  return Math.ceil(Math.log(Math.max(ms, 0.01) / AIM_MS) / Math.log(4));
}
