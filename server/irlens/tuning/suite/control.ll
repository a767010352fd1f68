; ModuleID = 'control.c'
source_filename = "control.c"
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

@.str = private unnamed_addr constant [4 x i8] c"Mon\00", align 1
@.str.1 = private unnamed_addr constant [4 x i8] c"Tue\00", align 1
@.str.2 = private unnamed_addr constant [4 x i8] c"Wed\00", align 1
@.str.3 = private unnamed_addr constant [4 x i8] c"Thu\00", align 1
@.str.4 = private unnamed_addr constant [4 x i8] c"Fri\00", align 1
@.str.5 = private unnamed_addr constant [4 x i8] c"off\00", align 1

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @dense(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  store i32 %0, ptr %4, align 4, !tbaa !5
  store i32 %1, ptr %5, align 4, !tbaa !5
  %6 = load i32, ptr %4, align 4, !tbaa !5
  switch i32 %6, label %33 [
    i32 0, label %7
    i32 1, label %11
    i32 2, label %15
    i32 3, label %18
    i32 4, label %22
    i32 5, label %26
    i32 6, label %29
    i32 7, label %32
  ]

7:                                                ; preds = %2
  %8 = load i32, ptr %5, align 4, !tbaa !5
  %9 = and i32 %8, 65535
  %10 = add nsw i32 %9, 1
  store i32 %10, ptr %3, align 4
  br label %35

11:                                               ; preds = %2
  %12 = load i32, ptr %5, align 4, !tbaa !5
  %13 = ashr i32 %12, 2
  %14 = mul nsw i32 %13, 2
  store i32 %14, ptr %3, align 4
  br label %35

15:                                               ; preds = %2
  %16 = load i32, ptr %5, align 4, !tbaa !5
  %17 = xor i32 %16, 85
  store i32 %17, ptr %3, align 4
  br label %35

18:                                               ; preds = %2
  %19 = load i32, ptr %5, align 4, !tbaa !5
  %20 = and i32 %19, 4095
  %21 = sub nsw i32 %20, 7
  store i32 %21, ptr %5, align 4, !tbaa !5
  br label %22

22:                                               ; preds = %2, %18
  %23 = load i32, ptr %5, align 4, !tbaa !5
  %24 = xor i32 %23, -1
  %25 = and i32 %24, 65535
  store i32 %25, ptr %3, align 4
  br label %35

26:                                               ; preds = %2
  %27 = load i32, ptr %5, align 4, !tbaa !5
  %28 = ashr i32 %27, 3
  store i32 %28, ptr %3, align 4
  br label %35

29:                                               ; preds = %2
  %30 = load i32, ptr %5, align 4, !tbaa !5
  %31 = or i32 %30, 1
  store i32 %31, ptr %3, align 4
  br label %35

32:                                               ; preds = %2
  store i32 99, ptr %3, align 4
  br label %35

33:                                               ; preds = %2
  %34 = load i32, ptr %4, align 4, !tbaa !5
  store i32 %34, ptr %3, align 4
  br label %35

35:                                               ; preds = %33, %32, %29, %26, %22, %15, %11, %7
  %36 = load i32, ptr %3, align 4
  ret i32 %36
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @sparse(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  %4 = load i32, ptr %3, align 4, !tbaa !5
  switch i32 %4, label %10 [
    i32 1, label %5
    i32 17, label %5
    i32 4000, label %5
    i32 -2147483648, label %6
    i32 65536, label %7
    i32 99999999, label %8
    i32 -1, label %9
  ]

5:                                                ; preds = %1, %1, %1
  store i32 3, ptr %2, align 4
  br label %11

6:                                                ; preds = %1
  store i32 -1, ptr %2, align 4
  br label %11

7:                                                ; preds = %1
  store i32 12, ptr %2, align 4
  br label %11

8:                                                ; preds = %1
  store i32 6, ptr %2, align 4
  br label %11

9:                                                ; preds = %1
  store i32 7, ptr %2, align 4
  br label %11

10:                                               ; preds = %1
  store i32 0, ptr %2, align 4
  br label %11

11:                                               ; preds = %10, %9, %8, %7, %6, %5
  %12 = load i32, ptr %2, align 4
  ret i32 %12
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local ptr @name_of(i32 noundef %0) #0 {
  %2 = alloca ptr, align 8
  %3 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  %4 = load i32, ptr %3, align 4, !tbaa !5
  switch i32 %4, label %10 [
    i32 0, label %5
    i32 1, label %6
    i32 2, label %7
    i32 3, label %8
    i32 4, label %9
  ]

5:                                                ; preds = %1
  store ptr @.str, ptr %2, align 8
  br label %11

6:                                                ; preds = %1
  store ptr @.str.1, ptr %2, align 8
  br label %11

7:                                                ; preds = %1
  store ptr @.str.2, ptr %2, align 8
  br label %11

8:                                                ; preds = %1
  store ptr @.str.3, ptr %2, align 8
  br label %11

9:                                                ; preds = %1
  store ptr @.str.4, ptr %2, align 8
  br label %11

10:                                               ; preds = %1
  store ptr @.str.5, ptr %2, align 8
  br label %11

11:                                               ; preds = %10, %9, %8, %7, %6, %5
  %12 = load ptr, ptr %2, align 8
  ret ptr %12
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @letter(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  %5 = load i32, ptr %3, align 4, !tbaa !5
  %6 = call ptr @name_of(i32 noundef %5) #3
  %7 = load i32, ptr %4, align 4, !tbaa !5
  %8 = and i32 %7, 3
  %9 = zext i32 %8 to i64
  %10 = getelementptr inbounds i8, ptr %6, i64 %9
  %11 = load i8, ptr %10, align 1, !tbaa !9
  %12 = sext i8 %11 to i32
  ret i32 %12
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @days_in(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  store i32 %0, ptr %4, align 4, !tbaa !5
  store i32 %1, ptr %5, align 4, !tbaa !5
  %6 = load i32, ptr %4, align 4, !tbaa !5
  switch i32 %6, label %14 [
    i32 4, label %7
    i32 6, label %7
    i32 9, label %7
    i32 11, label %7
    i32 2, label %8
    i32 1, label %13
    i32 3, label %13
    i32 5, label %13
    i32 7, label %13
    i32 8, label %13
    i32 10, label %13
    i32 12, label %13
  ]

7:                                                ; preds = %2, %2, %2, %2
  store i32 30, ptr %3, align 4
  br label %15

8:                                                ; preds = %2
  %9 = load i32, ptr %5, align 4, !tbaa !5
  %10 = icmp ne i32 %9, 0
  %11 = zext i1 %10 to i64
  %12 = select i1 %10, i32 29, i32 28
  store i32 %12, ptr %3, align 4
  br label %15

13:                                               ; preds = %2, %2, %2, %2, %2, %2, %2
  store i32 31, ptr %3, align 4
  br label %15

14:                                               ; preds = %2
  store i32 -1, ptr %3, align 4
  br label %15

15:                                               ; preds = %14, %13, %8, %7
  %16 = load i32, ptr %3, align 4
  ret i32 %16
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @short_circuit(i32 noundef %0, i32 noundef %1, i32 noundef %2) #0 {
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  %7 = alloca i32, align 4
  store i32 %0, ptr %4, align 4, !tbaa !5
  store i32 %1, ptr %5, align 4, !tbaa !5
  store i32 %2, ptr %6, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %7) #4
  store i32 0, ptr %7, align 4, !tbaa !5
  %8 = load i32, ptr %4, align 4, !tbaa !5
  %9 = icmp sgt i32 %8, 10
  br i1 %9, label %10, label %21

10:                                               ; preds = %3
  %11 = load i32, ptr %4, align 4, !tbaa !5
  %12 = call i32 @effect(i32 noundef %11) #3
  %13 = icmp ne i32 %12, 0
  br i1 %13, label %14, label %21

14:                                               ; preds = %10
  %15 = load i32, ptr %5, align 4, !tbaa !5
  %16 = load i32, ptr %6, align 4, !tbaa !5
  %17 = icmp ne i32 %15, %16
  br i1 %17, label %18, label %21

18:                                               ; preds = %14
  %19 = load i32, ptr %7, align 4, !tbaa !5
  %20 = add nsw i32 %19, 1
  store i32 %20, ptr %7, align 4, !tbaa !5
  br label %21

21:                                               ; preds = %18, %14, %10, %3
  %22 = load i32, ptr %5, align 4, !tbaa !5
  %23 = icmp slt i32 %22, 0
  br i1 %23, label %31, label %24

24:                                               ; preds = %21
  %25 = load i32, ptr %5, align 4, !tbaa !5
  %26 = call i32 @effect(i32 noundef %25) #3
  %27 = icmp sgt i32 %26, 100
  br i1 %27, label %31, label %28

28:                                               ; preds = %24
  %29 = load i32, ptr %6, align 4, !tbaa !5
  %30 = icmp eq i32 %29, 7
  br i1 %30, label %31, label %34

31:                                               ; preds = %28, %24, %21
  %32 = load i32, ptr %7, align 4, !tbaa !5
  %33 = add nsw i32 %32, 2
  store i32 %33, ptr %7, align 4, !tbaa !5
  br label %34

34:                                               ; preds = %31, %28
  %35 = load i32, ptr %4, align 4, !tbaa !5
  %36 = load i32, ptr %5, align 4, !tbaa !5
  %37 = icmp eq i32 %35, %36
  %38 = xor i1 %37, true
  %39 = zext i1 %38 to i32
  %40 = load i32, ptr %6, align 4, !tbaa !5
  %41 = call i32 @effect(i32 noundef %40) #3
  %42 = icmp slt i32 %41, 0
  %43 = zext i1 %42 to i32
  %44 = icmp eq i32 %39, %43
  br i1 %44, label %45, label %48

45:                                               ; preds = %34
  %46 = load i32, ptr %7, align 4, !tbaa !5
  %47 = add nsw i32 %46, 4
  store i32 %47, ptr %7, align 4, !tbaa !5
  br label %48

48:                                               ; preds = %45, %34
  %49 = load i32, ptr %7, align 4, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 4, ptr %7) #4
  ret i32 %49
}

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.start.p0(i64 immarg, ptr nocapture) #1

; Function Attrs: minsize optsize
declare i32 @effect(i32 noundef) #2

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.end.p0(i64 immarg, ptr nocapture) #1

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @in_order(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #4
  %5 = load i32, ptr %2, align 4, !tbaa !5
  %6 = call i32 @effect(i32 noundef %5) #3
  store i32 %6, ptr %3, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #4
  %7 = load i32, ptr %3, align 4, !tbaa !5
  %8 = load i32, ptr %2, align 4, !tbaa !5
  %9 = xor i32 %7, %8
  %10 = call i32 @effect(i32 noundef %9) #3
  store i32 %10, ptr %4, align 4, !tbaa !5
  %11 = load i32, ptr %3, align 4, !tbaa !5
  %12 = load i32, ptr %4, align 4, !tbaa !5
  %13 = icmp eq i32 %11, %12
  br i1 %13, label %14, label %16

14:                                               ; preds = %1
  %15 = call i32 @effect(i32 noundef 0) #3
  br label %16

16:                                               ; preds = %14, %1
  %17 = load i32, ptr %4, align 4, !tbaa !5
  %18 = and i32 %17, 255
  %19 = call i32 @effect(i32 noundef %18) #3
  %20 = and i32 %19, 65535
  %21 = load i32, ptr %3, align 4, !tbaa !5
  %22 = and i32 %21, 65535
  %23 = sub nsw i32 %20, %22
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #4
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #4
  ret i32 %23
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @is_identifier(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  %5 = load i32, ptr %3, align 4, !tbaa !5
  %6 = icmp sge i32 %5, 97
  br i1 %6, label %7, label %10

7:                                                ; preds = %2
  %8 = load i32, ptr %3, align 4, !tbaa !5
  %9 = icmp sle i32 %8, 122
  br i1 %9, label %30, label %10

10:                                               ; preds = %7, %2
  %11 = load i32, ptr %3, align 4, !tbaa !5
  %12 = icmp sge i32 %11, 65
  br i1 %12, label %13, label %16

13:                                               ; preds = %10
  %14 = load i32, ptr %3, align 4, !tbaa !5
  %15 = icmp sle i32 %14, 90
  br i1 %15, label %30, label %16

16:                                               ; preds = %13, %10
  %17 = load i32, ptr %3, align 4, !tbaa !5
  %18 = icmp eq i32 %17, 95
  br i1 %18, label %30, label %19

19:                                               ; preds = %16
  %20 = load i32, ptr %4, align 4, !tbaa !5
  %21 = icmp ne i32 %20, 0
  br i1 %21, label %28, label %22

22:                                               ; preds = %19
  %23 = load i32, ptr %3, align 4, !tbaa !5
  %24 = icmp sge i32 %23, 48
  br i1 %24, label %25, label %28

25:                                               ; preds = %22
  %26 = load i32, ptr %3, align 4, !tbaa !5
  %27 = icmp sle i32 %26, 57
  br label %28

28:                                               ; preds = %25, %22, %19
  %29 = phi i1 [ false, %22 ], [ false, %19 ], [ %27, %25 ]
  br label %30

30:                                               ; preds = %28, %16, %13, %7
  %31 = phi i1 [ true, %16 ], [ true, %13 ], [ true, %7 ], [ %29, %28 ]
  %32 = zext i1 %31 to i32
  ret i32 %32
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @number_state(i64 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i64, align 8
  %4 = alloca i32, align 4
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  %7 = alloca i8, align 1
  %8 = alloca i32, align 4
  store i64 %0, ptr %3, align 8, !tbaa !10
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #4
  store i32 0, ptr %4, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #4
  store i32 0, ptr %5, align 4, !tbaa !5
  br label %9

9:                                                ; preds = %80, %1
  %10 = load i32, ptr %5, align 4, !tbaa !5
  %11 = icmp slt i32 %10, 8
  br i1 %11, label %13, label %12

12:                                               ; preds = %9
  store i32 2, ptr %6, align 4
  br label %83

13:                                               ; preds = %9
  call void @llvm.lifetime.start.p0(i64 1, ptr %7) #4
  %14 = load i64, ptr %3, align 8, !tbaa !10
  %15 = load i32, ptr %5, align 4, !tbaa !5
  %16 = mul nsw i32 8, %15
  %17 = zext i32 %16 to i64
  %18 = lshr i64 %14, %17
  %19 = trunc i64 %18 to i8
  store i8 %19, ptr %7, align 1, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %8) #4
  %20 = load i8, ptr %7, align 1, !tbaa !9
  %21 = zext i8 %20 to i32
  %22 = icmp sge i32 %21, 48
  br i1 %22, label %23, label %27

23:                                               ; preds = %13
  %24 = load i8, ptr %7, align 1, !tbaa !9
  %25 = zext i8 %24 to i32
  %26 = icmp sle i32 %25, 57
  br label %27

27:                                               ; preds = %23, %13
  %28 = phi i1 [ false, %13 ], [ %26, %23 ]
  %29 = zext i1 %28 to i32
  store i32 %29, ptr %8, align 4, !tbaa !5
  %30 = load i8, ptr %7, align 1, !tbaa !9
  %31 = zext i8 %30 to i32
  %32 = icmp eq i32 %31, 0
  br i1 %32, label %33, label %34

33:                                               ; preds = %27
  store i32 2, ptr %6, align 4
  br label %77

34:                                               ; preds = %27
  %35 = load i32, ptr %4, align 4, !tbaa !5
  switch i32 %35, label %76 [
    i32 0, label %36
    i32 1, label %48
    i32 2, label %53
    i32 3, label %65
    i32 4, label %70
    i32 5, label %75
  ]

36:                                               ; preds = %34
  %37 = load i8, ptr %7, align 1, !tbaa !9
  %38 = zext i8 %37 to i32
  %39 = icmp eq i32 %38, 45
  br i1 %39, label %40, label %41

40:                                               ; preds = %36
  br label %46

41:                                               ; preds = %36
  %42 = load i32, ptr %8, align 4, !tbaa !5
  %43 = icmp ne i32 %42, 0
  %44 = zext i1 %43 to i64
  %45 = select i1 %43, i32 2, i32 5
  br label %46

46:                                               ; preds = %41, %40
  %47 = phi i32 [ 1, %40 ], [ %45, %41 ]
  store i32 %47, ptr %4, align 4, !tbaa !5
  br label %76

48:                                               ; preds = %34
  %49 = load i32, ptr %8, align 4, !tbaa !5
  %50 = icmp ne i32 %49, 0
  %51 = zext i1 %50 to i64
  %52 = select i1 %50, i32 2, i32 5
  store i32 %52, ptr %4, align 4, !tbaa !5
  br label %76

53:                                               ; preds = %34
  %54 = load i32, ptr %8, align 4, !tbaa !5
  %55 = icmp ne i32 %54, 0
  br i1 %55, label %56, label %57

56:                                               ; preds = %53
  br label %63

57:                                               ; preds = %53
  %58 = load i8, ptr %7, align 1, !tbaa !9
  %59 = zext i8 %58 to i32
  %60 = icmp eq i32 %59, 46
  %61 = zext i1 %60 to i64
  %62 = select i1 %60, i32 3, i32 5
  br label %63

63:                                               ; preds = %57, %56
  %64 = phi i32 [ 2, %56 ], [ %62, %57 ]
  store i32 %64, ptr %4, align 4, !tbaa !5
  br label %76

65:                                               ; preds = %34
  %66 = load i32, ptr %8, align 4, !tbaa !5
  %67 = icmp ne i32 %66, 0
  %68 = zext i1 %67 to i64
  %69 = select i1 %67, i32 4, i32 5
  store i32 %69, ptr %4, align 4, !tbaa !5
  br label %76

70:                                               ; preds = %34
  %71 = load i32, ptr %8, align 4, !tbaa !5
  %72 = icmp ne i32 %71, 0
  %73 = zext i1 %72 to i64
  %74 = select i1 %72, i32 4, i32 5
  store i32 %74, ptr %4, align 4, !tbaa !5
  br label %76

75:                                               ; preds = %34
  store i32 5, ptr %2, align 4
  store i32 1, ptr %6, align 4
  br label %77

76:                                               ; preds = %34, %70, %65, %63, %48, %46
  store i32 0, ptr %6, align 4
  br label %77

77:                                               ; preds = %76, %75, %33
  call void @llvm.lifetime.end.p0(i64 4, ptr %8) #4
  call void @llvm.lifetime.end.p0(i64 1, ptr %7) #4
  %78 = load i32, ptr %6, align 4
  switch i32 %78, label %83 [
    i32 0, label %79
  ]

79:                                               ; preds = %77
  br label %80

80:                                               ; preds = %79
  %81 = load i32, ptr %5, align 4, !tbaa !5
  %82 = add nsw i32 %81, 1
  store i32 %82, ptr %5, align 4, !tbaa !5
  br label %9, !llvm.loop !12

83:                                               ; preds = %77, %12
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #4
  %84 = load i32, ptr %6, align 4
  switch i32 %84, label %87 [
    i32 2, label %85
  ]

85:                                               ; preds = %83
  %86 = load i32, ptr %4, align 4, !tbaa !5
  store i32 %86, ptr %2, align 4
  store i32 1, ptr %6, align 4
  br label %87

87:                                               ; preds = %85, %83
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #4
  %88 = load i32, ptr %2, align 4
  ret i32 %88
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @with_jumps(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #4
  store i32 0, ptr %3, align 4, !tbaa !5
  %4 = load i32, ptr %2, align 4, !tbaa !5
  %5 = and i32 %4, 15
  store i32 %5, ptr %2, align 4, !tbaa !5
  br label %6

6:                                                ; preds = %18, %1
  %7 = load i32, ptr %2, align 4, !tbaa !5
  %8 = icmp eq i32 %7, 0
  br i1 %8, label %9, label %10

9:                                                ; preds = %6
  br label %21

10:                                               ; preds = %6
  %11 = load i32, ptr %2, align 4, !tbaa !5
  %12 = icmp eq i32 %11, 9
  br i1 %12, label %13, label %14

13:                                               ; preds = %10
  br label %18

14:                                               ; preds = %10
  %15 = load i32, ptr %2, align 4, !tbaa !5
  %16 = load i32, ptr %3, align 4, !tbaa !5
  %17 = add nsw i32 %16, %15
  store i32 %17, ptr %3, align 4, !tbaa !5
  br label %18

18:                                               ; preds = %14, %13
  %19 = load i32, ptr %2, align 4, !tbaa !5
  %20 = add nsw i32 %19, -1
  store i32 %20, ptr %2, align 4, !tbaa !5
  br label %6

21:                                               ; preds = %9
  %22 = load i32, ptr %3, align 4, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #4
  ret i32 %22
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @tail_recursive(i8 noundef zeroext %0) #0 {
  %2 = alloca i8, align 1
  store i8 %0, ptr %2, align 1, !tbaa !9
  %3 = load i8, ptr %2, align 1, !tbaa !9
  %4 = zext i8 %3 to i32
  %5 = and i32 %4, 31
  %6 = call i32 @sum_down(i32 noundef %5, i32 noundef 1) #3
  ret i32 %6
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @sum_down(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  %5 = load i32, ptr %3, align 4, !tbaa !5
  %6 = icmp eq i32 %5, 0
  br i1 %6, label %7, label %9

7:                                                ; preds = %2
  %8 = load i32, ptr %4, align 4, !tbaa !5
  br label %17

9:                                                ; preds = %2
  %10 = load i32, ptr %3, align 4, !tbaa !5
  %11 = sub i32 %10, 1
  %12 = load i32, ptr %4, align 4, !tbaa !5
  %13 = mul i32 %12, 3
  %14 = load i32, ptr %3, align 4, !tbaa !5
  %15 = add i32 %13, %14
  %16 = call i32 @sum_down(i32 noundef %11, i32 noundef %15) #3
  br label %17

17:                                               ; preds = %9, %7
  %18 = phi i32 [ %8, %7 ], [ %16, %9 ]
  ret i32 %18
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @mutual(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !5
  %3 = load i32, ptr %2, align 4, !tbaa !5
  %4 = and i32 %3, 31
  %5 = call i32 @is_even(i32 noundef %4) #3
  %6 = mul nsw i32 %5, 2
  %7 = load i32, ptr %2, align 4, !tbaa !5
  %8 = lshr i32 %7, 5
  %9 = and i32 %8, 15
  %10 = call i32 @is_odd(i32 noundef %9) #3
  %11 = add nsw i32 %6, %10
  ret i32 %11
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @is_even(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !5
  %3 = load i32, ptr %2, align 4, !tbaa !5
  %4 = icmp eq i32 %3, 0
  br i1 %4, label %5, label %6

5:                                                ; preds = %1
  br label %10

6:                                                ; preds = %1
  %7 = load i32, ptr %2, align 4, !tbaa !5
  %8 = sub i32 %7, 1
  %9 = call i32 @is_odd(i32 noundef %8) #3
  br label %10

10:                                               ; preds = %6, %5
  %11 = phi i32 [ 1, %5 ], [ %9, %6 ]
  ret i32 %11
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @is_odd(i32 noundef %0) #0 {
  %2 = alloca i32, align 4
  store i32 %0, ptr %2, align 4, !tbaa !5
  %3 = load i32, ptr %2, align 4, !tbaa !5
  %4 = icmp eq i32 %3, 0
  br i1 %4, label %5, label %6

5:                                                ; preds = %1
  br label %10

6:                                                ; preds = %1
  %7 = load i32, ptr %2, align 4, !tbaa !5
  %8 = sub i32 %7, 1
  %9 = call i32 @is_even(i32 noundef %8) #3
  br label %10

10:                                               ; preds = %6, %5
  %11 = phi i32 [ 0, %5 ], [ %9, %6 ]
  ret i32 %11
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @nested_recursion(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %3, align 4, !tbaa !5
  store i32 %1, ptr %4, align 4, !tbaa !5
  %5 = load i32, ptr %3, align 4, !tbaa !5
  %6 = urem i32 %5, 3
  %7 = load i32, ptr %4, align 4, !tbaa !5
  %8 = and i32 %7, 3
  %9 = call i32 @ackermann(i32 noundef %6, i32 noundef %8) #3
  ret i32 %9
}

; Function Attrs: minsize nounwind optsize uwtable
define internal i32 @ackermann(i32 noundef %0, i32 noundef %1) #0 {
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
  %10 = add i32 %9, 1
  store i32 %10, ptr %3, align 4
  br label %28

11:                                               ; preds = %2
  %12 = load i32, ptr %5, align 4, !tbaa !5
  %13 = icmp eq i32 %12, 0
  br i1 %13, label %14, label %18

14:                                               ; preds = %11
  %15 = load i32, ptr %4, align 4, !tbaa !5
  %16 = sub i32 %15, 1
  %17 = call i32 @ackermann(i32 noundef %16, i32 noundef 1) #3
  br label %26

18:                                               ; preds = %11
  %19 = load i32, ptr %4, align 4, !tbaa !5
  %20 = sub i32 %19, 1
  %21 = load i32, ptr %4, align 4, !tbaa !5
  %22 = load i32, ptr %5, align 4, !tbaa !5
  %23 = sub i32 %22, 1
  %24 = call i32 @ackermann(i32 noundef %21, i32 noundef %23) #3
  %25 = call i32 @ackermann(i32 noundef %20, i32 noundef %24) #3
  br label %26

26:                                               ; preds = %18, %14
  %27 = phi i32 [ %17, %14 ], [ %25, %18 ]
  store i32 %27, ptr %3, align 4
  br label %28

28:                                               ; preds = %26, %8
  %29 = load i32, ptr %3, align 4
  ret i32 %29
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local void @unrolled_copy(ptr noundef %0, ptr noundef %1, i8 noundef zeroext %2) #0 {
  %4 = alloca ptr, align 8
  %5 = alloca ptr, align 8
  %6 = alloca i8, align 1
  %7 = alloca i32, align 4
  %8 = alloca i32, align 4
  %9 = alloca i32, align 4
  store ptr %0, ptr %4, align 8, !tbaa !14
  store ptr %1, ptr %5, align 8, !tbaa !14
  store i8 %2, ptr %6, align 1, !tbaa !9
  call void @llvm.lifetime.start.p0(i64 4, ptr %7) #4
  %10 = load i8, ptr %6, align 1, !tbaa !9
  %11 = zext i8 %10 to i32
  %12 = and i32 %11, 15
  store i32 %12, ptr %7, align 4, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %8) #4
  %13 = load i32, ptr %7, align 4, !tbaa !5
  %14 = add nsw i32 %13, 3
  %15 = sdiv i32 %14, 4
  store i32 %15, ptr %8, align 4, !tbaa !5
  %16 = load i32, ptr %7, align 4, !tbaa !5
  %17 = icmp eq i32 %16, 0
  br i1 %17, label %18, label %19

18:                                               ; preds = %3
  store i32 1, ptr %9, align 4
  br label %53

19:                                               ; preds = %3
  %20 = load i32, ptr %7, align 4, !tbaa !5
  %21 = srem i32 %20, 4
  switch i32 %21, label %52 [
    i32 0, label %22
    i32 3, label %29
    i32 2, label %35
    i32 1, label %41
  ]

22:                                               ; preds = %19
  br label %23

23:                                               ; preds = %47, %22
  %24 = load ptr, ptr %5, align 8, !tbaa !14
  %25 = getelementptr inbounds i8, ptr %24, i32 1
  store ptr %25, ptr %5, align 8, !tbaa !14
  %26 = load i8, ptr %24, align 1, !tbaa !9
  %27 = load ptr, ptr %4, align 8, !tbaa !14
  %28 = getelementptr inbounds i8, ptr %27, i32 1
  store ptr %28, ptr %4, align 8, !tbaa !14
  store i8 %26, ptr %27, align 1, !tbaa !9
  br label %29

29:                                               ; preds = %19, %23
  %30 = load ptr, ptr %5, align 8, !tbaa !14
  %31 = getelementptr inbounds i8, ptr %30, i32 1
  store ptr %31, ptr %5, align 8, !tbaa !14
  %32 = load i8, ptr %30, align 1, !tbaa !9
  %33 = load ptr, ptr %4, align 8, !tbaa !14
  %34 = getelementptr inbounds i8, ptr %33, i32 1
  store ptr %34, ptr %4, align 8, !tbaa !14
  store i8 %32, ptr %33, align 1, !tbaa !9
  br label %35

35:                                               ; preds = %19, %29
  %36 = load ptr, ptr %5, align 8, !tbaa !14
  %37 = getelementptr inbounds i8, ptr %36, i32 1
  store ptr %37, ptr %5, align 8, !tbaa !14
  %38 = load i8, ptr %36, align 1, !tbaa !9
  %39 = load ptr, ptr %4, align 8, !tbaa !14
  %40 = getelementptr inbounds i8, ptr %39, i32 1
  store ptr %40, ptr %4, align 8, !tbaa !14
  store i8 %38, ptr %39, align 1, !tbaa !9
  br label %41

41:                                               ; preds = %19, %35
  %42 = load ptr, ptr %5, align 8, !tbaa !14
  %43 = getelementptr inbounds i8, ptr %42, i32 1
  store ptr %43, ptr %5, align 8, !tbaa !14
  %44 = load i8, ptr %42, align 1, !tbaa !9
  %45 = load ptr, ptr %4, align 8, !tbaa !14
  %46 = getelementptr inbounds i8, ptr %45, i32 1
  store ptr %46, ptr %4, align 8, !tbaa !14
  store i8 %44, ptr %45, align 1, !tbaa !9
  br label %47

47:                                               ; preds = %41
  %48 = load i32, ptr %8, align 4, !tbaa !5
  %49 = add nsw i32 %48, -1
  store i32 %49, ptr %8, align 4, !tbaa !5
  %50 = icmp sgt i32 %49, 0
  br i1 %50, label %23, label %51, !llvm.loop !16

51:                                               ; preds = %47
  br label %52

52:                                               ; preds = %51, %19
  store i32 0, ptr %9, align 4
  br label %53

53:                                               ; preds = %52, %18
  call void @llvm.lifetime.end.p0(i64 4, ptr %8) #4
  call void @llvm.lifetime.end.p0(i64 4, ptr %7) #4
  %54 = load i32, ptr %9, align 4
  switch i32 %54, label %56 [
    i32 0, label %55
    i32 1, label %55
  ]

55:                                               ; preds = %53, %53
  ret void

56:                                               ; preds = %53
  unreachable
}

attributes #0 = { minsize nounwind optsize uwtable "min-legal-vector-width"="0" "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }
attributes #1 = { nocallback nofree nosync nounwind willreturn memory(argmem: readwrite) }
attributes #2 = { minsize optsize "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }
attributes #3 = { minsize optsize }
attributes #4 = { nounwind }

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
!12 = distinct !{!12, !13}
!13 = !{!"llvm.loop.mustprogress"}
!14 = !{!15, !15, i64 0}
!15 = !{!"any pointer", !7, i64 0}
!16 = distinct !{!16, !13}
