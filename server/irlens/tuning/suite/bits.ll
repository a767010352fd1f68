; ModuleID = 'bits.c'
source_filename = "bits.c"
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

%struct.fields = type { i32 }

@nibble = internal constant [16 x i8] c"\00\01\01\02\01\02\02\03\01\02\02\03\02\03\03\04", align 16
@subset_sums.weight = internal constant [8 x i8] c"\01\FE\04\07\F5\0D\15\22", align 1

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @count_by_loop(i64 noundef %0) #0 {
  %2 = alloca i64, align 8
  %3 = alloca i32, align 4
  store i64 %0, ptr %2, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #3
  store i32 0, ptr %3, align 4, !tbaa !9
  br label %4

4:                                                ; preds = %7, %1
  %5 = load i64, ptr %2, align 8, !tbaa !5
  %6 = icmp ne i64 %5, 0
  br i1 %6, label %7, label %14

7:                                                ; preds = %4
  %8 = load i64, ptr %2, align 8, !tbaa !5
  %9 = sub i64 %8, 1
  %10 = load i64, ptr %2, align 8, !tbaa !5
  %11 = and i64 %10, %9
  store i64 %11, ptr %2, align 8, !tbaa !5
  %12 = load i32, ptr %3, align 4, !tbaa !9
  %13 = add nsw i32 %12, 1
  store i32 %13, ptr %3, align 4, !tbaa !9
  br label %4, !llvm.loop !11

