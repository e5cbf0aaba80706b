/**
 * The picture under the mix, drawn by WebGL 2 at the full resolution of the preview; at a level
 * above 0, with every side halved so many times.
 */

import { Coefficients } from "./mixing";

export interface View {
  /** Pixels of the full picture for one of the preview. */
  scale: number;
  /** left, top, width, height in pixels of the full picture. */
  box: [number, number, number, number];
  /** Rows and columns of the smooth map. */
  cells: [number, number];
}

export interface Shown {
  shading: number;
  lighting: number;
  /** Share of the width, from the left, that shows the picture as it came. */
  split: number;
  clipping: boolean;
  mask: boolean;
  /** How far what lies beyond the mask is dimmed. */
  dim: number;
}

const VERTEX = `#version 300 es
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

/** Slope and offset by bicubic interpolation (a = -0.75), as PyTorch enlarges. */
const SMOOTH = `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D slopes, offsets;
uniform vec2 cells;
uniform int side;
layout(location = 0) out vec4 slope;
layout(location = 1) out vec4 offset;
vec4 cubic(float t) {
  const float a = -0.75;
  float u = t + 1.0, w = 1.0 - t, q = 2.0 - t;
  return vec4(
    ((a * u - 5.0 * a) * u + 8.0 * a) * u - 4.0 * a,
    ((a + 2.0) * t - (a + 3.0)) * t * t + 1.0,
    ((a + 2.0) * w - (a + 3.0)) * w * w + 1.0,
    ((a * q - 5.0 * a) * q + 8.0 * a) * q - 4.0 * a);
}
void main() {
  vec2 at = gl_FragCoord.xy * (float(side) / cells) - 0.5;
  ivec2 first = ivec2(floor(at));
  vec2 share = at - vec2(first);
  vec4 wx = cubic(share.x), wy = cubic(share.y);
  slope = vec4(0.0);
  offset = vec4(0.0);
  for (int j = 0; j < 4; j++) for (int i = 0; i < 4; i++) {
    ivec2 cell = clamp(first + ivec2(i - 1, j - 1), ivec2(0), ivec2(side - 1));
    float weight = wx[i] * wy[j];
    slope += weight * texelFetch(slopes, cell, 0);
    offset += weight * texelFetch(offsets, cell, 0);
  }
}`;

const COMPOSITE = `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D picture, mask, slopes, offsets;
uniform vec2 size, drawn, opacity;
uniform vec4 box;
uniform float scale, split, dim;
uniform int level;
uniform bool clipping, show_mask;
out vec4 color;
const float LIMIT = 2.302585093;
void main() {
  vec2 place = vec2(gl_FragCoord.x, drawn.y - gl_FragCoord.y);
  vec2 at = place * (size / drawn);
  ivec2 pixel = level < 0 ? ivec2(at) : ivec2(place);
  vec4 source = texelFetch(picture, pixel, max(level, 0));
  float cover = texelFetch(mask, pixel, max(level, 0)).r;
  vec2 uv = (at * scale - box.xy) / box.zw;
  float luma = dot(source.rgb, vec3(0.2126, 0.7152, 0.0722));
  vec3 gain = texture(slopes, uv).rgb * (luma - 0.5) + texture(offsets, uv).rgb;
  gain = clamp(gain, -LIMIT, LIMIT) * cover;
  vec3 dark = 1.0 - opacity.x * (1.0 - exp(min(gain, 0.0)));
  vec3 bright = 1.0 - opacity.y * (1.0 - exp(max(gain, 0.0)));
  vec3 lit = source.rgb * clamp(dark * bright, 0.1, 10.0);
  if (at.x < split * size.x) lit = source.rgb;
  if (clipping) {
    bool stripe = mod(floor(at.x + at.y), 12.0) < 6.0;
    if (stripe && any(greaterThanEqual(lit, vec3(0.998)))) lit = vec3(1.0, 0.22, 0.16);
    else if (stripe && all(lessThanEqual(lit, vec3(0.006)))) lit = vec3(0.16, 0.42, 1.0);
  }
  lit *= 1.0 - dim * (1.0 - cover);
  if (show_mask) lit = mix(lit * 0.45, mix(lit, vec3(1.0, 0.45, 0.2), 0.32), cover);
  color = vec4(min(lit, 1.0) * source.a, source.a);
}`;

export interface Histogram {
  bins: Uint32Array;
  /** Shares of the pixels. */
  white: number;
  black: number;
}

/** The histogram of RGBA bytes; transparent pixels do not count. */
export function counted(pixels: ArrayLike<number>): Histogram {
  const bins = new Uint32Array(3 * 64);
  let white = 0;
  let black = 0;
  let seen = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    if (pixels[i + 3] === 0) continue;
    seen += 1;
    for (let c = 0; c < 3; c += 1) bins[64 * c + (pixels[i + c] >> 2)] += 1;
    const most = Math.max(pixels[i], pixels[i + 1], pixels[i + 2]);
    white += Number(most === 255);
    black += Number(most <= 1);
  }
  return { bins, white: white / Math.max(seen, 1), black: black / Math.max(seen, 1) };
}

export class NoWebGL extends Error {}

export class Renderer {
  private readonly gl: WebGL2RenderingContext;
  private smooth!: WebGLProgram;
  private composite!: WebGLProgram;
  private picture!: WebGLTexture;
  private mask!: WebGLTexture;
  private small!: [WebGLTexture, WebGLTexture];
  /** Slope and offset enlarged, for each level that has been drawn. */
  private large!: Map<number, { textures: [WebGLTexture, WebGLTexture]; frame: WebGLFramebuffer; cells: [number, number] }>;
  private tiny!: WebGLFramebuffer;
  private tinyColor!: WebGLTexture;
  private precise = false;
  private size: [number, number] = [1, 1];
  private view: View | null = null;
  private mix: Coefficients | null = null;

  /** @throws NoWebGL where the browser cannot. */
  constructor(private readonly canvas: HTMLCanvasElement) {
    const gl = canvas.getContext("webgl2", { antialias: false, depth: false, stencil: false });
    if (gl === null) throw new NoWebGL("no WebGL 2");
    this.gl = gl;
    this.setUp();
  }

  private setUp(): void {
    const { gl } = this;
    if (gl.getExtension("EXT_color_buffer_float") !== null) {
      this.precise = gl.getExtension("OES_texture_float_linear") !== null;
    } else if (gl.getExtension("EXT_color_buffer_half_float") === null) {
      throw new NoWebGL("no floating point targets");
    }
    this.smooth = program(gl, SMOOTH);
    this.composite = program(gl, COMPOSITE);
    this.picture = texture(gl, gl.NEAREST, gl.NEAREST_MIPMAP_NEAREST);
    this.mask = texture(gl, gl.NEAREST, gl.NEAREST_MIPMAP_NEAREST);
    this.small = [texture(gl, gl.NEAREST), texture(gl, gl.NEAREST)];
    this.large = new Map();
    this.tiny = gl.createFramebuffer()!;
    this.tinyColor = texture(gl, gl.NEAREST);
    this.warmUp();
  }

  /** Draws a pixel by every program: they are compiled for good before there is a picture. */
  private warmUp(): void {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.picture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 1, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    this.size = [1, 1];
    this.setMask(new Uint8Array(1));
    this.look({ scale: 1, box: [0, 0, 1, 1], cells: [1, 1] });
    this.setMix({ side: 1, slope: new Float32Array(4), offset: new Float32Array(4) });
    this.draw({ shading: 1, lighting: 1, split: 0, clipping: false, mask: false, dim: 0 }, 0);
    this.view = this.mix = null;
  }

  /** A picture, as yet without light. */
  open(picture: ImageBitmap): void {
    const { gl } = this;
    this.size = [picture.width, picture.height];
    this.view = null;
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    gl.bindTexture(gl.TEXTURE_2D, this.picture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, picture);
    gl.generateMipmap(gl.TEXTURE_2D);
    this.setMask(new Uint8Array(picture.width * picture.height));
  }

  /** Where its object is. */
  look(view: View): void {
    const { gl } = this;
    for (const { textures, frame } of this.large.values()) {
      gl.deleteFramebuffer(frame);
      for (const old of textures) gl.deleteTexture(old);
    }
    this.large.clear();
    this.view = view;
  }

  setMask(coverage: Uint8Array): void {
    const { gl, size } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.mask);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, ...size, 0, gl.RED, gl.UNSIGNED_BYTE, coverage);
    gl.generateMipmap(gl.TEXTURE_2D);
  }

  setMix(mix: Coefficients): void {
    this.mix = mix;
    for (const made of this.large.values()) made.cells = [0, 0]; // to be enlarged anew
  }

  /** First pass: the mix, smooth, at no more than 512 x 512. */
  private enlarged(view: View, level: number): [WebGLTexture, WebGLTexture] {
    const { gl, mix } = this;
    const side = mix?.side ?? 1;
    const cells = view.cells.map((count) => Math.max(side, count >> level)) as [number, number];
    let made = this.large.get(level);
    if (made === undefined) {
      made = { textures: [texture(gl, gl.LINEAR), texture(gl, gl.LINEAR)], frame: gl.createFramebuffer()!, cells: [0, 0] };
      this.large.set(level, made);
      const format = this.precise ? gl.RGBA32F : gl.RGBA16F;
      gl.bindFramebuffer(gl.FRAMEBUFFER, made.frame);
      made.textures.forEach((target, index) => {
        gl.bindTexture(gl.TEXTURE_2D, target);
        gl.texImage2D(gl.TEXTURE_2D, 0, format, cells[1], cells[0], 0, gl.RGBA, this.precise ? gl.FLOAT : gl.HALF_FLOAT, null);
        gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + index, gl.TEXTURE_2D, target, 0);
      });
      gl.drawBuffers([gl.COLOR_ATTACHMENT0, gl.COLOR_ATTACHMENT1]);
    }
    if (mix === null || made.cells[0] !== 0) return made.textures;
    made.cells = cells;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
    [mix.slope, mix.offset].forEach((values, index) => {
      gl.bindTexture(gl.TEXTURE_2D, this.small[index]);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, side, side, 0, gl.RGBA, gl.FLOAT, values);
    });
    gl.bindFramebuffer(gl.FRAMEBUFFER, made.frame);
    gl.viewport(0, 0, cells[1], cells[0]);
    gl.useProgram(this.smooth);
    this.bind(this.smooth, { slopes: this.small[0], offsets: this.small[1] });
    gl.uniform2f(this.at(this.smooth, "cells"), cells[1], cells[0]);
    gl.uniform1i(this.at(this.smooth, "side"), side);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    return made.textures;
  }

  /** The canvas at a level. */
  draw(shown: Shown, level: number): void {
    const { gl, canvas } = this;
    const [width, height] = this.size.map((side) => Math.max(1, side >> level));
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    this.compose(shown, null, [width, height], level);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  /** Milliseconds that a frame at `level` takes until it is done; one frame before it warms up. */
  measure(shown: Shown, level: number): number {
    const { gl } = this;
    const pixel = new Uint8Array(4);
    let start = 0;
    for (let n = 0; n < 2; n += 1) {
      start = performance.now();
      if (this.mix !== null) this.setMix(this.mix);
      this.draw(shown, level);
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    }
    return performance.now() - start;
  }

  /** Second pass: every pixel of the target. A negative level takes single pixels of the picture. */
  private compose(shown: Shown, target: WebGLFramebuffer | null, drawn: [number, number], level: number): void {
    const { gl, view } = this;
    const [slopes, offsets] = view === null ? this.small : this.enlarged(view, Math.max(level, 0));
    gl.bindFramebuffer(gl.FRAMEBUFFER, target);
    gl.viewport(0, 0, ...drawn);
    gl.useProgram(this.composite);
    this.bind(this.composite, { picture: this.picture, mask: this.mask, slopes, offsets });
    const at = (name: string) => this.at(this.composite, name);
    gl.uniform2f(at("size"), ...this.size);
    gl.uniform2f(at("drawn"), ...drawn);
    gl.uniform2f(at("opacity"), shown.shading, shown.lighting);
    gl.uniform4f(at("box"), ...(view?.box ?? [0, 0, 1, 1]));
    gl.uniform1f(at("scale"), view?.scale ?? 1);
    gl.uniform1f(at("split"), view === null ? 1 : shown.split);
    gl.uniform1f(at("dim"), view === null ? 0 : shown.dim);
    gl.uniform1i(at("level"), level);
    gl.uniform1i(at("clipping"), Number(shown.clipping));
    gl.uniform1i(at("show_mask"), Number(shown.mask));
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Counts of red, green and blue in 64 bins each, from every few pixels, and what clips. */
  histogram(shown: Shown): Histogram {
    const { gl } = this;
    const width = Math.min(this.size[0], 192);
    const height = Math.max(1, Math.round((this.size[1] * width) / this.size[0]));
    gl.bindTexture(gl.TEXTURE_2D, this.tinyColor);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.tiny);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.tinyColor, 0);
    this.compose({ ...shown, split: 0, clipping: false, mask: false, dim: 0 }, this.tiny, [width, height], -1);
    const pixels = new Uint8Array(4 * width * height);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    return counted(pixels);
  }

  private bind(user: WebGLProgram, textures: Record<string, WebGLTexture>): void {
    Object.entries(textures).forEach(([name, value], unit) => {
      this.gl.activeTexture(this.gl.TEXTURE0 + unit);
      this.gl.bindTexture(this.gl.TEXTURE_2D, value);
      this.gl.uniform1i(this.at(user, name), unit);
    });
  }

  private at(user: WebGLProgram, name: string): WebGLUniformLocation | null {
    return this.gl.getUniformLocation(user, name);
  }
}

function texture(gl: WebGL2RenderingContext, filter: number, smaller = filter): WebGLTexture {
  const made = gl.createTexture()!;
  gl.bindTexture(gl.TEXTURE_2D, made);
  for (const [name, value] of [
    [gl.TEXTURE_MIN_FILTER, smaller],
    [gl.TEXTURE_MAG_FILTER, filter],
    [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
    [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
  ]) {
    gl.texParameteri(gl.TEXTURE_2D, name, value);
  }
  return made;
}

function program(gl: WebGL2RenderingContext, fragment: string): WebGLProgram {
  const made = gl.createProgram()!;
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new NoWebGL(gl.getShaderInfoLog(shader) ?? "");
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new NoWebGL(gl.getProgramInfoLog(made) ?? "");
  return made;
}
