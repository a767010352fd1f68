; ModuleID = 'integers.c'
source_filename = "integers.c"
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @gcd(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #3
  store i32 0, ptr %5, align 4, !tbaa !5
  br label %7

7:                                                ; preds = %22, %2
  %8 = load i32, ptr %4, align 4, !tbaa !5
  %9 = icmp ne i32 %8, 0
  br i1 %9, label %10, label %13

10:                                               ; preds = %7
  %11 = load i32, ptr %5, align 4, !tbaa !5
  %12 = icmp slt i32 %11, 64
  br label %13

13:                                               ; preds = %10, %7
  %14 = phi i1 [ false, %7 ], [ %12, %10 ]
  br i1 %14, label %16, label %15

15:                                               ; preds = %13
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #3
  br label %25

16:                                               ; preds = %13
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #3
  %17 = load i32, ptr %3, align 4, !tbaa !5
  %18 = load i32, ptr %4, align 4, !tbaa !5
  %19 = urem i32 %17, %18
  store i32 %19, ptr %6, align 4, !tbaa !5
  %20 = load i32, ptr %4, align 4, !tbaa !5
  store i32 %20, ptr %3, align 4, !tbaa !5
  %21 = load i32, ptr %6, align 4, !tbaa !5
  store i32 %21, ptr %4, align 4, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #3
  br label %22

22:                                               ; preds = %16
  %23 = load i32, ptr %5, align 4, !tbaa !5
  %24 = add nsw i32 %23, 1
  store i32 %24, ptr %5, align 4, !tbaa !5
  br label %7, !llvm.loop !9

25:                                               ; preds = %15
  %26 = load i32, ptr %3, align 4, !tbaa !5
  ret i32 %26
}

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.start.p0(i64 immarg, ptr nocapture) #1

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.end.p0(i64 immarg, ptr nocapture) #1

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @square_root(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #3
  store i32 0, ptr %3, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #3
  store i32 1073741824, ptr %4, align 4, !tbaa !5
  br label %5

5:                                                ; preds = %9, %1
  %6 = load i32, ptr %4, align 4, !tbaa !5
  %7 = load i32, ptr %2, align 4, !tbaa !5
  %8 = icmp ugt i32 %6, %7
  br i1 %8, label %9, label %12

9:                                                ; preds = %5
  %10 = load i32, ptr %4, align 4, !tbaa !5
  %11 = lshr i32 %10, 2
  store i32 %11, ptr %4, align 4, !tbaa !5
  br label %5, !llvm.loop !11

12:                                               ; preds = %5
  br label %13

13:                                               ; preds = %35, %12
  %14 = load i32, ptr %4, align 4, !tbaa !5
  %15 = icmp ne i32 %14, 0
  br i1 %15, label %16, label %38

16:                                               ; preds = %13
  %17 = load i32, ptr %2, align 4, !tbaa !5
  %18 = load i32, ptr %3, align 4, !tbaa !5
  %19 = load i32, ptr %4, align 4, !tbaa !5
  %20 = add i32 %18, %19
  %21 = icmp uge i32 %17, %20
  br i1 %21, label %22, label %32

22:                                               ; preds = %16
  %23 = load i32, ptr %3, align 4, !tbaa !5
  %24 = load i32, ptr %4, align 4, !tbaa !5
  %25 = add i32 %23, %24
  %26 = load i32, ptr %2, align 4, !tbaa !5
  %27 = sub i32 %26, %25
  store i32 %27, ptr %2, align 4, !tbaa !5
  %28 = load i32, ptr %3, align 4, !tbaa !5
  %29 = lshr i32 %28, 1
  %30 = load i32, ptr %4, align 4, !tbaa !5
  %31 = add i32 %29, %30
  store i32 %31, ptr %3, align 4, !tbaa !5
  br label %35

32:                                               ; preds = %16
  %33 = load i32, ptr %3, align 4, !tbaa !5
  %34 = lshr i32 %33, 1
  store i32 %34, ptr %3, align 4, !tbaa !5
  br label %35

35:                                               ; preds = %32, %22
  %36 = load i32, ptr %4, align 4, !tbaa !5
  %37 = lshr i32 %36, 2
  store i32 %37, ptr %4, align 4, !tbaa !5
  br label %13, !llvm.loop !12

38:                                               ; preds = %13
  %39 = load i32, ptr %3, align 4, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #3
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #3
  ret i32 %39
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i64 @power_modulo(i32 noundef %0, i8 noundef zeroext %1, i32 noundef %2) #0 {
  %4 = alloca i64, align 8
  %5 = alloca i32, align 4
  %6 = alloca i8, align 1
  %7 = alloca i32, align 4
  %8 = alloca i64, align 8
  %9 = alloca i64, align 8
  %10 = alloca i32, align 4
  store i32 %0, ptr %5, align 4, !tbaa !5
  store i8 %1, ptr %6, align 1, !tbaa !13
  store i32 %2, ptr %7, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 8, ptr %8) #3
  store i64 1, ptr %8, align 8, !tbaa !14
  call void @llvm.lifetime.start.p0(i64 8, ptr %9) #3
  %11 = load i32, ptr %5, align 4, !tbaa !5
  %12 = zext i32 %11 to i64
  store i64 %12, ptr %9, align 8, !tbaa !14
  %13 = load i32, ptr %7, align 4, !tbaa !5
  %14 = icmp eq i32 %13, 0
  br i1 %14, label %15, label %16

