; ModuleID = 'memory.c'
source_filename = "memory.c"
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

%struct.pair = type { i32, i32 }
%struct.mixed = type { i8, i32, i64, i16 }
%struct.large = type { [9 x i32] }
%struct.anon = type { i32, [7 x i8], i16 }
%union.anon = type { i64 }
%struct.node = type { ptr, i32 }

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i64 @exchanged(i64 %0) #0 {
  %2 = alloca %struct.pair, align 4
  %3 = alloca %struct.pair, align 4
  store i64 %0, ptr %3, align 4
  %4 = getelementptr inbounds %struct.pair, ptr %2, i32 0, i32 0
  %5 = getelementptr inbounds %struct.pair, ptr %3, i32 0, i32 1
  %6 = load i32, ptr %5, align 4, !tbaa !5
  store i32 %6, ptr %4, align 4, !tbaa !10
  %7 = getelementptr inbounds %struct.pair, ptr %2, i32 0, i32 1
  %8 = getelementptr inbounds %struct.pair, ptr %3, i32 0, i32 0
  %9 = load i32, ptr %8, align 4, !tbaa !10
  store i32 %9, ptr %7, align 4, !tbaa !5
  %10 = load i64, ptr %2, align 4
  ret i64 %10
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i64 @of_mixed(ptr noundef byval(%struct.mixed) align 8 %0) #0 {
  %2 = getelementptr inbounds %struct.mixed, ptr %0, i32 0, i32 0
  %3 = load i8, ptr %2, align 8, !tbaa !11
  %4 = sext i8 %3 to i64
  %5 = getelementptr inbounds %struct.mixed, ptr %0, i32 0, i32 1
  %6 = load i32, ptr %5, align 4, !tbaa !15
  %7 = sext i32 %6 to i64
  %8 = mul nsw i64 %7, 2
  %9 = add nsw i64 %4, %8
  %10 = getelementptr inbounds %struct.mixed, ptr %0, i32 0, i32 2
  %11 = load i64, ptr %10, align 8, !tbaa !16
  %12 = ashr i64 %11, 2
  %13 = getelementptr inbounds %struct.mixed, ptr %0, i32 0, i32 3
  %14 = load i16, ptr %13, align 8, !tbaa !17
  %15 = zext i16 %14 to i64
  %16 = xor i64 %12, %15
  %17 = add nsw i64 %9, %16
  ret i64 %17
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local void @filled(ptr noalias sret(%struct.large) align 4 %0, i32 noundef %1, i32 noundef %2) #0 {
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  store i32 %1, ptr %4, align 4, !tbaa !18
  store i32 %2, ptr %5, align 4, !tbaa !18
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #6
  store i32 0, ptr %6, align 4, !tbaa !18
  br label %7

7:                                                ; preds = %21, %3
  %8 = load i32, ptr %6, align 4, !tbaa !18
  %9 = icmp slt i32 %8, 9
  br i1 %9, label %11, label %10

10:                                               ; preds = %7
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #6
  br label %24

11:                                               ; preds = %7
  %12 = load i32, ptr %4, align 4, !tbaa !18
  %13 = load i32, ptr %5, align 4, !tbaa !18
  %14 = load i32, ptr %6, align 4, !tbaa !18
  %15 = mul i32 %13, %14
  %16 = add i32 %12, %15
  %17 = getelementptr inbounds %struct.large, ptr %0, i32 0, i32 0
  %18 = load i32, ptr %6, align 4, !tbaa !18
  %19 = sext i32 %18 to i64
  %20 = getelementptr inbounds [9 x i32], ptr %17, i64 0, i64 %19
  store i32 %16, ptr %20, align 4, !tbaa !18
  br label %21

21:                                               ; preds = %11
  %22 = load i32, ptr %6, align 4, !tbaa !18
  %23 = add nsw i32 %22, 1
  store i32 %23, ptr %6, align 4, !tbaa !18
  br label %7, !llvm.loop !19

