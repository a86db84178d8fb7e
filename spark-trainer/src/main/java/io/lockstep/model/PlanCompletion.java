package io.lockstep.model;

import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.exchange.Exchange;
import io.lockstep.model.layer.NetworkLayer;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.LayerPlan;
import io.lockstep.plan.LossPlan;
import io.lockstep.plan.ModelPlan.Layered;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.plan.TaskPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes into a plan what it leaves to its data: the task, the loss of the task, and what the last
 * layer ends in. The result is the plan that says all of it, of the same bits and the same
 * fingerprint.
 *
 * <p>A plan that has a loss and no task is complete as it stands, and so is a DL4J file.
 */
public final class PlanCompletion {
  private static final String PATH = "model.task";

  private final Layered given;
  private final NetworkInput input;
  private final Labels labels;
  private final Origins origins;

  private PlanCompletion(Layered given, NetworkInput input, Labels labels, Origins origins) {
    this.given = given;
    this.input = input;
    this.labels = labels;
    this.origins = origins;
  }

  /**
   * The plan in full.
   *
   * @param resolved with its DL4J file, if it names one, {@linkplain NetworkBuilder#embed embedded}
   * @param data as it is dealt to the replicas
   * @throws InputException if the plan has a task that is not that of the data
   */
  public static ResolvedPlan of(ResolvedPlan resolved, Exchange data) {
    NetworkInput input = NetworkInput.of(data);
    if (!(resolved.plan().model() instanceof Layered layered)
        || input.isSeveral() // refused when the network is built
        || (layered.task().isEmpty() && layered.loss().isPresent())) {
      return resolved;
    }
    var completion = new PlanCompletion(layered, input, data.labels(), resolved.origins());
    Layered full = completion.complete(TaskOfData.of(data).get(0));
    return resolved.completed(
        resolved.plan().withModel(full),
        layered.task().isPresent() ? "from the task" : "from the data");
  }

  private Layered complete(TaskPlan found) {
    TaskPlan task = given.task().orElse(found);
    if (!TaskOfData.isIn(task, found)) {
      throw origins.problem(
          PATH,
          "is %s, but the data has %s; take %s, or %s"
              .formatted(task.word(), found.data(), found.word(), TaskOfData.remedy(task)));
    }
    LossPlan loss = given.loss().orElseGet(() -> loss(task));
    return given.with(ending(loss), Optional.of(task), loss);
  }

  private LossPlan loss(TaskPlan task) {
    boolean twoClasses =
        task.hasClasses() && task != TaskPlan.LANGUAGE_MODEL && labels.width() == 2;
    return twoClasses && isOne(ending(LossPlan.BINARY_CROSSENTROPY))
        ? LossPlan.BINARY_CROSSENTROPY
        : task.losses().get(0);
  }

  private boolean isOne(List<LayerPlan> layers) {
    NetworkShapes shapes = NetworkShapes.of(given.withLayers(layers), input, labels, origins);
    return shapes.output(layers.size() - 1).rowSize() == 1;
  }

  /** The layers, the last of which makes probabilities if {@code loss} is of such. */
  private List<LayerPlan> ending(LossPlan loss) {
    List<LayerPlan> layers = new ArrayList<>(given.layers());
    NetworkLayer last = NetworkLayer.of(layers.get(layers.size() - 1));
    if (last.activation() == ActivationPlan.Plain.LINEAR) {
      activation(loss).map(last::withActivation).ifPresent(it -> layers.set(layers.size() - 1, it));
    }
    return layers;
  }

  private static Optional<ActivationPlan> activation(LossPlan loss) {
    return switch (loss) {
      case BINARY_CROSSENTROPY -> Optional.of(ActivationPlan.Plain.SIGMOID);
      case CATEGORICAL_CROSSENTROPY, KL_DIVERGENCE -> Optional.of(ActivationPlan.Plain.SOFTMAX);
      default -> Optional.empty();
    };
  }
}