15:                                               ; preds = %3
  store i64 0, ptr %4, align 8
  store i32 1, ptr %10, align 4
  br label %50

16:                                               ; preds = %3
  %17 = load i32, ptr %7, align 4, !tbaa !5
  %18 = zext i32 %17 to i64
  %19 = load i64, ptr %9, align 8, !tbaa !14
  %20 = urem i64 %19, %18
  store i64 %20, ptr %9, align 8, !tbaa !14
  br label %21

21:                                               ; preds = %37, %16
  %22 = load i8, ptr %6, align 1, !tbaa !13
  %23 = zext i8 %22 to i32
  %24 = icmp ne i32 %23, 0
  br i1 %24, label %25, label %48

25:                                               ; preds = %21
  %26 = load i8, ptr %6, align 1, !tbaa !13
  %27 = zext i8 %26 to i32
  %28 = and i32 %27, 1
  %29 = icmp ne i32 %28, 0
  br i1 %29, label %30, label %37

30:                                               ; preds = %25
  %31 = load i64, ptr %8, align 8, !tbaa !14
  %32 = load i64, ptr %9, align 8, !tbaa !14
  %33 = mul i64 %31, %32
  %34 = load i32, ptr %7, align 4, !tbaa !5
  %35 = zext i32 %34 to i64
  %36 = urem i64 %33, %35
  store i64 %36, ptr %8, align 8, !tbaa !14
  br label %37

37:                                               ; preds = %30, %25
  %38 = load i64, ptr %9, align 8, !tbaa !14
  %39 = load i64, ptr %9, align 8, !tbaa !14
  %40 = mul i64 %38, %39
  %41 = load i32, ptr %7, align 4, !tbaa !5
  %42 = zext i32 %41 to i64
  %43 = urem i64 %40, %42
  store i64 %43, ptr %9, align 8, !tbaa !14
  %44 = load i8, ptr %6, align 1, !tbaa !13
  %45 = zext i8 %44 to i32
  %46 = ashr i32 %45, 1
  %47 = trunc i32 %46 to i8
  store i8 %47, ptr %6, align 1, !tbaa !13
  br label %21, !llvm.loop !16

48:                                               ; preds = %21
  %49 = load i64, ptr %8, align 8, !tbaa !14
  store i64 %49, ptr %4, align 8
  store i32 1, ptr %10, align 4
  br label %50

50:                                               ; preds = %48, %15
  call void @llvm.lifetime.end.p0(i64 8, ptr %9) #3
  call void @llvm.lifetime.end.p0(i64 8, ptr %8) #3
  %51 = load i64, ptr %4, align 8
  ret i64 %51
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @add_saturated(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i64, align 8
  %7 = alloca i32, align 4
  store i32 %0, ptr %4, align 4, !tbaa !5
  store i32 %1, ptr %5, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 8, ptr %6) #3
  %8 = load i32, ptr %4, align 4, !tbaa !5
  %9 = sext i32 %8 to i64
  %10 = load i32, ptr %5, align 4, !tbaa !5
  %11 = sext i32 %10 to i64
  %12 = add nsw i64 %9, %11
  store i64 %12, ptr %6, align 8, !tbaa !14
  %13 = load i64, ptr %6, align 8, !tbaa !14
  %14 = icmp sgt i64 %13, 2147483647
  br i1 %14, label %15, label %16

