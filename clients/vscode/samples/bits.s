	.text
	.file	"bits.c"
	.globl	align_up                        # -- Begin function align_up
	.p2align	4, 0x90
	.type	align_up,@function
align_up:                               # @align_up
	.cfi_startproc
# %bb.0:
                                        # kill: def $esi killed $esi def $rsi
                                        # kill: def $edi killed $edi def $rdi
	leal	(%rdi,%rsi), %eax
	decl	%eax
	negl	%esi
	andl	%esi, %eax
	retq
.Lfunc_end0:
	.size	align_up, .Lfunc_end0-align_up
	.cfi_endproc
                                        # -- End function
	.globl	is_power_of_two                 # -- Begin function is_power_of_two
	.p2align	4, 0x90
	.type	is_power_of_two,@function
is_power_of_two:                        # @is_power_of_two
	.cfi_startproc
# %bb.0:
                                        # kill: def $edi killed $edi def $rdi
	testl	%edi, %edi
	je	.LBB1_1
# %bb.2:
	leal	-1(%rdi), %ecx
	xorl	%eax, %eax
	testl	%ecx, %edi
	sete	%al
	retq
.LBB1_1:
	xorl	%eax, %eax
	retq
.Lfunc_end1:
	.size	is_power_of_two, .Lfunc_end1-is_power_of_two
	.cfi_endproc
                                        # -- End function
	.globl	smaller                         # -- Begin function smaller
	.p2align	4, 0x90
	.type	smaller,@function
smaller:                                # @smaller
	.cfi_startproc
# %bb.0:
	movl	%esi, %eax
	cmpl	%esi, %edi
	cmovll	%edi, %eax
	retq
.Lfunc_end2:
	.size	smaller, .Lfunc_end2-smaller
	.cfi_endproc
                                        # -- End function
	.globl	low_byte                        # -- Begin function low_byte
	.p2align	4, 0x90
	.type	low_byte,@function
low_byte:                               # @low_byte
	.cfi_startproc
# %bb.0:
	movzbl	%dil, %eax
	retq
.Lfunc_end3:
	.size	low_byte, .Lfunc_end3-low_byte
	.cfi_endproc
                                        # -- End function
	.globl	scaled                          # -- Begin function scaled
	.p2align	4, 0x90
	.type	scaled,@function
scaled:                                 # @scaled
	.cfi_startproc
# %bb.0:
	leaq	(%rsi,%rdi,8), %rax
	retq
.Lfunc_end4:
	.size	scaled, .Lfunc_end4-scaled
	.cfi_endproc
                                        # -- End function
	.ident	"Debian clang version 19.1.7 (3~deb12u1)"
	.section	".note.GNU-stack","",@progbits
	.addrsig
