; ModuleID = 'strings.c'
source_filename = "strings.c"
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

@.str = private unnamed_addr constant [3 x i8] c"if\00", align 1
@.str.1 = private unnamed_addr constant [17 x i8] c"0123456789abcdef\00", align 1
@hexadecimal.digits = internal constant [17 x i8] c"0123456789abcdef\00", align 16
@.str.2 = private unnamed_addr constant [3 x i8] c"a*\00", align 1
@.str.3 = private unnamed_addr constant [4 x i8] c"?b?\00", align 1
@.str.4 = private unnamed_addr constant [5 x i8] c"*c*d\00", align 1

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @length(i64 noundef %0) #0 {
  %2 = alloca i64, align 8
  %3 = alloca [9 x i8], align 1
  %4 = alloca i32, align 4
  store i64 %0, ptr %2, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 9, ptr %3) #4
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #4
  store i32 0, ptr %4, align 4, !tbaa !9
  %5 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 0
  %6 = load i64, ptr %2, align 8, !tbaa !5
  call void @spell(ptr noundef %5, i64 noundef %6) #5
  br label %7

7:                                                ; preds = %14, %1
  %8 = load i32, ptr %4, align 4, !tbaa !9
  %9 = zext i32 %8 to i64
  %10 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 %9
  %11 = load i8, ptr %10, align 1, !tbaa !11
  %12 = sext i8 %11 to i32
  %13 = icmp ne i32 %12, 0
  br i1 %13, label %14, label %17

14:                                               ; preds = %7
  %15 = load i32, ptr %4, align 4, !tbaa !9
  %16 = add i32 %15, 1
  store i32 %16, ptr %4, align 4, !tbaa !9
  br label %7, !llvm.loop !12

17:                                               ; preds = %7
  %18 = load i32, ptr %4, align 4, !tbaa !9
  %19 = mul i32 %18, 16
  %20 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 0
  %21 = call i64 @strlen(ptr noundef %20) #6
  %22 = trunc i64 %21 to i32
  %23 = add i32 %19, %22
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #4
  call void @llvm.lifetime.end.p0(i64 9, ptr %3) #4
  ret i32 %23
}

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.start.p0(i64 immarg, ptr nocapture) #1

; Function Attrs: minsize nounwind optsize uwtable
define internal void @spell(ptr noundef %0, i64 noundef %1) #0 {
  %3 = alloca ptr, align 8
  %4 = alloca i64, align 8
  %5 = alloca i32, align 4
  store ptr %0, ptr %3, align 8, !tbaa !14
  store i64 %1, ptr %4, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #4
  store i32 0, ptr %5, align 4, !tbaa !9
  br label %6

6:                                                ; preds = %22, %2
  %7 = load i32, ptr %5, align 4, !tbaa !9
  %8 = icmp slt i32 %7, 8
  br i1 %8, label %10, label %9

9:                                                ; preds = %6
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #4
  br label %25

10:                                               ; preds = %6
  %11 = load i64, ptr %4, align 8, !tbaa !5
  %12 = load i32, ptr %5, align 4, !tbaa !9
  %13 = mul nsw i32 8, %12
  %14 = zext i32 %13 to i64
  %15 = lshr i64 %11, %14
  %16 = and i64 %15, 127
  %17 = trunc i64 %16 to i8
  %18 = load ptr, ptr %3, align 8, !tbaa !14
  %19 = load i32, ptr %5, align 4, !tbaa !9
  %20 = sext i32 %19 to i64
  %21 = getelementptr inbounds i8, ptr %18, i64 %20
  store i8 %17, ptr %21, align 1, !tbaa !11
  br label %22

22:                                               ; preds = %10
  %23 = load i32, ptr %5, align 4, !tbaa !9
  %24 = add nsw i32 %23, 1
  store i32 %24, ptr %5, align 4, !tbaa !9
  br label %6, !llvm.loop !16

25:                                               ; preds = %9
  %26 = load ptr, ptr %3, align 8, !tbaa !14
  %27 = getelementptr inbounds i8, ptr %26, i64 8
  store i8 0, ptr %27, align 1, !tbaa !11
  ret void
}

; Function Attrs: minsize nounwind optsize
declare i64 @strlen(ptr noundef) #2

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.end.p0(i64 immarg, ptr nocapture) #1

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @compared(i64 noundef %0, i64 noundef %1) #0 {
  %3 = alloca i64, align 8
  %4 = alloca i64, align 8
  %5 = alloca [9 x i8], align 1
  %6 = alloca [9 x i8], align 1
  %7 = alloca i32, align 4
  store i64 %0, ptr %3, align 8, !tbaa !5
  store i64 %1, ptr %4, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 9, ptr %5) #4
  call void @llvm.lifetime.start.p0(i64 9, ptr %6) #4
  call void @llvm.lifetime.start.p0(i64 4, ptr %7) #4
  store i32 0, ptr %7, align 4, !tbaa !9
  %8 = getelementptr inbounds [9 x i8], ptr %5, i64 0, i64 0
  %9 = load i64, ptr %3, align 8, !tbaa !5
  call void @spell(ptr noundef %8, i64 noundef %9) #5
  %10 = getelementptr inbounds [9 x i8], ptr %6, i64 0, i64 0
  %11 = load i64, ptr %4, align 8, !tbaa !5
  call void @spell(ptr noundef %10, i64 noundef %11) #5
  br label %12

12:                                               ; preds = %33, %2
  %13 = load i32, ptr %7, align 4, !tbaa !9
  %14 = sext i32 %13 to i64
  %15 = getelementptr inbounds [9 x i8], ptr %5, i64 0, i64 %14
  %16 = load i8, ptr %15, align 1, !tbaa !11
  %17 = sext i8 %16 to i32
  %18 = icmp ne i32 %17, 0
  br i1 %18, label %19, label %31