15:                                               ; preds = %2
  store i32 2147483647, ptr %3, align 4
  store i32 1, ptr %7, align 4
  br label %23

16:                                               ; preds = %2
  %17 = load i64, ptr %6, align 8, !tbaa !14
  %18 = icmp slt i64 %17, -2147483648
  br i1 %18, label %19, label %20

19:                                               ; preds = %16
  store i32 -2147483648, ptr %3, align 4
  store i32 1, ptr %7, align 4
  br label %23

20:                                               ; preds = %16
  %21 = load i64, ptr %6, align 8, !tbaa !14
  %22 = trunc i64 %21 to i32
  store i32 %22, ptr %3, align 4
  store i32 1, ptr %7, align 4
  br label %23

23:                                               ; preds = %20, %19, %15
  call void @llvm.lifetime.end.p0(i64 8, ptr %6) #3
  %24 = load i32, ptr %3, align 4
  ret i32 %24
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i64 @multiply_high(i64 noundef %0, i64 noundef %1) #0 {
  %3 = alloca i64, align 8
  %4 = alloca i64, align 8
  %5 = alloca i64, align 8
  %6 = alloca i64, align 8
  %7 = alloca i64, align 8
  store i64 %0, ptr %3, align 8, !tbaa !14
  store i64 %1, ptr %4, align 8, !tbaa !14
  call void @llvm.lifetime.start.p0(i64 8, ptr %5) #3
  %8 = load i64, ptr %3, align 8, !tbaa !14
  %9 = and i64 %8, 4294967295
  %10 = load i64, ptr %4, align 8, !tbaa !14
  %11 = and i64 %10, 4294967295
  %12 = mul i64 %9, %11
  store i64 %12, ptr %5, align 8, !tbaa !14
  call void @llvm.lifetime.start.p0(i64 8, ptr %6) #3
  %13 = load i64, ptr %3, align 8, !tbaa !14
  %14 = lshr i64 %13, 32
  %15 = load i64, ptr %4, align 8, !tbaa !14
  %16 = and i64 %15, 4294967295
  %17 = mul i64 %14, %16
  %18 = load i64, ptr %5, align 8, !tbaa !14
  %19 = lshr i64 %18, 32
  %20 = add i64 %17, %19
  store i64 %20, ptr %6, align 8, !tbaa !14
  call void @llvm.lifetime.start.p0(i64 8, ptr %7) #3
  %21 = load i64, ptr %3, align 8, !tbaa !14
  %22 = and i64 %21, 4294967295
  %23 = load i64, ptr %4, align 8, !tbaa !14
  %24 = lshr i64 %23, 32
  %25 = mul i64 %22, %24
  %26 = load i64, ptr %6, align 8, !tbaa !14
  %27 = and i64 %26, 4294967295
  %28 = add i64 %25, %27
  store i64 %28, ptr %7, align 8, !tbaa !14
  %29 = load i64, ptr %3, align 8, !tbaa !14
  %30 = lshr i64 %29, 32
  %31 = load i64, ptr %4, align 8, !tbaa !14
  %32 = lshr i64 %31, 32
  %33 = mul i64 %30, %32
  %34 = load i64, ptr %6, align 8, !tbaa !14
  %35 = lshr i64 %34, 32
  %36 = add i64 %33, %35
  %37 = load i64, ptr %7, align 8, !tbaa !14
  %38 = lshr i64 %37, 32
  %39 = add i64 %36, %38
  call void @llvm.lifetime.end.p0(i64 8, ptr %7) #3
  call void @llvm.lifetime.end.p0(i64 8, ptr %6) #3
  call void @llvm.lifetime.end.p0(i64 8, ptr %5) #3
  ret i64 %39
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i64 @divided_by_constants(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i64, align 8
  store i32 %0, ptr %2, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 8, ptr %3) #3
  %4 = load i32, ptr %2, align 4, !tbaa !5
  %5 = sdiv i32 %4, 3
  %6 = sext i32 %5 to i64
  store i64 %6, ptr %3, align 8, !tbaa !14
  %7 = load i32, ptr %2, align 4, !tbaa !5
  %8 = sdiv i32 %7, -7
  %9 = mul nsw i32 %8, 2
  %10 = sext i32 %9 to i64
  %11 = load i64, ptr %3, align 8, !tbaa !14
  %12 = add nsw i64 %11, %10
  store i64 %12, ptr %3, align 8, !tbaa !14
  %13 = load i32, ptr %2, align 4, !tbaa !5
  %14 = srem i32 %13, 10
  %15 = sext i32 %14 to i64
  %16 = load i64, ptr %3, align 8, !tbaa !14
  %17 = add nsw i64 %16, %15
  store i64 %17, ptr %3, align 8, !tbaa !14
  %18 = load i32, ptr %2, align 4, !tbaa !5
  %19 = sdiv i32 %18, 16
  %20 = sext i32 %19 to i64
  %21 = load i64, ptr %3, align 8, !tbaa !14
  %22 = xor i64 %21, %20
  store i64 %22, ptr %3, align 8, !tbaa !14
  %23 = load i32, ptr %2, align 4, !tbaa !5
  %24 = srem i32 %23, 64
  %25 = sext i32 %24 to i64
  %26 = load i64, ptr %3, align 8, !tbaa !14
  %27 = sub nsw i64 %26, %25
  store i64 %27, ptr %3, align 8, !tbaa !14
  %28 = load i32, ptr %2, align 4, !tbaa !5
  %29 = udiv i32 %28, 1000
  %30 = zext i32 %29 to i64
  %31 = load i64, ptr %3, align 8, !tbaa !14
  %32 = add nsw i64 %31, %30
  store i64 %32, ptr %3, align 8, !tbaa !14
  %33 = load i64, ptr %3, align 8, !tbaa !14
  %34 = mul nsw i64 %33, 5
  %35 = load i32, ptr %2, align 4, !tbaa !5
  %36 = sdiv i32 %35, 1000000007
  %37 = sext i32 %36 to i64
  %38 = sub nsw i64 %34, %37
  call void @llvm.lifetime.end.p0(i64 8, ptr %3) #3
  ret i64 %38
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @narrow(i8 noundef signext %0, i8 noundef zeroext %1, i16 noundef signext %2, i16 noundef zeroext %3) #0 {
  %5 = alloca i8, align 1
  %6 = alloca i8, align 1
  %7 = alloca i16, align 2
  %8 = alloca i16, align 2
  %9 = alloca i8, align 1
  %10 = alloca i8, align 1
  %11 = alloca i16, align 2
  %12 = alloca i16, align 2
  store i8 %0, ptr %5, align 1, !tbaa !13
  store i8 %1, ptr %6, align 1, !tbaa !13
  store i16 %2, ptr %7, align 2, !tbaa !17
  store i16 %3, ptr %8, align 2, !tbaa !17
  call void @llvm.lifetime.start.p0(i64 1, ptr %9) #3
  %13 = load i8, ptr %5, align 1, !tbaa !13
  %14 = sext i8 %13 to i32
  %15 = mul nsw i32 %14, 3
  %16 = load i8, ptr %6, align 1, !tbaa !13
  %17 = zext i8 %16 to i32
  %18 = add nsw i32 %15, %17
  %19 = trunc i32 %18 to i8
  store i8 %19, ptr %9, align 1, !tbaa !13
  call void @llvm.lifetime.start.p0(i64 1, ptr %10) #3
  %20 = load i8, ptr %6, align 1, !tbaa !13
  %21 = zext i8 %20 to i32
  %22 = load i16, ptr %8, align 2, !tbaa !17
  %23 = zext i16 %22 to i32
  %24 = sub nsw i32 %21, %23
  %25 = trunc i32 %24 to i8
  store i8 %25, ptr %10, align 1, !tbaa !13
  call void @llvm.lifetime.start.p0(i64 2, ptr %11) #3
  %26 = load i16, ptr %7, align 2, !tbaa !17
  %27 = sext i16 %26 to i32
  %28 = mul nsw i32 %27, 257
  %29 = load i8, ptr %5, align 1, !tbaa !13
  %30 = sext i8 %29 to i32
  %31 = add nsw i32 %28, %30
  %32 = trunc i32 %31 to i16
  store i16 %32, ptr %11, align 2, !tbaa !17
  call void @llvm.lifetime.start.p0(i64 2, ptr %12) #3
  %33 = load i16, ptr %8, align 2, !tbaa !17
  %34 = zext i16 %33 to i32
  %35 = shl i32 %34, 3
  %36 = load i16, ptr %8, align 2, !tbaa !17
  %37 = zext i16 %36 to i32
  %38 = ashr i32 %37, 13
  %39 = or i32 %35, %38
  %40 = trunc i32 %39 to i16
  store i16 %40, ptr %12, align 2, !tbaa !17
  %41 = load i8, ptr %9, align 1, !tbaa !13
  %42 = sext i8 %41 to i32
  %43 = mul nsw i32 %42, 7
  %44 = load i8, ptr %10, align 1, !tbaa !13
  %45 = zext i8 %44 to i32
  %46 = mul nsw i32 %45, 11
  %47 = add nsw i32 %43, %46
  %48 = load i16, ptr %11, align 2, !tbaa !17
  %49 = sext i16 %48 to i32
  %50 = sub nsw i32 %47, %49
  %51 = load i16, ptr %12, align 2, !tbaa !17
  %52 = zext i16 %51 to i32
  %53 = add nsw i32 %50, %52
  call void @llvm.lifetime.end.p0(i64 2, ptr %12) #3
  call void @llvm.lifetime.end.p0(i64 2, ptr %11) #3
  call void @llvm.lifetime.end.p0(i64 1, ptr %10) #3
  call void @llvm.lifetime.end.p0(i64 1, ptr %9) #3
  ret i32 %53
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @compare_signs(i32 noundef %0, i32 noundef %1, i64 noundef %2) #0 {
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i64, align 8
  %7 = alloca i32, align 4
  store i32 %0, ptr %4, align 4, !tbaa !5
  store i32 %1, ptr %5, align 4, !tbaa !5
  store i64 %2, ptr %6, align 8, !tbaa !14
  call void @llvm.lifetime.start.p0(i64 4, ptr %7) #3
  store i32 0, ptr %7, align 4, !tbaa !5
  %8 = load i32, ptr %4, align 4, !tbaa !5
  %9 = load i32, ptr %5, align 4, !tbaa !5
  %10 = icmp ult i32 %8, %9
  br i1 %10, label %11, label %14