24:                                               ; preds = %10
  ret void
}

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.start.p0(i64 immarg, ptr nocapture) #1

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.end.p0(i64 immarg, ptr nocapture) #1

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @sum_large(ptr noundef byval(%struct.large) align 8 %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i32, align 4
  call void @llvm.lifetime.start.p0(i64 4, ptr %2) #6
  store i32 0, ptr %2, align 4, !tbaa !18
  %4 = getelementptr inbounds %struct.large, ptr %0, i32 0, i32 0
  %5 = getelementptr inbounds [9 x i32], ptr %4, i64 0, i64 3
  %6 = load i32, ptr %5, align 4, !tbaa !18
  %7 = xor i32 %6, 4660
  store i32 %7, ptr %5, align 4, !tbaa !18
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #6
  store i32 0, ptr %3, align 4, !tbaa !18
  br label %8

8:                                                ; preds = %21, %1
  %9 = load i32, ptr %3, align 4, !tbaa !18
  %10 = icmp slt i32 %9, 9
  br i1 %10, label %12, label %11

11:                                               ; preds = %8
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #6
  br label %24

12:                                               ; preds = %8
  %13 = load i32, ptr %2, align 4, !tbaa !18
  %14 = mul i32 %13, 7
  %15 = getelementptr inbounds %struct.large, ptr %0, i32 0, i32 0
  %16 = load i32, ptr %3, align 4, !tbaa !18
  %17 = sext i32 %16 to i64
  %18 = getelementptr inbounds [9 x i32], ptr %15, i64 0, i64 %17
  %19 = load i32, ptr %18, align 4, !tbaa !18
  %20 = add i32 %14, %19
  store i32 %20, ptr %2, align 4, !tbaa !18
  br label %21

21:                                               ; preds = %12
  %22 = load i32, ptr %3, align 4, !tbaa !18
  %23 = add nsw i32 %22, 1
  store i32 %23, ptr %3, align 4, !tbaa !18
  br label %8, !llvm.loop !21

24:                                               ; preds = %11
  %25 = load i32, ptr %2, align 4, !tbaa !18
  call void @llvm.lifetime.end.p0(i64 4, ptr %2) #6
  ret i32 %25
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @through_copies(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca %struct.large, align 8
  %4 = alloca %struct.large, align 8
  %5 = alloca %struct.large, align 4
  store i32 %0, ptr %2, align 4, !tbaa !18
  call void @llvm.lifetime.start.p0(i64 36, ptr %3) #6
  %6 = load i32, ptr %2, align 4, !tbaa !18
  call void @filled(ptr sret(%struct.large) align 4 %3, i32 noundef %6, i32 noundef 3) #7
  call void @llvm.lifetime.start.p0(i64 36, ptr %4) #6
  call void @llvm.memcpy.p0.p0.i64(ptr align 4 %4, ptr align 4 %3, i64 36, i1 false), !tbaa.struct !22
  %7 = getelementptr inbounds %struct.large, ptr %3, i32 0, i32 0
  %8 = getelementptr inbounds [9 x i32], ptr %7, i64 0, i64 0
  %9 = load i32, ptr %8, align 4, !tbaa !18
  %10 = getelementptr inbounds %struct.large, ptr %4, i32 0, i32 0
  %11 = getelementptr inbounds [9 x i32], ptr %10, i64 0, i64 8
  store i32 %9, ptr %11, align 4, !tbaa !18
  call void @llvm.lifetime.start.p0(i64 36, ptr %5) #6
  %12 = getelementptr inbounds %struct.large, ptr %4, i32 0, i32 0
  %13 = getelementptr inbounds [9 x i32], ptr %12, i64 0, i64 4
  %14 = load i32, ptr %13, align 4, !tbaa !18
  call void @filled(ptr sret(%struct.large) align 4 %5, i32 noundef %14, i32 noundef -1) #7
  call void @llvm.memcpy.p0.p0.i64(ptr align 4 %3, ptr align 4 %5, i64 36, i1 false), !tbaa.struct !22
  call void @llvm.lifetime.end.p0(i64 36, ptr %5) #6
  %15 = call i32 @sum_large(ptr noundef byval(%struct.large) align 8 %3) #7
  %16 = call i32 @sum_large(ptr noundef byval(%struct.large) align 8 %4) #7
  %17 = xor i32 %15, %16
  call void @llvm.lifetime.end.p0(i64 36, ptr %4) #6
  call void @llvm.lifetime.end.p0(i64 36, ptr %3) #6
  ret i32 %17
}

; Function Attrs: nocallback nofree nounwind willreturn memory(argmem: readwrite)
declare void @llvm.memcpy.p0.p0.i64(ptr noalias nocapture writeonly, ptr noalias nocapture readonly, i64, i1 immarg) #2

; Function Attrs: minsize nounwind optsize uwtable
define dso_local void @update(ptr noundef %0, ptr noundef %1) #0 {
  %3 = alloca ptr, align 8
  %4 = alloca ptr, align 8
  store ptr %0, ptr %3, align 8, !tbaa !24
  store ptr %1, ptr %4, align 8, !tbaa !24
  %5 = load ptr, ptr %3, align 8, !tbaa !24
  %6 = getelementptr inbounds %struct.mixed, ptr %5, i32 0, i32 1
  %7 = load i32, ptr %6, align 4, !tbaa !15
  %8 = ashr i32 %7, 1
  %9 = load ptr, ptr %4, align 8, !tbaa !24
  %10 = getelementptr inbounds %struct.mixed, ptr %9, i32 0, i32 1
  %11 = load i32, ptr %10, align 4, !tbaa !15
  %12 = ashr i32 %11, 1
  %13 = add nsw i32 %8, %12
  %14 = load ptr, ptr %3, align 8, !tbaa !24
  %15 = getelementptr inbounds %struct.mixed, ptr %14, i32 0, i32 1
  store i32 %13, ptr %15, align 4, !tbaa !15
  %16 = load ptr, ptr %4, align 8, !tbaa !24
  %17 = getelementptr inbounds %struct.mixed, ptr %16, i32 0, i32 2
  %18 = load i64, ptr %17, align 8, !tbaa !16
  %19 = ashr i64 %18, 1
  %20 = load ptr, ptr %3, align 8, !tbaa !24
  %21 = getelementptr inbounds %struct.mixed, ptr %20, i32 0, i32 1
  %22 = load i32, ptr %21, align 4, !tbaa !15
  %23 = sext i32 %22 to i64
  %24 = sub nsw i64 %19, %23
  %25 = load ptr, ptr %3, align 8, !tbaa !24
  %26 = getelementptr inbounds %struct.mixed, ptr %25, i32 0, i32 2
  store i64 %24, ptr %26, align 8, !tbaa !16
  %27 = load ptr, ptr %4, align 8, !tbaa !24
  %28 = getelementptr inbounds %struct.mixed, ptr %27, i32 0, i32 0
  %29 = load i8, ptr %28, align 8, !tbaa !11
  %30 = sext i8 %29 to i32
  %31 = load ptr, ptr %3, align 8, !tbaa !24
  %32 = getelementptr inbounds %struct.mixed, ptr %31, i32 0, i32 0
  %33 = load i8, ptr %32, align 8, !tbaa !11
  %34 = sext i8 %33 to i32
  %35 = icmp slt i32 %30, %34
  br i1 %35, label %36, label %42

36:                                               ; preds = %2
  %37 = load ptr, ptr %4, align 8, !tbaa !24
  %38 = getelementptr inbounds %struct.mixed, ptr %37, i32 0, i32 0
  %39 = load i8, ptr %38, align 8, !tbaa !11
  %40 = load ptr, ptr %3, align 8, !tbaa !24
  %41 = getelementptr inbounds %struct.mixed, ptr %40, i32 0, i32 0
  store i8 %39, ptr %41, align 8, !tbaa !11
  br label %42

42:                                               ; preds = %36, %2
  %43 = load ptr, ptr %3, align 8, !tbaa !24
  %44 = getelementptr inbounds %struct.mixed, ptr %43, i32 0, i32 3
  %45 = load i16, ptr %44, align 8, !tbaa !17
  %46 = zext i16 %45 to i32
  %47 = mul nsw i32 %46, 3
  %48 = load ptr, ptr %4, align 8, !tbaa !24
  %49 = getelementptr inbounds %struct.mixed, ptr %48, i32 0, i32 3
  %50 = load i16, ptr %49, align 8, !tbaa !17
  %51 = zext i16 %50 to i32
  %52 = add nsw i32 %47, %51
  %53 = trunc i32 %52 to i16
  %54 = load ptr, ptr %3, align 8, !tbaa !24
  %55 = getelementptr inbounds %struct.mixed, ptr %54, i32 0, i32 3
  store i16 %53, ptr %55, align 8, !tbaa !17
  ret void
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @may_alias(ptr noundef %0, ptr noundef %1) #0 {
  %3 = alloca ptr, align 8
  %4 = alloca ptr, align 8
  store ptr %0, ptr %3, align 8, !tbaa !24
  store ptr %1, ptr %4, align 8, !tbaa !24
  %5 = load ptr, ptr %3, align 8, !tbaa !24
  store i32 5, ptr %5, align 4, !tbaa !18
  %6 = load ptr, ptr %4, align 8, !tbaa !24
  store i32 7, ptr %6, align 4, !tbaa !18
  %7 = load ptr, ptr %4, align 8, !tbaa !24
  %8 = load i32, ptr %7, align 4, !tbaa !18
  %9 = load ptr, ptr %3, align 8, !tbaa !24
  %10 = load i32, ptr %9, align 4, !tbaa !18
  %11 = add nsw i32 %10, %8
  store i32 %11, ptr %9, align 4, !tbaa !18
  %12 = load ptr, ptr %3, align 8, !tbaa !24
  %13 = load i32, ptr %12, align 4, !tbaa !18
  %14 = load ptr, ptr %4, align 8, !tbaa !24
  %15 = load i32, ptr %14, align 4, !tbaa !18
  %16 = xor i32 %13, %15
  ret i32 %16
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @overlapping(i64 noundef %0, i8 noundef zeroext %1, i8 noundef zeroext %2, i8 noundef zeroext %3) #0 {
  %5 = alloca i64, align 8
  %6 = alloca i8, align 1
  %7 = alloca i8, align 1
  %8 = alloca i8, align 1
  %9 = alloca [24 x i8], align 16
  %10 = alloca i32, align 4
  %11 = alloca i32, align 4
  %12 = alloca i32, align 4
  store i64 %0, ptr %5, align 8, !tbaa !26
  store i8 %1, ptr %6, align 1, !tbaa !23
  store i8 %2, ptr %7, align 1, !tbaa !23
  store i8 %3, ptr %8, align 1, !tbaa !23
  call void @llvm.lifetime.start.p0(i64 24, ptr %9) #6
  call void @llvm.lifetime.start.p0(i64 4, ptr %10) #6
  store i32 0, ptr %10, align 4, !tbaa !18
  call void @llvm.lifetime.start.p0(i64 4, ptr %11) #6
  store i32 0, ptr %11, align 4, !tbaa !18
  br label %13

13:                                               ; preds = %31, %4
  %14 = load i32, ptr %11, align 4, !tbaa !18
  %15 = icmp slt i32 %14, 24
  br i1 %15, label %17, label %16

16:                                               ; preds = %13
  call void @llvm.lifetime.end.p0(i64 4, ptr %11) #6
  br label %34

17:                                               ; preds = %13
  %18 = load i64, ptr %5, align 8, !tbaa !26
  %19 = load i32, ptr %11, align 4, !tbaa !18
  %20 = and i32 %19, 7
  %21 = zext i32 %20 to i64
  %22 = lshr i64 %18, %21
  %23 = load i32, ptr %11, align 4, !tbaa !18
  %24 = mul i32 %23, 37
  %25 = zext i32 %24 to i64
  %26 = add i64 %22, %25
  %27 = trunc i64 %26 to i8
  %28 = load i32, ptr %11, align 4, !tbaa !18
  %29 = sext i32 %28 to i64
  %30 = getelementptr inbounds [24 x i8], ptr %9, i64 0, i64 %29
  store i8 %27, ptr %30, align 1, !tbaa !23
  br label %31

31:                                               ; preds = %17
  %32 = load i32, ptr %11, align 4, !tbaa !18
  %33 = add nsw i32 %32, 1
  store i32 %33, ptr %11, align 4, !tbaa !18
  br label %13, !llvm.loop !27

34:                                               ; preds = %16
  %35 = getelementptr inbounds [24 x i8], ptr %9, i64 0, i64 0
  %36 = load i8, ptr %7, align 1, !tbaa !23
  %37 = zext i8 %36 to i32
  %38 = and i32 %37, 7
  %39 = sext i32 %38 to i64
  %40 = getelementptr inbounds i8, ptr %35, i64 %39
  %41 = getelementptr inbounds [24 x i8], ptr %9, i64 0, i64 0
  %42 = load i8, ptr %6, align 1, !tbaa !23
  %43 = zext i8 %42 to i32
  %44 = and i32 %43, 7
  %45 = sext i32 %44 to i64
  %46 = getelementptr inbounds i8, ptr %41, i64 %45
  %47 = load i8, ptr %8, align 1, !tbaa !23
  %48 = zext i8 %47 to i32
  %49 = and i32 %48, 15
  %50 = sext i32 %49 to i64
  call void @llvm.memmove.p0.p0.i64(ptr align 1 %40, ptr align 1 %46, i64 %50, i1 false)
  %51 = getelementptr inbounds [24 x i8], ptr %9, i64 0, i64 0
  %52 = getelementptr inbounds i8, ptr %51, i64 1
  %53 = getelementptr inbounds [24 x i8], ptr %9, i64 0, i64 0
  call void @llvm.memmove.p0.p0.i64(ptr align 1 %52, ptr align 16 %53, i64 8, i1 false)
  %54 = getelementptr inbounds [24 x i8], ptr %9, i64 0, i64 0
  %55 = getelementptr inbounds i8, ptr %54, i64 12
  %56 = getelementptr inbounds [24 x i8], ptr %9, i64 0, i64 0
  %57 = getelementptr inbounds i8, ptr %56, i64 2
  call void @llvm.memcpy.p0.p0.i64(ptr align 1 %55, ptr align 1 %57, i64 9, i1 false)
  call void @llvm.lifetime.start.p0(i64 4, ptr %12) #6
  store i32 0, ptr %12, align 4, !tbaa !18
  br label %58

58:                                               ; preds = %71, %34
  %59 = load i32, ptr %12, align 4, !tbaa !18
  %60 = icmp slt i32 %59, 24
  br i1 %60, label %62, label %61

61:                                               ; preds = %58
  call void @llvm.lifetime.end.p0(i64 4, ptr %12) #6
  br label %74

62:                                               ; preds = %58
  %63 = load i32, ptr %10, align 4, !tbaa !18
  %64 = mul i32 %63, 131
  %65 = load i32, ptr %12, align 4, !tbaa !18
  %66 = sext i32 %65 to i64
  %67 = getelementptr inbounds [24 x i8], ptr %9, i64 0, i64 %66
  %68 = load i8, ptr %67, align 1, !tbaa !23
  %69 = zext i8 %68 to i32
  %70 = add i32 %64, %69
  store i32 %70, ptr %10, align 4, !tbaa !18
  br label %71

71:                                               ; preds = %62
  %72 = load i32, ptr %12, align 4, !tbaa !18
  %73 = add nsw i32 %72, 1
  store i32 %73, ptr %12, align 4, !tbaa !18
  br label %58, !llvm.loop !28

74:                                               ; preds = %61
  %75 = load i32, ptr %10, align 4, !tbaa !18
  call void @llvm.lifetime.end.p0(i64 4, ptr %10) #6
  call void @llvm.lifetime.end.p0(i64 24, ptr %9) #6
  ret i32 %75
}

