; ModuleID = 'state.c'
source_filename = "state.c"
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

%struct.anon = type { i32, i32, [8 x i32] }

@exported = dso_local global i32 17, align 4
@shared = dso_local global [6 x i32] [i32 1, i32 -2, i32 3, i32 -4, i32 5, i32 -6], align 16
@counter = internal global i32 3, align 4
@never_changed = internal global i32 40, align 4
@random_state = internal global i32 12345, align 4
@primes = internal constant [10 x i16] [i16 2, i16 3, i16 5, i16 7, i16 11, i16 13, i16 17, i16 19, i16 23, i16 29], align 16
@operations = internal constant [4 x ptr] [ptr @added, ptr @taken, ptr @greater, ptr @masked], align 16
@chosen = internal global ptr @greater, align 8
@machine.cost = internal constant [8 x i8] c"\01\01\02\03\01\04\01\02", align 1
@__const.machine.stack = private unnamed_addr constant [4 x i32] [i32 1, i32 2, i32 3, i32 4], align 16
@words = internal constant [4 x ptr] [ptr @.str, ptr @.str.1, ptr @.str.2, ptr @.str.3], align 16
@remembered.known = internal global [16 x i16] zeroinitializer, align 16
@remembered.calls = internal global i32 0, align 4
@ring = internal global %struct.anon zeroinitializer, align 4
@.str = private unnamed_addr constant [5 x i8] c"none\00", align 1
@.str.1 = private unnamed_addr constant [4 x i8] c"one\00", align 1
@.str.2 = private unnamed_addr constant [4 x i8] c"two\00", align 1
@.str.3 = private unnamed_addr constant [5 x i8] c"many\00", align 1

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @count_on(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #3
  %4 = load i32, ptr @counter, align 4, !tbaa !5
  store i32 %4, ptr %3, align 4, !tbaa !5
  %5 = load i32, ptr %2, align 4, !tbaa !5
  %6 = and i32 %5, 7
  %7 = load i32, ptr @counter, align 4, !tbaa !5
  %8 = add nsw i32 %7, %6
  store i32 %8, ptr @counter, align 4, !tbaa !5
  %9 = load i32, ptr @counter, align 4, !tbaa !5
  %10 = icmp sgt i32 %9, 100
  br i1 %10, label %11, label %13

11:                                               ; preds = %1
  %12 = load i32, ptr @never_changed, align 4, !tbaa !5
  store i32 %12, ptr @counter, align 4, !tbaa !5
  br label %13

13:                                               ; preds = %11, %1
  %14 = load i32, ptr %3, align 4, !tbaa !5
  %15 = mul nsw i32 %14, 2
  %16 = load i32, ptr @counter, align 4, !tbaa !5
  %17 = add nsw i32 %15, %16
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #3
  ret i32 %17
}

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.start.p0(i64 immarg, ptr nocapture) #1

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.end.p0(i64 immarg, ptr nocapture) #1

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @draw() #0 {
  %1 = load i32, ptr @random_state, align 4, !tbaa !5
  %2 = shl i32 %1, 13
  %3 = load i32, ptr @random_state, align 4, !tbaa !5
  %4 = xor i32 %3, %2
  store i32 %4, ptr @random_state, align 4, !tbaa !5
  %5 = load i32, ptr @random_state, align 4, !tbaa !5
  %6 = lshr i32 %5, 17
  %7 = load i32, ptr @random_state, align 4, !tbaa !5
  %8 = xor i32 %7, %6
  store i32 %8, ptr @random_state, align 4, !tbaa !5
  %9 = load i32, ptr @random_state, align 4, !tbaa !5
  %10 = shl i32 %9, 5
  %11 = load i32, ptr @random_state, align 4, !tbaa !5
  %12 = xor i32 %11, %10
  store i32 %12, ptr @random_state, align 4, !tbaa !5
  %13 = load i32, ptr @random_state, align 4, !tbaa !5
  ret i32 %13
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @draw_some(i8 noundef zeroext %0) #0 {
  %2 = alloca i8, align 1
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i8 %0, ptr %2, align 1, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #3
  store i32 0, ptr %3, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #3
  store i32 0, ptr %4, align 4, !tbaa !5
  br label %5