11:                                               ; preds = %3
  %12 = load i32, ptr %7, align 4, !tbaa !5
  %13 = or i32 %12, 1
  store i32 %13, ptr %7, align 4, !tbaa !5
  br label %14

14:                                               ; preds = %11, %3
  %15 = load i32, ptr %4, align 4, !tbaa !5
  %16 = load i32, ptr %5, align 4, !tbaa !5
  %17 = icmp slt i32 %15, %16
  br i1 %17, label %18, label %21

18:                                               ; preds = %14
  %19 = load i32, ptr %7, align 4, !tbaa !5
  %20 = or i32 %19, 2
  store i32 %20, ptr %7, align 4, !tbaa !5
  br label %21

21:                                               ; preds = %18, %14
  %22 = load i64, ptr %6, align 8, !tbaa !14
  %23 = load i32, ptr %4, align 4, !tbaa !5
  %24 = sext i32 %23 to i64
  %25 = icmp slt i64 %22, %24
  br i1 %25, label %26, label %29

26:                                               ; preds = %21
  %27 = load i32, ptr %7, align 4, !tbaa !5
  %28 = or i32 %27, 4
  store i32 %28, ptr %7, align 4, !tbaa !5
  br label %29

29:                                               ; preds = %26, %21
  %30 = load i64, ptr %6, align 8, !tbaa !14
  %31 = load i32, ptr %5, align 4, !tbaa !5
  %32 = zext i32 %31 to i64
  %33 = icmp ugt i64 %30, %32
  br i1 %33, label %34, label %37

