package io.lockstep.plan;

/** The inner optimizer; defaults are Keras'. */
public sealed interface OptimizerPlan {
  record Sgd(LearningRatePlan learningRate) implements OptimizerPlan {}

  record Nesterov(LearningRatePlan learningRate, double momentum) implements OptimizerPlan {}

  record Adagrad(LearningRatePlan learningRate, double epsilon) implements OptimizerPlan {}

  record RmsProp(LearningRatePlan learningRate, double rho, double epsilon)
      implements OptimizerPlan {}

  record Adadelta(double rho, double epsilon) implements OptimizerPlan {}

  record Adam(LearningRatePlan learningRate, double beta1, double beta2, double epsilon)
      implements OptimizerPlan {}

  /**
   * Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101).
   *
   * @param weightDecay times the learning rate, the fraction of each weight taken off at each step
   */
  record AdamW(
      LearningRatePlan learningRate, double beta1, double beta2, double epsilon, double weightDecay)
      implements OptimizerPlan {}

  record Adamax(LearningRatePlan learningRate, double beta1, double beta2, double epsilon)
      implements OptimizerPlan {}

  record Nadam(LearningRatePlan learningRate, double beta1, double beta2, double epsilon)
      implements OptimizerPlan {}

  record AmsGrad(LearningRatePlan learningRate, double beta1, double beta2, double epsilon)
      implements OptimizerPlan {}
}
