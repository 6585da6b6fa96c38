/**
 * Where a grid is scrolled to: rows of one height in a scroller that may be too low for them: browsers cut an element off at about 33.5 million px
 * (Chromium) or 17.9 (Firefox). Beyond the limit a drag of the scroll bar moves in proportion, while a turn of the wheel
 * or a key still moves pixel by pixel, so that no row is skipped.
 */
export const LONGEST_SCROLL = 30_000_000;

const LONGEST_EDGE = 100_000;

export interface ScrollBox {
  /** Px of all rows, whether or not a browser could scroll that far. */
  readonly content: number;
  /** Px that the scroller can be scrolled: scrollHeight - clientHeight. */
  readonly range: number;
  /** Px of the part of the scroller that shows rows. */
  readonly view: number;
  /** Px that it is scrolled by now: a browser moves it where the rows became fewer than reach so far. */
  readonly scrolled: number;
}

export class ScrollScale {
  #box: ScrollBox = { content: 0, range: 0, view: 0, scrolled: 0 };
  #scrollTop = 0;
  #top = 0;
  #left = 0;
  #width = 0;

  /** Px above the first visible pixel, in the content's own measure. */
  get top(): number {
    return this.#top;
  }

  /** What to add to a row's own position to place it in the scroller. Zero while nothing is scaled. */
  get shift(): number {
    return this.#scrollTop - this.#top;
  }

  /** Px that the columns are scrolled by. */
  get left(): number {
    return this.#left;
  }

  /** Px of the columns that are in sight. */
  get width(): number {
    return this.#width;
  }

  get view(): number {
    return this.#box.view;
  }

  get #reach(): number {
    return Math.max(this.#box.content - this.#box.view, 0);
  }

  get #scaled(): boolean {
    // A pixel of rounding is no scale: fractional heights of a zoomed page differ by less than that.
    return this.#reach > this.#box.range + 1;
  }

  resize(box: ScrollBox): void {
    this.#box = box;
    if (this.#scaled) {
      this.#top = Math.min(this.#top, this.#reach);
      return;
    }
    this.#scrollTop = box.scrolled;
    this.#top = box.scrolled;
  }

  scrolledSideways(scrollLeft: number, width: number): void {
    this.#left = scrollLeft;
    this.#width = width;
  }

  /**
   * Takes the scroller's new position. Answers the position the scroller must be set to where the two have drifted
   * apart, else null.
   */
  scrolled(scrollTop: number): number | null {
    const moved = scrollTop - this.#scrollTop;
    this.#scrollTop = scrollTop;
    if (!this.#scaled) {
      this.#top = scrollTop;
      return null;
    }
    const near = Math.abs(moved) <= this.#box.view * 2;
    this.#top = near ? clamp(this.#top + moved, 0, this.#reach) : this.#toTop(scrollTop);
    // Only where the scroller cannot go on although there are rows: setting it ends the browser's smooth scrolling.
    const stuck = (scrollTop <= 0 && this.#top > 0) || (scrollTop >= this.#box.range && this.#top < this.#reach);
    if (!stuck) return null;
    this.#scrollTop = this.#toScroll(this.#top);
    return this.#scrollTop;
  }

  /** Answers the position the scroller must be set to, so that `top` is the first visible pixel of the content. */
  moveTo(top: number): number {
    this.#top = clamp(top, 0, this.#reach);
    this.#scrollTop = this.#toScroll(this.#top);
    return this.#scrollTop;
  }

  /** Pixel by pixel near the ends, so that the last rows have room to be scrolled to; in proportion between. */
  #toTop(scrollTop: number): number {
    const { range } = this.#box;
    const edge = this.#edge;
    if (scrollTop <= edge) return clamp(scrollTop, 0, this.#reach);
    if (scrollTop >= range - edge) return clamp(this.#reach - (range - scrollTop), 0, this.#reach);
    return edge + ((scrollTop - edge) / (range - 2 * edge)) * (this.#reach - 2 * edge);
  }

  #toScroll(top: number): number {
    if (!this.#scaled) return top;
    const { range } = this.#box;
    const edge = this.#edge;
    if (top <= edge) return top;
    if (top >= this.#reach - edge) return range - (this.#reach - top);
    return Math.round(edge + ((top - edge) / (this.#reach - 2 * edge)) * (range - 2 * edge));
  }

  get #edge(): number {
    return Math.min(LONGEST_EDGE, this.#box.range / 4);
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