34:                                               ; preds = %29
  %35 = load i32, ptr %7, align 4, !tbaa !5
  %36 = or i32 %35, 8
  store i32 %36, ptr %7, align 4, !tbaa !5
  br label %37

37:                                               ; preds = %34, %29
  %38 = load i32, ptr %5, align 4, !tbaa !5
  %39 = zext i32 %38 to i64
  %40 = load i64, ptr %6, align 8, !tbaa !14
  %41 = icmp eq i64 %39, %40
  br i1 %41, label %42, label %45

42:                                               ; preds = %37
  %43 = load i32, ptr %7, align 4, !tbaa !5
  %44 = or i32 %43, 16
  store i32 %44, ptr %7, align 4, !tbaa !5
  br label %45

45:                                               ; preds = %42, %37
  %46 = load i32, ptr %4, align 4, !tbaa !5
  %47 = trunc i32 %46 to i16
  %48 = sext i16 %47 to i32
  %49 = load i32, ptr %5, align 4, !tbaa !5
  %50 = trunc i32 %49 to i8
  %51 = sext i8 %50 to i32
  %52 = icmp sgt i32 %48, %51
  br i1 %52, label %53, label %56

53:                                               ; preds = %45
  %54 = load i32, ptr %7, align 4, !tbaa !5
  %55 = or i32 %54, 32
  store i32 %55, ptr %7, align 4, !tbaa !5
  br label %56