19:                                               ; preds = %12
  %20 = load i32, ptr %7, align 4, !tbaa !9
  %21 = sext i32 %20 to i64
  %22 = getelementptr inbounds [9 x i8], ptr %5, i64 0, i64 %21
  %23 = load i8, ptr %22, align 1, !tbaa !11
  %24 = sext i8 %23 to i32
  %25 = load i32, ptr %7, align 4, !tbaa !9
  %26 = sext i32 %25 to i64
  %27 = getelementptr inbounds [9 x i8], ptr %6, i64 0, i64 %26
  %28 = load i8, ptr %27, align 1, !tbaa !11
  %29 = sext i8 %28 to i32
  %30 = icmp eq i32 %24, %29
  br label %31

31:                                               ; preds = %19, %12
  %32 = phi i1 [ false, %12 ], [ %30, %19 ]
  br i1 %32, label %33, label %36

33:                                               ; preds = %31
  %34 = load i32, ptr %7, align 4, !tbaa !9
  %35 = add nsw i32 %34, 1
  store i32 %35, ptr %7, align 4, !tbaa !9
  br label %12, !llvm.loop !17

36:                                               ; preds = %31
  %37 = load i32, ptr %7, align 4, !tbaa !9
  %38 = sext i32 %37 to i64
  %39 = getelementptr inbounds [9 x i8], ptr %5, i64 0, i64 %38
  %40 = load i8, ptr %39, align 1, !tbaa !11
  %41 = sext i8 %40 to i32
  %42 = load i32, ptr %7, align 4, !tbaa !9
  %43 = sext i32 %42 to i64
  %44 = getelementptr inbounds [9 x i8], ptr %6, i64 0, i64 %43
  %45 = load i8, ptr %44, align 1, !tbaa !11
  %46 = sext i8 %45 to i32
  %47 = sub nsw i32 %41, %46
  %48 = mul nsw i32 %47, 4
  %49 = getelementptr inbounds [9 x i8], ptr %5, i64 0, i64 0
  %50 = getelementptr inbounds [9 x i8], ptr %6, i64 0, i64 0
  %51 = call i32 @memcmp(ptr noundef %49, ptr noundef %50, i64 noundef 9) #5
  %52 = icmp eq i32 %51, 0
  %53 = zext i1 %52 to i32
  %54 = add nsw i32 %48, %53
  %55 = getelementptr inbounds [9 x i8], ptr %5, i64 0, i64 0
  %56 = call i32 @memcmp(ptr noundef %55, ptr noundef @.str, i64 noundef 3) #5
  %57 = icmp eq i32 %56, 0
  %58 = zext i1 %57 to i32
  %59 = mul nsw i32 2, %58
  %60 = add nsw i32 %54, %59
  call void @llvm.lifetime.end.p0(i64 4, ptr %7) #4
  call void @llvm.lifetime.end.p0(i64 9, ptr %6) #4
  call void @llvm.lifetime.end.p0(i64 9, ptr %5) #4
  ret i32 %60
}

; Function Attrs: minsize optsize
declare i32 @memcmp(ptr noundef, ptr noundef, i64 noundef) #3

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @number(ptr noundef %0) #0 {
  %2 = alloca ptr, align 8
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  store ptr %0, ptr %2, align 8, !tbaa !14
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #4
  store i32 1, ptr %3, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #4
  store i32 0, ptr %4, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #4
  store i32 0, ptr %5, align 4, !tbaa !9
  %6 = load ptr, ptr %2, align 8, !tbaa !14
  %7 = getelementptr inbounds i8, ptr %6, i64 0
  %8 = load i8, ptr %7, align 1, !tbaa !11
  %9 = sext i8 %8 to i32
  %10 = icmp eq i32 %9, 45
  br i1 %10, label %11, label %12

11:                                               ; preds = %1
  store i32 -1, ptr %3, align 4, !tbaa !9
  store i32 1, ptr %5, align 4, !tbaa !9
  br label %12

12:                                               ; preds = %11, %1
  br label %13

13:                                               ; preds = %45, %12
  %14 = load i32, ptr %5, align 4, !tbaa !9
  %15 = icmp slt i32 %14, 9
  br i1 %15, label %16, label %32

16:                                               ; preds = %13
  %17 = load ptr, ptr %2, align 8, !tbaa !14
  %18 = load i32, ptr %5, align 4, !tbaa !9
  %19 = sext i32 %18 to i64
  %20 = getelementptr inbounds i8, ptr %17, i64 %19
  %21 = load i8, ptr %20, align 1, !tbaa !11
  %22 = sext i8 %21 to i32
  %23 = icmp sge i32 %22, 48
  br i1 %23, label %24, label %32

24:                                               ; preds = %16
  %25 = load ptr, ptr %2, align 8, !tbaa !14
  %26 = load i32, ptr %5, align 4, !tbaa !9
  %27 = sext i32 %26 to i64
  %28 = getelementptr inbounds i8, ptr %25, i64 %27
  %29 = load i8, ptr %28, align 1, !tbaa !11
  %30 = sext i8 %29 to i32
  %31 = icmp sle i32 %30, 57
  br label %32

32:                                               ; preds = %24, %16, %13
  %33 = phi i1 [ false, %16 ], [ false, %13 ], [ %31, %24 ]
  br i1 %33, label %34, label %48

34:                                               ; preds = %32
  %35 = load i32, ptr %4, align 4, !tbaa !9
  %36 = mul i32 %35, 10
  %37 = load ptr, ptr %2, align 8, !tbaa !14
  %38 = load i32, ptr %5, align 4, !tbaa !9
  %39 = sext i32 %38 to i64
  %40 = getelementptr inbounds i8, ptr %37, i64 %39
  %41 = load i8, ptr %40, align 1, !tbaa !11
  %42 = sext i8 %41 to i32
  %43 = sub nsw i32 %42, 48
  %44 = add i32 %36, %43
  store i32 %44, ptr %4, align 4, !tbaa !9
  br label %45

