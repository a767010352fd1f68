	.text
	.file	"calls.c"
	.globl	allocate_words                  // -- Begin function allocate_words
	.p2align	2
	.type	allocate_words,@function
allocate_words:                         // @allocate_words
	.cfi_startproc
// %bb.0:
	lsl	x0, x0, #3
	b	allocate
.Lfunc_end0:
	.size	allocate_words, .Lfunc_end0-allocate_words
	.cfi_endproc
                                        // -- End function
	.globl	release_if                      // -- Begin function release_if
	.p2align	2
	.type	release_if,@function
release_if:                             // @release_if
	.cfi_startproc
// %bb.0:
	cbz	x0, .LBB1_2
// %bb.1:
	b	release
.LBB1_2:
	ret
.Lfunc_end1:
	.size	release_if, .Lfunc_end1-release_if
	.cfi_endproc
                                        // -- End function
	.globl	fail                            // -- Begin function fail
	.p2align	2
	.type	fail,@function
fail:                                   // @fail
	.cfi_startproc
// %bb.0:
	mov	w1, w0
	adrp	x0, .L.str
	add	x0, x0, :lo12:.L.str
	b	report
.Lfunc_end2:
	.size	fail, .Lfunc_end2-fail
	.cfi_endproc
                                        // -- End function
	.globl	count_error                     // -- Begin function count_error
	.p2align	2
	.type	count_error,@function
count_error:                            // @count_error
	.cfi_startproc
// %bb.0:
	adrp	x8, errors
	ldr	w9, [x8, :lo12:errors]
	add	w9, w9, #1
	str	w9, [x8, :lo12:errors]
	ret
.Lfunc_end3:
	.size	count_error, .Lfunc_end3-count_error
	.cfi_endproc
                                        // -- End function
	.globl	error_count                     // -- Begin function error_count
	.p2align	2
	.type	error_count,@function
error_count:                            // @error_count
	.cfi_startproc
// %bb.0:
	adrp	x8, errors
	ldr	w0, [x8, :lo12:errors]
	ret
.Lfunc_end4:
	.size	error_count, .Lfunc_end4-error_count
	.cfi_endproc
                                        // -- End function
	.globl	set_verbose                     // -- Begin function set_verbose
	.p2align	2
	.type	set_verbose,@function
set_verbose:                            // @set_verbose
	.cfi_startproc
// %bb.0:
	adrp	x8, verbose
	str	w0, [x8, :lo12:verbose]
	ret
.Lfunc_end5:
	.size	set_verbose, .Lfunc_end5-set_verbose
	.cfi_endproc
                                        // -- End function
	.globl	on_key                          // -- Begin function on_key
	.p2align	2
	.type	on_key,@function
on_key:                                 // @on_key
	.cfi_startproc
// %bb.0:
                                        // kill: def $w1 killed $w1 def $x1
	sxtw	x2, w1
	mov	w1, #3                          // =0x3
	b	handle_event
.Lfunc_end6:
	.size	on_key, .Lfunc_end6-on_key
	.cfi_endproc
                                        // -- End function
	.globl	call_back                       // -- Begin function call_back
	.p2align	2
	.type	call_back,@function
call_back:                              // @call_back
	.cfi_startproc
// %bb.0:
	stp	x29, x30, [sp, #-16]!           // 16-byte Folded Spill
	.cfi_def_cfa_offset 16
	mov	x29, sp
	.cfi_def_cfa w29, 16
	.cfi_offset w30, -8
	.cfi_offset w29, -16
	mov	x8, x0
	mov	x0, x1
	blr	x8
	add	w0, w0, #1
	.cfi_def_cfa wsp, 16
	ldp	x29, x30, [sp], #16             // 16-byte Folded Reload
	.cfi_def_cfa_offset 0
	.cfi_restore w30
	.cfi_restore w29
	ret
.Lfunc_end7:
	.size	call_back, .Lfunc_end7-call_back
	.cfi_endproc
                                        // -- End function
	.type	.L.str,@object                  // @.str
	.section	.rodata.str1.1,"aMS",@progbits,1
.L.str:
	.asciz	"failed"
	.size	.L.str, 7

	.type	errors,@object                  // @errors
	.local	errors
	.comm	errors,4,4
	.type	verbose,@object                 // @verbose
	.bss
	.globl	verbose
	.p2align	2, 0x0
verbose:
	.word	0                               // 0x0
	.size	verbose, 4

	.ident	"Debian clang version 19.1.7 (3~deb12u1)"
	.section	".note.GNU-stack","",@progbits
	.addrsig
