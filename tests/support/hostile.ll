source_filename = "@PLACE@/source.c"
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

@__llvm_profile_filename = constant [4 x i8] c"raw\00"
@__llvm_profile_runtime = global i32 0
@"@PLACE@/g" = internal global [4 x i32] [i32 1, i32 2, i32 3, i32 4], section "@PLACE@/section"
@tls = thread_local global i32 0
@vt = constant { [2 x ptr] } { [2 x ptr] [ptr @"/../../../../../../../../..@PLACE@/f", ptr @plain] }, !type !20
@llvm.global.annotations = appending global [1 x { ptr, ptr, ptr, i32, ptr }] [{ ptr, ptr, ptr, i32, ptr } { ptr @plain, ptr @ann, ptr @ann, i32 1, ptr null }], section "llvm.metadata"
@ann = private constant [4 x i8] c"ann\00", section "llvm.metadata"
@llvm.embedded.module = private constant [4 x i8] c"BC\C0\DE", section ".llvmbc"

declare i32 @llvm.coro.begin(token, ptr)
declare void @ext(ptr)
declare i1 @llvm.type.test(ptr, metadata)
declare void @llvm.assume(i1)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.instrprof.increment(ptr, i64, i32, i32)
@__profn_plain = private constant [5 x i8] c"plain"

define i32 @"/../../../../../../../../..@PLACE@/f"(ptr %p, i32 %n) #0 !dbg !4 !prof !30 {
entry:
  %slot = alloca i32, align 4
  store i32 0, ptr %slot, align 4, !dbg !7
  call void @llvm.instrprof.increment(ptr @__profn_plain, i64 12, i32 1, i32 0)
  br label %"@PLACE@/loop", !dbg !7

"@PLACE@/loop":
  %i = phi i32 [ 0, %entry ], [ %next, %"@PLACE@/loop" ]
  %s = phi i32 [ 0, %entry ], [ %sum, %"@PLACE@/loop" ]
  %at = getelementptr i32, ptr %p, i32 %i
  %v = load i32, ptr %at, align 4, !dbg !7
  %sum = add i32 %s, %v, !dbg !7
  %next = add nsw i32 %i, 1
  %c = icmp slt i32 %next, %n
  br i1 %c, label %"@PLACE@/loop", label %exit, !dbg !7, !prof !31, !llvm.loop !32

exit:
  %m = call ptr @malloc(i64 64), !memprof !40, !callsite !43
  call void @ext(ptr %m)
  %fp = load ptr, ptr %p
  %t = call i1 @llvm.type.test(ptr %fp, metadata !"@PLACE@/type")
  call void @llvm.assume(i1 %t)
  %r = call i32 %fp(ptr %p, i32 %n), !dbg !7, !prof !33
  %q = call i32 @plain(ptr %p, i32 %r), !dbg !7, !srcloc !34
  ret i32 %q, !dbg !7
}

define i32 @plain(ptr %p, i32 %n) #1 !dbg !8 {
  switch i32 %n, label %d [ i32 0, label %a
                            i32 1, label %b
                            i32 2, label %d ], !dbg !9
a:
  ret i32 1, !dbg !9
b:
  %x = load i32, ptr %p, !dbg !9
  ret i32 %x, !dbg !9
d:
  %f = sitofp i32 %n to double
  %y = call double @sin(double %f), !dbg !9
  %z = fptosi double %y to i32
  ret i32 %z, !dbg !9
}

declare double @sin(double)
declare ptr @malloc(i64)