45:                                               ; preds = %34
  %46 = load i32, ptr %5, align 4, !tbaa !9
  %47 = add nsw i32 %46, 1
  store i32 %47, ptr %5, align 4, !tbaa !9
  br label %13, !llvm.loop !18

48:                                               ; preds = %32
  %49 = load i32, ptr %3, align 4, !tbaa !9
  %50 = load i32, ptr %4, align 4, !tbaa !9
  %51 = and i32 %50, 1073741823
  %52 = mul nsw i32 %49, %51
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #4
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #4
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #4
  ret i32 %52
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @to_text(i32 noundef %0, ptr noundef %1, i8 noundef zeroext %2) #0 {
  %4 = alloca i32, align 4
  %5 = alloca ptr, align 8
  %6 = alloca i8, align 1
  %7 = alloca [36 x i8], align 16
  %8 = alloca i32, align 4
  %9 = alloca i32, align 4
  %10 = alloca i32, align 4
  %11 = alloca i32, align 4
  store i32 %0, ptr %4, align 4, !tbaa !9
  store ptr %1, ptr %5, align 8, !tbaa !14
  store i8 %2, ptr %6, align 1, !tbaa !11
  call void @llvm.lifetime.start.p0(i64 36, ptr %7) #4
  call void @llvm.lifetime.start.p0(i64 4, ptr %8) #4
  %12 = load i32, ptr %4, align 4, !tbaa !9
  %13 = icmp slt i32 %12, 0
  br i1 %13, label %14, label %17

14:                                               ; preds = %3
  %15 = load i32, ptr %4, align 4, !tbaa !9
  %16 = sub i32 0, %15
  br label %19

17:                                               ; preds = %3
  %18 = load i32, ptr %4, align 4, !tbaa !9
  br label %19

19:                                               ; preds = %17, %14
  %20 = phi i32 [ %16, %14 ], [ %18, %17 ]
  store i32 %20, ptr %8, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %9) #4
  %21 = load i8, ptr %6, align 1, !tbaa !11
  %22 = zext i8 %21 to i32
  %23 = srem i32 %22, 15
  %24 = add nsw i32 %23, 2
  store i32 %24, ptr %9, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %10) #4
  store i32 0, ptr %10, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %11) #4
  store i32 0, ptr %11, align 4, !tbaa !9
  br label %25

25:                                               ; preds = %39, %19
  %26 = load i32, ptr %8, align 4, !tbaa !9
  %27 = load i32, ptr %9, align 4, !tbaa !9
  %28 = urem i32 %26, %27
  %29 = zext i32 %28 to i64
  %30 = getelementptr inbounds [17 x i8], ptr @.str.1, i64 0, i64 %29
  %31 = load i8, ptr %30, align 1, !tbaa !11
  %32 = load i32, ptr %10, align 4, !tbaa !9
  %33 = add nsw i32 %32, 1
  store i32 %33, ptr %10, align 4, !tbaa !9
  %34 = sext i32 %32 to i64
  %35 = getelementptr inbounds [36 x i8], ptr %7, i64 0, i64 %34
  store i8 %31, ptr %35, align 1, !tbaa !11
  %36 = load i32, ptr %9, align 4, !tbaa !9
  %37 = load i32, ptr %8, align 4, !tbaa !9
  %38 = udiv i32 %37, %36
  store i32 %38, ptr %8, align 4, !tbaa !9
  br label %39

39:                                               ; preds = %25
  %40 = load i32, ptr %8, align 4, !tbaa !9
  %41 = icmp ne i32 %40, 0
  br i1 %41, label %25, label %42, !llvm.loop !19

42:                                               ; preds = %39
  %43 = load i32, ptr %4, align 4, !tbaa !9
  %44 = icmp slt i32 %43, 0
  br i1 %44, label %45, label %51

45:                                               ; preds = %42
  %46 = load ptr, ptr %5, align 8, !tbaa !14
  %47 = load i32, ptr %11, align 4, !tbaa !9
  %48 = add nsw i32 %47, 1
  store i32 %48, ptr %11, align 4, !tbaa !9
  %49 = sext i32 %47 to i64
  %50 = getelementptr inbounds i8, ptr %46, i64 %49
  store i8 45, ptr %50, align 1, !tbaa !11
  br label %51

51:                                               ; preds = %45, %42
  br label %52

52:                                               ; preds = %55, %51
  %53 = load i32, ptr %10, align 4, !tbaa !9
  %54 = icmp sgt i32 %53, 0
  br i1 %54, label %55, label %66

55:                                               ; preds = %52
  %56 = load i32, ptr %10, align 4, !tbaa !9
  %57 = add nsw i32 %56, -1
  store i32 %57, ptr %10, align 4, !tbaa !9
  %58 = sext i32 %57 to i64
  %59 = getelementptr inbounds [36 x i8], ptr %7, i64 0, i64 %58
  %60 = load i8, ptr %59, align 1, !tbaa !11
  %61 = load ptr, ptr %5, align 8, !tbaa !14
  %62 = load i32, ptr %11, align 4, !tbaa !9
  %63 = add nsw i32 %62, 1
  store i32 %63, ptr %11, align 4, !tbaa !9
  %64 = sext i32 %62 to i64
  %65 = getelementptr inbounds i8, ptr %61, i64 %64
  store i8 %60, ptr %65, align 1, !tbaa !11
  br label %52, !llvm.loop !20