56:                                               ; preds = %53, %45
  %57 = load i32, ptr %7, align 4, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 4, ptr %7) #3
  ret i32 %57
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i64 @shifts(i64 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i64, align 8
  %4 = alloca i32, align 4
  %5 = alloca i64, align 8
  %6 = alloca i64, align 8
  %7 = alloca i64, align 8
  %8 = alloca i32, align 4
  %9 = alloca i32, align 4
  %10 = alloca i32, align 4
  store i64 %0, ptr %3, align 8, !tbaa !14
  store i32 %1, ptr %4, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 8, ptr %5) #3
  %11 = load i64, ptr %3, align 8, !tbaa !14
  %12 = load i32, ptr %4, align 4, !tbaa !5
  %13 = and i32 %12, 63
  %14 = zext i32 %13 to i64
  %15 = shl i64 %11, %14
  store i64 %15, ptr %5, align 8, !tbaa !14
  call void @llvm.lifetime.start.p0(i64 8, ptr %6) #3
  %16 = load i64, ptr %3, align 8, !tbaa !14
  %17 = load i32, ptr %4, align 4, !tbaa !5
  %18 = and i32 %17, 63
  %19 = zext i32 %18 to i64
  %20 = lshr i64 %16, %19
  store i64 %20, ptr %6, align 8, !tbaa !14
  call void @llvm.lifetime.start.p0(i64 8, ptr %7) #3
  %21 = load i64, ptr %3, align 8, !tbaa !14
  %22 = load i32, ptr %4, align 4, !tbaa !5
  %23 = and i32 %22, 63
  %24 = zext i32 %23 to i64
  %25 = ashr i64 %21, %24
  store i64 %25, ptr %7, align 8, !tbaa !14
  call void @llvm.lifetime.start.p0(i64 4, ptr %8) #3
  %26 = load i32, ptr %4, align 4, !tbaa !5
  %27 = and i32 %26, 31
  store i32 %27, ptr %8, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %9) #3
  %28 = load i64, ptr %3, align 8, !tbaa !14
  %29 = trunc i64 %28 to i32
  store i32 %29, ptr %9, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %10) #3
  %30 = load i32, ptr %9, align 4, !tbaa !5
  %31 = load i32, ptr %8, align 4, !tbaa !5
  %32 = shl i32 %30, %31
  %33 = load i32, ptr %9, align 4, !tbaa !5
  %34 = load i32, ptr %8, align 4, !tbaa !5
  %35 = sub i32 0, %34
  %36 = and i32 %35, 31
  %37 = lshr i32 %33, %36
  %38 = or i32 %32, %37
  store i32 %38, ptr %10, align 4, !tbaa !5
  %39 = load i64, ptr %5, align 8, !tbaa !14
  %40 = load i64, ptr %6, align 8, !tbaa !14
  %41 = xor i64 %39, %40
  %42 = load i64, ptr %7, align 8, !tbaa !14
  %43 = mul i64 %42, 3
  %44 = add i64 %41, %43
  %45 = load i32, ptr %10, align 4, !tbaa !5
  %46 = zext i32 %45 to i64
  %47 = add i64 %44, %46
  call void @llvm.lifetime.end.p0(i64 4, ptr %10) #3
  call void @llvm.lifetime.end.p0(i64 4, ptr %9) #3
  call void @llvm.lifetime.end.p0(i64 4, ptr %8) #3
  call void @llvm.lifetime.end.p0(i64 8, ptr %7) #3
  call void @llvm.lifetime.end.p0(i64 8, ptr %6) #3
  call void @llvm.lifetime.end.p0(i64 8, ptr %5) #3
  ret i64 %47
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @overflows(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  %7 = alloca i8, align 1
  %8 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #3
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #3
  call void @llvm.lifetime.start.p0(i64 1, ptr %7) #3
  call void @llvm.lifetime.start.p0(i64 4, ptr %8) #3
  %9 = load i32, ptr %3, align 4, !tbaa !5
  %10 = load i32, ptr %4, align 4, !tbaa !5
  %11 = call { i32, i1 } @llvm.sadd.with.overflow.i32(i32 %9, i32 %10)
  %12 = extractvalue { i32, i1 } %11, 1
  %13 = extractvalue { i32, i1 } %11, 0
  store i32 %13, ptr %5, align 4
  %14 = zext i1 %12 to i64
  %15 = select i1 %12, i32 1, i32 0
  store i32 %15, ptr %8, align 4, !tbaa !5
  %16 = load i32, ptr %3, align 4, !tbaa !5
  %17 = load i32, ptr %4, align 4, !tbaa !5
  %18 = call { i32, i1 } @llvm.smul.with.overflow.i32(i32 %16, i32 %17)
  %19 = extractvalue { i32, i1 } %18, 1
  %20 = extractvalue { i32, i1 } %18, 0
  store i32 %20, ptr %6, align 4
  br i1 %19, label %21, label %24

21:                                               ; preds = %2
  %22 = load i32, ptr %8, align 4, !tbaa !5
  %23 = add nsw i32 %22, 2
  store i32 %23, ptr %8, align 4, !tbaa !5
  br label %24

24:                                               ; preds = %21, %2
  %25 = load i32, ptr %3, align 4, !tbaa !5
  %26 = load i32, ptr %4, align 4, !tbaa !5
  %27 = call { i32, i1 } @llvm.usub.with.overflow.i32(i32 %25, i32 %26)
  %28 = extractvalue { i32, i1 } %27, 1
  %29 = extractvalue { i32, i1 } %27, 0
  %30 = trunc i32 %29 to i8
  %31 = zext i8 %30 to i32
  %32 = icmp ne i32 %29, %31
  %33 = or i1 %28, %32
  store i8 %30, ptr %7, align 1
  br i1 %33, label %34, label %37

34:                                               ; preds = %24
  %35 = load i32, ptr %8, align 4, !tbaa !5
  %36 = add nsw i32 %35, 4
  store i32 %36, ptr %8, align 4, !tbaa !5
  br label %37

37:                                               ; preds = %34, %24
  %38 = load i32, ptr %8, align 4, !tbaa !5
  %39 = load i32, ptr %5, align 4, !tbaa !5
  %40 = load i32, ptr %6, align 4, !tbaa !5
  %41 = xor i32 %39, %40
  %42 = and i32 %41, 4080
  %43 = add nsw i32 %38, %42
  %44 = load i8, ptr %7, align 1, !tbaa !13
  %45 = zext i8 %44 to i32
  %46 = mul nsw i32 %45, 8
  %47 = add nsw i32 %43, %46
  call void @llvm.lifetime.end.p0(i64 4, ptr %8) #3
  call void @llvm.lifetime.end.p0(i64 1, ptr %7) #3
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #3
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #3
  ret i32 %47
}

