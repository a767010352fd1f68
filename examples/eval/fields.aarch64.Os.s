	.text
	.file	"fields.c"
	.globl	buffer_flags                    // -- Begin function buffer_flags
	.p2align	2
	.type	buffer_flags,@function
buffer_flags:                           // @buffer_flags
	.cfi_startproc
// %bb.0:
	ldr	w0, [x0, #24]
	ret
.Lfunc_end0:
	.size	buffer_flags, .Lfunc_end0-buffer_flags
	.cfi_endproc
                                        // -- End function
	.globl	buffer_set_flags                // -- Begin function buffer_set_flags
	.p2align	2
	.type	buffer_set_flags,@function
buffer_set_flags:                       // @buffer_set_flags
	.cfi_startproc
// %bb.0:
	str	w1, [x0, #24]
	ret
.Lfunc_end1:
	.size	buffer_set_flags, .Lfunc_end1-buffer_set_flags
	.cfi_endproc
                                        // -- End function
	.globl	buffer_free                     // -- Begin function buffer_free
	.p2align	2
	.type	buffer_free,@function
buffer_free:                            // @buffer_free
	.cfi_startproc
// %bb.0:
	ldp	x9, x8, [x0, #8]
	sub	x0, x8, x9
	ret
.Lfunc_end2:
	.size	buffer_free, .Lfunc_end2-buffer_free
	.cfi_endproc
                                        // -- End function
	.globl	buffer_is_locked                // -- Begin function buffer_is_locked
	.p2align	2
	.type	buffer_is_locked,@function
buffer_is_locked:                       // @buffer_is_locked
	.cfi_startproc
// %bb.0:
	ldrb	w8, [x0, #30]
	cmp	w8, #0
	cset	w0, ne
	ret
.Lfunc_end3:
	.size	buffer_is_locked, .Lfunc_end3-buffer_is_locked
	.cfi_endproc
                                        // -- End function
	.globl	buffer_clear                    // -- Begin function buffer_clear
	.p2align	2
	.type	buffer_clear,@function
buffer_clear:                           // @buffer_clear
	.cfi_startproc
// %bb.0:
	ldr	w8, [x0, #24]
	str	xzr, [x0, #8]
	and	w8, w8, #0xfffffffc
	str	w8, [x0, #24]
	ret
.Lfunc_end4:
	.size	buffer_clear, .Lfunc_end4-buffer_clear
	.cfi_endproc
                                        // -- End function
	.globl	buffer_end                      // -- Begin function buffer_end
	.p2align	2
	.type	buffer_end,@function
buffer_end:                             // @buffer_end
	.cfi_startproc
// %bb.0:
	ldp	x8, x9, [x0]
	add	x0, x8, x9
	ret
.Lfunc_end5:
	.size	buffer_end, .Lfunc_end5-buffer_end
	.cfi_endproc
                                        // -- End function
	.globl	buffer_kind                     // -- Begin function buffer_kind
	.p2align	2
	.type	buffer_kind,@function
buffer_kind:                            // @buffer_kind
	.cfi_startproc
// %bb.0:
	cbz	x0, .LBB6_2
// %bb.1:
	ldrsh	w0, [x0, #28]
	ret
.LBB6_2:
	mov	w0, #-1                         // =0xffffffff
	ret
.Lfunc_end6:
	.size	buffer_kind, .Lfunc_end6-buffer_kind
	.cfi_endproc
                                        // -- End function
	.globl	buffer_grow                     // -- Begin function buffer_grow
	.p2align	2
	.type	buffer_grow,@function
buffer_grow:                            // @buffer_grow
	.cfi_startproc
// %bb.0:
	ldr	x8, [x0, #16]
	cmp	x8, x1
	b.hs	.LBB7_2
// %bb.1:
	str	x1, [x0, #16]
.LBB7_2:
	ret
.Lfunc_end7:
	.size	buffer_grow, .Lfunc_end7-buffer_grow
	.cfi_endproc
                                        // -- End function
	.globl	buffer_at                       // -- Begin function buffer_at
	.p2align	2
	.type	buffer_at,@function
buffer_at:                              // @buffer_at
	.cfi_startproc
// %bb.0:
	ldr	x8, [x0]
	ldrb	w0, [x8, x1]
	ret
.Lfunc_end8:
	.size	buffer_at, .Lfunc_end8-buffer_at
	.cfi_endproc
                                        // -- End function
	.ident	"Debian clang version 19.1.7 (3~deb12u1)"
	.section	".note.GNU-stack","",@progbits
	.addrsig