66:                                               ; preds = %52
  %67 = load ptr, ptr %5, align 8, !tbaa !14
  %68 = load i32, ptr %11, align 4, !tbaa !9
  %69 = sext i32 %68 to i64
  %70 = getelementptr inbounds i8, ptr %67, i64 %69
  store i8 0, ptr %70, align 1, !tbaa !11
  %71 = load i32, ptr %11, align 4, !tbaa !9
  call void @llvm.lifetime.end.p0(i64 4, ptr %11) #4
  call void @llvm.lifetime.end.p0(i64 4, ptr %10) #4
  call void @llvm.lifetime.end.p0(i64 4, ptr %9) #4
  call void @llvm.lifetime.end.p0(i64 4, ptr %8) #4
  call void @llvm.lifetime.end.p0(i64 36, ptr %7) #4
  ret i32 %71
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @hash(ptr noundef %0) #0 {
  %2 = alloca ptr, align 8
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store ptr %0, ptr %2, align 8, !tbaa !14
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #4
  store i32 5381, ptr %3, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #4
  store i32 0, ptr %4, align 4, !tbaa !9
  br label %5

5:                                                ; preds = %31, %1
  %6 = load i32, ptr %4, align 4, !tbaa !9
  %7 = icmp slt i32 %6, 16
  br i1 %7, label %8, label %16

8:                                                ; preds = %5
  %9 = load ptr, ptr %2, align 8, !tbaa !14
  %10 = load i32, ptr %4, align 4, !tbaa !9
  %11 = sext i32 %10 to i64
  %12 = getelementptr inbounds i8, ptr %9, i64 %11
  %13 = load i8, ptr %12, align 1, !tbaa !11
  %14 = zext i8 %13 to i32
  %15 = icmp ne i32 %14, 0
  br label %16

16:                                               ; preds = %8, %5
  %17 = phi i1 [ false, %5 ], [ %15, %8 ]
  br i1 %17, label %19, label %18

18:                                               ; preds = %16
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #4
  br label %34

19:                                               ; preds = %16
  %20 = load i32, ptr %3, align 4, !tbaa !9
  %21 = shl i32 %20, 5
  %22 = load i32, ptr %3, align 4, !tbaa !9
  %23 = add i32 %21, %22
  %24 = load ptr, ptr %2, align 8, !tbaa !14
  %25 = load i32, ptr %4, align 4, !tbaa !9
  %26 = sext i32 %25 to i64
  %27 = getelementptr inbounds i8, ptr %24, i64 %26
  %28 = load i8, ptr %27, align 1, !tbaa !11
  %29 = zext i8 %28 to i32
  %30 = add i32 %23, %29
  store i32 %30, ptr %3, align 4, !tbaa !9
  br label %31

31:                                               ; preds = %19
  %32 = load i32, ptr %4, align 4, !tbaa !9
  %33 = add nsw i32 %32, 1
  store i32 %33, ptr %4, align 4, !tbaa !9
  br label %5, !llvm.loop !21

34:                                               ; preds = %18
  %35 = load i32, ptr %3, align 4, !tbaa !9
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #4
  ret i32 %35
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @is_palindrome(i64 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i64, align 8
  %4 = alloca [9 x i8], align 1
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  %7 = alloca i32, align 4
  %8 = alloca i32, align 4
  store i64 %0, ptr %3, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 9, ptr %4) #4
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #4
  store i32 0, ptr %5, align 4, !tbaa !9
  %9 = getelementptr inbounds [9 x i8], ptr %4, i64 0, i64 0
  %10 = load i64, ptr %3, align 8, !tbaa !5
  call void @spell(ptr noundef %9, i64 noundef %10) #5
  br label %11

11:                                               ; preds = %17, %1
  %12 = load i32, ptr %5, align 4, !tbaa !9
  %13 = sext i32 %12 to i64
  %14 = getelementptr inbounds [9 x i8], ptr %4, i64 0, i64 %13
  %15 = load i8, ptr %14, align 1, !tbaa !11
  %16 = icmp ne i8 %15, 0
  br i1 %16, label %17, label %20

17:                                               ; preds = %11
  %18 = load i32, ptr %5, align 4, !tbaa !9
  %19 = add nsw i32 %18, 1
  store i32 %19, ptr %5, align 4, !tbaa !9
  br label %11, !llvm.loop !22

20:                                               ; preds = %11
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #4
  store i32 0, ptr %6, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %7) #4
  %21 = load i32, ptr %5, align 4, !tbaa !9
  %22 = sub nsw i32 %21, 1
  store i32 %22, ptr %7, align 4, !tbaa !9
  br label %23

23:                                               ; preds = %42, %20
  %24 = load i32, ptr %6, align 4, !tbaa !9
  %25 = load i32, ptr %7, align 4, !tbaa !9
  %26 = icmp slt i32 %24, %25
  br i1 %26, label %28, label %27

27:                                               ; preds = %23
  store i32 4, ptr %8, align 4
  br label %47

28:                                               ; preds = %23
  %29 = load i32, ptr %6, align 4, !tbaa !9
  %30 = sext i32 %29 to i64
  %31 = getelementptr inbounds [9 x i8], ptr %4, i64 0, i64 %30
  %32 = load i8, ptr %31, align 1, !tbaa !11
  %33 = sext i8 %32 to i32
  %34 = load i32, ptr %7, align 4, !tbaa !9
  %35 = sext i32 %34 to i64
  %36 = getelementptr inbounds [9 x i8], ptr %4, i64 0, i64 %35
  %37 = load i8, ptr %36, align 1, !tbaa !11
  %38 = sext i8 %37 to i32
  %39 = icmp ne i32 %33, %38
  br i1 %39, label %40, label %41

40:                                               ; preds = %28
  store i32 0, ptr %2, align 4
  store i32 1, ptr %8, align 4
  br label %47

41:                                               ; preds = %28
  br label %42

42:                                               ; preds = %41
  %43 = load i32, ptr %6, align 4, !tbaa !9
  %44 = add nsw i32 %43, 1
  store i32 %44, ptr %6, align 4, !tbaa !9
  %45 = load i32, ptr %7, align 4, !tbaa !9
  %46 = add nsw i32 %45, -1
  store i32 %46, ptr %7, align 4, !tbaa !9
  br label %23, !llvm.loop !23

