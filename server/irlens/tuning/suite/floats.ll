; ModuleID = 'floats.c'
source_filename = "floats.c"
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

%union.anon = type { float }
%struct.vector = type { float, float, float }

@horner.factors = internal constant [5 x double] [double 5.000000e-01, double -1.250000e+00, double 3.000000e+00, double 0.000000e+00, double 7.750000e+00], align 16

; Function Attrs: minsize nounwind optsize uwtable
define dso_local double @horner(double noundef %0) #0 {
  %2 = alloca double, align 8
  %3 = alloca double, align 8
  %4 = alloca i32, align 4
  store double %0, ptr %2, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 8, ptr %3) #4
  store double 0.000000e+00, ptr %3, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %4) #4
  store i32 0, ptr %4, align 4, !tbaa !9
  br label %5

5:                                                ; preds = %18, %1
  %6 = load i32, ptr %4, align 4, !tbaa !9
  %7 = icmp slt i32 %6, 5
  br i1 %7, label %9, label %8

8:                                                ; preds = %5
  call void @llvm.lifetime.end.p0(i64 4, ptr %4) #4
  br label %21

9:                                                ; preds = %5
  %10 = load double, ptr %3, align 8, !tbaa !5
  %11 = load double, ptr %2, align 8, !tbaa !5
  %12 = fmul double %10, %11
  %13 = load i32, ptr %4, align 4, !tbaa !9
  %14 = sext i32 %13 to i64
  %15 = getelementptr inbounds [5 x double], ptr @horner.factors, i64 0, i64 %14
  %16 = load double, ptr %15, align 8, !tbaa !5
  %17 = fadd double %12, %16
  store double %17, ptr %3, align 8, !tbaa !5
  br label %18

18:                                               ; preds = %9
  %19 = load i32, ptr %4, align 4, !tbaa !9
  %20 = add nsw i32 %19, 1
  store i32 %20, ptr %4, align 4, !tbaa !9
  br label %5, !llvm.loop !11

21:                                               ; preds = %8
  %22 = load double, ptr %3, align 8, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 8, ptr %3) #4
  ret double %22
}

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.start.p0(i64 immarg, ptr nocapture) #1

; Function Attrs: nocallback nofree nosync nounwind willreturn memory(argmem: readwrite)
declare void @llvm.lifetime.end.p0(i64 immarg, ptr nocapture) #1

; Function Attrs: minsize nounwind optsize uwtable
define dso_local double @root(double noundef %0) #0 {
  %2 = alloca double, align 8
  %3 = alloca double, align 8
  %4 = alloca double, align 8
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  store double %0, ptr %3, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 8, ptr %4) #4
  store double 1.000000e+00, ptr %4, align 8, !tbaa !5
  %7 = load double, ptr %3, align 8, !tbaa !5
  %8 = fcmp ogt double %7, 0.000000e+00
  br i1 %8, label %9, label %12

9:                                                ; preds = %1
  %10 = load double, ptr %3, align 8, !tbaa !5
  %11 = fcmp olt double %10, 1.000000e+06
  br i1 %11, label %13, label %12

12:                                               ; preds = %9, %1
  store double 0.000000e+00, ptr %2, align 8
  store i32 1, ptr %5, align 4
  br label %30

13:                                               ; preds = %9
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #4
  store i32 0, ptr %6, align 4, !tbaa !9
  br label %14

14:                                               ; preds = %25, %13
  %15 = load i32, ptr %6, align 4, !tbaa !9
  %16 = icmp slt i32 %15, 12
  br i1 %16, label %18, label %17

17:                                               ; preds = %14
  store i32 2, ptr %5, align 4
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #4
  br label %28

18:                                               ; preds = %14
  %19 = load double, ptr %4, align 8, !tbaa !5
  %20 = load double, ptr %3, align 8, !tbaa !5
  %21 = load double, ptr %4, align 8, !tbaa !5
  %22 = fdiv double %20, %21
  %23 = fadd double %19, %22
  %24 = fmul double 5.000000e-01, %23
  store double %24, ptr %4, align 8, !tbaa !5
  br label %25