; Function Attrs: nocallback nofree nounwind willreturn memory(argmem: readwrite)
declare void @llvm.memmove.p0.p0.i64(ptr nocapture writeonly, ptr nocapture readonly, i64, i1 immarg) #2

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @by_hand(ptr noundef %0, i8 noundef zeroext %1) #0 {
  %3 = alloca ptr, align 8
  %4 = alloca i8, align 1
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  %7 = alloca i32, align 4
  store ptr %0, ptr %3, align 8, !tbaa !24
  store i8 %1, ptr %4, align 1, !tbaa !23
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #6
  %8 = load i8, ptr %4, align 1, !tbaa !23
  %9 = zext i8 %8 to i32
  %10 = and i32 %9, 15
  store i32 %10, ptr %5, align 4, !tbaa !18
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #6
  %11 = load i32, ptr %5, align 4, !tbaa !18
  store i32 %11, ptr %6, align 4, !tbaa !18
  br label %12

12:                                               ; preds = %27, %2
  %13 = load i32, ptr %6, align 4, !tbaa !18
  %14 = icmp ugt i32 %13, 0
  br i1 %14, label %16, label %15

15:                                               ; preds = %12
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #6
  br label %30

16:                                               ; preds = %12
  %17 = load ptr, ptr %3, align 8, !tbaa !24
  %18 = load i32, ptr %6, align 4, !tbaa !18
  %19 = sub i32 %18, 1
  %20 = zext i32 %19 to i64
  %21 = getelementptr inbounds i8, ptr %17, i64 %20
  %22 = load i8, ptr %21, align 1, !tbaa !23
  %23 = load ptr, ptr %3, align 8, !tbaa !24
  %24 = load i32, ptr %6, align 4, !tbaa !18
  %25 = zext i32 %24 to i64
  %26 = getelementptr inbounds i8, ptr %23, i64 %25
  store i8 %22, ptr %26, align 1, !tbaa !23
  br label %27

