; ModuleID = 'calls.c'
source_filename = "calls.c"
target datalayout = "e-m:e-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128-Fn32"
target triple = "aarch64-unknown-linux-gnu"

@.str = private unnamed_addr constant [7 x i8] c"failed\00", align 1
@errors = internal unnamed_addr global i32 0, align 4
@verbose = dso_local local_unnamed_addr global i32 0, align 4

; Function Attrs: nounwind optsize uwtable
define dso_local ptr @allocate_words(i64 noundef %0) local_unnamed_addr #0 {
  %2 = shl i64 %0, 3
  %3 = tail call ptr @allocate(i64 noundef %2) #5
  ret ptr %3
}

; Function Attrs: optsize
declare ptr @allocate(i64 noundef) local_unnamed_addr #1

; Function Attrs: nounwind optsize uwtable
define dso_local void @release_if(ptr noundef %0) local_unnamed_addr #0 {
  %2 = icmp eq ptr %0, null
  br i1 %2, label %4, label %3

3:                                                ; preds = %1
  tail call void @release(ptr noundef nonnull %0) #5
  br label %4

4:                                                ; preds = %3, %1
  ret void
}

; Function Attrs: optsize
declare void @release(ptr noundef) local_unnamed_addr #1

; Function Attrs: nounwind optsize uwtable
define dso_local i32 @fail(i32 noundef %0) local_unnamed_addr #0 {
  %2 = tail call i32 @report(ptr noundef nonnull @.str, i32 noundef %0) #5
  ret i32 %2
}

; Function Attrs: optsize
declare i32 @report(ptr noundef, i32 noundef) local_unnamed_addr #1

; Function Attrs: mustprogress nofree norecurse nosync nounwind optsize willreturn memory(readwrite, argmem: none, inaccessiblemem: none) uwtable
define dso_local void @count_error() local_unnamed_addr #2 {
  %1 = load i32, ptr @errors, align 4, !tbaa !6
  %2 = add nsw i32 %1, 1
  store i32 %2, ptr @errors, align 4, !tbaa !6
  ret void
}

; Function Attrs: mustprogress nofree norecurse nosync nounwind optsize willreturn memory(read, argmem: none, inaccessiblemem: none) uwtable
define dso_local i32 @error_count() local_unnamed_addr #3 {
  %1 = load i32, ptr @errors, align 4, !tbaa !6
  ret i32 %1
}

; Function Attrs: mustprogress nofree norecurse nosync nounwind optsize willreturn memory(write, argmem: none, inaccessiblemem: none) uwtable
define dso_local void @set_verbose(i32 noundef %0) local_unnamed_addr #4 {
  store i32 %0, ptr @verbose, align 4, !tbaa !6
  ret void
}

; Function Attrs: nounwind optsize uwtable
define dso_local i32 @on_key(ptr noundef %0, i32 noundef %1) local_unnamed_addr #0 {
  %3 = sext i32 %1 to i64
  %4 = tail call i32 @handle_event(ptr noundef %0, i32 noundef 3, i64 noundef %3) #5
  ret i32 %4
}

; Function Attrs: optsize
declare i32 @handle_event(ptr noundef, i32 noundef, i64 noundef) local_unnamed_addr #1

; Function Attrs: nounwind optsize uwtable
define dso_local range(i32 -2147483647, -2147483648) i32 @call_back(ptr nocapture noundef readonly %0, ptr noundef %1) local_unnamed_addr #0 {
  %3 = tail call i32 %0(ptr noundef %1) #5
  %4 = add nsw i32 %3, 1
  ret i32 %4
}

attributes #0 = { nounwind optsize uwtable "frame-pointer"="non-leaf" "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="generic" "target-features"="+fp-armv8,+neon,+outline-atomics,+v8a,-fmv" }
attributes #1 = { optsize "frame-pointer"="non-leaf" "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="generic" "target-features"="+fp-armv8,+neon,+outline-atomics,+v8a,-fmv" }
attributes #2 = { mustprogress nofree norecurse nosync nounwind optsize willreturn memory(readwrite, argmem: none, inaccessiblemem: none) uwtable "frame-pointer"="non-leaf" "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="generic" "target-features"="+fp-armv8,+neon,+outline-atomics,+v8a,-fmv" }
attributes #3 = { mustprogress nofree norecurse nosync nounwind optsize willreturn memory(read, argmem: none, inaccessiblemem: none) uwtable "frame-pointer"="non-leaf" "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="generic" "target-features"="+fp-armv8,+neon,+outline-atomics,+v8a,-fmv" }
attributes #4 = { mustprogress nofree norecurse nosync nounwind optsize willreturn memory(write, argmem: none, inaccessiblemem: none) uwtable "frame-pointer"="non-leaf" "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="generic" "target-features"="+fp-armv8,+neon,+outline-atomics,+v8a,-fmv" }
attributes #5 = { nounwind optsize }

!llvm.module.flags = !{!0, !1, !2, !3, !4}
!llvm.ident = !{!5}

!0 = !{i32 1, !"wchar_size", i32 4}
!1 = !{i32 8, !"PIC Level", i32 2}
!2 = !{i32 7, !"PIE Level", i32 2}
!3 = !{i32 7, !"uwtable", i32 2}
!4 = !{i32 7, !"frame-pointer", i32 1}
!5 = !{!"Debian clang version 19.1.7 (3~deb12u1)"}
!6 = !{!7, !7, i64 0}
!7 = !{!"int", !8, i64 0}
!8 = !{!"omnipotent char", !9, i64 0}
!9 = !{!"Simple C/C++ TBAA"}