25:                                               ; preds = %18
  %26 = load i32, ptr %6, align 4, !tbaa !9
  %27 = add nsw i32 %26, 1
  store i32 %27, ptr %6, align 4, !tbaa !9
  br label %14, !llvm.loop !13

28:                                               ; preds = %17
  %29 = load double, ptr %4, align 8, !tbaa !5
  store double %29, ptr %2, align 8
  store i32 1, ptr %5, align 4
  br label %30

30:                                               ; preds = %28, %12
  call void @llvm.lifetime.end.p0(i64 8, ptr %4) #4
  %31 = load double, ptr %2, align 8
  ret double %31
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local float @of_halves(float noundef %0, float noundef %1) #0 {
  %3 = alloca float, align 4
  %4 = alloca float, align 4
  %5 = alloca double, align 8
  %6 = alloca float, align 4
  store float %0, ptr %3, align 4, !tbaa !14
  store float %1, ptr %4, align 4, !tbaa !14
  call void @llvm.lifetime.start.p0(i64 8, ptr %5) #4
  %7 = load float, ptr %3, align 4, !tbaa !14
  %8 = fpext float %7 to double
  %9 = load float, ptr %4, align 4, !tbaa !14
  %10 = fpext float %9 to double
  %11 = fmul double %8, %10
  store double %11, ptr %5, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #4
  %12 = load float, ptr %3, align 4, !tbaa !14
  %13 = load float, ptr %4, align 4, !tbaa !14
  %14 = fmul float %12, %13
  store float %14, ptr %6, align 4, !tbaa !14
  %15 = load double, ptr %5, align 8, !tbaa !5
  %16 = load float, ptr %6, align 4, !tbaa !14
  %17 = fpext float %16 to double
  %18 = fsub double %15, %17
  %19 = fptrunc double %18 to float
  %20 = load float, ptr %3, align 4, !tbaa !14
  %21 = load float, ptr %4, align 4, !tbaa !14
  %22 = fsub float %20, %21
  %23 = fdiv float %22, 2.000000e+00
  %24 = fadd float %19, %23
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #4
  call void @llvm.lifetime.end.p0(i64 8, ptr %5) #4
  ret float %24
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @ordered(double noundef %0, double noundef %1) #0 {
  %3 = alloca double, align 8
  %4 = alloca double, align 8
  %5 = alloca i32, align 4
  store double %0, ptr %3, align 8, !tbaa !5
  store double %1, ptr %4, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %5) #4
  store i32 0, ptr %5, align 4, !tbaa !9
  %6 = load double, ptr %3, align 8, !tbaa !5
  %7 = load double, ptr %4, align 8, !tbaa !5
  %8 = fcmp olt double %6, %7
  br i1 %8, label %9, label %12

9:                                                ; preds = %2
  %10 = load i32, ptr %5, align 4, !tbaa !9
  %11 = or i32 %10, 1
  store i32 %11, ptr %5, align 4, !tbaa !9
  br label %12

12:                                               ; preds = %9, %2
  %13 = load double, ptr %3, align 8, !tbaa !5
  %14 = load double, ptr %4, align 8, !tbaa !5
  %15 = fcmp oge double %13, %14
  br i1 %15, label %19, label %16

16:                                               ; preds = %12
  %17 = load i32, ptr %5, align 4, !tbaa !9
  %18 = or i32 %17, 2
  store i32 %18, ptr %5, align 4, !tbaa !9
  br label %19

19:                                               ; preds = %16, %12
  %20 = load double, ptr %3, align 8, !tbaa !5
  %21 = load double, ptr %4, align 8, !tbaa !5
  %22 = fcmp oeq double %20, %21
  br i1 %22, label %23, label %26

23:                                               ; preds = %19
  %24 = load i32, ptr %5, align 4, !tbaa !9
  %25 = or i32 %24, 4
  store i32 %25, ptr %5, align 4, !tbaa !9
  br label %26