27:                                               ; preds = %16
  %28 = load i32, ptr %6, align 4, !tbaa !18
  %29 = add i32 %28, -1
  store i32 %29, ptr %6, align 4, !tbaa !18
  br label %12, !llvm.loop !29

30:                                               ; preds = %15
  call void @llvm.lifetime.start.p0(i64 4, ptr %7) #6
  store i32 0, ptr %7, align 4, !tbaa !18
  br label %31

31:                                               ; preds = %47, %30
  %32 = load i32, ptr %7, align 4, !tbaa !18
  %33 = load i32, ptr %5, align 4, !tbaa !18
  %34 = icmp ult i32 %32, %33
  br i1 %34, label %36, label %35

35:                                               ; preds = %31
  call void @llvm.lifetime.end.p0(i64 4, ptr %7) #6
  br label %50

36:                                               ; preds = %31
  %37 = load ptr, ptr %3, align 8, !tbaa !24
  %38 = load i32, ptr %7, align 4, !tbaa !18
  %39 = zext i32 %38 to i64
  %40 = getelementptr inbounds i8, ptr %37, i64 %39
  %41 = load i8, ptr %40, align 1, !tbaa !23
  %42 = load ptr, ptr %3, align 8, !tbaa !24
  %43 = load i32, ptr %7, align 4, !tbaa !18
  %44 = add i32 %43, 16
  %45 = zext i32 %44 to i64
  %46 = getelementptr inbounds i8, ptr %42, i64 %45
  store i8 %41, ptr %46, align 1, !tbaa !23
  br label %47

