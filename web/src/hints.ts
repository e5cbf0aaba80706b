/** Dots and strokes of color over a drawing; kept as strokes, so that they can be taken back. */

import { bytesToBase64 } from "./api";

interface Stroke {
  /** null erases. */
  color: string | null;
  size: number;
  points: [number, number][];
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export class Hints {
  private strokes: Stroke[] = [];
  private open_ = false;
  private layer = new OffscreenCanvas(1, 1);

  open([width, height]: [number, number]): void {
    this.layer = new OffscreenCanvas(width, height);
    this.clear();
  }

  get isEmpty(): boolean {
    return this.strokes.length === 0;
  }

  stroke(x: number, y: number, size: number, color: string | null, settled: boolean): void {
    if (!this.open_) this.strokes.push({ color, size, points: [] });
    this.open_ = !settled;
    this.strokes.at(-1)!.points.push([x, y]);
    this.render();
  }

  undo(): void {
    this.strokes.pop();
    this.open_ = false;
    this.render();
  }

  clear(): void {
    this.strokes = [];
    this.open_ = false;
    this.render();
  }

  draw(context: Context): void {
    context.drawImage(this.layer, 0, 0);
  }

  /** A transparent PNG in base64, or null where nothing is painted. */
  async base64(): Promise<string | null> {
    if (this.isEmpty) return null;
    const blob = await this.layer.convertToBlob({ type: "image/png" });
    return bytesToBase64(new Uint8Array(await blob.arrayBuffer()));
  }

  private render(): void {
    const context = this.layer.getContext("2d")!;
    context.clearRect(0, 0, this.layer.width, this.layer.height);
    context.lineCap = context.lineJoin = "round";
    for (const { color, size, points } of this.strokes) {
      context.globalCompositeOperation = color === null ? "destination-out" : "source-over";
      context.strokeStyle = color ?? "#000";
      context.lineWidth = size;
      context.beginPath();
      context.moveTo(...points[0]);
      context.lineTo(points[0][0] + 0.01, points[0][1]); // what has no length is not drawn
      for (const point of points) context.lineTo(...point);
      context.stroke();
    }
    context.globalCompositeOperation = "source-over";
  }
}