26:                                               ; preds = %23, %19
  %27 = load double, ptr %3, align 8, !tbaa !5
  %28 = load double, ptr %3, align 8, !tbaa !5
  %29 = fcmp une double %27, %28
  br i1 %29, label %30, label %33

30:                                               ; preds = %26
  %31 = load i32, ptr %5, align 4, !tbaa !9
  %32 = or i32 %31, 8
  store i32 %32, ptr %5, align 4, !tbaa !9
  br label %33

33:                                               ; preds = %30, %26
  %34 = load double, ptr %3, align 8, !tbaa !5
  %35 = load double, ptr %4, align 8, !tbaa !5
  %36 = fcmp ogt double %34, %35
  br i1 %36, label %41, label %37

37:                                               ; preds = %33
  %38 = load double, ptr %4, align 8, !tbaa !5
  %39 = load double, ptr %3, align 8, !tbaa !5
  %40 = fcmp ogt double %38, %39
  br i1 %40, label %41, label %44

41:                                               ; preds = %37, %33
  %42 = load i32, ptr %5, align 4, !tbaa !9
  %43 = or i32 %42, 16
  store i32 %43, ptr %5, align 4, !tbaa !9
  br label %44

44:                                               ; preds = %41, %37
  %45 = load i32, ptr %5, align 4, !tbaa !9
  call void @llvm.lifetime.end.p0(i64 4, ptr %5) #4
  ret i32 %45
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @to_integer(double noundef %0) #0 {
  %2 = alloca i32, align 4
  %3 = alloca double, align 8
  store double %0, ptr %3, align 8, !tbaa !5
  %4 = load double, ptr %3, align 8, !tbaa !5
  %5 = fcmp ogt double %4, -1.000000e+06
  br i1 %5, label %6, label %17

6:                                                ; preds = %1
  %7 = load double, ptr %3, align 8, !tbaa !5
  %8 = fcmp olt double %7, 1.000000e+06
  br i1 %8, label %9, label %17

9:                                                ; preds = %6
  %10 = load double, ptr %3, align 8, !tbaa !5
  %11 = fptosi double %10 to i32
  %12 = mul nsw i32 %11, 3
  %13 = load double, ptr %3, align 8, !tbaa !5
  %14 = fptrunc double %13 to float
  %15 = fptosi float %14 to i32
  %16 = add nsw i32 %12, %15
  store i32 %16, ptr %2, align 4
  br label %22

17:                                               ; preds = %6, %1
  %18 = load double, ptr %3, align 8, !tbaa !5
  %19 = fcmp ogt double %18, 0.000000e+00
  %20 = zext i1 %19 to i64
  %21 = select i1 %19, i32 1, i32 -1
  store i32 %21, ptr %2, align 4
  br label %22

22:                                               ; preds = %17, %9
  %23 = load i32, ptr %2, align 4
  ret i32 %23
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local double @from_integers(i32 noundef %0, i32 noundef %1, i64 noundef %2, i8 noundef zeroext %3) #0 {
  %5 = alloca i32, align 4
  %6 = alloca i32, align 4
  %7 = alloca i64, align 8
  %8 = alloca i8, align 1
  store i32 %0, ptr %5, align 4, !tbaa !9
  store i32 %1, ptr %6, align 4, !tbaa !9
  store i64 %2, ptr %7, align 8, !tbaa !16
  store i8 %3, ptr %8, align 1, !tbaa !18
  %9 = load i32, ptr %5, align 4, !tbaa !9
  %10 = sitofp i32 %9 to double
  %11 = fmul double %10, 2.500000e-01
  %12 = load i32, ptr %6, align 4, !tbaa !9
  %13 = uitofp i32 %12 to double
  %14 = fadd double %11, %13
  %15 = load i64, ptr %7, align 8, !tbaa !16
  %16 = sitofp i64 %15 to double
  %17 = fdiv double %16, 8.000000e+00
  %18 = fsub double %14, %17
  %19 = load i8, ptr %8, align 1, !tbaa !18
  %20 = uitofp i8 %19 to float
  %21 = fpext float %20 to double
  %22 = fadd double %18, %21
  ret double %22
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local double @sum_in_order(ptr noundef %0, i8 noundef zeroext %1) #0 {
  %3 = alloca ptr, align 8
  %4 = alloca i8, align 1
  %5 = alloca double, align 8
  %6 = alloca double, align 8
  %7 = alloca i32, align 4
  %8 = alloca double, align 8
  %9 = alloca double, align 8
  store ptr %0, ptr %3, align 8, !tbaa !19
  store i8 %1, ptr %4, align 1, !tbaa !18
  call void @llvm.lifetime.start.p0(i64 8, ptr %5) #4
  store double 0.000000e+00, ptr %5, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 8, ptr %6) #4
  store double 0.000000e+00, ptr %6, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %7) #4
  store i32 0, ptr %7, align 4, !tbaa !9
  br label %10