47:                                               ; preds = %36
  %48 = load i32, ptr %7, align 4, !tbaa !18
  %49 = add i32 %48, 1
  store i32 %49, ptr %7, align 4, !tbaa !18
  br label %31, !llvm.loop !30

50:                                               ; preds = %35
  %51 = load ptr, ptr %3, align 8, !tbaa !24
  %52 = load i32, ptr %5, align 4, !tbaa !18
  %53 = zext i32 %52 to i64
  %54 = getelementptr inbounds i8, ptr %51, i64 %53
  %55 = load i8, ptr %54, align 1, !tbaa !23
  %56 = zext i8 %55 to i32
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #6
  ret i32 %56
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @cleared(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca %struct.anon, align 4
  %4 = alloca %struct.anon, align 4
  store i32 %0, ptr %2, align 4, !tbaa !18
  call void @llvm.lifetime.start.p0(i64 16, ptr %3) #6
  call void @llvm.lifetime.start.p0(i64 16, ptr %4) #6
  call void @llvm.memset.p0.i64(ptr align 4 %3, i8 0, i64 16, i1 false)
  call void @llvm.memset.p0.i64(ptr align 4 %4, i8 0, i64 16, i1 false)
  %5 = load i32, ptr %2, align 4, !tbaa !18
  %6 = trunc i32 %5 to i8
  %7 = getelementptr inbounds %struct.anon, ptr %3, i32 0, i32 1
  %8 = load i32, ptr %2, align 4, !tbaa !18
  %9 = urem i32 %8, 7
  %10 = zext i32 %9 to i64
  %11 = getelementptr inbounds [7 x i8], ptr %7, i64 0, i64 %10
  store i8 %6, ptr %11, align 1, !tbaa !23
  %12 = load i32, ptr %2, align 4, !tbaa !18
  %13 = trunc i32 %12 to i8
  %14 = getelementptr inbounds %struct.anon, ptr %4, i32 0, i32 1
  %15 = load i32, ptr %2, align 4, !tbaa !18
  %16 = udiv i32 %15, 7
  %17 = urem i32 %16, 7
  %18 = zext i32 %17 to i64
  %19 = getelementptr inbounds [7 x i8], ptr %14, i64 0, i64 %18
  store i8 %13, ptr %19, align 1, !tbaa !23
  %20 = load i32, ptr %2, align 4, !tbaa !18
  %21 = lshr i32 %20, 8
  %22 = trunc i32 %21 to i16
  %23 = getelementptr inbounds %struct.anon, ptr %4, i32 0, i32 2
  store i16 %22, ptr %23, align 4, !tbaa !31
  %24 = getelementptr inbounds %struct.anon, ptr %3, i32 0, i32 2
  store i16 %22, ptr %24, align 4, !tbaa !31
  %25 = call i32 @memcmp(ptr noundef %3, ptr noundef %4, i64 noundef 16) #7
  %26 = icmp eq i32 %25, 0
  br i1 %26, label %27, label %29

27:                                               ; preds = %1
  %28 = load i32, ptr %2, align 4, !tbaa !18
  br label %43

29:                                               ; preds = %1
  %30 = load i32, ptr %2, align 4, !tbaa !18
  %31 = getelementptr inbounds %struct.anon, ptr %3, i32 0, i32 1
  %32 = getelementptr inbounds [7 x i8], ptr %31, i64 0, i64 3
  %33 = load i8, ptr %32, align 1, !tbaa !23
  %34 = zext i8 %33 to i32
  %35 = mul i32 %34, 2
  %36 = add i32 %30, %35
  %37 = getelementptr inbounds %struct.anon, ptr %4, i32 0, i32 1
  %38 = getelementptr inbounds [7 x i8], ptr %37, i64 0, i64 4
  %39 = load i8, ptr %38, align 4, !tbaa !23
  %40 = zext i8 %39 to i32
  %41 = mul i32 %40, 5
  %42 = add i32 %36, %41
  br label %43

43:                                               ; preds = %29, %27
  %44 = phi i32 [ %28, %27 ], [ %42, %29 ]
  call void @llvm.lifetime.end.p0(i64 16, ptr %4) #6
  call void @llvm.lifetime.end.p0(i64 16, ptr %3) #6
  ret i32 %44
}

; Function Attrs: nocallback nofree nounwind willreturn memory(argmem: write)
declare void @llvm.memset.p0.i64(ptr nocapture writeonly, i8, i64, i1 immarg) #3