47:                                               ; preds = %40, %27
  call void @llvm.lifetime.end.p0(i64 4, ptr %7) #4
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #4
  %48 = load i32, ptr %8, align 4
  switch i32 %48, label %51 [
    i32 4, label %49
  ]

49:                                               ; preds = %47
  %50 = load i32, ptr %5, align 4, !tbaa !9
  store i32 %50, ptr %2, align 4
  store i32 1, ptr %8, align 4
  br label %51

51:                                               ; preds = %49, %47
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #4
  call void @llvm.lifetime.end.p0(i64 9, ptr %4) #4
  %52 = load i32, ptr %2, align 4
  ret i32 %52
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @lowered(i64 noundef %0) #0 {
  %2 = alloca i64, align 8
  %3 = alloca [9 x i8], align 1
  %4 = alloca i32, align 4
  %5 = alloca ptr, align 8
  store i64 %0, ptr %2, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 9, ptr %3) #4
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #4
  store i32 0, ptr %4, align 4, !tbaa !9
  %6 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 0
  %7 = load i64, ptr %2, align 8, !tbaa !5
  call void @spell(ptr noundef %6, i64 noundef %7) #5
  call void @llvm.lifetime.start.p0(i64 8, ptr %5) #4
  %8 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 0
  store ptr %8, ptr %5, align 8, !tbaa !14
  br label %9

9:                                                ; preds = %38, %1
  %10 = load ptr, ptr %5, align 8, !tbaa !14
  %11 = load i8, ptr %10, align 1, !tbaa !11
  %12 = icmp ne i8 %11, 0
  br i1 %12, label %14, label %13

13:                                               ; preds = %9
  call void @llvm.lifetime.end.p0(i64 8, ptr %5) #4
  br label %41

14:                                               ; preds = %9
  %15 = load ptr, ptr %5, align 8, !tbaa !14
  %16 = load i8, ptr %15, align 1, !tbaa !11
  %17 = sext i8 %16 to i32
  %18 = icmp sge i32 %17, 65
  br i1 %18, label %19, label %31

19:                                               ; preds = %14
  %20 = load ptr, ptr %5, align 8, !tbaa !14
  %21 = load i8, ptr %20, align 1, !tbaa !11
  %22 = sext i8 %21 to i32
  %23 = icmp sle i32 %22, 90
  br i1 %23, label %24, label %31

24:                                               ; preds = %19
  %25 = load ptr, ptr %5, align 8, !tbaa !14
  %26 = load i8, ptr %25, align 1, !tbaa !11
  %27 = sext i8 %26 to i32
  %28 = add nsw i32 %27, 32
  %29 = trunc i32 %28 to i8
  %30 = load ptr, ptr %5, align 8, !tbaa !14
  store i8 %29, ptr %30, align 1, !tbaa !11
  br label %31

31:                                               ; preds = %24, %19, %14
  %32 = load i32, ptr %4, align 4, !tbaa !9
  %33 = mul i32 %32, 29
  %34 = load ptr, ptr %5, align 8, !tbaa !14
  %35 = load i8, ptr %34, align 1, !tbaa !11
  %36 = zext i8 %35 to i32
  %37 = add i32 %33, %36
  store i32 %37, ptr %4, align 4, !tbaa !9
  br label %38

38:                                               ; preds = %31
  %39 = load ptr, ptr %5, align 8, !tbaa !14
  %40 = getelementptr inbounds i8, ptr %39, i32 1
  store ptr %40, ptr %5, align 8, !tbaa !14
  br label %9, !llvm.loop !24

41:                                               ; preds = %13
  %42 = load i32, ptr %4, align 4, !tbaa !9
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #4
  call void @llvm.lifetime.end.p0(i64 9, ptr %3) #4
  ret i32 %42
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @hexadecimal(i64 noundef %0) #0 {
  %2 = alloca i64, align 8
  %3 = alloca [9 x i8], align 1
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  %7 = alloca ptr, align 8
  store i64 %0, ptr %2, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 9, ptr %3) #4
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #4
  store i32 0, ptr %4, align 4, !tbaa !9
  %8 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 0
  %9 = load i64, ptr %2, align 8, !tbaa !5
  call void @spell(ptr noundef %8, i64 noundef %9) #5
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #4
  store i32 0, ptr %5, align 4, !tbaa !9
  br label %10

10:                                               ; preds = %56, %1
  %11 = load i32, ptr %5, align 4, !tbaa !9
  %12 = sext i32 %11 to i64
  %13 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 %12
  %14 = load i8, ptr %13, align 1, !tbaa !11
  %15 = icmp ne i8 %14, 0
  br i1 %15, label %17, label %16

16:                                               ; preds = %10
  store i32 2, ptr %6, align 4
  br label %59

17:                                               ; preds = %10
  call void @llvm.lifetime.start.p0(i64 8, ptr %7) #4
  store ptr @hexadecimal.digits, ptr %7, align 8, !tbaa !14
  br label %18

18:                                               ; preds = %36, %17
  %19 = load ptr, ptr %7, align 8, !tbaa !14
  %20 = load i8, ptr %19, align 1, !tbaa !11
  %21 = sext i8 %20 to i32
  %22 = icmp ne i32 %21, 0
  br i1 %22, label %23, label %34

23:                                               ; preds = %18
  %24 = load ptr, ptr %7, align 8, !tbaa !14
  %25 = load i8, ptr %24, align 1, !tbaa !11
  %26 = sext i8 %25 to i32
  %27 = load i32, ptr %5, align 4, !tbaa !9
  %28 = sext i32 %27 to i64
  %29 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 %28
  %30 = load i8, ptr %29, align 1, !tbaa !11
  %31 = sext i8 %30 to i32
  %32 = or i32 %31, 32
  %33 = icmp ne i32 %26, %32
  br label %34

34:                                               ; preds = %23, %18
  %35 = phi i1 [ false, %18 ], [ %33, %23 ]
  br i1 %35, label %36, label %39