attributes #0 = { noinline sanitize_address sanitize_memory sanitize_thread sanitize_hwaddress sanitize_memtag "target-cpu"="x86-64" "instrument-function-entry"="@PLACE@/entry" "instrument-function-entry-inlined"="mcount" "xray-instruction-threshold"="1" "function-instrument"="xray-always" "use-sample-profile" "sample-profile-file"="@PLACE@/profile" "profile-sample-accurate" "probe-stack"="@PLACE@/probe" "patchable-function"="prologue-short-redirect" "stack-protector-buffer-size"="8" "coroutine.presplit"="0" "split-dwarf-file"="@PLACE@/f.dwo" "llvm.assume"="@PLACE@/a" "no-builtins" }
attributes #1 = { sanitize_address sspstrong safestack "target-features"="+avx2" "cfguard" "fentry-call"="true" "disable-tail-calls"="true" "profile-filename"="@PLACE@/profile" }

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2, !3, !10, !11, !12, !13, !14, !15, !16, !17, !18}
!llvm.gcov = !{!19}
!llvm.ident = !{!21}
!llvm.linker.options = !{!22}
!llvm.dependent-libraries = !{!22}
!llvm.commandline = !{!23}
!llvm.stats = !{!22}
!llvm.pseudo_probe_desc = !{!24}
!llvm.embedded.objects = !{!25}
!llvm.ctx.profile = !{!22}
!llvm.openmp.offload = !{!22}
!0 = distinct !DICompileUnit(language: DW_LANG_C99, file: !1, producer: "x", isOptimized: true, flags: "-include @PLACE@/flags", runtimeVersion: 0, splitDebugFilename: "@PLACE@/split.dwo", emissionKind: FullDebug, sysroot: "@PLACE@/sysroot", sdk: "@PLACE@/sdk", splitDebugInlining: true, debugInfoForProfiling: true)
!1 = !DIFile(filename: "@PLACE@/source.c", directory: "@PLACE@", checksumkind: CSK_MD5, checksum: "00112233445566778899aabbccddeeff")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !{i32 1, !"wchar_size", i32 4}
!4 = distinct !DISubprogram(name: "f", linkageName: "@PLACE@/f", scope: !1, file: !1, line: 1, type: !5, scopeLine: 1, spFlags: DISPFlagDefinition, unit: !0)
!5 = !DISubroutineType(types: !6)
!6 = !{null}
!7 = !DILocation(line: 2, column: 3, scope: !4)
!8 = distinct !DISubprogram(name: "plain", scope: !1, file: !1, line: 5, type: !5, scopeLine: 5, spFlags: DISPFlagDefinition, unit: !0)
!9 = !DILocation(line: 6, column: 3, scope: !8)
!10 = !{i32 1, !"EnableSplitLTOUnit", i32 1}
!11 = !{i32 1, !"ThinLTO", i32 0}
!12 = !{i32 5, !"CG Profile", !26}
!13 = !{i32 1, !"cf-protection-branch", i32 1}
!14 = !{i32 1, !"ProfileSummary", !50}
!15 = !{i32 1, !"Virtual Function Elim", i32 1}
!16 = !{i32 1, !"StrictVTablePointers", i32 1}
!17 = !{i32 4, !"nosanitize_files", !"@PLACE@/list"}
!18 = !{i32 1, !"cfguard", i32 2}
!19 = !{!"@PLACE@/notes.gcno", !"@PLACE@/data.gcda", !0}
!20 = !{i64 0, !"@PLACE@/type"}
!21 = !{!"@PLACE@/ident"}
!22 = !{!"@PLACE@/option"}
!23 = !{!"-fprofile-use=@PLACE@/cmd"}
!24 = !{i64 1, i64 2, !"plain"}
!25 = !{ptr @ann, !".llvm.offloading"}
!26 = distinct !{!27}
!27 = !{ptr @"/../../../../../../../../..@PLACE@/f", ptr @plain, i64 10}
!30 = !{!"function_entry_count", i64 100}
!31 = !{!"branch_weights", i32 10, i32 1}
!32 = distinct !{!32}
!33 = !{!"VP", i32 0, i64 10, i64 123, i64 10}
!34 = !{i32 7}
!40 = !{!41}
!41 = !{!42, !"cold"}
!42 = !{i64 1, i64 2}
!43 = !{i64 1}
!50 = !{!51, !52, !53, !54, !55, !56, !57, !58}
!51 = !{!"ProfileFormat", !"InstrProf"}
!52 = !{!"TotalCount", i64 100}
!53 = !{!"MaxCount", i64 100}
!54 = !{!"MaxInternalCount", i64 10}
!55 = !{!"MaxFunctionCount", i64 100}
!56 = !{!"NumCounts", i64 3}
!57 = !{!"NumFunctions", i64 2}
!58 = !{!"DetailedSummary", !59}
!59 = !{!60, !61, !62}
!60 = !{i32 10000, i64 100, i32 1}
!61 = !{i32 999000, i64 10, i32 2}
!62 = !{i32 999999, i64 1, i32 3}