14:                                               ; preds = %4
  %15 = load i32, ptr %3, align 4, !tbaa !9
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #3
  ret i32 %15
}

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.start.p0(i64 immarg, ptr nocapture) #1

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.end.p0(i64 immarg, ptr nocapture) #1

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @count_by_table(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #3
  store i32 0, ptr %3, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #3
  store i32 0, ptr %4, align 4, !tbaa !9
  br label %5

5:                                                ; preds = %21, %1
  %6 = load i32, ptr %4, align 4, !tbaa !9
  %7 = icmp slt i32 %6, 8
  br i1 %7, label %9, label %8

8:                                                ; preds = %5
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #3
  br label %24

9:                                                ; preds = %5
  %10 = load i32, ptr %2, align 4, !tbaa !9
  %11 = load i32, ptr %4, align 4, !tbaa !9
  %12 = mul nsw i32 4, %11
  %13 = lshr i32 %10, %12
  %14 = and i32 %13, 15
  %15 = zext i32 %14 to i64
  %16 = getelementptr inbounds [16 x i8], ptr @nibble, i64 0, i64 %15
  %17 = load i8, ptr %16, align 1, !tbaa !13
  %18 = zext i8 %17 to i32
  %19 = load i32, ptr %3, align 4, !tbaa !9
  %20 = add nsw i32 %19, %18
  store i32 %20, ptr %3, align 4, !tbaa !9
  br label %21

21:                                               ; preds = %9
  %22 = load i32, ptr %4, align 4, !tbaa !9
  %23 = add nsw i32 %22, 1
  store i32 %23, ptr %4, align 4, !tbaa !9
  br label %5, !llvm.loop !14

24:                                               ; preds = %8
  %25 = load i32, ptr %3, align 4, !tbaa !9
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #3
  ret i32 %25
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @reversed(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !9
  %3 = load i32, ptr %2, align 4, !tbaa !9
  %4 = and i32 %3, 1431655765
  %5 = shl i32 %4, 1
  %6 = load i32, ptr %2, align 4, !tbaa !9
  %7 = lshr i32 %6, 1
  %8 = and i32 %7, 1431655765
  %9 = or i32 %5, %8
  store i32 %9, ptr %2, align 4, !tbaa !9
  %10 = load i32, ptr %2, align 4, !tbaa !9
  %11 = and i32 %10, 858993459
  %12 = shl i32 %11, 2
  %13 = load i32, ptr %2, align 4, !tbaa !9
  %14 = lshr i32 %13, 2
  %15 = and i32 %14, 858993459
  %16 = or i32 %12, %15
  store i32 %16, ptr %2, align 4, !tbaa !9
  %17 = load i32, ptr %2, align 4, !tbaa !9
  %18 = and i32 %17, 252645135
  %19 = shl i32 %18, 4
  %20 = load i32, ptr %2, align 4, !tbaa !9
  %21 = lshr i32 %20, 4
  %22 = and i32 %21, 252645135
  %23 = or i32 %19, %22
  store i32 %23, ptr %2, align 4, !tbaa !9
  %24 = load i32, ptr %2, align 4, !tbaa !9
  %25 = shl i32 %24, 24
  %26 = load i32, ptr %2, align 4, !tbaa !9
  %27 = and i32 %26, 65280
  %28 = shl i32 %27, 8
  %29 = or i32 %25, %28
  %30 = load i32, ptr %2, align 4, !tbaa !9
  %31 = lshr i32 %30, 8
  %32 = and i32 %31, 65280
  %33 = or i32 %29, %32
  %34 = load i32, ptr %2, align 4, !tbaa !9
  %35 = lshr i32 %34, 24
  %36 = or i32 %33, %35
  ret i32 %36
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @interleaved(i16 noundef zeroext %0, i16 noundef zeroext %1) #0 {
  %3 = alloca i16, align 2
  %4 = alloca i16, align 2
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  store i16 %0, ptr %3, align 2, !tbaa !15
  store i16 %1, ptr %4, align 2, !tbaa !15
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #3
  store i32 0, ptr %5, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #3
  store i32 0, ptr %6, align 4, !tbaa !9
  br label %7

7:                                                ; preds = %33, %2
  %8 = load i32, ptr %6, align 4, !tbaa !9
  %9 = icmp slt i32 %8, 16
  br i1 %9, label %11, label %10

10:                                               ; preds = %7
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #3
  br label %36

11:                                               ; preds = %7
  %12 = load i16, ptr %3, align 2, !tbaa !15
  %13 = zext i16 %12 to i32
  %14 = load i32, ptr %6, align 4, !tbaa !9
  %15 = ashr i32 %13, %14
  %16 = and i32 %15, 1
  %17 = load i32, ptr %6, align 4, !tbaa !9
  %18 = mul nsw i32 2, %17
  %19 = shl i32 %16, %18
  %20 = load i32, ptr %5, align 4, !tbaa !9
  %21 = or i32 %20, %19
  store i32 %21, ptr %5, align 4, !tbaa !9
  %22 = load i16, ptr %4, align 2, !tbaa !15
  %23 = zext i16 %22 to i32
  %24 = load i32, ptr %6, align 4, !tbaa !9
  %25 = ashr i32 %23, %24
  %26 = and i32 %25, 1
  %27 = load i32, ptr %6, align 4, !tbaa !9
  %28 = mul nsw i32 2, %27
  %29 = add nsw i32 %28, 1
  %30 = shl i32 %26, %29
  %31 = load i32, ptr %5, align 4, !tbaa !9
  %32 = or i32 %31, %30
  store i32 %32, ptr %5, align 4, !tbaa !9
  br label %33

33:                                               ; preds = %11
  %34 = load i32, ptr %6, align 4, !tbaa !9
  %35 = add nsw i32 %34, 1
  store i32 %35, ptr %6, align 4, !tbaa !9
  br label %7, !llvm.loop !17

36:                                               ; preds = %10
  %37 = load i32, ptr %5, align 4, !tbaa !9
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #3
  ret i32 %37
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @checksum(i64 noundef %0) #0 {
  %2 = alloca i64, align 8
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  store i64 %0, ptr %2, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #3
  store i32 -1, ptr %3, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #3
  store i32 0, ptr %4, align 4, !tbaa !9
  br label %7

7:                                                ; preds = %42, %1
  %8 = load i32, ptr %4, align 4, !tbaa !9
  %9 = icmp slt i32 %8, 8
  br i1 %9, label %11, label %10

10:                                               ; preds = %7
  store i32 2, ptr %5, align 4
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #3
  br label %45

11:                                               ; preds = %7
  %12 = load i64, ptr %2, align 8, !tbaa !5
  %13 = load i32, ptr %4, align 4, !tbaa !9
  %14 = mul nsw i32 8, %13
  %15 = zext i32 %14 to i64
  %16 = lshr i64 %12, %15
  %17 = trunc i64 %16 to i8
  %18 = zext i8 %17 to i32
  %19 = load i32, ptr %3, align 4, !tbaa !9
  %20 = xor i32 %19, %18
  store i32 %20, ptr %3, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #3
  store i32 0, ptr %6, align 4, !tbaa !9
  br label %21

21:                                               ; preds = %38, %11
  %22 = load i32, ptr %6, align 4, !tbaa !9
  %23 = icmp slt i32 %22, 8
  br i1 %23, label %25, label %24

24:                                               ; preds = %21
  store i32 5, ptr %5, align 4
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #3
  br label %41

25:                                               ; preds = %21
  %26 = load i32, ptr %3, align 4, !tbaa !9
  %27 = and i32 %26, 1
  %28 = icmp ne i32 %27, 0
  br i1 %28, label %29, label %33

29:                                               ; preds = %25
  %30 = load i32, ptr %3, align 4, !tbaa !9
  %31 = lshr i32 %30, 1
  %32 = xor i32 %31, -306674912
  br label %36

33:                                               ; preds = %25
  %34 = load i32, ptr %3, align 4, !tbaa !9
  %35 = lshr i32 %34, 1
  br label %36

36:                                               ; preds = %33, %29
  %37 = phi i32 [ %32, %29 ], [ %35, %33 ]
  store i32 %37, ptr %3, align 4, !tbaa !9
  br label %38

38:                                               ; preds = %36
  %39 = load i32, ptr %6, align 4, !tbaa !9
  %40 = add nsw i32 %39, 1
  store i32 %40, ptr %6, align 4, !tbaa !9
  br label %21, !llvm.loop !18

41:                                               ; preds = %24
  br label %42

42:                                               ; preds = %41
  %43 = load i32, ptr %4, align 4, !tbaa !9
  %44 = add nsw i32 %43, 1
  store i32 %44, ptr %4, align 4, !tbaa !9
  br label %7, !llvm.loop !19

45:                                               ; preds = %10
  %46 = load i32, ptr %3, align 4, !tbaa !9
  %47 = xor i32 %46, -1
  store i32 1, ptr %5, align 4
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #3
  ret i32 %47
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @round_up(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !9
  %3 = load i32, ptr %2, align 4, !tbaa !9
  %4 = add i32 %3, -1
  store i32 %4, ptr %2, align 4, !tbaa !9
  %5 = load i32, ptr %2, align 4, !tbaa !9
  %6 = lshr i32 %5, 1
  %7 = load i32, ptr %2, align 4, !tbaa !9
  %8 = or i32 %7, %6
  store i32 %8, ptr %2, align 4, !tbaa !9
  %9 = load i32, ptr %2, align 4, !tbaa !9
  %10 = lshr i32 %9, 2
  %11 = load i32, ptr %2, align 4, !tbaa !9
  %12 = or i32 %11, %10
  store i32 %12, ptr %2, align 4, !tbaa !9
  %13 = load i32, ptr %2, align 4, !tbaa !9
  %14 = lshr i32 %13, 4
  %15 = load i32, ptr %2, align 4, !tbaa !9
  %16 = or i32 %15, %14
  store i32 %16, ptr %2, align 4, !tbaa !9
  %17 = load i32, ptr %2, align 4, !tbaa !9
  %18 = lshr i32 %17, 8
  %19 = load i32, ptr %2, align 4, !tbaa !9
  %20 = or i32 %19, %18
  store i32 %20, ptr %2, align 4, !tbaa !9
  %21 = load i32, ptr %2, align 4, !tbaa !9
  %22 = lshr i32 %21, 16
  %23 = load i32, ptr %2, align 4, !tbaa !9
  %24 = or i32 %23, %22
  store i32 %24, ptr %2, align 4, !tbaa !9
  %25 = load i32, ptr %2, align 4, !tbaa !9
  %26 = add i32 %25, 1
  ret i32 %26
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @use_fields(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  %5 = alloca %struct.fields, align 4
  store i32 %0, ptr %3, align 4, !tbaa !9
  store i32 %1, ptr %4, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #3
  %6 = load i32, ptr %3, align 4, !tbaa !9
  %7 = and i32 %6, 7
  %8 = load i32, ptr %5, align 4
  %9 = and i32 %7, 7
  %10 = and i32 %8, -8
  %11 = or i32 %10, %9
  store i32 %11, ptr %5, align 4
  %12 = load i32, ptr %3, align 4, !tbaa !9
  %13 = lshr i32 %12, 3
  %14 = and i32 %13, 255
  %15 = sub nsw i32 %14, 128
  %16 = load i32, ptr %5, align 4
  %17 = and i32 %15, 511
  %18 = shl i32 %17, 3
  %19 = and i32 %16, -4089
  %20 = or i32 %19, %18
  store i32 %20, ptr %5, align 4
  %21 = load i32, ptr %3, align 4, !tbaa !9
  %22 = lshr i32 %21, 12
  %23 = and i32 %22, 1
  %24 = load i32, ptr %5, align 4
  %25 = and i32 %23, 1
  %26 = shl i32 %25, 12
  %27 = and i32 %24, -4097
  %28 = or i32 %27, %26
  store i32 %28, ptr %5, align 4
  %29 = load i32, ptr %3, align 4, !tbaa !9
  %30 = lshr i32 %29, 13
  %31 = load i32, ptr %5, align 4
  %32 = and i32 %30, 524287
  %33 = shl i32 %32, 13
  %34 = and i32 %31, 8191
  %35 = or i32 %34, %33
  store i32 %35, ptr %5, align 4
  %36 = load i32, ptr %5, align 4
  %37 = and i32 %36, 7
  %38 = add nsw i32 %37, 5
  %39 = load i32, ptr %5, align 4
  %40 = and i32 %38, 7
  %41 = and i32 %39, -8
  %42 = or i32 %41, %40
  store i32 %42, ptr %5, align 4
  %43 = load i32, ptr %4, align 4, !tbaa !9
  %44 = and i32 %43, 63
  %45 = load i32, ptr %5, align 4
  %46 = shl i32 %45, 20
  %47 = ashr i32 %46, 23
  %48 = xor i32 %47, %44
  %49 = load i32, ptr %5, align 4
  %50 = and i32 %48, 511
  %51 = shl i32 %50, 3
  %52 = and i32 %49, -4089
  %53 = or i32 %52, %51
  store i32 %53, ptr %5, align 4
  %54 = shl i32 %50, 23
  %55 = ashr i32 %54, 23
  %56 = load i32, ptr %5, align 4
  %57 = lshr i32 %56, 12
  %58 = and i32 %57, 1
  %59 = icmp ne i32 %58, 0
  br i1 %59, label %60, label %69

60:                                               ; preds = %2
  %61 = load i32, ptr %5, align 4
  %62 = lshr i32 %61, 13
  %63 = sub nsw i32 %62, 3
  %64 = load i32, ptr %5, align 4
  %65 = and i32 %63, 524287
  %66 = shl i32 %65, 13
  %67 = and i32 %64, 8191
  %68 = or i32 %67, %66
  store i32 %68, ptr %5, align 4
  br label %69

69:                                               ; preds = %60, %2
  %70 = load i32, ptr %5, align 4
  %71 = and i32 %70, 7
  %72 = icmp sgt i32 %71, 3
  %73 = zext i1 %72 to i32
  %74 = load i32, ptr %5, align 4
  %75 = and i32 %73, 1
  %76 = shl i32 %75, 12
  %77 = and i32 %74, -4097
  %78 = or i32 %77, %76
  store i32 %78, ptr %5, align 4
  %79 = load i32, ptr %5, align 4
  %80 = shl i32 %79, 20
  %81 = ashr i32 %80, 23
  %82 = mul nsw i32 %81, 16
  %83 = load i32, ptr %5, align 4
  %84 = and i32 %83, 7
  %85 = add nsw i32 %82, %84
  %86 = load i32, ptr %5, align 4
  %87 = lshr i32 %86, 13
  %88 = shl i32 %87, 1
  %89 = load i32, ptr %5, align 4
  %90 = lshr i32 %89, 12
  %91 = and i32 %90, 1
  %92 = or i32 %88, %91
  %93 = add nsw i32 %85, %92
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #3
  ret i32 %93
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @lowest_and_highest(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !9
  %4 = load i32, ptr %3, align 4, !tbaa !9
  %5 = icmp eq i32 %4, 0
  br i1 %5, label %6, label %7

6:                                                ; preds = %1
  store i32 -1, ptr %2, align 4
  br label %14

7:                                                ; preds = %1
  %8 = load i32, ptr %3, align 4, !tbaa !9
  %9 = call i32 @llvm.cttz.i32(i32 %8, i1 true)
  %10 = mul nsw i32 %9, 64
  %11 = load i32, ptr %3, align 4, !tbaa !9
  %12 = call i32 @llvm.ctlz.i32(i32 %11, i1 true)
  %13 = add nsw i32 %10, %12
  store i32 %13, ptr %2, align 4
  br label %14

14:                                               ; preds = %7, %6
  %15 = load i32, ptr %2, align 4
  ret i32 %15
}

; Function Attrs: nocallback nofree nosync nounwind speculatable willreturn memory(none)
declare i32 @llvm.cttz.i32(i32, i1 immarg) #2

; Function Attrs: nocallback nofree nosync nounwind speculatable willreturn memory(none)
declare i32 @llvm.ctlz.i32(i32, i1 immarg) #2

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @subset_sums(i8 noundef zeroext %0, i32 noundef %1) #0 {
  %3 = alloca i8, align 1
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  %7 = alloca i32, align 4
  %8 = alloca i32, align 4
  %9 = alloca i32, align 4
  store i8 %0, ptr %3, align 1, !tbaa !13
  store i32 %1, ptr %4, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #3
  store i32 0, ptr %5, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #3
  %10 = load i8, ptr %3, align 1, !tbaa !13
  %11 = zext i8 %10 to i32
  store i32 %11, ptr %6, align 4, !tbaa !9
  br label %12

12:                                               ; preds = %51, %2
  call void @llvm.lifetime.start.p0(i64 4, ptr %7) #3
  store i32 0, ptr %7, align 4, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %8) #3
  store i32 0, ptr %8, align 4, !tbaa !9
  br label %13

13:                                               ; preds = %32, %12
  %14 = load i32, ptr %8, align 4, !tbaa !9
  %15 = icmp slt i32 %14, 8
  br i1 %15, label %17, label %16

16:                                               ; preds = %13
  call void @llvm.lifetime.end.p0(i64 4, ptr %8) #3
  br label %35

17:                                               ; preds = %13
  %18 = load i32, ptr %6, align 4, !tbaa !9
  %19 = load i32, ptr %8, align 4, !tbaa !9
  %20 = lshr i32 %18, %19
  %21 = and i32 %20, 1
  %22 = icmp ne i32 %21, 0
  br i1 %22, label %23, label %31

23:                                               ; preds = %17
  %24 = load i32, ptr %8, align 4, !tbaa !9
  %25 = sext i32 %24 to i64
  %26 = getelementptr inbounds [8 x i8], ptr @subset_sums.weight, i64 0, i64 %25
  %27 = load i8, ptr %26, align 1, !tbaa !13
  %28 = sext i8 %27 to i32
  %29 = load i32, ptr %7, align 4, !tbaa !9
  %30 = add nsw i32 %29, %28
  store i32 %30, ptr %7, align 4, !tbaa !9
  br label %31

31:                                               ; preds = %23, %17
  br label %32

32:                                               ; preds = %31
  %33 = load i32, ptr %8, align 4, !tbaa !9
  %34 = add nsw i32 %33, 1
  store i32 %34, ptr %8, align 4, !tbaa !9
  br label %13, !llvm.loop !20

35:                                               ; preds = %16
  %36 = load i32, ptr %7, align 4, !tbaa !9
  %37 = load i32, ptr %4, align 4, !tbaa !9
  %38 = and i32 %37, 31
  %39 = icmp eq i32 %36, %38
  br i1 %39, label %40, label %43

40:                                               ; preds = %35
  %41 = load i32, ptr %5, align 4, !tbaa !9
  %42 = add nsw i32 %41, 1
  store i32 %42, ptr %5, align 4, !tbaa !9
  br label %43

43:                                               ; preds = %40, %35
  %44 = load i32, ptr %6, align 4, !tbaa !9
  %45 = icmp eq i32 %44, 0
  br i1 %45, label %46, label %47

46:                                               ; preds = %43
  store i32 2, ptr %9, align 4
  br label %48

47:                                               ; preds = %43
  store i32 0, ptr %9, align 4
  br label %48

48:                                               ; preds = %47, %46
  call void @llvm.lifetime.end.p0(i64 4, ptr %7) #3
  %49 = load i32, ptr %9, align 4
  switch i32 %49, label %57 [
    i32 0, label %50
  ]

50:                                               ; preds = %48
  br label %51

51:                                               ; preds = %50
  %52 = load i32, ptr %6, align 4, !tbaa !9
  %53 = sub i32 %52, 1
  %54 = load i8, ptr %3, align 1, !tbaa !13
  %55 = zext i8 %54 to i32
  %56 = and i32 %53, %55
  store i32 %56, ptr %6, align 4, !tbaa !9
  br label %12

57:                                               ; preds = %48
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #3
  br label %58

58:                                               ; preds = %57
  %59 = load i32, ptr %5, align 4, !tbaa !9
  store i32 1, ptr %9, align 4
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #3
  ret i32 %59
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i64 @swapped(i64 noundef %0) #0 {
  %2 = alloca i64, align 8
  %3 = alloca i64, align 8
  %4 = alloca i32, align 4
  store i64 %0, ptr %2, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 8, ptr %3) #3
  store i64 0, ptr %3, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #3
  store i32 0, ptr %4, align 4, !tbaa !9
  br label %5

5:                                                ; preds = %17, %1
  %6 = load i32, ptr %4, align 4, !tbaa !9
  %7 = icmp slt i32 %6, 8
  br i1 %7, label %9, label %8

8:                                                ; preds = %5
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #3
  br label %20

9:                                                ; preds = %5
  %10 = load i64, ptr %3, align 8, !tbaa !5
  %11 = shl i64 %10, 8
  %12 = load i64, ptr %2, align 8, !tbaa !5
  %13 = and i64 %12, 255
  %14 = or i64 %11, %13
  store i64 %14, ptr %3, align 8, !tbaa !5
  %15 = load i64, ptr %2, align 8, !tbaa !5
  %16 = lshr i64 %15, 8
  store i64 %16, ptr %2, align 8, !tbaa !5
  br label %17

17:                                               ; preds = %9
  %18 = load i32, ptr %4, align 4, !tbaa !9
  %19 = add nsw i32 %18, 1
  store i32 %19, ptr %4, align 4, !tbaa !9
  br label %5, !llvm.loop !21

20:                                               ; preds = %8
  %21 = load i64, ptr %3, align 8, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 8, ptr %3) #3
  ret i64 %21
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
!6 = !{!"long", !7, i64 0}
!7 = !{!"omnipotent char", !8, i64 0}
!8 = !{!"Simple C/C++ TBAA"}
!9 = !{!10, !10, i64 0}
!10 = !{!"int", !7, i64 0}
!11 = distinct !{!11, !12}
!12 = !{!"llvm.loop.mustprogress"}
!13 = !{!7, !7, i64 0}
!14 = distinct !{!14, !12}
!15 = !{!16, !16, i64 0}
!16 = !{!"short", !7, i64 0}
!17 = distinct !{!17, !12}
!18 = distinct !{!18, !12}
!19 = distinct !{!19, !12}
!20 = distinct !{!20, !12}
!21 = distinct !{!21, !12}