36:                                               ; preds = %34
  %37 = load ptr, ptr %7, align 8, !tbaa !14
  %38 = getelementptr inbounds i8, ptr %37, i32 1
  store ptr %38, ptr %7, align 8, !tbaa !14
  br label %18, !llvm.loop !25

39:                                               ; preds = %34
  %40 = load ptr, ptr %7, align 8, !tbaa !14
  %41 = load i8, ptr %40, align 1, !tbaa !11
  %42 = sext i8 %41 to i32
  %43 = icmp eq i32 %42, 0
  br i1 %43, label %44, label %45

44:                                               ; preds = %39
  store i32 2, ptr %6, align 4
  br label %53

45:                                               ; preds = %39
  %46 = load i32, ptr %4, align 4, !tbaa !9
  %47 = mul i32 %46, 16
  %48 = load ptr, ptr %7, align 8, !tbaa !14
  %49 = ptrtoint ptr %48 to i64
  %50 = sub i64 %49, ptrtoint (ptr @hexadecimal.digits to i64)
  %51 = trunc i64 %50 to i32
  %52 = add i32 %47, %51
  store i32 %52, ptr %4, align 4, !tbaa !9
  store i32 0, ptr %6, align 4
  br label %53

53:                                               ; preds = %45, %44
  call void @llvm.lifetime.end.p0(i64 8, ptr %7) #4
  %54 = load i32, ptr %6, align 4
  switch i32 %54, label %59 [
    i32 0, label %55
  ]

55:                                               ; preds = %53
  br label %56

56:                                               ; preds = %55
  %57 = load i32, ptr %5, align 4, !tbaa !9
  %58 = add nsw i32 %57, 1
  store i32 %58, ptr %5, align 4, !tbaa !9
  br label %10, !llvm.loop !26

59:                                               ; preds = %53, %16
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #4
  br label %60