10:                                               ; preds = %34, %2
  %11 = load i32, ptr %7, align 4, !tbaa !9
  %12 = load i8, ptr %4, align 1, !tbaa !18
  %13 = zext i8 %12 to i32
  %14 = and i32 %13, 7
  %15 = icmp ult i32 %11, %14
  br i1 %15, label %17, label %16

16:                                               ; preds = %10
  call void @llvm.lifetime.end.p0(i64 4, ptr %7) #4
  br label %37

17:                                               ; preds = %10
  call void @llvm.lifetime.start.p0(i64 8, ptr %8) #4
  %18 = load ptr, ptr %3, align 8, !tbaa !19
  %19 = load i32, ptr %7, align 4, !tbaa !9
  %20 = zext i32 %19 to i64
  %21 = getelementptr inbounds double, ptr %18, i64 %20
  %22 = load double, ptr %21, align 8, !tbaa !5
  %23 = load double, ptr %6, align 8, !tbaa !5
  %24 = fsub double %22, %23
  store double %24, ptr %8, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 8, ptr %9) #4
  %25 = load double, ptr %5, align 8, !tbaa !5
  %26 = load double, ptr %8, align 8, !tbaa !5
  %27 = fadd double %25, %26
  store double %27, ptr %9, align 8, !tbaa !5
  %28 = load double, ptr %9, align 8, !tbaa !5
  %29 = load double, ptr %5, align 8, !tbaa !5
  %30 = fsub double %28, %29
  %31 = load double, ptr %8, align 8, !tbaa !5
  %32 = fsub double %30, %31
  store double %32, ptr %6, align 8, !tbaa !5
  %33 = load double, ptr %9, align 8, !tbaa !5
  store double %33, ptr %5, align 8, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 8, ptr %9) #4
  call void @llvm.lifetime.end.p0(i64 8, ptr %8) #4
  br label %34

34:                                               ; preds = %17
  %35 = load i32, ptr %7, align 4, !tbaa !9
  %36 = add i32 %35, 1
  store i32 %36, ptr %7, align 4, !tbaa !9
  br label %10, !llvm.loop !21

37:                                               ; preds = %16
  %38 = load double, ptr %5, align 8, !tbaa !5
  call void @llvm.lifetime.end.p0(i64 8, ptr %6) #4
  call void @llvm.lifetime.end.p0(i64 8, ptr %5) #4
  ret double %38
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @bits_of(float noundef %0) #0 {
  %2 = alloca float, align 4
  %3 = alloca %union.anon, align 4
  store float %0, ptr %2, align 4, !tbaa !14
  call void @llvm.lifetime.start.p0(i64 4, ptr %3) #4
  %4 = load float, ptr %2, align 4, !tbaa !14
  store float %4, ptr %3, align 4, !tbaa !18
  %5 = load i32, ptr %3, align 4, !tbaa !18
  %6 = lshr i32 %5, 31
  %7 = icmp ne i32 %6, 0
  br i1 %7, label %8, label %11