; Function Attrs: nocallback nofree nosync nounwind speculatable willreturn memory(none)
declare { i32, i1 } @llvm.sadd.with.overflow.i32(i32, i32) #2

; Function Attrs: nocallback nofree nosync nounwind speculatable willreturn memory(none)
declare { i32, i1 } @llvm.smul.with.overflow.i32(i32, i32) #2

; Function Attrs: nocallback nofree nosync nounwind speculatable willreturn memory(none)
declare { i32, i1 } @llvm.usub.with.overflow.i32(i32, i32) #2

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @digits(i64 noundef %0) #0 {
  %2 = alloca i64, align 8
  %3 = alloca i32, align 4
  store i64 %0, ptr %2, align 8, !tbaa !14
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #3
  store i32 0, ptr %3, align 4, !tbaa !5
  br label %4

4:                                                ; preds = %13, %1
  %5 = load i32, ptr %3, align 4, !tbaa !5
  %6 = mul i32 %5, 3
  %7 = load i64, ptr %2, align 8, !tbaa !14
  %8 = urem i64 %7, 10
  %9 = trunc i64 %8 to i32
  %10 = add i32 %6, %9
  store i32 %10, ptr %3, align 4, !tbaa !5
  %11 = load i64, ptr %2, align 8, !tbaa !14
  %12 = udiv i64 %11, 10
  store i64 %12, ptr %2, align 8, !tbaa !14
  br label %13