5:                                                ; preds = %22, %1
  %6 = load i32, ptr %4, align 4, !tbaa !5
  %7 = load i8, ptr %2, align 1, !tbaa !9
  %8 = zext i8 %7 to i32
  %9 = and i32 %8, 7
  %10 = icmp ult i32 %6, %9
  br i1 %10, label %12, label %11

11:                                               ; preds = %5
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #3
  br label %25

12:                                               ; preds = %5
  %13 = call i32 @draw() #4
  %14 = load i32, ptr %4, align 4, !tbaa !5
  %15 = zext i32 %14 to i64
  %16 = getelementptr inbounds [10 x i16], ptr @primes, i64 0, i64 %15
  %17 = load i16, ptr %16, align 2, !tbaa !10
  %18 = zext i16 %17 to i32
  %19 = urem i32 %13, %18
  %20 = load i32, ptr %3, align 4, !tbaa !5
  %21 = add i32 %20, %19
  store i32 %21, ptr %3, align 4, !tbaa !5
  br label %22

22:                                               ; preds = %12
  %23 = load i32, ptr %4, align 4, !tbaa !5
  %24 = add i32 %23, 1
  store i32 %24, ptr %4, align 4, !tbaa !5
  br label %5, !llvm.loop !12

25:                                               ; preds = %11
  %26 = load i32, ptr %3, align 4, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #3
  ret i32 %26
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @through_ring(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  %7 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #3
  store i32 0, ptr %5, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #3
  store i32 0, ptr %6, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %7) #3
  store i32 0, ptr %7, align 4, !tbaa !5
  br label %8

8:                                                ; preds = %35, %2
  %9 = load i32, ptr %7, align 4, !tbaa !5
  %10 = icmp slt i32 %9, 16
  br i1 %10, label %12, label %11

11:                                               ; preds = %8
  call void @llvm.lifetime.end.p0(i64 4, ptr %7) #3
  br label %38

12:                                               ; preds = %8
  %13 = load i32, ptr %3, align 4, !tbaa !5
  %14 = load i32, ptr %7, align 4, !tbaa !5
  %15 = lshr i32 %13, %14
  %16 = and i32 %15, 1
  %17 = icmp ne i32 %16, 0
  br i1 %17, label %18, label %25

18:                                               ; preds = %12
  %19 = load i32, ptr %4, align 4, !tbaa !5
  %20 = load i32, ptr %7, align 4, !tbaa !5
  %21 = add nsw i32 %19, %20
  %22 = call i32 @push(i32 noundef %21) #4
  %23 = load i32, ptr %5, align 4, !tbaa !5
  %24 = add i32 %23, %22
  store i32 %24, ptr %5, align 4, !tbaa !5
  br label %34

25:                                               ; preds = %12
  %26 = call i32 @pull(ptr noundef %6) #4
  %27 = icmp ne i32 %26, 0
  br i1 %27, label %28, label %33

28:                                               ; preds = %25
  %29 = load i32, ptr %5, align 4, !tbaa !5
  %30 = mul i32 %29, 3
  %31 = load i32, ptr %6, align 4, !tbaa !5
  %32 = add i32 %30, %31
  store i32 %32, ptr %5, align 4, !tbaa !5
  br label %33

33:                                               ; preds = %28, %25
  br label %34

34:                                               ; preds = %33, %18
  br label %35

35:                                               ; preds = %34
  %36 = load i32, ptr %7, align 4, !tbaa !5
  %37 = add nsw i32 %36, 1
  store i32 %37, ptr %7, align 4, !tbaa !5
  br label %8, !llvm.loop !14

