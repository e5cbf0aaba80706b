/** The mask under the brush: coverage of every pixel of the preview, 0 to 255. */

export class MaskPaint {
  private last: [number, number] | null = null;

  constructor(
    readonly coverage: Uint8Array,
    readonly width: number,
    readonly height: number,
  ) {}

  /** Draws from where the stroke was to (x, y), with an edge soft over a quarter of the radius. */
  stroke(x: number, y: number, diameter: number, erase: boolean): void {
    const radius = Math.max(diameter / 2, 0.5);
    const [fromX, fromY] = this.last ?? [x, y];
    const steps = Math.max(1, Math.ceil(Math.hypot(x - fromX, y - fromY) / (radius / 3)));
    for (let i = 1; i <= steps; i += 1) {
      const share = i / steps;
      this.dab(fromX + (x - fromX) * share, fromY + (y - fromY) * share, radius, erase);
    }
    this.last = [x, y];
  }

  lift(): void {
    this.last = null;
  }

  /** The mask as a grey PNG. */
  async png(): Promise<Blob> {
    const canvas = new OffscreenCanvas(this.width, this.height);
    const context = canvas.getContext("2d")!;
    const image = context.createImageData(this.width, this.height);
    for (let i = 0; i < this.coverage.length; i += 1) {
      image.data[4 * i] = image.data[4 * i + 1] = image.data[4 * i + 2] = this.coverage[i];
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    return canvas.convertToBlob({ type: "image/png" });
  }

  private dab(x: number, y: number, radius: number, erase: boolean): void {
    const soft = Math.max(1, radius / 4);
    const top = Math.max(0, Math.floor(y - radius));
    const bottom = Math.min(this.height - 1, Math.ceil(y + radius));
    const left = Math.max(0, Math.floor(x - radius));
    const right = Math.min(this.width - 1, Math.ceil(x + radius));
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) {
        const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
        const cover = 255 * Math.max(0, Math.min(1, (radius - distance) / soft));
        const at = row * this.width + column;
        const before = this.coverage[at];
        this.coverage[at] = erase ? Math.min(before, 255 - cover) : Math.max(before, cover);
      }
    }
  }
}

/** The first channel of a picture. */
export async function channelOf(blob: Blob): Promise<{ coverage: Uint8Array; width: number; height: number }> {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const coverage = new Uint8Array(width * height);
  for (let i = 0; i < coverage.length; i += 1) coverage[i] = data[4 * i];
  return { coverage, width, height };
}
