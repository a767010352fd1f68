; ModuleID = 'calls.c'
source_filename = "calls.c"
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

@.str = private unnamed_addr constant [7 x i8] c"failed\00", align 1
@errors = internal global i32 0, align 4
@verbose = dso_local global i32 0, align 4

; Function Attrs: nounwind uwtable
define dso_local ptr @allocate_words(i64 noundef %0) #0 {
  %2 = alloca i64, align 8
  store i64 %0, ptr %2, align 8, !tbaa !5
  %3 = load i64, ptr %2, align 8, !tbaa !5
  %4 = mul i64 %3, 8
  %5 = call ptr @allocate(i64 noundef %4)
  ret ptr %5
}

declare ptr @allocate(i64 noundef) #1

; Function Attrs: nounwind uwtable
define dso_local void @release_if(ptr noundef %0) #0 {
  %2 = alloca ptr, align 8
  store ptr %0, ptr %2, align 8, !tbaa !9
  %3 = load ptr, ptr %2, align 8, !tbaa !9
  %4 = icmp ne ptr %3, null
  br i1 %4, label %5, label %7

5:                                                ; preds = %1
  %6 = load ptr, ptr %2, align 8, !tbaa !9
  call void @release(ptr noundef %6)
  br label %7

7:                                                ; preds = %5, %1
  ret void
}

declare void @release(ptr noundef) #1

; Function Attrs: nounwind uwtable
define dso_local i32 @fail(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !11
  %3 = load i32, ptr %2, align 4, !tbaa !11
  %4 = call i32 @report(ptr noundef @.str, i32 noundef %3)
  ret i32 %4
}

declare i32 @report(ptr noundef, i32 noundef) #1

; Function Attrs: nounwind uwtable
define dso_local void @count_error() #0 {
  %1 = load i32, ptr @errors, align 4, !tbaa !11
  %2 = add nsw i32 %1, 1
  store i32 %2, ptr @errors, align 4, !tbaa !11
  ret void
}

; Function Attrs: nounwind uwtable
define dso_local i32 @error_count() #0 {
  %1 = load i32, ptr @errors, align 4, !tbaa !11
  ret i32 %1
}

; Function Attrs: nounwind uwtable
define dso_local void @set_verbose(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !11
  %3 = load i32, ptr %2, align 4, !tbaa !11
  store i32 %3, ptr @verbose, align 4, !tbaa !11
  ret void
}

; Function Attrs: nounwind uwtable
define dso_local i32 @on_key(ptr noundef %0, i32 noundef %1) #0 {
  %3 = alloca ptr, align 8
  %4 = alloca i32, align 4
  store ptr %0, ptr %3, align 8, !tbaa !9
  store i32 %1, ptr %4, align 4, !tbaa !11
  %5 = load ptr, ptr %3, align 8, !tbaa !9
  %6 = load i32, ptr %4, align 4, !tbaa !11
  %7 = sext i32 %6 to i64
  %8 = call i32 @handle_event(ptr noundef %5, i32 noundef 3, i64 noundef %7)
  ret i32 %8
}

declare i32 @handle_event(ptr noundef, i32 noundef, i64 noundef) #1

; Function Attrs: nounwind uwtable
define dso_local i32 @call_back(ptr noundef %0, ptr noundef %1) #0 {
  %3 = alloca ptr, align 8
  %4 = alloca ptr, align 8
  store ptr %0, ptr %3, align 8, !tbaa !9
  store ptr %1, ptr %4, align 8, !tbaa !9
  %5 = load ptr, ptr %3, align 8, !tbaa !9
  %6 = load ptr, ptr %4, align 8, !tbaa !9
  %7 = call i32 %5(ptr noundef %6)
  %8 = add nsw i32 %7, 1
  ret i32 %8
}

attributes #0 = { nounwind uwtable "min-legal-vector-width"="0" "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }
attributes #1 = { "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }

!llvm.module.flags = !{!0, !1, !2, !3}
!llvm.ident = !{!4}

!0 = !{i32 1, !"wchar_size", i32 4}
!1 = !{i32 8, !"PIC Level", i32 2}
!2 = !{i32 7, !"PIE Level", i32 2}
!3 = !{i32 7, !"uwtable", i32 2}
!4 = !{!"Debian clang version 19.1.7 (3~deb12u1)"}
!5 = !{!6, !6, i64 0}
!6 = !{!"long", !7, i64 0}
!7 = !{!"omnipotent char", !8, i64 0}
!8 = !{!"Simple C/C++ TBAA"}
!9 = !{!10, !10, i64 0}
!10 = !{!"any pointer", !7, i64 0}
!11 = !{!12, !12, i64 0}
!12 = !{!"int", !7, i64 0}