8:                                                ; preds = %1
  %9 = load float, ptr %3, align 4, !tbaa !18
  %10 = fneg float %9
  store float %10, ptr %3, align 4, !tbaa !18
  br label %11

11:                                               ; preds = %8, %1
  %12 = load i32, ptr %3, align 4, !tbaa !18
  call void @llvm.lifetime.end.p0(i64 4, ptr %3) #4
  ret i32 %12
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local double @scaled(double noundef %0, i8 noundef signext %1) #0 {
  %3 = alloca double, align 8
  %4 = alloca i8, align 1
  %5 = alloca double, align 8
  %6 = alloca i32, align 4
  store double %0, ptr %3, align 8, !tbaa !5
  store i8 %1, ptr %4, align 1, !tbaa !18
  call void @llvm.lifetime.start.p0(i64 8, ptr %5) #4
  %7 = load i8, ptr %4, align 1, !tbaa !18
  %8 = sext i8 %7 to i32
  %9 = icmp slt i32 %8, 0
  %10 = zext i1 %9 to i64
  %11 = select i1 %9, double 5.000000e-01, double 2.000000e+00
  store double %11, ptr %5, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 4, ptr %6) #4
  %12 = load i8, ptr %4, align 1, !tbaa !18
  %13 = sext i8 %12 to i32
  %14 = icmp slt i32 %13, 0
  br i1 %14, label %15, label %19

15:                                               ; preds = %2
  %16 = load i8, ptr %4, align 1, !tbaa !18
  %17 = sext i8 %16 to i32
  %18 = sub nsw i32 0, %17
  br label %22

19:                                               ; preds = %2
  %20 = load i8, ptr %4, align 1, !tbaa !18
  %21 = sext i8 %20 to i32
  br label %22

22:                                               ; preds = %19, %15
  %23 = phi i32 [ %18, %15 ], [ %21, %19 ]
  store i32 %23, ptr %6, align 4, !tbaa !9
  br label %24

24:                                               ; preds = %32, %22
  %25 = load i32, ptr %6, align 4, !tbaa !9
  %26 = icmp sgt i32 %25, 0
  br i1 %26, label %28, label %27

27:                                               ; preds = %24
  call void @llvm.lifetime.end.p0(i64 4, ptr %6) #4
  br label %35

28:                                               ; preds = %24
  %29 = load double, ptr %5, align 8, !tbaa !5
  %30 = load double, ptr %3, align 8, !tbaa !5
  %31 = fmul double %30, %29
  store double %31, ptr %3, align 8, !tbaa !5
  br label %32

32:                                               ; preds = %28
  %33 = load i32, ptr %6, align 4, !tbaa !9
  %34 = add nsw i32 %33, -1
  store i32 %34, ptr %6, align 4, !tbaa !9
  br label %24, !llvm.loop !22

35:                                               ; preds = %27
  %36 = load double, ptr %3, align 8, !tbaa !5
  %37 = fcmp oeq double %36, 0.000000e+00
  br i1 %37, label %38, label %41

38:                                               ; preds = %35
  %39 = load double, ptr %3, align 8, !tbaa !5
  %40 = fneg double %39
  br label %43

41:                                               ; preds = %35
  %42 = load double, ptr %3, align 8, !tbaa !5
  br label %43

43:                                               ; preds = %41, %38
  %44 = phi double [ %40, %38 ], [ %42, %41 ]
  call void @llvm.lifetime.end.p0(i64 8, ptr %5) #4
  ret double %44
}