60:                                               ; preds = %59
  %61 = load i32, ptr %4, align 4, !tbaa !9
  %62 = and i32 %61, 2147483647
  store i32 1, ptr %6, align 4
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #4
  call void @llvm.lifetime.end.p0(i64 9, ptr %3) #4
  ret i32 %62
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @matches(i64 noundef %0) #0 {
  %2 = alloca i64, align 8
  %3 = alloca [9 x i8], align 1
  store i64 %0, ptr %2, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 9, ptr %3) #4
  %4 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 0
  %5 = load i64, ptr %2, align 8, !tbaa !5
  %6 = and i64 %5, 547599908735
  call void @spell(ptr noundef %4, i64 noundef %6) #5
  %7 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 0
  %8 = call i32 @matches_from(ptr noundef %7, ptr noundef @.str.2) #5
  %9 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 0
  %10 = call i32 @matches_from(ptr noundef %9, ptr noundef @.str.3) #5
  %11 = mul nsw i32 2, %10
  %12 = add nsw i32 %8, %11
  %13 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 0
  %14 = call i32 @matches_from(ptr noundef %13, ptr noundef @.str.4) #5
  %15 = mul nsw i32 4, %14
  %16 = add nsw i32 %12, %15
  call void @llvm.lifetime.end.p0(i64 9, ptr %3) #4
  ret i32 %16
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @matches_from(ptr noundef %0, ptr noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca ptr, align 8
  %5 = alloca ptr, align 8
  store ptr %0, ptr %4, align 8, !tbaa !14
  store ptr %1, ptr %5, align 8, !tbaa !14
  %6 = load ptr, ptr %5, align 8, !tbaa !14
  %7 = load i8, ptr %6, align 1, !tbaa !11
  %8 = sext i8 %7 to i32
  %9 = icmp eq i32 %8, 0
  br i1 %9, label %10, label %16

10:                                               ; preds = %2
  %11 = load ptr, ptr %4, align 8, !tbaa !14
  %12 = load i8, ptr %11, align 1, !tbaa !11
  %13 = sext i8 %12 to i32
  %14 = icmp eq i32 %13, 0
  %15 = zext i1 %14 to i32
  store i32 %15, ptr %3, align 4
  br label %71

16:                                               ; preds = %2
  %17 = load ptr, ptr %5, align 8, !tbaa !14
  %18 = load i8, ptr %17, align 1, !tbaa !11
  %19 = sext i8 %18 to i32
  %20 = icmp eq i32 %19, 42
  br i1 %20, label %21, label %43

21:                                               ; preds = %16
  %22 = load ptr, ptr %4, align 8, !tbaa !14
  %23 = load ptr, ptr %5, align 8, !tbaa !14
  %24 = getelementptr inbounds i8, ptr %23, i64 1
  %25 = call i32 @matches_from(ptr noundef %22, ptr noundef %24) #5
  %26 = icmp ne i32 %25, 0
  br i1 %26, label %40, label %27

27:                                               ; preds = %21
  %28 = load ptr, ptr %4, align 8, !tbaa !14
  %29 = load i8, ptr %28, align 1, !tbaa !11
  %30 = sext i8 %29 to i32
  %31 = icmp ne i32 %30, 0
  br i1 %31, label %32, label %38

32:                                               ; preds = %27
  %33 = load ptr, ptr %4, align 8, !tbaa !14
  %34 = getelementptr inbounds i8, ptr %33, i64 1
  %35 = load ptr, ptr %5, align 8, !tbaa !14
  %36 = call i32 @matches_from(ptr noundef %34, ptr noundef %35) #5
  %37 = icmp ne i32 %36, 0
  br label %38

38:                                               ; preds = %32, %27
  %39 = phi i1 [ false, %27 ], [ %37, %32 ]
  br label %40

40:                                               ; preds = %38, %21
  %41 = phi i1 [ true, %21 ], [ %39, %38 ]
  %42 = zext i1 %41 to i32
  store i32 %42, ptr %3, align 4
  br label %71

43:                                               ; preds = %16
  %44 = load ptr, ptr %4, align 8, !tbaa !14
  %45 = load i8, ptr %44, align 1, !tbaa !11
  %46 = sext i8 %45 to i32
  %47 = icmp ne i32 %46, 0
  br i1 %47, label %48, label %68

48:                                               ; preds = %43
  %49 = load ptr, ptr %5, align 8, !tbaa !14
  %50 = load i8, ptr %49, align 1, !tbaa !11
  %51 = sext i8 %50 to i32
  %52 = icmp eq i32 %51, 63
  br i1 %52, label %61, label %53

53:                                               ; preds = %48
  %54 = load ptr, ptr %5, align 8, !tbaa !14
  %55 = load i8, ptr %54, align 1, !tbaa !11
  %56 = sext i8 %55 to i32
  %57 = load ptr, ptr %4, align 8, !tbaa !14
  %58 = load i8, ptr %57, align 1, !tbaa !11
  %59 = sext i8 %58 to i32
  %60 = icmp eq i32 %56, %59
  br i1 %60, label %61, label %68

61:                                               ; preds = %53, %48
  %62 = load ptr, ptr %4, align 8, !tbaa !14
  %63 = getelementptr inbounds i8, ptr %62, i64 1
  %64 = load ptr, ptr %5, align 8, !tbaa !14
  %65 = getelementptr inbounds i8, ptr %64, i64 1
  %66 = call i32 @matches_from(ptr noundef %63, ptr noundef %65) #5
  %67 = icmp ne i32 %66, 0
  br label %68

68:                                               ; preds = %61, %53, %43
  %69 = phi i1 [ false, %53 ], [ false, %43 ], [ %67, %61 ]
  %70 = zext i1 %69 to i32
  store i32 %70, ptr %3, align 4
  br label %71

71:                                               ; preds = %68, %40, %10
  %72 = load i32, ptr %3, align 4
  ret i32 %72
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @run_lengths(i64 noundef %0, ptr noundef %1) #0 {
  %3 = alloca i64, align 8
  %4 = alloca ptr, align 8
  %5 = alloca [9 x i8], align 1
  %6 = alloca i32, align 4
  %7 = alloca i32, align 4
  %8 = alloca i32, align 4
  store i64 %0, ptr %3, align 8, !tbaa !5
  store ptr %1, ptr %4, align 8, !tbaa !14
  call void @llvm.lifetime.start.p0(i64 9, ptr %5) #4
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #4
  store i32 0, ptr %6, align 4, !tbaa !9
  %9 = getelementptr inbounds [9 x i8], ptr %5, i64 0, i64 0
  %10 = load i64, ptr %3, align 8, !tbaa !5
  call void @spell(ptr noundef %9, i64 noundef %10) #5
  call void @llvm.lifetime.start.p0(i64 4, ptr %7) #4
  store i32 0, ptr %7, align 4, !tbaa !9
  br label %11

11:                                               ; preds = %37, %2
  %12 = load i32, ptr %7, align 4, !tbaa !9
  %13 = sext i32 %12 to i64
  %14 = getelementptr inbounds [9 x i8], ptr %5, i64 0, i64 %13
  %15 = load i8, ptr %14, align 1, !tbaa !11
  %16 = sext i8 %15 to i32
  %17 = icmp ne i32 %16, 0
  br i1 %17, label %19, label %18

18:                                               ; preds = %11
  call void @llvm.lifetime.end.p0(i64 4, ptr %7) #4
  br label %57

19:                                               ; preds = %11
  call void @llvm.lifetime.start.p0(i64 4, ptr %8) #4
  store i32 1, ptr %8, align 4, !tbaa !9
  br label %20

20:                                               ; preds = %34, %19
  %21 = load i32, ptr %7, align 4, !tbaa !9
  %22 = load i32, ptr %8, align 4, !tbaa !9
  %23 = add nsw i32 %21, %22
  %24 = sext i32 %23 to i64
  %25 = getelementptr inbounds [9 x i8], ptr %5, i64 0, i64 %24
  %26 = load i8, ptr %25, align 1, !tbaa !11
  %27 = sext i8 %26 to i32
  %28 = load i32, ptr %7, align 4, !tbaa !9
  %29 = sext i32 %28 to i64
  %30 = getelementptr inbounds [9 x i8], ptr %5, i64 0, i64 %29
  %31 = load i8, ptr %30, align 1, !tbaa !11
  %32 = sext i8 %31 to i32
  %33 = icmp eq i32 %27, %32
  br i1 %33, label %34, label %37

34:                                               ; preds = %20
  %35 = load i32, ptr %8, align 4, !tbaa !9
  %36 = add nsw i32 %35, 1
  store i32 %36, ptr %8, align 4, !tbaa !9
  br label %20, !llvm.loop !27

37:                                               ; preds = %20
  %38 = load i32, ptr %8, align 4, !tbaa !9
  %39 = trunc i32 %38 to i8
  %40 = load ptr, ptr %4, align 8, !tbaa !14
  %41 = load i32, ptr %6, align 4, !tbaa !9
  %42 = add nsw i32 %41, 1
  store i32 %42, ptr %6, align 4, !tbaa !9
  %43 = sext i32 %41 to i64
  %44 = getelementptr inbounds i8, ptr %40, i64 %43
  store i8 %39, ptr %44, align 1, !tbaa !11
  %45 = load i32, ptr %7, align 4, !tbaa !9
  %46 = sext i32 %45 to i64
  %47 = getelementptr inbounds [9 x i8], ptr %5, i64 0, i64 %46
  %48 = load i8, ptr %47, align 1, !tbaa !11
  %49 = load ptr, ptr %4, align 8, !tbaa !14
  %50 = load i32, ptr %6, align 4, !tbaa !9
  %51 = add nsw i32 %50, 1
  store i32 %51, ptr %6, align 4, !tbaa !9
  %52 = sext i32 %50 to i64
  %53 = getelementptr inbounds i8, ptr %49, i64 %52
  store i8 %48, ptr %53, align 1, !tbaa !11
  %54 = load i32, ptr %8, align 4, !tbaa !9
  %55 = load i32, ptr %7, align 4, !tbaa !9
  %56 = add nsw i32 %55, %54
  store i32 %56, ptr %7, align 4, !tbaa !9
  call void @llvm.lifetime.end.p0(i64 4, ptr %8) #4
  br label %11, !llvm.loop !28

57:                                               ; preds = %18
  %58 = load i32, ptr %6, align 4, !tbaa !9
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #4
  call void @llvm.lifetime.end.p0(i64 9, ptr %5) #4
  ret i32 %58
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @words_in(i64 noundef %0) #0 {
  %2 = alloca i64, align 8
  %3 = alloca [9 x i8], align 1
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  %7 = alloca i32, align 4
  store i64 %0, ptr %2, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 9, ptr %3) #4
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #4
  store i32 0, ptr %4, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #4
  store i32 0, ptr %5, align 4, !tbaa !9
  %8 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 0
  %9 = load i64, ptr %2, align 8, !tbaa !5
  call void @spell(ptr noundef %8, i64 noundef %9) #5
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #4
  store i32 0, ptr %6, align 4, !tbaa !9
  br label %10

