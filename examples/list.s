	.text
	.file	"list.c"
	.globl	node_value                      // -- Begin function node_value
	.p2align	2
	.type	node_value,@function
node_value:                             // @node_value
	.cfi_startproc
// %bb.0:
	ldr	w0, [x0, #16]
	ret
.Lfunc_end0:
	.size	node_value, .Lfunc_end0-node_value
	.cfi_endproc
                                        // -- End function
	.globl	set_value                       // -- Begin function set_value
	.p2align	2
	.type	set_value,@function
set_value:                              // @set_value
	.cfi_startproc
// %bb.0:
	str	w1, [x0, #16]
	ret
.Lfunc_end1:
	.size	set_value, .Lfunc_end1-set_value
	.cfi_endproc
                                        // -- End function
	.globl	next_of                         // -- Begin function next_of
	.p2align	2
	.type	next_of,@function
next_of:                                // @next_of
	.cfi_startproc
// %bb.0:
	ldr	x0, [x0]
	ret
.Lfunc_end2:
	.size	next_of, .Lfunc_end2-next_of
	.cfi_endproc
                                        // -- End function
	.globl	link_after                      // -- Begin function link_after
	.p2align	2
	.type	link_after,@function
link_after:                             // @link_after
	.cfi_startproc
// %bb.0:
	str	x1, [x0]
	str	x0, [x1, #8]
	ret
.Lfunc_end3:
	.size	link_after, .Lfunc_end3-link_after
	.cfi_endproc
                                        // -- End function
	.globl	drop                            // -- Begin function drop
	.p2align	2
	.type	drop,@function
drop:                                   // @drop
	.cfi_startproc
// %bb.0:
	ldr	x0, [x0]
	b	release
.Lfunc_end4:
	.size	drop, .Lfunc_end4-drop
	.cfi_endproc
                                        // -- End function
	.ident	"Debian clang version 19.1.7 (3~deb12u1)"
	.section	".note.GNU-stack","",@progbits
	.addrsig
