/** Instructions and bytes in words. */

interface Numbers {
  readonly instructions: number | null;
  readonly bytes: number | null;
}

/** `13 instructions, 27 bytes`. */
export function counted({ instructions, bytes }: Numbers): string {
  const parts = [
    instructions === null ? '' : `${instructions} instruction${instructions === 1 ? '' : 's'}`,
    bytes === null ? '' : `${bytes} byte${bytes === 1 ? '' : 's'}`,
  ];
  return parts.filter(Boolean).join(', ') || 'not known';
}

/** `13 instr. (−2), 27 B`: the numbers, and where they differ from those before. */
export function compared(now: Numbers, before: Numbers): string {
  const part = (value: number | null, old: number | null, unit: string) => {
    if (value === null) {
      return '';
    }
    const by = old === null ? 0 : value - old;
    return `${value} ${unit}${by === 0 ? '' : ` (${by > 0 ? '+' : '−'}${Math.abs(by)})`}`;
  };
  return [part(now.instructions, before.instructions, 'instr.'), part(now.bytes, before.bytes, 'B')].filter(Boolean).join(', ');
}

/** Bytes as people read them, in units of ten. */
export function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toPrecision(3)} GB` : bytes >= 1e6 ? `${(bytes / 1e6).toPrecision(3)} MB` : `${bytes} bytes`;
}
