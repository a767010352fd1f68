	.text
	.file	"numbers.c"
	.globl	larger                          // -- Begin function larger
	.p2align	2
	.type	larger,@function
larger:                                 // @larger
	.cfi_startproc
// %bb.0:
	cmp	w0, w1
	csel	w0, w0, w1, gt
	ret
.Lfunc_end0:
	.size	larger, .Lfunc_end0-larger
	.cfi_endproc
                                        // -- End function
	.globl	rotate                          // -- Begin function rotate
	.p2align	2
	.type	rotate,@function
rotate:                                 // @rotate
	.cfi_startproc
// %bb.0:
	ror	w0, w0, #25
	ret
.Lfunc_end1:
	.size	rotate, .Lfunc_end1-rotate
	.cfi_endproc
                                        // -- End function
	.globl	low_nibble                      // -- Begin function low_nibble
	.p2align	2
	.type	low_nibble,@function
low_nibble:                             // @low_nibble
	.cfi_startproc
// %bb.0:
	and	w0, w0, #0xf
	ret
.Lfunc_end2:
	.size	low_nibble, .Lfunc_end2-low_nibble
	.cfi_endproc
                                        // -- End function
	.globl	widen                           // -- Begin function widen
	.p2align	2
	.type	widen,@function
widen:                                  // @widen
	.cfi_startproc
// %bb.0:
                                        // kill: def $w0 killed $w0 def $x0
	sbfiz	x0, x0, #2, #32
	ret
.Lfunc_end3:
	.size	widen, .Lfunc_end3-widen
	.cfi_endproc
                                        // -- End function
	.globl	is_digit                        // -- Begin function is_digit
	.p2align	2
	.type	is_digit,@function
is_digit:                               // @is_digit
	.cfi_startproc
// %bb.0:
	sub	w8, w0, #48
	cmp	w8, #10
	cset	w0, lo
	ret
.Lfunc_end4:
	.size	is_digit, .Lfunc_end4-is_digit
	.cfi_endproc
                                        // -- End function
	.globl	half                            // -- Begin function half
	.p2align	2
	.type	half,@function
half:                                   // @half
	.cfi_startproc
// %bb.0:
	fmov	d1, #0.50000000
	fmul	d0, d0, d1
	ret
.Lfunc_end5:
	.size	half, .Lfunc_end5-half
	.cfi_endproc
                                        // -- End function
	.globl	dot                             // -- Begin function dot
	.p2align	2
	.type	dot,@function
dot:                                    // @dot
	.cfi_startproc
// %bb.0:
	fmul	d2, d2, d3
	fmadd	d0, d0, d1, d2
	ret
.Lfunc_end6:
	.size	dot, .Lfunc_end6-dot
	.cfi_endproc
                                        // -- End function
	.globl	high_word                       // -- Begin function high_word
	.p2align	2
	.type	high_word,@function
high_word:                              // @high_word
	.cfi_startproc
// %bb.0:
	lsr	x0, x0, #32
	ret
.Lfunc_end7:
	.size	high_word, .Lfunc_end7-high_word
	.cfi_endproc
                                        // -- End function
	.globl	clamp                           // -- Begin function clamp
	.p2align	2
	.type	clamp,@function
clamp:                                  // @clamp
	.cfi_startproc
// %bb.0:
	mov	w8, #255                        // =0xff
	cmp	w0, #255
	csel	w8, w0, w8, lo
	cmp	w0, #0
	csel	w0, wzr, w8, lt
	ret
.Lfunc_end8:
	.size	clamp, .Lfunc_end8-clamp
	.cfi_endproc
                                        // -- End function
	.globl	swap_bytes                      // -- Begin function swap_bytes
	.p2align	2
	.type	swap_bytes,@function
swap_bytes:                             // @swap_bytes
	.cfi_startproc
// %bb.0:
	rev	w8, w0
	lsr	w0, w8, #16
	ret
.Lfunc_end9:
	.size	swap_bytes, .Lfunc_end9-swap_bytes
	.cfi_endproc
                                        // -- End function
	.globl	parity                          // -- Begin function parity
	.p2align	2
	.type	parity,@function
parity:                                 // @parity
	.cfi_startproc
// %bb.0:
	eor	w8, w0, w0, lsr #16
	eor	w8, w8, w8, lsr #8
	eor	w8, w8, w8, lsr #4
	eor	w8, w8, w8, lsr #2
	eor	w8, w8, w8, lsr #1
	and	w0, w8, #0x1
	ret
.Lfunc_end10:
	.size	parity, .Lfunc_end10-parity
	.cfi_endproc
                                        // -- End function
	.ident	"Debian clang version 19.1.7 (3~deb12u1)"
	.section	".note.GNU-stack","",@progbits
	.addrsig
