	.text
	.file	"calls.c"
	.globl	allocate_words                  # -- Begin function allocate_words
	.p2align	4, 0x90
	.type	allocate_words,@function
allocate_words:                         # @allocate_words
	.cfi_startproc
# %bb.0:
	shlq	$3, %rdi
	jmp	allocate@PLT                    # TAILCALL
.Lfunc_end0:
	.size	allocate_words, .Lfunc_end0-allocate_words
	.cfi_endproc
                                        # -- End function
	.globl	release_if                      # -- Begin function release_if
	.p2align	4, 0x90
	.type	release_if,@function
release_if:                             # @release_if
	.cfi_startproc
# %bb.0:
	testq	%rdi, %rdi
	jne	release@PLT                     # TAILCALL
# %bb.1:
	retq
.Lfunc_end1:
	.size	release_if, .Lfunc_end1-release_if
	.cfi_endproc
                                        # -- End function
	.globl	fail                            # -- Begin function fail
	.p2align	4, 0x90
	.type	fail,@function
fail:                                   # @fail
	.cfi_startproc
# %bb.0:
	movl	%edi, %esi
	leaq	.L.str(%rip), %rdi
	jmp	report@PLT                      # TAILCALL
.Lfunc_end2:
	.size	fail, .Lfunc_end2-fail
	.cfi_endproc
                                        # -- End function
	.globl	count_error                     # -- Begin function count_error
	.p2align	4, 0x90
	.type	count_error,@function
count_error:                            # @count_error
	.cfi_startproc
# %bb.0:
	incl	errors(%rip)
	retq
.Lfunc_end3:
	.size	count_error, .Lfunc_end3-count_error
	.cfi_endproc
                                        # -- End function
	.globl	error_count                     # -- Begin function error_count
	.p2align	4, 0x90
	.type	error_count,@function
error_count:                            # @error_count
	.cfi_startproc
# %bb.0:
	movl	errors(%rip), %eax
	retq
.Lfunc_end4:
	.size	error_count, .Lfunc_end4-error_count
	.cfi_endproc
                                        # -- End function
	.globl	set_verbose                     # -- Begin function set_verbose
	.p2align	4, 0x90
	.type	set_verbose,@function
set_verbose:                            # @set_verbose
	.cfi_startproc
# %bb.0:
	movl	%edi, verbose(%rip)
	retq
.Lfunc_end5:
	.size	set_verbose, .Lfunc_end5-set_verbose
	.cfi_endproc
                                        # -- End function
	.globl	on_key                          # -- Begin function on_key
	.p2align	4, 0x90
	.type	on_key,@function
on_key:                                 # @on_key
	.cfi_startproc
# %bb.0:
	movslq	%esi, %rdx
	movl	$3, %esi
	jmp	handle_event@PLT                # TAILCALL
.Lfunc_end6:
	.size	on_key, .Lfunc_end6-on_key
	.cfi_endproc
                                        # -- End function
	.globl	call_back                       # -- Begin function call_back
	.p2align	4, 0x90
	.type	call_back,@function
call_back:                              # @call_back
	.cfi_startproc
# %bb.0:
	pushq	%rax
	.cfi_def_cfa_offset 16
	movq	%rdi, %rax
	movq	%rsi, %rdi
	callq	*%rax
	incl	%eax
	popq	%rcx
	.cfi_def_cfa_offset 8
	retq
.Lfunc_end7:
	.size	call_back, .Lfunc_end7-call_back
	.cfi_endproc
                                        # -- End function
	.type	.L.str,@object                  # @.str
	.section	.rodata.str1.1,"aMS",@progbits,1
.L.str:
	.asciz	"failed"
	.size	.L.str, 7

	.type	errors,@object                  # @errors
	.local	errors
	.comm	errors,4,4
	.type	verbose,@object                 # @verbose
	.bss
	.globl	verbose
	.p2align	2, 0x0
verbose:
	.long	0                               # 0x0
	.size	verbose, 4

	.ident	"Debian clang version 19.1.7 (3~deb12u1)"
	.section	".note.GNU-stack","",@progbits
	.addrsig