; Function Attrs: minsize nounwind optsize uwtable
define dso_local { <2 x float>, float } @crossed(<2 x float> %0, float %1, <2 x float> %2, float %3) #2 {
  %5 = alloca %struct.vector, align 4
  %6 = alloca %struct.vector, align 4
  %7 = alloca { <2 x float>, float }, align 4
  %8 = alloca %struct.vector, align 4
  %9 = alloca { <2 x float>, float }, align 4
  %10 = alloca { <2 x float>, float }, align 8
  %11 = getelementptr inbounds { <2 x float>, float }, ptr %7, i32 0, i32 0
  store <2 x float> %0, ptr %11, align 4
  %12 = getelementptr inbounds { <2 x float>, float }, ptr %7, i32 0, i32 1
  store float %1, ptr %12, align 4
  call void @llvm.memcpy.p0.p0.i64(ptr align 4 %6, ptr align 4 %7, i64 12, i1 false)
  %13 = getelementptr inbounds { <2 x float>, float }, ptr %9, i32 0, i32 0
  store <2 x float> %2, ptr %13, align 4
  %14 = getelementptr inbounds { <2 x float>, float }, ptr %9, i32 0, i32 1
  store float %3, ptr %14, align 4
  call void @llvm.memcpy.p0.p0.i64(ptr align 4 %8, ptr align 4 %9, i64 12, i1 false)
  %15 = getelementptr inbounds %struct.vector, ptr %5, i32 0, i32 0
  %16 = getelementptr inbounds %struct.vector, ptr %6, i32 0, i32 1
  %17 = load float, ptr %16, align 4, !tbaa !23
  %18 = getelementptr inbounds %struct.vector, ptr %8, i32 0, i32 2
  %19 = load float, ptr %18, align 4, !tbaa !25
  %20 = fmul float %17, %19
  %21 = getelementptr inbounds %struct.vector, ptr %6, i32 0, i32 2
  %22 = load float, ptr %21, align 4, !tbaa !25
  %23 = getelementptr inbounds %struct.vector, ptr %8, i32 0, i32 1
  %24 = load float, ptr %23, align 4, !tbaa !23
  %25 = fmul float %22, %24
  %26 = fsub float %20, %25
  store float %26, ptr %15, align 4, !tbaa !26
  %27 = getelementptr inbounds %struct.vector, ptr %5, i32 0, i32 1
  %28 = getelementptr inbounds %struct.vector, ptr %6, i32 0, i32 2
  %29 = load float, ptr %28, align 4, !tbaa !25
  %30 = getelementptr inbounds %struct.vector, ptr %8, i32 0, i32 0
  %31 = load float, ptr %30, align 4, !tbaa !26
  %32 = fmul float %29, %31
  %33 = getelementptr inbounds %struct.vector, ptr %6, i32 0, i32 0
  %34 = load float, ptr %33, align 4, !tbaa !26
  %35 = getelementptr inbounds %struct.vector, ptr %8, i32 0, i32 2
  %36 = load float, ptr %35, align 4, !tbaa !25
  %37 = fmul float %34, %36
  %38 = fsub float %32, %37
  store float %38, ptr %27, align 4, !tbaa !23
  %39 = getelementptr inbounds %struct.vector, ptr %5, i32 0, i32 2
  %40 = getelementptr inbounds %struct.vector, ptr %6, i32 0, i32 0
  %41 = load float, ptr %40, align 4, !tbaa !26
  %42 = getelementptr inbounds %struct.vector, ptr %8, i32 0, i32 1
  %43 = load float, ptr %42, align 4, !tbaa !23
  %44 = fmul float %41, %43
  %45 = getelementptr inbounds %struct.vector, ptr %6, i32 0, i32 1
  %46 = load float, ptr %45, align 4, !tbaa !23
  %47 = getelementptr inbounds %struct.vector, ptr %8, i32 0, i32 0
  %48 = load float, ptr %47, align 4, !tbaa !26
  %49 = fmul float %46, %48
  %50 = fsub float %44, %49
  store float %50, ptr %39, align 4, !tbaa !25
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %10, ptr align 4 %5, i64 12, i1 false)
  %51 = load { <2 x float>, float }, ptr %10, align 8
  ret { <2 x float>, float } %51
}