; Function Attrs: minsize optsize
declare i32 @memcmp(ptr noundef, ptr noundef, i64 noundef) #4

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @as_words(i64 noundef %0) #0 {
  %2 = alloca i64, align 8
  %3 = alloca %union.anon, align 8
  store i64 %0, ptr %2, align 8, !tbaa !26
  call void @llvm.lifetime.start.p0(i64 8, ptr %3) #6
  %4 = load i64, ptr %2, align 8, !tbaa !26
  store i64 %4, ptr %3, align 8, !tbaa !23
  %5 = getelementptr inbounds [8 x i8], ptr %3, i64 0, i64 6
  %6 = load i8, ptr %5, align 2, !tbaa !23
  %7 = zext i8 %6 to i32
  %8 = getelementptr inbounds [8 x i8], ptr %3, i64 0, i64 3
  %9 = load i8, ptr %8, align 1, !tbaa !23
  %10 = zext i8 %9 to i32
  %11 = xor i32 %10, %7
  %12 = trunc i32 %11 to i8
  store i8 %12, ptr %8, align 1, !tbaa !23
  %13 = getelementptr inbounds [4 x i16], ptr %3, i64 0, i64 1
  %14 = load i16, ptr %13, align 2, !tbaa !23
  %15 = zext i16 %14 to i32
  %16 = add nsw i32 %15, 1
  %17 = trunc i32 %16 to i16
  %18 = getelementptr inbounds [4 x i16], ptr %3, i64 0, i64 2
  store i16 %17, ptr %18, align 4, !tbaa !23
  %19 = getelementptr inbounds [2 x i32], ptr %3, i64 0, i64 0
  %20 = load i32, ptr %19, align 8, !tbaa !23
  %21 = mul i32 %20, 3
  %22 = getelementptr inbounds [2 x i32], ptr %3, i64 0, i64 1
  %23 = load i32, ptr %22, align 4, !tbaa !23
  %24 = add i32 %21, %23
  call void @llvm.lifetime.end.p0(i64 8, ptr %3) #6
  ret i32 %24
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @reversed_list(i32 noundef %0, i8 noundef zeroext %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i8, align 1
  %5 = alloca [8 x %struct.node], align 16
  %6 = alloca ptr, align 8
  %7 = alloca ptr, align 8
  %8 = alloca i32, align 4
  %9 = alloca i32, align 4
  %10 = alloca ptr, align 8
  %11 = alloca ptr, align 8
  store i32 %0, ptr %3, align 4, !tbaa !18
  store i8 %1, ptr %4, align 1, !tbaa !23
  call void @llvm.lifetime.start.p0(i64 128, ptr %5) #6
  call void @llvm.lifetime.start.p0(i64 8, ptr %6) #6
  store ptr null, ptr %6, align 8, !tbaa !24
  call void @llvm.lifetime.start.p0(i64 8, ptr %7) #6
  store ptr null, ptr %7, align 8, !tbaa !24
  call void @llvm.lifetime.start.p0(i64 4, ptr %8) #6
  store i32 0, ptr %8, align 4, !tbaa !18
  call void @llvm.lifetime.start.p0(i64 4, ptr %9) #6
  store i32 0, ptr %9, align 4, !tbaa !18
  br label %12

12:                                               ; preds = %36, %2
  %13 = load i32, ptr %9, align 4, !tbaa !18
  %14 = load i8, ptr %4, align 1, !tbaa !23
  %15 = zext i8 %14 to i32
  %16 = and i32 %15, 7
  %17 = icmp ult i32 %13, %16
  br i1 %17, label %19, label %18

18:                                               ; preds = %12
  call void @llvm.lifetime.end.p0(i64 4, ptr %9) #6
  br label %39

19:                                               ; preds = %12
  %20 = load i32, ptr %3, align 4, !tbaa !18
  %21 = load i32, ptr %9, align 4, !tbaa !18
  %22 = add i32 %21, 1
  %23 = mul i32 %20, %22
  %24 = load i32, ptr %9, align 4, !tbaa !18
  %25 = zext i32 %24 to i64
  %26 = getelementptr inbounds [8 x %struct.node], ptr %5, i64 0, i64 %25
  %27 = getelementptr inbounds %struct.node, ptr %26, i32 0, i32 1
  store i32 %23, ptr %27, align 8, !tbaa !33
  %28 = load ptr, ptr %6, align 8, !tbaa !24
  %29 = load i32, ptr %9, align 4, !tbaa !18
  %30 = zext i32 %29 to i64
  %31 = getelementptr inbounds [8 x %struct.node], ptr %5, i64 0, i64 %30
  %32 = getelementptr inbounds %struct.node, ptr %31, i32 0, i32 0
  store ptr %28, ptr %32, align 16, !tbaa !35
  %33 = load i32, ptr %9, align 4, !tbaa !18
  %34 = zext i32 %33 to i64
  %35 = getelementptr inbounds [8 x %struct.node], ptr %5, i64 0, i64 %34
  store ptr %35, ptr %6, align 8, !tbaa !24
  br label %36

36:                                               ; preds = %19
  %37 = load i32, ptr %9, align 4, !tbaa !18
  %38 = add i32 %37, 1
  store i32 %38, ptr %9, align 4, !tbaa !18
  br label %12, !llvm.loop !36

39:                                               ; preds = %18
  br label %40

40:                                               ; preds = %43, %39
  %41 = load ptr, ptr %6, align 8, !tbaa !24
  %42 = icmp ne ptr %41, null
  br i1 %42, label %43, label %52

43:                                               ; preds = %40
  call void @llvm.lifetime.start.p0(i64 8, ptr %10) #6
  %44 = load ptr, ptr %6, align 8, !tbaa !24
  %45 = getelementptr inbounds %struct.node, ptr %44, i32 0, i32 0
  %46 = load ptr, ptr %45, align 8, !tbaa !35
  store ptr %46, ptr %10, align 8, !tbaa !24
  %47 = load ptr, ptr %7, align 8, !tbaa !24
  %48 = load ptr, ptr %6, align 8, !tbaa !24
  %49 = getelementptr inbounds %struct.node, ptr %48, i32 0, i32 0
  store ptr %47, ptr %49, align 8, !tbaa !35
  %50 = load ptr, ptr %6, align 8, !tbaa !24
  store ptr %50, ptr %7, align 8, !tbaa !24
  %51 = load ptr, ptr %10, align 8, !tbaa !24
  store ptr %51, ptr %6, align 8, !tbaa !24
  call void @llvm.lifetime.end.p0(i64 8, ptr %10) #6
  br label %40, !llvm.loop !37

52:                                               ; preds = %40
  call void @llvm.lifetime.start.p0(i64 8, ptr %11) #6
  %53 = load ptr, ptr %7, align 8, !tbaa !24
  store ptr %53, ptr %11, align 8, !tbaa !24
  br label %54

54:                                               ; preds = %65, %52
  %55 = load ptr, ptr %11, align 8, !tbaa !24
  %56 = icmp ne ptr %55, null
  br i1 %56, label %58, label %57

57:                                               ; preds = %54
  call void @llvm.lifetime.end.p0(i64 8, ptr %11) #6
  br label %69

58:                                               ; preds = %54
  %59 = load i32, ptr %8, align 4, !tbaa !18
  %60 = mul i32 %59, 11
  %61 = load ptr, ptr %11, align 8, !tbaa !24
  %62 = getelementptr inbounds %struct.node, ptr %61, i32 0, i32 1
  %63 = load i32, ptr %62, align 8, !tbaa !33
  %64 = add i32 %60, %63
  store i32 %64, ptr %8, align 4, !tbaa !18
  br label %65

65:                                               ; preds = %58
  %66 = load ptr, ptr %11, align 8, !tbaa !24
  %67 = getelementptr inbounds %struct.node, ptr %66, i32 0, i32 0
  %68 = load ptr, ptr %67, align 8, !tbaa !35
  store ptr %68, ptr %11, align 8, !tbaa !24
  br label %54, !llvm.loop !38

69:                                               ; preds = %57
  %70 = load i32, ptr %8, align 4, !tbaa !18
  call void @llvm.lifetime.end.p0(i64 4, ptr %8) #6
  call void @llvm.lifetime.end.p0(i64 8, ptr %7) #6
  call void @llvm.lifetime.end.p0(i64 8, ptr %6) #6
  call void @llvm.lifetime.end.p0(i64 128, ptr %5) #6
  ret i32 %70
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @of_its_own_size(i8 noundef zeroext %0, i16 noundef zeroext %1) #0 {
  %3 = alloca i8, align 1
  %4 = alloca i16, align 2
  %5 = alloca i32, align 4
  %6 = alloca ptr, align 8
  %7 = alloca i64, align 8
  %8 = alloca i32, align 4
  %9 = alloca i32, align 4
  %10 = alloca i32, align 4
  store i8 %0, ptr %3, align 1, !tbaa !23
  store i16 %1, ptr %4, align 2, !tbaa !39
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #6
  %11 = load i8, ptr %3, align 1, !tbaa !23
  %12 = zext i8 %11 to i32
  %13 = and i32 %12, 7
  %14 = add nsw i32 %13, 1
  store i32 %14, ptr %5, align 4, !tbaa !18
  %15 = load i32, ptr %5, align 4, !tbaa !18
  %16 = zext i32 %15 to i64
  %17 = call ptr @llvm.stacksave.p0()
  store ptr %17, ptr %6, align 8
  %18 = alloca i16, i64 %16, align 16
  store i64 %16, ptr %7, align 8
  call void @llvm.lifetime.start.p0(i64 4, ptr %8) #6
  store i32 0, ptr %8, align 4, !tbaa !18
  call void @llvm.lifetime.start.p0(i64 4, ptr %9) #6
  store i32 0, ptr %9, align 4, !tbaa !18
  br label %19

19:                                               ; preds = %33, %2
  %20 = load i32, ptr %9, align 4, !tbaa !18
  %21 = load i32, ptr %5, align 4, !tbaa !18
  %22 = icmp ult i32 %20, %21
  br i1 %22, label %24, label %23

23:                                               ; preds = %19
  call void @llvm.lifetime.end.p0(i64 4, ptr %9) #6
  br label %36

24:                                               ; preds = %19
  %25 = load i16, ptr %4, align 2, !tbaa !39
  %26 = zext i16 %25 to i32
  %27 = load i32, ptr %9, align 4, !tbaa !18
  %28 = ashr i32 %26, %27
  %29 = trunc i32 %28 to i16
  %30 = load i32, ptr %9, align 4, !tbaa !18
  %31 = zext i32 %30 to i64
  %32 = getelementptr inbounds i16, ptr %18, i64 %31
  store i16 %29, ptr %32, align 2, !tbaa !39
  br label %33

33:                                               ; preds = %24
  %34 = load i32, ptr %9, align 4, !tbaa !18
  %35 = add i32 %34, 1
  store i32 %35, ptr %9, align 4, !tbaa !18
  br label %19, !llvm.loop !40

36:                                               ; preds = %23
  call void @llvm.lifetime.start.p0(i64 4, ptr %10) #6
  %37 = load i32, ptr %5, align 4, !tbaa !18
  store i32 %37, ptr %10, align 4, !tbaa !18
  br label %38

38:                                               ; preds = %43, %36
  %39 = load i32, ptr %10, align 4, !tbaa !18
  %40 = add i32 %39, -1
  store i32 %40, ptr %10, align 4, !tbaa !18
  %41 = icmp ugt i32 %39, 0
  br i1 %41, label %43, label %42

42:                                               ; preds = %38
  call void @llvm.lifetime.end.p0(i64 4, ptr %10) #6
  br label %52

43:                                               ; preds = %38
  %44 = load i32, ptr %8, align 4, !tbaa !18
  %45 = mul i32 %44, 9
  %46 = load i32, ptr %10, align 4, !tbaa !18
  %47 = zext i32 %46 to i64
  %48 = getelementptr inbounds i16, ptr %18, i64 %47
  %49 = load i16, ptr %48, align 2, !tbaa !39
  %50 = zext i16 %49 to i32
  %51 = add i32 %45, %50
  store i32 %51, ptr %8, align 4, !tbaa !18
  br label %38, !llvm.loop !41

52:                                               ; preds = %42
  %53 = load i32, ptr %8, align 4, !tbaa !18
  call void @llvm.lifetime.end.p0(i64 4, ptr %8) #6
  %54 = load ptr, ptr %6, align 8
  call void @llvm.stackrestore.p0(ptr %54)
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #6
  ret i32 %53
}

