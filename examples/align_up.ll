; align_up of bits.c, lifted by hand in 64 bits. It is wrong; `irlens compare bits.s align_up.ll` shows where.

define i64 @align_up(i64 %value, i64 %alignment) {
  %sum = add i64 %value, %alignment
  %last = add i64 %sum, -1
  %mask = sub i64 0, %alignment
  %aligned = and i64 %last, %mask
  ret i64 %aligned
}