13:                                               ; preds = %4
  %14 = load i64, ptr %2, align 8, !tbaa !14
  %15 = icmp ne i64 %14, 0
  br i1 %15, label %4, label %16, !llvm.loop !19

16:                                               ; preds = %13
  %17 = load i32, ptr %3, align 4, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #3
  ret i32 %17
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @absolute_difference(i16 noundef signext %0, i16 noundef signext %1, i16 noundef signext %2, i16 noundef signext %3) #0 {
  %5 = alloca i16, align 2
  %6 = alloca i16, align 2
  %7 = alloca i16, align 2
  %8 = alloca i16, align 2
  %9 = alloca i32, align 4
  store i16 %0, ptr %5, align 2, !tbaa !17
  store i16 %1, ptr %6, align 2, !tbaa !17
  store i16 %2, ptr %7, align 2, !tbaa !17
  store i16 %3, ptr %8, align 2, !tbaa !17
  call void @llvm.lifetime.start.p0(i64 4, ptr %9) #3
  %10 = load i16, ptr %5, align 2, !tbaa !17
  %11 = sext i16 %10 to i32
  %12 = load i16, ptr %6, align 2, !tbaa !17
  %13 = sext i16 %12 to i32
  %14 = sub nsw i32 %11, %13
  store i32 %14, ptr %9, align 4, !tbaa !5
  %15 = load i32, ptr %9, align 4, !tbaa !5
  %16 = icmp slt i32 %15, 0
  br i1 %16, label %17, label %20

17:                                               ; preds = %4
  %18 = load i32, ptr %9, align 4, !tbaa !5
  %19 = sub nsw i32 0, %18
  store i32 %19, ptr %9, align 4, !tbaa !5
  br label %20

20:                                               ; preds = %17, %4
  %21 = load i32, ptr %9, align 4, !tbaa !5
  %22 = load i16, ptr %7, align 2, !tbaa !17
  %23 = sext i16 %22 to i32
  %24 = icmp slt i32 %21, %23
  br i1 %24, label %25, label %28

25:                                               ; preds = %20
  %26 = load i16, ptr %7, align 2, !tbaa !17
  %27 = sext i16 %26 to i32
  br label %40

28:                                               ; preds = %20
  %29 = load i32, ptr %9, align 4, !tbaa !5
  %30 = load i16, ptr %8, align 2, !tbaa !17
  %31 = sext i16 %30 to i32
  %32 = icmp sgt i32 %29, %31
  br i1 %32, label %33, label %36

33:                                               ; preds = %28
  %34 = load i16, ptr %8, align 2, !tbaa !17
  %35 = sext i16 %34 to i32
  br label %38

36:                                               ; preds = %28
  %37 = load i32, ptr %9, align 4, !tbaa !5
  br label %38

38:                                               ; preds = %36, %33
  %39 = phi i32 [ %35, %33 ], [ %37, %36 ]
  br label %40

40:                                               ; preds = %38, %25
  %41 = phi i32 [ %27, %25 ], [ %39, %38 ]
  call void @llvm.lifetime.end.p0(i64 4, ptr %9) #3
  ret i32 %41
}

attributes #0 = { minsize nounwind optsize uwtable "min-legal-vector-width"="0" "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }
attributes #1 = { nocallback nofree nosync nounwind willreturn memory(argmem: readwrite) }
attributes #2 = { nocallback nofree nosync nounwind speculatable willreturn memory(none) }
attributes #3 = { nounwind }

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
!9 = distinct !{!9, !10}
!10 = !{!"llvm.loop.mustprogress"}
!11 = distinct !{!11, !10}
!12 = distinct !{!12, !10}
!13 = !{!7, !7, i64 0}
!14 = !{!15, !15, i64 0}
!15 = !{!"long", !7, i64 0}
!16 = distinct !{!16, !10}
!17 = !{!18, !18, i64 0}
!18 = !{!"short", !7, i64 0}
!19 = distinct !{!19, !10}