; Function Attrs: nocallback nofree nounwind willreturn memory(argmem: readwrite)
declare void @llvm.memcpy.p0.p0.i64(ptr noalias nocapture writeonly, ptr noalias nocapture readonly, i64, i1 immarg) #3

; Function Attrs: minsize nounwind optsize uwtable
define dso_local double @clamped(double noundef %0, double noundef %1, double noundef %2) #0 {
  %4 = alloca double, align 8
  %5 = alloca double, align 8
  %6 = alloca double, align 8
  %7 = alloca double, align 8
  store double %0, ptr %4, align 8, !tbaa !5
  store double %1, ptr %5, align 8, !tbaa !5
  store double %2, ptr %6, align 8, !tbaa !5
  call void @llvm.lifetime.start.p0(i64 8, ptr %7) #4
  %8 = load double, ptr %4, align 8, !tbaa !5
  %9 = load double, ptr %5, align 8, !tbaa !5
  %10 = fcmp olt double %8, %9
  br i1 %10, label %11, label %13

11:                                               ; preds = %3
  %12 = load double, ptr %5, align 8, !tbaa !5
  br label %15

13:                                               ; preds = %3
  %14 = load double, ptr %4, align 8, !tbaa !5
  br label %15

15:                                               ; preds = %13, %11
  %16 = phi double [ %12, %11 ], [ %14, %13 ]
  store double %16, ptr %7, align 8, !tbaa !5
  %17 = load double, ptr %7, align 8, !tbaa !5
  %18 = load double, ptr %6, align 8, !tbaa !5
  %19 = fcmp ogt double %17, %18
  br i1 %19, label %20, label %22

20:                                               ; preds = %15
  %21 = load double, ptr %6, align 8, !tbaa !5
  br label %24

22:                                               ; preds = %15
  %23 = load double, ptr %7, align 8, !tbaa !5
  br label %24

24:                                               ; preds = %22, %20
  %25 = phi double [ %21, %20 ], [ %23, %22 ]
  call void @llvm.lifetime.end.p0(i64 8, ptr %7) #4
  ret double %25
}

attributes #0 = { minsize nounwind optsize uwtable "min-legal-vector-width"="0" "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }
attributes #1 = { nocallback nofree nosync nounwind willreturn memory(argmem: readwrite) }
attributes #2 = { minsize nounwind optsize uwtable "min-legal-vector-width"="64" "no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }
attributes #3 = { nocallback nofree nounwind willreturn memory(argmem: readwrite) }
attributes #4 = { nounwind }

!llvm.module.flags = !{!0, !1, !2, !3}
!llvm.ident = !{!4}

!0 = !{i32 1, !"wchar_size", i32 4}
!1 = !{i32 8, !"PIC Level", i32 2}
!2 = !{i32 7, !"PIE Level", i32 2}
!3 = !{i32 7, !"uwtable", i32 2}
!4 = !{!"Debian clang version 19.1.7 (3~deb12u1)"}
!5 = !{!6, !6, i64 0}
!6 = !{!"double", !7, i64 0}
!7 = !{!"omnipotent char", !8, i64 0}
!8 = !{!"Simple C/C++ TBAA"}
!9 = !{!10, !10, i64 0}
!10 = !{!"int", !7, i64 0}
!11 = distinct !{!11, !12}
!12 = !{!"llvm.loop.mustprogress"}
!13 = distinct !{!13, !12}
!14 = !{!15, !15, i64 0}
!15 = !{!"float", !7, i64 0}
!16 = !{!17, !17, i64 0}
!17 = !{!"long", !7, i64 0}
!18 = !{!7, !7, i64 0}
!19 = !{!20, !20, i64 0}
!20 = !{!"any pointer", !7, i64 0}
!21 = distinct !{!21, !12}
!22 = distinct !{!22, !12}
!23 = !{!24, !15, i64 4}
!24 = !{!"vector", !15, i64 0, !15, i64 4, !15, i64 8}
!25 = !{!24, !15, i64 8}
!26 = !{!24, !15, i64 0}
