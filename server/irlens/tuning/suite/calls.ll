; ModuleID = 'calls.c'
source_filename = "calls.c"
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

%struct.__va_list_tag = type { i32, i32, ptr, ptr }

@.str = private unnamed_addr constant [5 x i8] c"ilil\00", align 1
@.str.1 = private unnamed_addr constant [2 x i8] c"l\00", align 1
@.str.2 = private unnamed_addr constant [5 x i8] c"even\00", align 1
@.str.3 = private unnamed_addr constant [9 x i8] c"negative\00", align 1

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i64 @many(i32 noundef %0, i8 noundef zeroext %1, i64 noundef %2, i16 noundef zeroext %3, i32 noundef %4, i8 noundef signext %5, i32 noundef %6, i64 noundef %7, i32 noundef %8, i8 noundef zeroext %9) #0 {
  %11 = alloca i32, align 4
  %12 = alloca i8, align 1
  %13 = alloca i64, align 8
  %14 = alloca i16, align 2
  %15 = alloca i32, align 4
  %16 = alloca i8, align 1
  %17 = alloca i32, align 4
  %18 = alloca i64, align 8
  %19 = alloca i32, align 4
  %20 = alloca i8, align 1
  store i32 %0, ptr %11, align 4, !tbaa !5
  store i8 %1, ptr %12, align 1, !tbaa !9
  store i64 %2, ptr %13, align 8, !tbaa !10
  store i16 %3, ptr %14, align 2, !tbaa !12
  store i32 %4, ptr %15, align 4, !tbaa !5
  store i8 %5, ptr %16, align 1, !tbaa !9
  store i32 %6, ptr %17, align 4, !tbaa !5
  store i64 %7, ptr %18, align 8, !tbaa !10
  store i32 %8, ptr %19, align 4, !tbaa !5
  store i8 %9, ptr %20, align 1, !tbaa !9
  %21 = load i32, ptr %11, align 4, !tbaa !5
  %22 = sext i32 %21 to i64
  %23 = load i8, ptr %12, align 1, !tbaa !9
  %24 = zext i8 %23 to i64
  %25 = mul nsw i64 2, %24
  %26 = add nsw i64 %22, %25
  %27 = load i64, ptr %13, align 8, !tbaa !10
  %28 = ashr i64 %27, 3
  %29 = load i16, ptr %14, align 2, !tbaa !12
  %30 = zext i16 %29 to i64
  %31 = xor i64 %28, %30
  %32 = add nsw i64 %26, %31
  %33 = load i32, ptr %15, align 4, !tbaa !5
  %34 = sext i32 %33 to i64
  %35 = mul nsw i64 3, %34
  %36 = add nsw i64 %32, %35
  %37 = load i8, ptr %16, align 1, !tbaa !9
  %38 = sext i8 %37 to i64
  %39 = sub nsw i64 %36, %38
  %40 = load i32, ptr %17, align 4, !tbaa !5
  %41 = zext i32 %40 to i64
  %42 = mul nsw i64 5, %41
  %43 = add nsw i64 %39, %42
  %44 = load i64, ptr %18, align 8, !tbaa !10
  %45 = ashr i64 %44, 3
  %46 = add nsw i64 %43, %45
  %47 = load i32, ptr %19, align 4, !tbaa !5
  %48 = sext i32 %47 to i64
  %49 = mul nsw i64 %48, 7
  %50 = add nsw i64 %46, %49
  %51 = load i8, ptr %20, align 1, !tbaa !9
  %52 = zext i8 %51 to i64
  %53 = add nsw i64 %50, %52
  ret i64 %53
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i64 @many_again(i32 noundef %0, i64 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i64, align 8
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i64 %1, ptr %4, align 8, !tbaa !10
  %5 = load i32, ptr %3, align 4, !tbaa !5
  %6 = load i32, ptr %3, align 4, !tbaa !5
  %7 = trunc i32 %6 to i8
  %8 = load i64, ptr %4, align 8, !tbaa !10
  %9 = load i32, ptr %3, align 4, !tbaa !5
  %10 = ashr i32 %9, 2
  %11 = load i64, ptr %4, align 8, !tbaa !10
  %12 = trunc i64 %11 to i8
  %13 = load i64, ptr %4, align 8, !tbaa !10
  %14 = load i64, ptr %4, align 8, !tbaa !10
  %15 = trunc i64 %14 to i8
  %16 = call i64 @many(i32 noundef %5, i8 noundef zeroext %7, i64 noundef %8, i16 noundef zeroext 7, i32 noundef %10, i8 noundef signext %12, i32 noundef 11, i64 noundef %13, i32 noundef -1, i8 noundef zeroext %15) #4
  ret i64 %16
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @variable(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  %5 = load i32, ptr %3, align 4, !tbaa !5
  %6 = load i32, ptr %4, align 4, !tbaa !5
  %7 = call i32 (i32, ...) @sum_of(i32 noundef 3, i32 noundef %5, i32 noundef %6, i32 noundef 5) #4
  %8 = load i32, ptr %3, align 4, !tbaa !5
  %9 = load i32, ptr %4, align 4, !tbaa !5
  %10 = load i32, ptr %3, align 4, !tbaa !5
  %11 = load i32, ptr %4, align 4, !tbaa !5
  %12 = call i32 (i32, ...) @sum_of(i32 noundef 8, i32 noundef %8, i32 noundef 1, i32 noundef %9, i32 noundef 2, i32 noundef %10, i32 noundef 3, i32 noundef %11, i32 noundef 4) #4
  %13 = xor i32 %7, %12
  %14 = call i32 (i32, ...) @sum_of(i32 noundef 0) #4
  %15 = xor i32 %13, %14
  ret i32 %15
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @sum_of(i32 noundef %0, ...) #0 {
  %2 = alloca i32, align 4
  %3 = alloca [1 x %struct.__va_list_tag], align 16
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 24, ptr %3) #5
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #5
  store i32 0, ptr %4, align 4, !tbaa !5
  %6 = getelementptr inbounds [1 x %struct.__va_list_tag], ptr %3, i64 0, i64 0
  call void @llvm.va_start.p0(ptr %6)
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #5
  store i32 0, ptr %5, align 4, !tbaa !5
  br label %7

7:                                                ; preds = %32, %1
  %8 = load i32, ptr %5, align 4, !tbaa !5
  %9 = load i32, ptr %2, align 4, !tbaa !5
  %10 = icmp slt i32 %8, %9
  br i1 %10, label %12, label %11

11:                                               ; preds = %7
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #5
  br label %35

12:                                               ; preds = %7
  %13 = load i32, ptr %4, align 4, !tbaa !5
  %14 = mul i32 %13, 3
  %15 = getelementptr inbounds [1 x %struct.__va_list_tag], ptr %3, i64 0, i64 0
  %16 = getelementptr inbounds %struct.__va_list_tag, ptr %15, i32 0, i32 0
  %17 = load i32, ptr %16, align 16
  %18 = icmp ule i32 %17, 40
  br i1 %18, label %19, label %24

19:                                               ; preds = %12
  %20 = getelementptr inbounds %struct.__va_list_tag, ptr %15, i32 0, i32 3
  %21 = load ptr, ptr %20, align 16
  %22 = getelementptr i8, ptr %21, i32 %17
  %23 = add i32 %17, 8
  store i32 %23, ptr %16, align 16
  br label %28

24:                                               ; preds = %12
  %25 = getelementptr inbounds %struct.__va_list_tag, ptr %15, i32 0, i32 2
  %26 = load ptr, ptr %25, align 8
  %27 = getelementptr i8, ptr %26, i32 8
  store ptr %27, ptr %25, align 8
  br label %28

28:                                               ; preds = %24, %19
  %29 = phi ptr [ %22, %19 ], [ %26, %24 ]
  %30 = load i32, ptr %29, align 4, !tbaa !5
  %31 = add i32 %14, %30
  store i32 %31, ptr %4, align 4, !tbaa !5
  br label %32

32:                                               ; preds = %28
  %33 = load i32, ptr %5, align 4, !tbaa !5
  %34 = add nsw i32 %33, 1
  store i32 %34, ptr %5, align 4, !tbaa !5
  br label %7, !llvm.loop !14

35:                                               ; preds = %11
  %36 = getelementptr inbounds [1 x %struct.__va_list_tag], ptr %3, i64 0, i64 0
  call void @llvm.va_end.p0(ptr %36)
  %37 = load i32, ptr %4, align 4, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #5
  call void @llvm.lifetime.end.p0(i64 24, ptr %3) #5
  ret i32 %37
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i64 @variable_kinds(i32 noundef %0, i64 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i64, align 8
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i64 %1, ptr %4, align 8, !tbaa !10
  %5 = load i32, ptr %3, align 4, !tbaa !5
  %6 = load i64, ptr %4, align 8, !tbaa !10
  %7 = load i32, ptr %3, align 4, !tbaa !5
  %8 = add i32 %7, 1
  %9 = load i64, ptr %4, align 8, !tbaa !10
  %10 = lshr i64 %9, 7
  %11 = call i64 (ptr, ...) @mixed_sum(ptr noundef @.str, i32 noundef %5, i64 noundef %6, i32 noundef %8, i64 noundef %10) #4
  %12 = load i64, ptr %4, align 8, !tbaa !10
  %13 = call i64 (ptr, ...) @mixed_sum(ptr noundef @.str.1, i64 noundef %12) #4
  %14 = sub nsw i64 %11, %13
  ret i64 %14
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i64 @mixed_sum(ptr noundef %0, ...) #0 {
  %2 = alloca ptr, align 8
  %3 = alloca [1 x %struct.__va_list_tag], align 16
  %4 = alloca i64, align 8
  store ptr %0, ptr %2, align 8, !tbaa !16
  call void @llvm.lifetime.start.p0(i64 24, ptr %3) #5
  call void @llvm.lifetime.start.p0(i64 8, ptr %4) #5
  store i64 0, ptr %4, align 8, !tbaa !10
  %5 = getelementptr inbounds [1 x %struct.__va_list_tag], ptr %3, i64 0, i64 0
  call void @llvm.va_start.p0(ptr %5)
  br label %6

6:                                                ; preds = %55, %1
  %7 = load ptr, ptr %2, align 8, !tbaa !16
  %8 = load i8, ptr %7, align 1, !tbaa !9
  %9 = icmp ne i8 %8, 0
  br i1 %9, label %10, label %58

10:                                               ; preds = %6
  %11 = load i64, ptr %4, align 8, !tbaa !10
  %12 = mul i64 %11, 5
  %13 = load ptr, ptr %2, align 8, !tbaa !16
  %14 = load i8, ptr %13, align 1, !tbaa !9
  %15 = sext i8 %14 to i32
  %16 = icmp eq i32 %15, 108
  br i1 %16, label %17, label %34

17:                                               ; preds = %10
  %18 = getelementptr inbounds [1 x %struct.__va_list_tag], ptr %3, i64 0, i64 0
  %19 = getelementptr inbounds %struct.__va_list_tag, ptr %18, i32 0, i32 0
  %20 = load i32, ptr %19, align 16
  %21 = icmp ule i32 %20, 40
  br i1 %21, label %22, label %27

22:                                               ; preds = %17
  %23 = getelementptr inbounds %struct.__va_list_tag, ptr %18, i32 0, i32 3
  %24 = load ptr, ptr %23, align 16
  %25 = getelementptr i8, ptr %24, i32 %20
  %26 = add i32 %20, 8
  store i32 %26, ptr %19, align 16
  br label %31

27:                                               ; preds = %17
  %28 = getelementptr inbounds %struct.__va_list_tag, ptr %18, i32 0, i32 2
  %29 = load ptr, ptr %28, align 8
  %30 = getelementptr i8, ptr %29, i32 8
  store ptr %30, ptr %28, align 8
  br label %31

31:                                               ; preds = %27, %22
  %32 = phi ptr [ %25, %22 ], [ %29, %27 ]
  %33 = load i64, ptr %32, align 8, !tbaa !10
  br label %52

34:                                               ; preds = %10
  %35 = getelementptr inbounds [1 x %struct.__va_list_tag], ptr %3, i64 0, i64 0
  %36 = getelementptr inbounds %struct.__va_list_tag, ptr %35, i32 0, i32 0
  %37 = load i32, ptr %36, align 16
  %38 = icmp ule i32 %37, 40
  br i1 %38, label %39, label %44

39:                                               ; preds = %34
  %40 = getelementptr inbounds %struct.__va_list_tag, ptr %35, i32 0, i32 3
  %41 = load ptr, ptr %40, align 16
  %42 = getelementptr i8, ptr %41, i32 %37
  %43 = add i32 %37, 8
  store i32 %43, ptr %36, align 16
  br label %48

44:                                               ; preds = %34
  %45 = getelementptr inbounds %struct.__va_list_tag, ptr %35, i32 0, i32 2
  %46 = load ptr, ptr %45, align 8
  %47 = getelementptr i8, ptr %46, i32 8
  store ptr %47, ptr %45, align 8
  br label %48

48:                                               ; preds = %44, %39
  %49 = phi ptr [ %42, %39 ], [ %46, %44 ]
  %50 = load i32, ptr %49, align 4, !tbaa !5
  %51 = zext i32 %50 to i64
  br label %52

52:                                               ; preds = %48, %31
  %53 = phi i64 [ %33, %31 ], [ %51, %48 ]
  %54 = add i64 %12, %53
  store i64 %54, ptr %4, align 8, !tbaa !10
  br label %55

55:                                               ; preds = %52
  %56 = load ptr, ptr %2, align 8, !tbaa !16
  %57 = getelementptr inbounds i8, ptr %56, i32 1
  store ptr %57, ptr %2, align 8, !tbaa !16
  br label %6, !llvm.loop !18

58:                                               ; preds = %6
  %59 = getelementptr inbounds [1 x %struct.__va_list_tag], ptr %3, i64 0, i64 0
  call void @llvm.va_end.p0(ptr %59)
  %60 = load i64, ptr %4, align 8, !tbaa !10
  call void @llvm.lifetime.end.p0(i64 8, ptr %4) #5
  call void @llvm.lifetime.end.p0(i64 24, ptr %3) #5
  ret i64 %60
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @folded(ptr noundef %0, i8 noundef zeroext %1, i32 noundef %2) #0 {
  %4 = alloca ptr, align 8
  %5 = alloca i8, align 1
  %6 = alloca i32, align 4
  store ptr %0, ptr %4, align 8, !tbaa !16
  store i8 %1, ptr %5, align 1, !tbaa !9
  store i32 %2, ptr %6, align 4, !tbaa !5
  %7 = load ptr, ptr %4, align 8, !tbaa !16
  %8 = load i8, ptr %5, align 1, !tbaa !9
  %9 = zext i8 %8 to i32
  %10 = and i32 %9, 7
  %11 = load i32, ptr %6, align 4, !tbaa !5
  %12 = icmp eq i32 %11, 0
  br i1 %12, label %13, label %14

13:                                               ; preds = %3
  br label %19

14:                                               ; preds = %3
  %15 = load i32, ptr %6, align 4, !tbaa !5
  %16 = icmp eq i32 %15, 1
  %17 = zext i1 %16 to i64
  %18 = select i1 %16, ptr @greatest, ptr @mixing
  br label %19

19:                                               ; preds = %14, %13
  %20 = phi ptr [ @adding, %13 ], [ %18, %14 ]
  %21 = load i32, ptr %6, align 4, !tbaa !5
  %22 = and i32 %21, 255
  %23 = call i32 @each(ptr noundef %7, i32 noundef %10, ptr noundef %20, i32 noundef %22) #4
  ret i32 %23
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @each(ptr noundef %0, i32 noundef %1, ptr noundef %2, i32 noundef %3) #0 {
  %5 = alloca ptr, align 8
  %6 = alloca i32, align 4
  %7 = alloca ptr, align 8
  %8 = alloca i32, align 4
  %9 = alloca i32, align 4
  store ptr %0, ptr %5, align 8, !tbaa !16
  store i32 %1, ptr %6, align 4, !tbaa !5
  store ptr %2, ptr %7, align 8, !tbaa !16
  store i32 %3, ptr %8, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %9) #5
  store i32 0, ptr %9, align 4, !tbaa !5
  br label %10

10:                                               ; preds = %25, %4
  %11 = load i32, ptr %9, align 4, !tbaa !5
  %12 = load i32, ptr %6, align 4, !tbaa !5
  %13 = icmp ult i32 %11, %12
  br i1 %13, label %15, label %14

14:                                               ; preds = %10
  call void @llvm.lifetime.end.p0(i64 4, ptr %9) #5
  br label %28

15:                                               ; preds = %10
  %16 = load ptr, ptr %7, align 8, !tbaa !16
  %17 = load i32, ptr %8, align 4, !tbaa !5
  %18 = load ptr, ptr %5, align 8, !tbaa !16
  %19 = load i32, ptr %9, align 4, !tbaa !5
  %20 = zext i32 %19 to i64
  %21 = getelementptr inbounds i16, ptr %18, i64 %20
  %22 = load i16, ptr %21, align 2, !tbaa !12
  %23 = zext i16 %22 to i32
  %24 = call i32 %16(i32 noundef %17, i32 noundef %23) #4
  store i32 %24, ptr %8, align 4, !tbaa !5
  br label %25

25:                                               ; preds = %15
  %26 = load i32, ptr %9, align 4, !tbaa !5
  %27 = add i32 %26, 1
  store i32 %27, ptr %9, align 4, !tbaa !5
  br label %10, !llvm.loop !19

28:                                               ; preds = %14
  %29 = load i32, ptr %8, align 4, !tbaa !5
  ret i32 %29
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @adding(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  %5 = load i32, ptr %3, align 4, !tbaa !5
  %6 = load i32, ptr %4, align 4, !tbaa !5
  %7 = add i32 %5, %6
  ret i32 %7
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @greatest(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  %5 = load i32, ptr %4, align 4, !tbaa !5
  %6 = load i32, ptr %3, align 4, !tbaa !5
  %7 = icmp ugt i32 %5, %6
  br i1 %7, label %8, label %10

8:                                                ; preds = %2
  %9 = load i32, ptr %4, align 4, !tbaa !5
  br label %12

10:                                               ; preds = %2
  %11 = load i32, ptr %3, align 4, !tbaa !5
  br label %12

12:                                               ; preds = %10, %8
  %13 = phi i32 [ %9, %8 ], [ %11, %10 ]
  ret i32 %13
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @mixing(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  %5 = load i32, ptr %3, align 4, !tbaa !5
  %6 = mul i32 %5, 33
  %7 = load i32, ptr %4, align 4, !tbaa !5
  %8 = xor i32 %6, %7
  ret i32 %8
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @in_tail(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  %4 = load i32, ptr %3, align 4, !tbaa !5
  %5 = and i32 %4, 1
  %6 = icmp ne i32 %5, 0
  br i1 %6, label %7, label %11

7:                                                ; preds = %1
  %8 = load i32, ptr %3, align 4, !tbaa !5
  %9 = ashr i32 %8, 1
  %10 = call i32 @outside(i32 noundef %9) #4
  store i32 %10, ptr %2, align 4
  br label %17

11:                                               ; preds = %1
  %12 = load i32, ptr %3, align 4, !tbaa !5
  %13 = sext i32 %12 to i64
  call void @report(ptr noundef @.str.2, i64 noundef %13) #4
  %14 = load i32, ptr %3, align 4, !tbaa !5
  %15 = xor i32 %14, 1
  %16 = call i32 @outside(i32 noundef %15) #4
  store i32 %16, ptr %2, align 4
  br label %17

17:                                               ; preds = %11, %7
  %18 = load i32, ptr %2, align 4
  ret i32 %18
}

; Function Attrs: minsize optsize
declare i32 @outside(i32 noundef) #1

; Function Attrs: minsize optsize
declare void @report(ptr noundef, i64 noundef) #1

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @calls_it(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !5
  %3 = load i32, ptr %2, align 4, !tbaa !5
  %4 = and i32 %3, 65535
  %5 = load i32, ptr %2, align 4, !tbaa !5
  %6 = call i32 @outside(i32 noundef %5) #4
  %7 = call i32 @unused_argument(i32 noundef %4, i32 noundef %6, i32 noundef 2) #4
  %8 = load i32, ptr %2, align 4, !tbaa !5
  %9 = load i32, ptr %2, align 4, !tbaa !5
  %10 = call i32 @unused_argument(i32 noundef 3, i32 noundef %8, i32 noundef %9) #4
  %11 = sub nsw i32 %7, %10
  ret i32 %11
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @unused_argument(i32 noundef %0, i32 noundef %1, i32 noundef %2) #0 {
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  store i32 %0, ptr %4, align 4, !tbaa !5
  store i32 %1, ptr %5, align 4, !tbaa !5
  store i32 %2, ptr %6, align 4, !tbaa !5
  %7 = load i32, ptr %5, align 4, !tbaa !5
  %8 = load i32, ptr %4, align 4, !tbaa !5
  %9 = mul nsw i32 %8, 5
  %10 = load i32, ptr %6, align 4, !tbaa !5
  %11 = and i32 %10, 3
  %12 = add nsw i32 %9, %11
  ret i32 %12
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @promoted(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #5
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #5
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #5
  %6 = load i32, ptr %2, align 4, !tbaa !5
  store i32 %6, ptr %5, align 4, !tbaa !5
  call void @by_pointers(ptr noundef %5, ptr noundef %3, ptr noundef %4) #4
  %7 = load i32, ptr %3, align 4, !tbaa !5
  %8 = load i32, ptr %4, align 4, !tbaa !5
  %9 = mul nsw i32 %7, %8
  %10 = load i32, ptr %3, align 4, !tbaa !5
  %11 = add nsw i32 %9, %10
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #5
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #5
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #5
  ret i32 %11
}

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.start.p0(i64 immarg, ptr nocapture) #2

; Function Attrs: minsize nounwind optsize uwtable
define internal void @by_pointers(ptr noundef %0, ptr noundef %1, ptr noundef %2) #0 {
  %4 = alloca ptr, align 8
  %5 = alloca ptr, align 8
  %6 = alloca ptr, align 8
  store ptr %0, ptr %4, align 8, !tbaa !16
  store ptr %1, ptr %5, align 8, !tbaa !16
  store ptr %2, ptr %6, align 8, !tbaa !16
  %7 = load ptr, ptr %4, align 8, !tbaa !16
  %8 = load i32, ptr %7, align 4, !tbaa !5
  %9 = and i32 %8, 255
  %10 = load ptr, ptr %5, align 8, !tbaa !16
  store i32 %9, ptr %10, align 4, !tbaa !5
  %11 = load ptr, ptr %4, align 8, !tbaa !16
  %12 = load i32, ptr %11, align 4, !tbaa !5
  %13 = ashr i32 %12, 8
  %14 = and i32 %13, 255
  %15 = load ptr, ptr %6, align 8, !tbaa !16
  store i32 %14, ptr %15, align 4, !tbaa !5
  ret void
}

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.end.p0(i64 immarg, ptr nocapture) #2

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @alike_one(ptr noundef %0, i32 noundef %1) #0 {
  %3 = alloca ptr, align 8
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  store ptr %0, ptr %3, align 8, !tbaa !16
  store i32 %1, ptr %4, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #5
  store i32 0, ptr %5, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #5
  store i32 0, ptr %6, align 4, !tbaa !5
  br label %7

7:                                                ; preds = %24, %2
  %8 = load i32, ptr %6, align 4, !tbaa !5
  %9 = load i32, ptr %4, align 4, !tbaa !5
  %10 = and i32 %9, 7
  %11 = icmp slt i32 %8, %10
  br i1 %11, label %13, label %12

12:                                               ; preds = %7
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #5
  br label %27

13:                                               ; preds = %7
  %14 = load ptr, ptr %3, align 8, !tbaa !16
  %15 = load i32, ptr %6, align 4, !tbaa !5
  %16 = sext i32 %15 to i64
  %17 = getelementptr inbounds i32, ptr %14, i64 %16
  %18 = load i32, ptr %17, align 4, !tbaa !5
  %19 = ashr i32 %18, 1
  %20 = load i32, ptr %6, align 4, !tbaa !5
  %21 = add nsw i32 %19, %20
  %22 = load i32, ptr %5, align 4, !tbaa !5
  %23 = xor i32 %22, %21
  store i32 %23, ptr %5, align 4, !tbaa !5
  br label %24

24:                                               ; preds = %13
  %25 = load i32, ptr %6, align 4, !tbaa !5
  %26 = add nsw i32 %25, 1
  store i32 %26, ptr %6, align 4, !tbaa !5
  br label %7, !llvm.loop !20

27:                                               ; preds = %12
  %28 = load i32, ptr %5, align 4, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #5
  ret i32 %28
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @alike_two(ptr noundef %0, i32 noundef %1) #0 {
  %3 = alloca ptr, align 8
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  store ptr %0, ptr %3, align 8, !tbaa !16
  store i32 %1, ptr %4, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #5
  store i32 0, ptr %5, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #5
  store i32 0, ptr %6, align 4, !tbaa !5
  br label %7

7:                                                ; preds = %24, %2
  %8 = load i32, ptr %6, align 4, !tbaa !5
  %9 = load i32, ptr %4, align 4, !tbaa !5
  %10 = and i32 %9, 7
  %11 = icmp slt i32 %8, %10
  br i1 %11, label %13, label %12

12:                                               ; preds = %7
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #5
  br label %27

13:                                               ; preds = %7
  %14 = load ptr, ptr %3, align 8, !tbaa !16
  %15 = load i32, ptr %6, align 4, !tbaa !5
  %16 = sext i32 %15 to i64
  %17 = getelementptr inbounds i32, ptr %14, i64 %16
  %18 = load i32, ptr %17, align 4, !tbaa !5
  %19 = ashr i32 %18, 1
  %20 = load i32, ptr %6, align 4, !tbaa !5
  %21 = add nsw i32 %19, %20
  %22 = load i32, ptr %5, align 4, !tbaa !5
  %23 = xor i32 %22, %21
  store i32 %23, ptr %5, align 4, !tbaa !5
  br label %24

24:                                               ; preds = %13
  %25 = load i32, ptr %6, align 4, !tbaa !5
  %26 = add nsw i32 %25, 1
  store i32 %26, ptr %6, align 4, !tbaa !5
  br label %7, !llvm.loop !21

27:                                               ; preds = %12
  %28 = load i32, ptr %5, align 4, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #5
  ret i32 %28
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @alike_but(ptr noundef %0, i32 noundef %1) #0 {
  %3 = alloca ptr, align 8
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  store ptr %0, ptr %3, align 8, !tbaa !16
  store i32 %1, ptr %4, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #5
  store i32 0, ptr %5, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #5
  store i32 0, ptr %6, align 4, !tbaa !5
  br label %7

7:                                                ; preds = %24, %2
  %8 = load i32, ptr %6, align 4, !tbaa !5
  %9 = load i32, ptr %4, align 4, !tbaa !5
  %10 = and i32 %9, 7
  %11 = icmp slt i32 %8, %10
  br i1 %11, label %13, label %12

12:                                               ; preds = %7
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #5
  br label %27

13:                                               ; preds = %7
  %14 = load ptr, ptr %3, align 8, !tbaa !16
  %15 = load i32, ptr %6, align 4, !tbaa !5
  %16 = sext i32 %15 to i64
  %17 = getelementptr inbounds i32, ptr %14, i64 %16
  %18 = load i32, ptr %17, align 4, !tbaa !5
  %19 = ashr i32 %18, 1
  %20 = load i32, ptr %6, align 4, !tbaa !5
  %21 = sub nsw i32 %19, %20
  %22 = load i32, ptr %5, align 4, !tbaa !5
  %23 = xor i32 %22, %21
  store i32 %23, ptr %5, align 4, !tbaa !5
  br label %24

24:                                               ; preds = %13
  %25 = load i32, ptr %6, align 4, !tbaa !5
  %26 = add nsw i32 %25, 1
  store i32 %26, ptr %6, align 4, !tbaa !5
  br label %7, !llvm.loop !22

27:                                               ; preds = %12
  %28 = load i32, ptr %5, align 4, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #5
  ret i32 %28
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @recursive(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !5
  %3 = load i32, ptr %2, align 4, !tbaa !5
  %4 = call i32 @tree(i32 noundef 4, i32 noundef %3) #4
  %5 = load i32, ptr %2, align 4, !tbaa !5
  %6 = and i32 %5, 3
  %7 = call i32 @tree(i32 noundef %6, i32 noundef 9) #4
  %8 = sub i32 %4, %7
  ret i32 %8
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @tree(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  store i32 %0, ptr %4, align 4, !tbaa !5
  store i32 %1, ptr %5, align 4, !tbaa !5
  %6 = load i32, ptr %4, align 4, !tbaa !5
  %7 = icmp eq i32 %6, 0
  br i1 %7, label %8, label %11

8:                                                ; preds = %2
  %9 = load i32, ptr %5, align 4, !tbaa !5
  %10 = and i32 %9, 7
  store i32 %10, ptr %3, align 4
  br label %24

11:                                               ; preds = %2
  %12 = load i32, ptr %4, align 4, !tbaa !5
  %13 = sub i32 %12, 1
  %14 = load i32, ptr %5, align 4, !tbaa !5
  %15 = mul i32 %14, 3
  %16 = call i32 @tree(i32 noundef %13, i32 noundef %15) #4
  %17 = load i32, ptr %4, align 4, !tbaa !5
  %18 = sub i32 %17, 1
  %19 = load i32, ptr %5, align 4, !tbaa !5
  %20 = lshr i32 %19, 1
  %21 = call i32 @tree(i32 noundef %18, i32 noundef %20) #4
  %22 = mul i32 2, %21
  %23 = add i32 %16, %22
  store i32 %23, ptr %3, align 4
  br label %24

24:                                               ; preds = %11, %8
  %25 = load i32, ptr %3, align 4
  ret i32 %25
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local void @out_parameters(i32 noundef %0, ptr noundef %1, ptr noundef %2) #0 {
  %4 = alloca i32, align 4
  %5 = alloca ptr, align 8
  %6 = alloca ptr, align 8
  store i32 %0, ptr %4, align 4, !tbaa !5
  store ptr %1, ptr %5, align 8, !tbaa !16
  store ptr %2, ptr %6, align 8, !tbaa !16
  %7 = load i32, ptr %4, align 4, !tbaa !5
  %8 = sdiv i32 %7, 10
  %9 = load ptr, ptr %5, align 8, !tbaa !16
  store i32 %8, ptr %9, align 4, !tbaa !5
  %10 = load i32, ptr %4, align 4, !tbaa !5
  %11 = srem i32 %10, 10
  %12 = load ptr, ptr %6, align 8, !tbaa !16
  store i32 %11, ptr %12, align 4, !tbaa !5
  %13 = load ptr, ptr %6, align 8, !tbaa !16
  %14 = load i32, ptr %13, align 4, !tbaa !5
  %15 = icmp slt i32 %14, 0
  br i1 %15, label %16, label %20

16:                                               ; preds = %3
  %17 = load ptr, ptr %6, align 8, !tbaa !16
  %18 = load i32, ptr %17, align 4, !tbaa !5
  %19 = sext i32 %18 to i64
  call void @report(ptr noundef @.str.3, i64 noundef %19) #4
  br label %20

20:                                               ; preds = %16, %3
  ret void
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @repeated(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #5
  store i32 0, ptr %3, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #5
  store i32 0, ptr %4, align 4, !tbaa !5
  br label %5

5:                                                ; preds = %18, %1
  %6 = load i32, ptr %4, align 4, !tbaa !5
  %7 = load i32, ptr %2, align 4, !tbaa !5
  %8 = and i32 %7, 3
  %9 = icmp slt i32 %6, %8
  br i1 %9, label %11, label %10

10:                                               ; preds = %5
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #5
  br label %21

11:                                               ; preds = %5
  %12 = load i32, ptr %2, align 4, !tbaa !5
  %13 = call i32 @outside(i32 noundef %12) #4
  %14 = call i32 @outside(i32 noundef 7) #4
  %15 = add i32 %13, %14
  %16 = load i32, ptr %3, align 4, !tbaa !5
  %17 = add i32 %16, %15
  store i32 %17, ptr %3, align 4, !tbaa !5
  br label %18

18:                                               ; preds = %11
  %19 = load i32, ptr %4, align 4, !tbaa !5
  %20 = add nsw i32 %19, 1
  store i32 %20, ptr %4, align 4, !tbaa !5
  br label %5, !llvm.loop !23

21:                                               ; preds = %10
  %22 = load i32, ptr %3, align 4, !tbaa !5
  %23 = call i32 @outside(i32 noundef 7) #4
  %24 = add i32 %22, %23
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #5
  ret i32 %24
}

; Function Attrs: nocallback nofree nosync nounwind willreturn
declare void @llvm.va_start.p0(ptr) #3

; Function Attrs: nocallback nofree nosync nounwind willreturn
declare void @llvm.va_end.p0(ptr) #3

attributes #0 = { minsize nounwind optsize uwtable "min-legal-vector-width"="0" "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }
attributes #1 = { minsize optsize "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }
attributes #2 = { nocallback nofree nosync nounwind willreturn memory(argmem: readwrite) }
attributes #3 = { nocallback nofree nosync nounwind willreturn }
attributes #4 = { minsize optsize }
attributes #5 = { nounwind }

!llvm.module.flags = !{!0, !1, !2, !3}
!llvm.ident = !{!4}

!0 = !{i32 1, !"wchar_size", i32 4}
!1 = !{i32 8, !"PIC Level", i32 2}
!2 = !{i32 7, !"PIE Level", i32 2}
!3 = !{i32 7, !"uwtable", i32 2}
!4 = !{!"Debian clang version 19.1.7 (3~deb12u1)"}
!5 = !{!6, !6, i64 0}
!6 = !{!"int", !7, i64 0}
!7 = !{!"omnipotent char", !8, i64 0}
!8 = !{!"Simple C/C++ TBAA"}
!9 = !{!7, !7, i64 0}
!10 = !{!11, !11, i64 0}
!11 = !{!"long", !7, i64 0}
!12 = !{!13, !13, i64 0}
!13 = !{!"short", !7, i64 0}
!14 = distinct !{!14, !15}
!15 = !{!"llvm.loop.mustprogress"}
!16 = !{!17, !17, i64 0}
!17 = !{!"any pointer", !7, i64 0}
!18 = distinct !{!18, !15}
!19 = distinct !{!19, !15}
!20 = distinct !{!20, !15}
!21 = distinct !{!21, !15}
!22 = distinct !{!22, !15}
!23 = distinct !{!23, !15}
