/** Undo and redo over whole documents; a run of small changes to one thing is one step. */

export class History<T> {
  private past: T[] = [];
  private future: T[] = [];
  private present: string;

  constructor(
    start: T,
    private readonly most = 200,
  ) {
    this.present = JSON.stringify(start);
  }

  /** Records `value`, unless it is what is there already. */
  commit(value: T): void {
    const text = JSON.stringify(value);
    if (text === this.present) return;
    this.past.push(JSON.parse(this.present) as T);
    if (this.past.length > this.most) this.past.shift();
    this.future = [];
    this.present = text;
  }

  undo(): T | null {
    return this.move(this.past, this.future);
  }

  redo(): T | null {
    return this.move(this.future, this.past);
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  private move(from: T[], to: T[]): T | null {
    const value = from.pop();
    if (value === undefined) return null;
    to.push(JSON.parse(this.present) as T);
    this.present = JSON.stringify(value);
    return JSON.parse(this.present) as T;
  }
}
