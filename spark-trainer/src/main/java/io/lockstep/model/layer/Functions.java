package io.lockstep.model.layer;

import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.InitializerPlan;
import io.lockstep.plan.LossPlan;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.distribution.OrthogonalDistribution;
import org.deeplearning4j.nn.conf.distribution.TruncatedNormalDistribution;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.deeplearning4j.nn.weights.WeightInitReluUniform;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanAvg;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanIn;
import org.deeplearning4j.nn.weights.WeightInitVarScalingUniformFanIn;
import org.deeplearning4j.nn.weights.WeightInitXavierUniform;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossCosineProximity;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;

/** Activations, initialisers and losses as DL4J's, with Keras' meaning. */
public final class Functions {
  /** Deviation of a standard normal distribution that is cut at two deviations. */
  private static final double TRUNCATED = 0.8796256610342398;

  /** Keras' smallest distance of a probability from 0 and 1. */
  private static final double EPSILON = 1e-7;

  private Functions() {}

  /** A function after a layer. */
  public static IActivation activation(ActivationPlan plan) {
    if (plan instanceof ActivationPlan.LeakyRelu leaky) {
      return new ActivationLReLU(leaky.alpha());
    }
    if (plan instanceof ActivationPlan.ThresholdedRelu thresholded) {
      return new ActivationThresholdedReLU(thresholded.theta());
    }
    return switch ((ActivationPlan.Plain) plan) {
      case LINEAR -> new ActivationIdentity();
      case RELU -> new ActivationReLU();
      case RELU6 -> new ActivationReLU6();
      case SIGMOID -> new ActivationSigmoid();
      case HARD_SIGMOID -> new ActivationHardSigmoid();
      case TANH -> new ActivationTanH();
      case HARD_TANH -> new ActivationHardTanH();
      case SOFTMAX -> new ActivationSoftmax();
      case SOFTPLUS -> new ActivationSoftPlus();
      case SOFTSIGN -> new ActivationSoftSign();
      case ELU -> new ActivationELU(); // DL4J's slope forgets any other alpha than 1
      case SELU -> new ActivationSELU();
      case GELU -> new ActivationGELU(false); // DL4J's precise one is wrong below 0
      case SWISH -> new ActivationSwish();
      case MISH -> new ActivationMish();
    };
  }

  public static IWeightInit initializer(InitializerPlan plan) {
    if (plan instanceof InitializerPlan.Constant constant) {
      return new WeightInitConstant(constant.value());
    }
    if (plan instanceof InitializerPlan.RandomNormal normal) {
      return new WeightInitDistribution(new NormalDistribution(normal.mean(), normal.stddev()));
    }
    if (plan instanceof InitializerPlan.TruncatedNormal normal) {
      return new WeightInitDistribution(
          new TruncatedNormalDistribution(normal.mean(), normal.stddev()));
    }
    if (plan instanceof InitializerPlan.RandomUniform uniform) {
      return new WeightInitDistribution(new UniformDistribution(uniform.min(), uniform.max()));
    }
    if (plan instanceof InitializerPlan.Orthogonal orthogonal) {
      return new WeightInitDistribution(new OrthogonalDistribution(orthogonal.gain()));
    }
    double wider = 1 / (TRUNCATED * TRUNCATED); // so that the cut one has the wanted deviation
    return switch ((InitializerPlan.Plain) plan) {
      case GLOROT_UNIFORM -> new WeightInitXavierUniform();
      case GLOROT_NORMAL -> new WeightInitVarScalingNormalFanAvg(wider);
      case HE_UNIFORM -> new WeightInitReluUniform();
      case HE_NORMAL -> new WeightInitVarScalingNormalFanIn(2 * wider);
      // DL4J's draws within scale * 3 / sqrt(fanIn), its own LecunUniform too widely
      case LECUN_UNIFORM -> new WeightInitVarScalingUniformFanIn(1 / Math.sqrt(3));
      case LECUN_NORMAL -> new WeightInitVarScalingNormalFanIn(wider);
      case ZEROS -> new WeightInitConstant(0);
      case ONES -> new WeightInitConstant(1);
    };
  }

  /**
   * Initial weights of layers whose inputs and outputs DL4J counts otherwise than Keras.
   *
   * @param fanIn inputs of each output, as Keras counts them
   * @param fanOut outputs of each input, as Keras counts them
   */
  static IWeightInit initializer(InitializerPlan plan, long fanIn, long fanOut) {
    if (!(plan instanceof InitializerPlan.Plain plain)) {
      return initializer(plan);
    }
    double both = fanIn + fanOut;
    return switch (plain) {
      case GLOROT_UNIFORM -> within(Math.sqrt(6 / both));
      case GLOROT_NORMAL -> cutNormal(Math.sqrt(2 / both));
      case HE_UNIFORM -> within(Math.sqrt(6.0 / fanIn));
      case HE_NORMAL -> cutNormal(Math.sqrt(2.0 / fanIn));
      case LECUN_UNIFORM -> within(Math.sqrt(3.0 / fanIn));
      case LECUN_NORMAL -> cutNormal(Math.sqrt(1.0 / fanIn));
      case ZEROS, ONES -> initializer(plan);
    };
  }

  private static IWeightInit within(double limit) {
    return new WeightInitDistribution(new UniformDistribution(-limit, limit));
  }

  private static IWeightInit cutNormal(double deviation) {
    return new WeightInitDistribution(new TruncatedNormalDistribution(0, deviation / TRUNCATED));
  }

  /**
   * A loss.
   *
   * @param outputs of the network; DL4J's cross-entropy sums over them, Keras' takes the mean
   */
  public static ILossFunction loss(LossPlan plan, long outputs) {
    return switch (plan) {
      case CATEGORICAL_CROSSENTROPY -> new LossMCXENT();
      case BINARY_CROSSENTROPY ->
          outputs == 1
              ? new LossBinaryXENT(EPSILON, null)
              : new LossBinaryXENT(EPSILON, Nd4j.valueArrayOf(1, outputs, 1.0 / outputs));
      case MSE -> new LossMSE();
      case MAE -> new LossMAE();
      case MAPE -> new LossMAPE();
      case MSLE -> new LossMSLE();
      case HINGE -> new LossHinge();
      case SQUARED_HINGE -> new LossSquaredHinge();
      case KL_DIVERGENCE -> new LossKLD();
      case POISSON -> new LossPoisson();
      case COSINE_SIMILARITY -> new LossCosineProximity();
    };
  }
}