10:                                               ; preds = %54, %1
  %11 = load i32, ptr %6, align 4, !tbaa !9
  %12 = sext i32 %11 to i64
  %13 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 %12
  %14 = load i8, ptr %13, align 1, !tbaa !11
  %15 = icmp ne i8 %14, 0
  br i1 %15, label %17, label %16

16:                                               ; preds = %10
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #4
  br label %57

17:                                               ; preds = %10
  call void @llvm.lifetime.start.p0(i64 4, ptr %7) #4
  %18 = load i32, ptr %6, align 4, !tbaa !9
  %19 = sext i32 %18 to i64
  %20 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 %19
  %21 = load i8, ptr %20, align 1, !tbaa !11
  %22 = sext i8 %21 to i32
  %23 = icmp eq i32 %22, 32
  br i1 %23, label %38, label %24

24:                                               ; preds = %17
  %25 = load i32, ptr %6, align 4, !tbaa !9
  %26 = sext i32 %25 to i64
  %27 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 %26
  %28 = load i8, ptr %27, align 1, !tbaa !11
  %29 = sext i8 %28 to i32
  %30 = icmp eq i32 %29, 9
  br i1 %30, label %38, label %31

31:                                               ; preds = %24
  %32 = load i32, ptr %6, align 4, !tbaa !9
  %33 = sext i32 %32 to i64
  %34 = getelementptr inbounds [9 x i8], ptr %3, i64 0, i64 %33
  %35 = load i8, ptr %34, align 1, !tbaa !11
  %36 = sext i8 %35 to i32
  %37 = icmp eq i32 %36, 10
  br label %38

38:                                               ; preds = %31, %24, %17
  %39 = phi i1 [ true, %24 ], [ true, %17 ], [ %37, %31 ]
  %40 = zext i1 %39 to i32
  store i32 %40, ptr %7, align 4, !tbaa !9
  %41 = load i32, ptr %7, align 4, !tbaa !9
  %42 = icmp ne i32 %41, 0
  br i1 %42, label %49, label %43

43:                                               ; preds = %38
  %44 = load i32, ptr %5, align 4, !tbaa !9
  %45 = icmp ne i32 %44, 0
  br i1 %45, label %49, label %46

46:                                               ; preds = %43
  %47 = load i32, ptr %4, align 4, !tbaa !9
  %48 = add nsw i32 %47, 1
  store i32 %48, ptr %4, align 4, !tbaa !9
  br label %49

49:                                               ; preds = %46, %43, %38
  %50 = load i32, ptr %7, align 4, !tbaa !9
  %51 = icmp ne i32 %50, 0
  %52 = xor i1 %51, true
  %53 = zext i1 %52 to i32
  store i32 %53, ptr %5, align 4, !tbaa !9
  call void @llvm.lifetime.end.p0(i64 4, ptr %7) #4
  br label %54

54:                                               ; preds = %49
  %55 = load i32, ptr %6, align 4, !tbaa !9
  %56 = add nsw i32 %55, 1
  store i32 %56, ptr %6, align 4, !tbaa !9
  br label %10, !llvm.loop !29

57:                                               ; preds = %16
  %58 = load i32, ptr %4, align 4, !tbaa !9
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #4
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #4
  call void @llvm.lifetime.end.p0(i64 9, ptr %3) #4
  ret i32 %58
}

attributes #0 = { minsize nounwind optsize uwtable "min-legal-vector-width"="0" "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }
attributes #1 = { nocallback nofree nosync nounwind willreturn memory(argmem: readwrite) }
attributes #2 = { minsize nounwind optsize "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }
attributes #3 = { minsize optsize "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }
attributes #4 = { nounwind }
attributes #5 = { minsize optsize }
attributes #6 = { minsize nounwind optsize }

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
!10 = !{!"int", !7, i64 0}
!11 = !{!7, !7, i64 0}
!12 = distinct !{!12, !13}
!13 = !{!"llvm.loop.mustprogress"}
!14 = !{!15, !15, i64 0}
!15 = !{!"any pointer", !7, i64 0}
!16 = distinct !{!16, !13}
!17 = distinct !{!17, !13}
!18 = distinct !{!18, !13}
!19 = distinct !{!19, !13}
!20 = distinct !{!20, !13}
!21 = distinct !{!21, !13}
!22 = distinct !{!22, !13}
!23 = distinct !{!23, !13}
!24 = distinct !{!24, !13}
!25 = distinct !{!25, !13}
!26 = distinct !{!26, !13}
!27 = distinct !{!27, !13}
!28 = distinct !{!28, !13}
!29 = distinct !{!29, !13}