; Function Attrs: nocallback nofree nosync nounwind willreturn
declare ptr @llvm.stacksave.p0() #5

; Function Attrs: nocallback nofree nosync nounwind willreturn
declare void @llvm.stackrestore.p0(ptr) #5

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i64 @packed(ptr noundef %0, ptr noundef %1) #0 {
  %3 = alloca ptr, align 8
  %4 = alloca ptr, align 8
  %5 = alloca i32, align 4
  %6 = alloca i16, align 2
  store ptr %0, ptr %3, align 8, !tbaa !24
  store ptr %1, ptr %4, align 8, !tbaa !24
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #6
  call void @llvm.lifetime.start.p0(i64 2, ptr %6) #6
  %7 = load ptr, ptr %3, align 8, !tbaa !24
  %8 = getelementptr inbounds i8, ptr %7, i64 1
  call void @llvm.memcpy.p0.p0.i64(ptr align 4 %5, ptr align 1 %8, i64 4, i1 false)
  %9 = load ptr, ptr %3, align 8, !tbaa !24
  %10 = getelementptr inbounds i8, ptr %9, i64 7
  call void @llvm.memcpy.p0.p0.i64(ptr align 2 %6, ptr align 1 %10, i64 2, i1 false)
  %11 = load i32, ptr %5, align 4, !tbaa !18
  %12 = ashr i32 %11, 24
  %13 = trunc i32 %12 to i8
  %14 = load ptr, ptr %4, align 8, !tbaa !24
  %15 = getelementptr inbounds i8, ptr %14, i64 0
  store i8 %13, ptr %15, align 1, !tbaa !23
  %16 = load i16, ptr %6, align 2, !tbaa !39
  %17 = trunc i16 %16 to i8
  %18 = load ptr, ptr %4, align 8, !tbaa !24
  %19 = getelementptr inbounds i8, ptr %18, i64 1
  store i8 %17, ptr %19, align 1, !tbaa !23
  %20 = load ptr, ptr %4, align 8, !tbaa !24
  %21 = getelementptr inbounds i8, ptr %20, i64 3
  call void @llvm.memcpy.p0.p0.i64(ptr align 1 %21, ptr align 4 %5, i64 4, i1 false)
  %22 = load i32, ptr %5, align 4, !tbaa !18
  %23 = sext i32 %22 to i64
  %24 = load i16, ptr %6, align 2, !tbaa !39
  %25 = sext i16 %24 to i64
  %26 = mul nsw i64 %23, %25
  call void @llvm.lifetime.end.p0(i64 2, ptr %6) #6
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #6
  ret i64 %26
}

