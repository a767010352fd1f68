	.text
	.file	"numbers.c"
	.globl	larger                          # -- Begin function larger
	.p2align	4, 0x90
	.type	larger,@function
larger:                                 # @larger
	.cfi_startproc
# %bb.0:
	movl	%esi, %eax
	cmpl	%esi, %edi
	cmovgl	%edi, %eax
	retq
.Lfunc_end0:
	.size	larger, .Lfunc_end0-larger
	.cfi_endproc
                                        # -- End function
	.globl	rotate                          # -- Begin function rotate
	.p2align	4, 0x90
	.type	rotate,@function
rotate:                                 # @rotate
	.cfi_startproc
# %bb.0:
	movl	%edi, %eax
	roll	$7, %eax
	retq
.Lfunc_end1:
	.size	rotate, .Lfunc_end1-rotate
	.cfi_endproc
                                        # -- End function
	.globl	low_nibble                      # -- Begin function low_nibble
	.p2align	4, 0x90
	.type	low_nibble,@function
low_nibble:                             # @low_nibble
	.cfi_startproc
# %bb.0:
	movl	%edi, %eax
	andb	$15, %al
                                        # kill: def $al killed $al killed $eax
	retq
.Lfunc_end2:
	.size	low_nibble, .Lfunc_end2-low_nibble
	.cfi_endproc
                                        # -- End function
	.globl	widen                           # -- Begin function widen
	.p2align	4, 0x90
	.type	widen,@function
widen:                                  # @widen
	.cfi_startproc
# %bb.0:
	movslq	%edi, %rax
	shlq	$2, %rax
	retq
.Lfunc_end3:
	.size	widen, .Lfunc_end3-widen
	.cfi_endproc
                                        # -- End function
	.globl	is_digit                        # -- Begin function is_digit
	.p2align	4, 0x90
	.type	is_digit,@function
is_digit:                               # @is_digit
	.cfi_startproc
# %bb.0:
	addl	$-48, %edi
	xorl	%eax, %eax
	cmpl	$10, %edi
	setb	%al
	retq
.Lfunc_end4:
	.size	is_digit, .Lfunc_end4-is_digit
	.cfi_endproc
                                        # -- End function
	.section	.rodata.cst8,"aM",@progbits,8
	.p2align	3, 0x0                          # -- Begin function half
.LCPI5_0:
	.quad	0x3fe0000000000000              # double 0.5
	.text
	.globl	half
	.p2align	4, 0x90
	.type	half,@function
half:                                   # @half
	.cfi_startproc
# %bb.0:
	mulsd	.LCPI5_0(%rip), %xmm0
	retq
.Lfunc_end5:
	.size	half, .Lfunc_end5-half
	.cfi_endproc
                                        # -- End function
	.globl	dot                             # -- Begin function dot
	.p2align	4, 0x90
	.type	dot,@function
dot:                                    # @dot
	.cfi_startproc
# %bb.0:
	mulsd	%xmm3, %xmm2
	mulsd	%xmm1, %xmm0
	addsd	%xmm2, %xmm0
	retq
.Lfunc_end6:
	.size	dot, .Lfunc_end6-dot
	.cfi_endproc
                                        # -- End function
	.globl	high_word                       # -- Begin function high_word
	.p2align	4, 0x90
	.type	high_word,@function
high_word:                              # @high_word
	.cfi_startproc
# %bb.0:
	movq	%rdi, %rax
	shrq	$32, %rax
	retq
.Lfunc_end7:
	.size	high_word, .Lfunc_end7-high_word
	.cfi_endproc
                                        # -- End function
	.globl	clamp                           # -- Begin function clamp
	.p2align	4, 0x90
	.type	clamp,@function
clamp:                                  # @clamp
	.cfi_startproc
# %bb.0:
	cmpl	$255, %edi
	movl	$255, %ecx
	cmovbl	%edi, %ecx
	xorl	%eax, %eax
	testl	%edi, %edi
	cmovnsl	%ecx, %eax
	retq
.Lfunc_end8:
	.size	clamp, .Lfunc_end8-clamp
	.cfi_endproc
                                        # -- End function
	.globl	swap_bytes                      # -- Begin function swap_bytes
	.p2align	4, 0x90
	.type	swap_bytes,@function
swap_bytes:                             # @swap_bytes
	.cfi_startproc
# %bb.0:
	movl	%edi, %eax
	rolw	$8, %ax
                                        # kill: def $ax killed $ax killed $eax
	retq
.Lfunc_end9:
	.size	swap_bytes, .Lfunc_end9-swap_bytes
	.cfi_endproc
                                        # -- End function
	.globl	parity                          # -- Begin function parity
	.p2align	4, 0x90
	.type	parity,@function
parity:                                 # @parity
	.cfi_startproc
# %bb.0:
	movl	%edi, %ecx
	shrl	$16, %ecx
	xorl	%edi, %ecx
	xorl	%eax, %eax
	xorb	%ch, %cl
	setnp	%al
	retq
.Lfunc_end10:
	.size	parity, .Lfunc_end10-parity
	.cfi_endproc
                                        # -- End function
	.ident	"Debian clang version 19.1.7 (3~deb12u1)"
	.section	".note.GNU-stack","",@progbits
	.addrsig
