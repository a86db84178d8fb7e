package io.lockstep.model;

import io.lockstep.plan.LearningRatePlan;
import io.lockstep.plan.OptimizerPlan;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** Optimizers as DL4J's updaters; every hyperparameter comes from the plan, none from DL4J. */
final class Optimizers {
  private Optimizers() {}

  /** The updater, with its learning rate or schedule. */
  static IUpdater of(OptimizerPlan plan) {
    if (plan instanceof OptimizerPlan.Sgd p) {
      return rated(new Sgd(0), p.learningRate());
    }
    if (plan instanceof OptimizerPlan.Nesterov p) {
      return rated(new Nesterovs(0, p.momentum()), p.learningRate());
    }
    if (plan instanceof OptimizerPlan.Adagrad p) {
      return rated(new AdaGrad(0, p.epsilon()), p.learningRate());
    }
    if (plan instanceof OptimizerPlan.RmsProp p) {
      return rated(new RmsProp(0, p.rho(), p.epsilon()), p.learningRate());
    }
    if (plan instanceof OptimizerPlan.Adadelta p) {
      return new AdaDelta(p.rho(), p.epsilon());
    }
    return adaptive(plan);
  }

  private static IUpdater adaptive(OptimizerPlan plan) {
    if (plan instanceof OptimizerPlan.Adam p) {
      return rated(new Adam(0, p.beta1(), p.beta2(), p.epsilon()), p.learningRate());
    }
    if (plan instanceof OptimizerPlan.AdamW p) {
      return rated(new Adam(0, p.beta1(), p.beta2(), p.epsilon()), p.learningRate());
    }
    if (plan instanceof OptimizerPlan.Adamax p) {
      return rated(new AdaMax(0, p.beta1(), p.beta2(), p.epsilon()), p.learningRate());
    }
    if (plan instanceof OptimizerPlan.Nadam p) {
      return rated(new Nadam(0, p.beta1(), p.beta2(), p.epsilon()), p.learningRate());
    }
    OptimizerPlan.AmsGrad p = (OptimizerPlan.AmsGrad) plan;
    return rated(new AMSGrad(0, p.beta1(), p.beta2(), p.epsilon()), p.learningRate());
  }

  /** Weight decay that belongs to the optimizer itself. */
  static double weightDecay(OptimizerPlan plan) {
    return plan instanceof OptimizerPlan.AdamW adamW ? adamW.weightDecay() : 0;
  }

  private static IUpdater rated(IUpdater updater, LearningRatePlan plan) {
    double rate = plan instanceof LearningRatePlan.Constant constant ? constant.rate() : Double.NaN;
    updater.setLrAndSchedule(rate, Schedules.of(plan).orElse(null));
    return updater;
  }
}