attributes #0 = { minsize nounwind optsize uwtable "min-legal-vector-width"="0" "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }
attributes #1 = { nocallback nofree nosync nounwind willreturn memory(argmem: readwrite) }
attributes #2 = { nocallback nofree nounwind willreturn memory(argmem: readwrite) }
attributes #3 = { nocallback nofree nounwind willreturn memory(argmem: write) }
attributes #4 = { minsize optsize "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }
attributes #5 = { nocallback nofree nosync nounwind willreturn }
attributes #6 = { nounwind }
attributes #7 = { minsize optsize }

!llvm.module.flags = !{!0, !1, !2, !3}
!llvm.ident = !{!4}

!0 = !{i32 1, !"wchar_size", i32 4}
!1 = !{i32 8, !"PIC Level", i32 2}
!2 = !{i32 7, !"PIE Level", i32 2}
!3 = !{i32 7, !"uwtable", i32 2}
!4 = !{!"Debian clang version 19.1.7 (3~deb12u1)"}
!5 = !{!6, !7, i64 4}
!6 = !{!"pair", !7, i64 0, !7, i64 4}
!7 = !{!"int", !8, i64 0}
!8 = !{!"omnipotent char", !9, i64 0}
!9 = !{!"Simple C/C++ TBAA"}
!10 = !{!6, !7, i64 0}
!11 = !{!12, !8, i64 0}
!12 = !{!"mixed", !8, i64 0, !7, i64 4, !13, i64 8, !14, i64 16}
!13 = !{!"long", !8, i64 0}
!14 = !{!"short", !8, i64 0}
!15 = !{!12, !7, i64 4}
!16 = !{!12, !13, i64 8}
!17 = !{!12, !14, i64 16}
!18 = !{!7, !7, i64 0}
!19 = distinct !{!19, !20}
!20 = !{!"llvm.loop.mustprogress"}
!21 = distinct !{!21, !20}
!22 = !{i64 0, i64 36, !23}
!23 = !{!8, !8, i64 0}
!24 = !{!25, !25, i64 0}
!25 = !{!"any pointer", !8, i64 0}
!26 = !{!13, !13, i64 0}
!27 = distinct !{!27, !20}
!28 = distinct !{!28, !20}
!29 = distinct !{!29, !20}
!30 = distinct !{!30, !20}
!31 = !{!32, !14, i64 12}
!32 = !{!"", !7, i64 0, !8, i64 4, !14, i64 12}
!33 = !{!34, !7, i64 8}
!34 = !{!"node", !25, i64 0, !7, i64 8}
!35 = !{!34, !25, i64 0}
!36 = distinct !{!36, !20}
!37 = distinct !{!37, !20}
!38 = distinct !{!38, !20}
!39 = !{!14, !14, i64 0}
!40 = distinct !{!40, !20}
!41 = distinct !{!41, !20}