38:                                               ; preds = %11
  %39 = load i32, ptr %5, align 4, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #3
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #3
  ret i32 %39
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @push(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  %4 = load i32, ptr getelementptr inbounds (%struct.anon, ptr @ring, i32 0, i32 1), align 4, !tbaa !15
  %5 = icmp eq i32 %4, 8
  br i1 %5, label %6, label %7

6:                                                ; preds = %1
  store i32 0, ptr %2, align 4
  br label %16

7:                                                ; preds = %1
  %8 = load i32, ptr %3, align 4, !tbaa !5
  %9 = load i32, ptr @ring, align 4, !tbaa !17
  %10 = load i32, ptr getelementptr inbounds (%struct.anon, ptr @ring, i32 0, i32 1), align 4, !tbaa !15
  %11 = add nsw i32 %10, 1
  store i32 %11, ptr getelementptr inbounds (%struct.anon, ptr @ring, i32 0, i32 1), align 4, !tbaa !15
  %12 = add nsw i32 %9, %10
  %13 = and i32 %12, 7
  %14 = sext i32 %13 to i64
  %15 = getelementptr inbounds [8 x i32], ptr getelementptr inbounds (%struct.anon, ptr @ring, i32 0, i32 2), i64 0, i64 %14
  store i32 %8, ptr %15, align 4, !tbaa !5
  store i32 1, ptr %2, align 4
  br label %16

16:                                               ; preds = %7, %6
  %17 = load i32, ptr %2, align 4
  ret i32 %17
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @pull(ptr noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca ptr, align 8
  store ptr %0, ptr %3, align 8, !tbaa !18
  %4 = load i32, ptr getelementptr inbounds (%struct.anon, ptr @ring, i32 0, i32 1), align 4, !tbaa !15
  %5 = icmp eq i32 %4, 0
  br i1 %5, label %6, label %7

6:                                                ; preds = %1
  store i32 0, ptr %2, align 4
  br label %18

7:                                                ; preds = %1
  %8 = load i32, ptr @ring, align 4, !tbaa !17
  %9 = sext i32 %8 to i64
  %10 = getelementptr inbounds [8 x i32], ptr getelementptr inbounds (%struct.anon, ptr @ring, i32 0, i32 2), i64 0, i64 %9
  %11 = load i32, ptr %10, align 4, !tbaa !5
  %12 = load ptr, ptr %3, align 8, !tbaa !18
  store i32 %11, ptr %12, align 4, !tbaa !5
  %13 = load i32, ptr @ring, align 4, !tbaa !17
  %14 = add nsw i32 %13, 1
  %15 = and i32 %14, 7
  store i32 %15, ptr @ring, align 4, !tbaa !17
  %16 = load i32, ptr getelementptr inbounds (%struct.anon, ptr @ring, i32 0, i32 1), align 4, !tbaa !15
  %17 = add nsw i32 %16, -1
  store i32 %17, ptr getelementptr inbounds (%struct.anon, ptr @ring, i32 0, i32 1), align 4, !tbaa !15
  store i32 1, ptr %2, align 4
  br label %18

18:                                               ; preds = %7, %6
  %19 = load i32, ptr %2, align 4
  ret i32 %19
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @change_shared(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #3
  %6 = load i32, ptr %3, align 4, !tbaa !5
  %7 = urem i32 %6, 6
  %8 = zext i32 %7 to i64
  %9 = getelementptr inbounds [6 x i32], ptr @shared, i64 0, i64 %8
  %10 = load i32, ptr %9, align 4, !tbaa !5
  store i32 %10, ptr %5, align 4, !tbaa !5
  %11 = load i32, ptr %4, align 4, !tbaa !5
  %12 = load i32, ptr %3, align 4, !tbaa !5
  %13 = urem i32 %12, 6
  %14 = zext i32 %13 to i64
  %15 = getelementptr inbounds [6 x i32], ptr @shared, i64 0, i64 %14
  store i32 %11, ptr %15, align 4, !tbaa !5
  %16 = load i32, ptr @exported, align 4, !tbaa !5
  %17 = load i32, ptr %5, align 4, !tbaa !5
  %18 = add i32 %16, %17
  store i32 %18, ptr @exported, align 4, !tbaa !5
  %19 = load i32, ptr %3, align 4, !tbaa !5
  %20 = add i32 %19, 1
  %21 = urem i32 %20, 6
  %22 = zext i32 %21 to i64
  %23 = getelementptr inbounds [6 x i32], ptr @shared, i64 0, i64 %22
  %24 = load i32, ptr %23, align 4, !tbaa !5
  %25 = load i32, ptr @exported, align 4, !tbaa !5
  %26 = sub i32 %24, %25
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #3
  ret i32 %26
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @by_table(i32 noundef %0, i32 noundef %1, i32 noundef %2) #0 {
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  store i32 %0, ptr %4, align 4, !tbaa !5
  store i32 %1, ptr %5, align 4, !tbaa !5
  store i32 %2, ptr %6, align 4, !tbaa !5
  %7 = load i32, ptr %4, align 4, !tbaa !5
  %8 = and i32 %7, 3
  %9 = zext i32 %8 to i64
  %10 = getelementptr inbounds [4 x ptr], ptr @operations, i64 0, i64 %9
  %11 = load ptr, ptr %10, align 8, !tbaa !18
  %12 = load i32, ptr %5, align 4, !tbaa !5
  %13 = load i32, ptr %6, align 4, !tbaa !5
  %14 = call i32 %11(i32 noundef %12, i32 noundef %13) #4
  ret i32 %14
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @by_choice(i32 noundef %0, i32 noundef %1, i32 noundef %2) #0 {
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  %7 = alloca i32, align 4
  store i32 %0, ptr %4, align 4, !tbaa !5
  store i32 %1, ptr %5, align 4, !tbaa !5
  store i32 %2, ptr %6, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %7) #3
  %8 = load ptr, ptr @chosen, align 8, !tbaa !18
  %9 = load i32, ptr %5, align 4, !tbaa !5
  %10 = load i32, ptr %6, align 4, !tbaa !5
  %11 = call i32 %8(i32 noundef %9, i32 noundef %10) #4
  store i32 %11, ptr %7, align 4, !tbaa !5
  %12 = load i32, ptr %4, align 4, !tbaa !5
  %13 = and i32 %12, 4
  %14 = icmp ne i32 %13, 0
  br i1 %14, label %15, label %21

15:                                               ; preds = %3
  %16 = load i32, ptr %4, align 4, !tbaa !5
  %17 = and i32 %16, 3
  %18 = zext i32 %17 to i64
  %19 = getelementptr inbounds [4 x ptr], ptr @operations, i64 0, i64 %18
  %20 = load ptr, ptr %19, align 8, !tbaa !18
  store ptr %20, ptr @chosen, align 8, !tbaa !18
  br label %21

21:                                               ; preds = %15, %3
  %22 = load i32, ptr %7, align 4, !tbaa !5
  %23 = and i32 %22, 16777215
  %24 = mul nsw i32 %23, 2
  %25 = load ptr, ptr @chosen, align 8, !tbaa !18
  %26 = load i32, ptr %6, align 4, !tbaa !5
  %27 = load i32, ptr %5, align 4, !tbaa !5
  %28 = call i32 %25(i32 noundef %26, i32 noundef %27) #4
  %29 = xor i32 %24, %28
  call void @llvm.lifetime.end.p0(i64 4, ptr %7) #3
  ret i32 %29
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @machine(i64 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i64, align 8
  %4 = alloca [4 x i32], align 16
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  %7 = alloca i32, align 4
  %8 = alloca i32, align 4
  %9 = alloca i32, align 4
  store i64 %0, ptr %3, align 8, !tbaa !20
  call void @llvm.lifetime.start.p0(i64 16, ptr %4) #3
  call void @llvm.memcpy.p0.p0.i64(ptr align 16 %4, ptr align 16 @__const.machine.stack, i64 16, i1 false)
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #3
  store i32 0, ptr %5, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #3
  store i32 0, ptr %6, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %7) #3
  store i32 0, ptr %7, align 4, !tbaa !5
  br label %10

10:                                               ; preds = %92, %1
  %11 = load i32, ptr %7, align 4, !tbaa !5
  %12 = icmp slt i32 %11, 16
  br i1 %12, label %14, label %13

13:                                               ; preds = %10
  store i32 2, ptr %8, align 4
  br label %95

14:                                               ; preds = %10
  call void @llvm.lifetime.start.p0(i64 4, ptr %9) #3
  %15 = load i64, ptr %3, align 8, !tbaa !20
  %16 = and i64 %15, 7
  %17 = trunc i64 %16 to i32
  store i32 %17, ptr %9, align 4, !tbaa !5
  %18 = load i64, ptr %3, align 8, !tbaa !20
  %19 = lshr i64 %18, 4
  store i64 %19, ptr %3, align 8, !tbaa !20
  %20 = load i32, ptr %9, align 4, !tbaa !5
  %21 = zext i32 %20 to i64
  %22 = getelementptr inbounds [8 x i8], ptr @machine.cost, i64 0, i64 %21
  %23 = load i8, ptr %22, align 1, !tbaa !9
  %24 = zext i8 %23 to i32
  %25 = load i32, ptr %5, align 4, !tbaa !5
  %26 = add i32 %25, %24
  store i32 %26, ptr %5, align 4, !tbaa !5
  %27 = load i32, ptr %9, align 4, !tbaa !5
  switch i32 %27, label %81 [
    i32 0, label %28
    i32 1, label %32
    i32 2, label %44
    i32 3, label %50
    i32 4, label %59
    i32 5, label %69
    i32 6, label %75
  ]

28:                                               ; preds = %14
  %29 = load i32, ptr %6, align 4, !tbaa !5
  %30 = add i32 %29, 1
  %31 = and i32 %30, 3
  store i32 %31, ptr %6, align 4, !tbaa !5
  br label %88

32:                                               ; preds = %14
  %33 = load i32, ptr %6, align 4, !tbaa !5
  %34 = add i32 %33, 1
  %35 = and i32 %34, 3
  %36 = zext i32 %35 to i64
  %37 = getelementptr inbounds [4 x i32], ptr %4, i64 0, i64 %36
  %38 = load i32, ptr %37, align 4, !tbaa !5
  %39 = load i32, ptr %6, align 4, !tbaa !5
  %40 = zext i32 %39 to i64
  %41 = getelementptr inbounds [4 x i32], ptr %4, i64 0, i64 %40
  %42 = load i32, ptr %41, align 4, !tbaa !5
  %43 = add i32 %42, %38
  store i32 %43, ptr %41, align 4, !tbaa !5
  br label %88

44:                                               ; preds = %14
  %45 = load i32, ptr %6, align 4, !tbaa !5
  %46 = zext i32 %45 to i64
  %47 = getelementptr inbounds [4 x i32], ptr %4, i64 0, i64 %46
  %48 = load i32, ptr %47, align 4, !tbaa !5
  %49 = mul i32 %48, 5
  store i32 %49, ptr %47, align 4, !tbaa !5
  br label %88

50:                                               ; preds = %14
  %51 = load i32, ptr %6, align 4, !tbaa !5
  %52 = zext i32 %51 to i64
  %53 = getelementptr inbounds [4 x i32], ptr %4, i64 0, i64 %52
  %54 = load i32, ptr %53, align 4, !tbaa !5
  %55 = xor i32 %54, -1
  %56 = load i32, ptr %6, align 4, !tbaa !5
  %57 = zext i32 %56 to i64
  %58 = getelementptr inbounds [4 x i32], ptr %4, i64 0, i64 %57
  store i32 %55, ptr %58, align 4, !tbaa !5
  br label %88

59:                                               ; preds = %14
  %60 = load i32, ptr %6, align 4, !tbaa !5
  %61 = zext i32 %60 to i64
  %62 = getelementptr inbounds [4 x i32], ptr %4, i64 0, i64 %61
  %63 = load i32, ptr %62, align 4, !tbaa !5
  %64 = load i32, ptr %6, align 4, !tbaa !5
  %65 = add i32 %64, 2
  %66 = and i32 %65, 3
  %67 = zext i32 %66 to i64
  %68 = getelementptr inbounds [4 x i32], ptr %4, i64 0, i64 %67
  store i32 %63, ptr %68, align 4, !tbaa !5
  br label %88

69:                                               ; preds = %14
  %70 = load i32, ptr %6, align 4, !tbaa !5
  %71 = zext i32 %70 to i64
  %72 = getelementptr inbounds [4 x i32], ptr %4, i64 0, i64 %71
  %73 = load i32, ptr %72, align 4, !tbaa !5
  %74 = and i32 %73, 3
  store i32 %74, ptr %6, align 4, !tbaa !5
  br label %88

75:                                               ; preds = %14
  %76 = load i32, ptr %6, align 4, !tbaa !5
  %77 = zext i32 %76 to i64
  %78 = getelementptr inbounds [4 x i32], ptr %4, i64 0, i64 %77
  %79 = load i32, ptr %78, align 4, !tbaa !5
  %80 = lshr i32 %79, 1
  store i32 %80, ptr %78, align 4, !tbaa !5
  br label %88

81:                                               ; preds = %14
  %82 = load i32, ptr %6, align 4, !tbaa !5
  %83 = zext i32 %82 to i64
  %84 = getelementptr inbounds [4 x i32], ptr %4, i64 0, i64 %83
  %85 = load i32, ptr %84, align 4, !tbaa !5
  %86 = load i32, ptr %5, align 4, !tbaa !5
  %87 = add i32 %85, %86
  store i32 %87, ptr %2, align 4
  store i32 1, ptr %8, align 4
  br label %89

88:                                               ; preds = %75, %69, %59, %50, %44, %32, %28
  store i32 0, ptr %8, align 4
  br label %89

89:                                               ; preds = %88, %81
  call void @llvm.lifetime.end.p0(i64 4, ptr %9) #3
  %90 = load i32, ptr %8, align 4
  switch i32 %90, label %95 [
    i32 0, label %91
  ]

91:                                               ; preds = %89
  br label %92

92:                                               ; preds = %91
  %93 = load i32, ptr %7, align 4, !tbaa !5
  %94 = add nsw i32 %93, 1
  store i32 %94, ptr %7, align 4, !tbaa !5
  br label %10, !llvm.loop !22

95:                                               ; preds = %89, %13
  call void @llvm.lifetime.end.p0(i64 4, ptr %7) #3
  %96 = load i32, ptr %8, align 4
  switch i32 %96, label %114 [
    i32 2, label %97
  ]

97:                                               ; preds = %95
  %98 = getelementptr inbounds [4 x i32], ptr %4, i64 0, i64 0
  %99 = load i32, ptr %98, align 16, !tbaa !5
  %100 = getelementptr inbounds [4 x i32], ptr %4, i64 0, i64 1
  %101 = load i32, ptr %100, align 4, !tbaa !5
  %102 = shl i32 %101, 1
  %103 = xor i32 %99, %102
  %104 = getelementptr inbounds [4 x i32], ptr %4, i64 0, i64 2
  %105 = load i32, ptr %104, align 8, !tbaa !5
  %106 = shl i32 %105, 2
  %107 = xor i32 %103, %106
  %108 = getelementptr inbounds [4 x i32], ptr %4, i64 0, i64 3
  %109 = load i32, ptr %108, align 4, !tbaa !5
  %110 = shl i32 %109, 3
  %111 = xor i32 %107, %110
  %112 = load i32, ptr %5, align 4, !tbaa !5
  %113 = add i32 %111, %112
  store i32 %113, ptr %2, align 4
  store i32 1, ptr %8, align 4
  br label %114

114:                                              ; preds = %97, %95
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #3
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #3
  call void @llvm.lifetime.end.p0(i64 16, ptr %4) #3
  %115 = load i32, ptr %2, align 4
  ret i32 %115
}

; Function Attrs: nocallback nofree nounwind willreturn memory(argmem: readwrite)
declare void @llvm.memcpy.p0.p0.i64(ptr noalias nocapture writeonly, ptr noalias nocapture readonly, i64, i1 immarg) #2

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @word_letter(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  %5 = alloca ptr, align 8
  %6 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 8, ptr %5) #3
  %7 = load i32, ptr %3, align 4, !tbaa !5
  %8 = and i32 %7, 3
  %9 = zext i32 %8 to i64
  %10 = getelementptr inbounds [4 x ptr], ptr @words, i64 0, i64 %9
  %11 = load ptr, ptr %10, align 8, !tbaa !18
  store ptr %11, ptr %5, align 8, !tbaa !18
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #3
  store i32 0, ptr %6, align 4, !tbaa !5
  br label %12

12:                                               ; preds = %28, %2
  %13 = load i32, ptr %6, align 4, !tbaa !5
  %14 = load i32, ptr %4, align 4, !tbaa !5
  %15 = and i32 %14, 7
  %16 = icmp ult i32 %13, %15
  br i1 %16, label %17, label %22

17:                                               ; preds = %12
  %18 = load ptr, ptr %5, align 8, !tbaa !18
  %19 = load i8, ptr %18, align 1, !tbaa !9
  %20 = sext i8 %19 to i32
  %21 = icmp ne i32 %20, 0
  br label %22

22:                                               ; preds = %17, %12
  %23 = phi i1 [ false, %12 ], [ %21, %17 ]
  br i1 %23, label %25, label %24

24:                                               ; preds = %22
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #3
  br label %31

25:                                               ; preds = %22
  %26 = load ptr, ptr %5, align 8, !tbaa !18
  %27 = getelementptr inbounds i8, ptr %26, i32 1
  store ptr %27, ptr %5, align 8, !tbaa !18
  br label %28

28:                                               ; preds = %25
  %29 = load i32, ptr %6, align 4, !tbaa !5
  %30 = add i32 %29, 1
  store i32 %30, ptr %6, align 4, !tbaa !5
  br label %12, !llvm.loop !23

31:                                               ; preds = %24
  %32 = load ptr, ptr %5, align 8, !tbaa !18
  %33 = load i8, ptr %32, align 1, !tbaa !9
  %34 = sext i8 %33 to i32
  call void @llvm.lifetime.end.p0(i64 8, ptr %5) #3
  ret i32 %34
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @remembered(i8 noundef zeroext %0) #0 {
  %2 = alloca i8, align 1
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  store i8 %0, ptr %2, align 1, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #3
  %6 = load i8, ptr %2, align 1, !tbaa !9
  %7 = zext i8 %6 to i32
  %8 = and i32 %7, 15
  store i32 %8, ptr %3, align 4, !tbaa !5
  %9 = load i32, ptr @remembered.calls, align 4, !tbaa !5
  %10 = add nsw i32 %9, 1
  store i32 %10, ptr @remembered.calls, align 4, !tbaa !5
  %11 = load i32, ptr %3, align 4, !tbaa !5
  %12 = zext i32 %11 to i64
  %13 = getelementptr inbounds [16 x i16], ptr @remembered.known, i64 0, i64 %12
  %14 = load i16, ptr %13, align 2, !tbaa !10
  %15 = sext i16 %14 to i32
  %16 = icmp eq i32 %15, 0
  br i1 %16, label %17, label %41

17:                                               ; preds = %1
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #3
  store i32 0, ptr %4, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #3
  store i32 0, ptr %5, align 4, !tbaa !5
  br label %18

18:                                               ; preds = %32, %17
  %19 = load i32, ptr %5, align 4, !tbaa !5
  %20 = load i32, ptr %3, align 4, !tbaa !5
  %21 = icmp ule i32 %19, %20
  br i1 %21, label %23, label %22

22:                                               ; preds = %18
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #3
  br label %35

23:                                               ; preds = %18
  %24 = load i32, ptr %5, align 4, !tbaa !5
  %25 = urem i32 %24, 10
  %26 = zext i32 %25 to i64
  %27 = getelementptr inbounds [10 x i16], ptr @primes, i64 0, i64 %26
  %28 = load i16, ptr %27, align 2, !tbaa !10
  %29 = zext i16 %28 to i32
  %30 = load i32, ptr %4, align 4, !tbaa !5
  %31 = add nsw i32 %30, %29
  store i32 %31, ptr %4, align 4, !tbaa !5
  br label %32

32:                                               ; preds = %23
  %33 = load i32, ptr %5, align 4, !tbaa !5
  %34 = add i32 %33, 1
  store i32 %34, ptr %5, align 4, !tbaa !5
  br label %18, !llvm.loop !24

35:                                               ; preds = %22
  %36 = load i32, ptr %4, align 4, !tbaa !5
  %37 = trunc i32 %36 to i16
  %38 = load i32, ptr %3, align 4, !tbaa !5
  %39 = zext i32 %38 to i64
  %40 = getelementptr inbounds [16 x i16], ptr @remembered.known, i64 0, i64 %39
  store i16 %37, ptr %40, align 2, !tbaa !10
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #3
  br label %41

41:                                               ; preds = %35, %1
  %42 = load i32, ptr %3, align 4, !tbaa !5
  %43 = zext i32 %42 to i64
  %44 = getelementptr inbounds [16 x i16], ptr @remembered.known, i64 0, i64 %43
  %45 = load i16, ptr %44, align 2, !tbaa !10
  %46 = sext i16 %45 to i32
  %47 = mul nsw i32 %46, 4
  %48 = load i32, ptr @remembered.calls, align 4, !tbaa !5
  %49 = add nsw i32 %47, %48
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #3
  ret i32 %49
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @call_them_all(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #3
  %4 = load i32, ptr %2, align 4, !tbaa !5
  %5 = call i32 @count_on(i32 noundef %4) #4
  %6 = load i32, ptr %2, align 4, !tbaa !5
  %7 = ashr i32 %6, 3
  %8 = call i32 @count_on(i32 noundef %7) #4
  %9 = add i32 %5, %8
  store i32 %9, ptr %3, align 4, !tbaa !5
  %10 = call i32 @draw() #4
  %11 = and i32 %10, 255
  %12 = load i32, ptr %2, align 4, !tbaa !5
  %13 = trunc i32 %12 to i8
  %14 = call i32 @remembered(i8 noundef zeroext %13) #4
  %15 = add i32 %11, %14
  %16 = load i32, ptr %2, align 4, !tbaa !5
  %17 = trunc i32 %16 to i8
  %18 = call i32 @remembered(i8 noundef zeroext %17) #4
  %19 = add i32 %15, %18
  %20 = load i32, ptr %3, align 4, !tbaa !5
  %21 = add i32 %20, %19
  store i32 %21, ptr %3, align 4, !tbaa !5
  %22 = load i32, ptr %2, align 4, !tbaa !5
  %23 = call i32 @by_choice(i32 noundef %22, i32 noundef 3, i32 noundef 4) #4
  %24 = load i32, ptr %2, align 4, !tbaa !5
  %25 = and i32 %24, 3
  %26 = load i32, ptr %3, align 4, !tbaa !5
  %27 = and i32 %26, 15
  %28 = call i32 @change_shared(i32 noundef %25, i32 noundef %27) #4
  %29 = add i32 %23, %28
  %30 = load i32, ptr %3, align 4, !tbaa !5
  %31 = add i32 %30, %29
  store i32 %31, ptr %3, align 4, !tbaa !5
  %32 = load i32, ptr %3, align 4, !tbaa !5
  %33 = load i32, ptr @counter, align 4, !tbaa !5
  %34 = add i32 %32, %33
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #3
  ret i32 %34
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @added(i32 noundef %0, i32 noundef %1) #0 {
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
define internal i32 @taken(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  %5 = load i32, ptr %3, align 4, !tbaa !5
  %6 = load i32, ptr %4, align 4, !tbaa !5
  %7 = sub i32 %5, %6
  ret i32 %7
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @greater(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  %5 = load i32, ptr %3, align 4, !tbaa !5
  %6 = load i32, ptr %4, align 4, !tbaa !5
  %7 = icmp sgt i32 %5, %6
  br i1 %7, label %8, label %10

8:                                                ; preds = %2
  %9 = load i32, ptr %3, align 4, !tbaa !5
  br label %12

10:                                               ; preds = %2
  %11 = load i32, ptr %4, align 4, !tbaa !5
  br label %12

12:                                               ; preds = %10, %8
  %13 = phi i32 [ %9, %8 ], [ %11, %10 ]
  ret i32 %13
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @masked(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  %5 = load i32, ptr %3, align 4, !tbaa !5
  %6 = load i32, ptr %4, align 4, !tbaa !5
  %7 = xor i32 %6, -1
  %8 = and i32 %5, %7
  ret i32 %8
}

attributes #0 = { minsize nounwind optsize uwtable "min-legal-vector-width"="0" "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }
attributes #1 = { nocallback nofree nosync nounwind willreturn memory(argmem: readwrite) }
attributes #2 = { nocallback nofree nounwind willreturn memory(argmem: readwrite) }
attributes #3 = { nounwind }
attributes #4 = { minsize optsize }

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
!11 = !{!"short", !7, i64 0}
!12 = distinct !{!12, !13}
!13 = !{!"llvm.loop.mustprogress"}
!14 = distinct !{!14, !13}
!15 = !{!16, !6, i64 4}
!16 = !{!"", !6, i64 0, !6, i64 4, !7, i64 8}
!17 = !{!16, !6, i64 0}
!18 = !{!19, !19, i64 0}
!19 = !{!"any pointer", !7, i64 0}
!20 = !{!21, !21, i64 0}
!21 = !{!"long", !7, i64 0}
!22 = distinct !{!22, !13}
!23 = distinct !{!23, !13}
!24 = distinct !{!24, !13}
