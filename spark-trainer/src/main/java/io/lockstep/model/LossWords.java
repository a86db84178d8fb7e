package io.lockstep.model;

import io.lockstep.data.block.Schema;
import io.lockstep.plan.LossPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;

/** The losses of DL4J by the words that a plan has for them. */
public final class LossWords {
  private static final Map<Class<? extends ILossFunction>, LossPlan> WORDS =
      Map.ofEntries(
          Map.entry(LossMCXENT.class, LossPlan.CATEGORICAL_CROSSENTROPY),
          Map.entry(LossNegativeLogLikelihood.class, LossPlan.CATEGORICAL_CROSSENTROPY),
          Map.entry(LossBinaryXENT.class, LossPlan.BINARY_CROSSENTROPY),
          Map.entry(LossMSE.class, LossPlan.MSE),
          Map.entry(LossMAE.class, LossPlan.MAE),
          Map.entry(LossMAPE.class, LossPlan.MAPE),
          Map.entry(LossMSLE.class, LossPlan.MSLE),
          Map.entry(LossHinge.class, LossPlan.HINGE),
          Map.entry(LossSquaredHinge.class, LossPlan.SQUARED_HINGE),
          Map.entry(LossKLD.class, LossPlan.KL_DIVERGENCE),
          Map.entry(LossPoisson.class, LossPlan.POISSON),
          Map.entry(LossCosineProximity.class, LossPlan.COSINE_SIMILARITY));

  private LossWords() {}

  /**
   * What each output of a network makes smaller; empty where a plan has no word for it.
   *
   * @param schema of the data, whose order of labels the list has
   */
  public static List<Optional<LossPlan>> of(NetworkConfiguration network, Schema schema) {
    List<Optional<LossPlan>> words =
        LossWeights.functions(network).stream()
            .map(loss -> loss.map(function -> WORDS.get(function.getClass())))
            .toList();
    if (words.size() == 1) {
      return words;
    }
    List<String> names = ((NetworkConfiguration.Graph) network).configuration().getNetworkOutputs();
    return schema.labels().stream().map(it -> words.get(names.indexOf(it.name()))).toList();
  }
}
