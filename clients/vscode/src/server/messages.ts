/**
 * What a server writes to its standard output, looked at as it passes: messages and nothing else.
 *
 * A stray print there makes a client wait for ever for the end of a message that never began. Here it is noticed at
 * its first line, so that the user can be told what was written and does not sit before a spinner.
 */
import { Transform, type TransformCallback } from 'node:stream';

const HEADER = /^(?:Content-Length|Content-Type):/i;
const LONGEST_SHOWN = 120;

/** The stream, unchanged, up to the first line that is no header. `stray` is called once, with that line. */
export class Messages extends Transform {
  private head = Buffer.alloc(0);
  /** Bytes that are still to come of the message whose header has been read. */
  private left = 0;
  private length = 0;
  private isBroken = false;

  constructor(private readonly stray: (line: string) => void) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!this.isBroken) {
      this.follow(chunk);
    }
    done(null, this.isBroken ? undefined : chunk);
  }

  private follow(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0 && !this.isBroken) {
      if (this.left > 0) {
        const taken = Math.min(this.left, rest.length);
        this.left -= taken;
        rest = rest.subarray(taken);
        continue;
      }
      const end = rest.indexOf('\n');
      this.head = Buffer.concat([this.head, end < 0 ? rest : rest.subarray(0, end)]);
      rest = end < 0 ? Buffer.alloc(0) : rest.subarray(end + 1);
      if (end >= 0) {
        this.line(this.head.toString().replace(/\r$/, ''));
        this.head = Buffer.alloc(0);
      }
    }
  }

  private line(text: string): void {
    if (text === '' && this.length > 0) {
      this.left = this.length;
      this.length = 0;
    } else if (HEADER.test(text)) {
      this.length = Number(/^Content-Length:\s*(\d+)/i.exec(text)?.[1] ?? this.length);
    } else {
      this.isBroken = true;
      this.stray(text.slice(0, LONGEST_SHOWN));
    }
  }
}
