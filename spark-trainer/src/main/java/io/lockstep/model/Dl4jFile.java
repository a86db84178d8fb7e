package io.lockstep.model;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.plan.ModelPlan;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.nd4j.shade.jackson.databind.exc.InvalidTypeIdException;

/**
 * Networks given as DL4J's own JSON, which may come from a stranger; {@link Dl4jJson} looks at it
 * first, {@link Dl4jSupport} says what of it can be trained.
 */
final class Dl4jFile {
  private final String path;

  private Dl4jFile(String path) {
    this.path = path;
  }

  /**
   * Puts the content of the file into the plan, so that the plan stands for itself.
   *
   * @throws InputException if the file is missing or not what it should be, or cannot be trained as
   *     the plan says
   */
  static Plan embed(Plan plan, Configuration hadoop) throws IOException {
    if (!(plan.model() instanceof ModelPlan.Dl4j file)) {
      return plan;
    }
    String json = file.json().isPresent() ? file.json().get() : PlanFile.text(file.path(), hadoop);
    NetworkConfiguration network = parse(file.path(), json);
    Dl4jSupport.check(file.path(), network, plan.training().mode());
    return plan.withModel(new ModelPlan.Dl4j(file.path(), Optional.of(json)));
  }

  /**
   * Reads the network and sees whether it fits the data.
   *
   * @param seed in place of the file's
   * @throws InputException if it does not, or the file is not what it should be
   */
  static NetworkConfiguration read(
      ModelPlan.Dl4j plan, NetworkInput input, Labels labels, long seed) {
    Dl4jFile file = new Dl4jFile(plan.path());
    String json =
        plan.json()
            .orElseThrow(() -> new IllegalArgumentException(plan.path() + " was not embedded"));
    NetworkConfiguration network = parse(plan.path(), json);
    Dl4jSupport.check(plan.path(), network);
    if (input.foretells(labels)) {
      CausalCheck.check(plan.path(), network);
    }
    return file.reading(
        () ->
            network instanceof NetworkConfiguration.Graph graph
                ? file.graph(graph.configuration(), input, labels, seed)
                : file.multiLayer(
                    ((NetworkConfiguration.MultiLayer) network).configuration(),
                    input,
                    labels,
                    seed));
  }

  /**
   * Reads a network, without data to fit it to.
   *
   * @throws InputException if it names a class that is not DL4J's own or is no configuration
   */
  static NetworkConfiguration parse(String path, String json) {
    Dl4jFile file = new Dl4jFile(path);
    boolean graph = file.isGraph(json);
    return file.reading(
        () ->
            graph
                ? new NetworkConfiguration.Graph(ComputationGraphConfiguration.fromJson(json))
                : new NetworkConfiguration.MultiLayer(MultiLayerConfiguration.fromJson(json)));
  }

  /** Memory that a network read from {@code path} takes. */
  static MemoryNeed counted(String path, NetworkConfiguration network) {
    return new Dl4jFile(path).reading(() -> MemoryNeed.of(network));
  }

  /** DL4J's reader throws whatever Jackson or its beans do; all of it is the file's fault. */
  private <T> T reading(Supplier<T> reader) {
    try {
      return reader.get();
    } catch (InputException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw new InputException(
          path + " is not a network configuration that DL4J 1.0.0-M2.1 can read: " + reason(e), e);
    }
  }

  private static String reason(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidTypeIdException unknown && unknown.getTypeId() != null) {
        return "it has no class " + unknown.getTypeId();
      }
    }
    String message = Optional.ofNullable(e.getMessage()).orElse(e.toString());
    return message.lines().findFirst().orElse("");
  }

  /** Whether the text is a graph; looks at every class it names before DL4J does. */
  private boolean isGraph(String json) {
    Set<String> keys = Dl4jJson.check(path, json);
    if (!keys.contains("confs") && !keys.contains("vertices")) {
      throw new InputException(
          path
              + " is neither a MultiLayerConfiguration (key confs) nor a"
              + " ComputationGraphConfiguration (key vertices) of DL4J; write it with toJson()");
    }
    return keys.contains("vertices");
  }

  private NetworkConfiguration multiLayer(
      MultiLayerConfiguration configuration, NetworkInput input, Labels labels, long seed) {
    if (input.isSeveral()) {
      throw new InputException(
          path
              + " has layers one after the other, for one input and one output, but the data has "
              + GraphPorts.of(input, labels).described()
              + "; write a ComputationGraph that calls them by these names");
    }
    List<NeuralNetConfiguration> layers = configuration.getConfs();
    InputType type = NetworkBuilder.inputType(input.features());
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i).getLayer();
      InputPreProcessor before = configuration.getInputPreProcess(i);
      try {
        type = before == null ? type : before.getOutputType(type);
        checkInputs(i, layer, type);
        type = layer instanceof LossLayer ? type : layer.getOutputType(i, type); // DL4J says 0
      } catch (IllegalStateException | IllegalArgumentException | UnsupportedOperationException e) {
        throw unfit(i, layer, "does not fit its input, " + type + ": " + e.getMessage());
      }
      layers.get(i).setSeed(seed);
    }
    Layer last = layers.get(layers.size() - 1).getLayer();
    checkOutput("", last, type, labels, input.labelsPerStep());
    return new NetworkConfiguration.MultiLayer(configuration);
  }

  private NetworkConfiguration graph(
      ComputationGraphConfiguration configuration, NetworkInput input, Labels labels, long seed) {
    GraphPorts ports = GraphPorts.of(input, labels);
    ports.check(path, configuration);
    InputType[] given = ports.inputTypes(configuration);
    Map<String, Long> expected = widths(configuration);
    Map<String, InputType> types;
    try {
      types = configuration.getLayerActivationTypes(given);
    } catch (IllegalStateException | IllegalArgumentException | UnsupportedOperationException e) {
      String shapes =
          input.inputs().size() == 1 ? "examples of shape " + input.features() : input.described();
      throw new InputException(path + " does not fit " + shapes + ": " + e.getMessage(), e);
    }
    widths(configuration)
        .forEach(
            (name, width) -> {
              if (expected.get(name) > 0 && !expected.get(name).equals(width)) {
                throw new InputException(
                    "%s: layer %s expects %d inputs, but gets %d"
                        .formatted(path, name, expected.get(name), width));
              }
            });
    configuration
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex layer) {
                layer.getLayerConf().setSeed(seed);
              }
            });
    configuration.getDefaultConfiguration().setSeed(seed);
    boolean several = configuration.getNetworkOutputs().size() > 1;
    for (String output : configuration.getNetworkOutputs()) {
      int label = several ? ports.output(output) : 0;
      Layer last =
          configuration.getVertices().get(output) instanceof LayerVertex vertex
              ? vertex.getLayerConf().getLayer()
              : null;
      checkOutput(
          several ? ": output " + output : "",
          last,
          types.get(beforeLoss(configuration, output)),
          labels.each().get(label),
          input.perStep().get(label));
    }
    return new NetworkConfiguration.Graph(configuration);
  }

  /** Inputs of each layer that says so; DL4J changes them, unasked, to what flows there. */
  private static Map<String, Long> widths(ComputationGraphConfiguration configuration) {
    Map<String, Long> widths = new LinkedHashMap<>();
    configuration
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex layer
                  && layer.getLayerConf().getLayer() instanceof FeedForwardLayer learned) {
                widths.put(name, learned.getNIn());
              }
            });
    return widths;
  }

  /** The output, or what a layer that has only the loss takes; DL4J calls that 0 wide. */
  private static String beforeLoss(ComputationGraphConfiguration configuration, String output) {
    return configuration.getVertices().get(output) instanceof LayerVertex vertex
            && vertex.getLayerConf().getLayer() instanceof LossLayer
        ? configuration.getVertexInputs().get(output).get(0)
        : output;
  }

  private void checkInputs(int i, Layer layer, InputType type) {
    if (!(layer instanceof FeedForwardLayer learned) || learned.getNIn() == 0) {
      return;
    }
    long needed =
        type instanceof InputType.InputTypeConvolutional image && layer instanceof ConvolutionLayer
            ? image.getChannels()
            : type instanceof InputType.InputTypeFeedForward row ? row.getSize() : learned.getNIn();
    if (learned.getNIn() != needed) {
      throw unfit(i, layer, "expects " + learned.getNIn() + " inputs, but gets " + type);
    }
  }

  /** Values that the network puts out for an example, or for each of its time steps. */
  private static long outputs(InputType type) {
    return type instanceof InputType.InputTypeRecurrent steps
        ? steps.getSize()
        : type.arrayElementsPerExample();
  }

  /**
   * @param which of several outputs, to follow the path in messages; empty if there is one
   * @param type of what comes out
   */
  private void checkOutput(
      String which, Layer last, InputType type, Labels labels, boolean labelsPerStep) {
    String name = path + which;
    if (!hasLoss(last)) {
      throw new InputException(
          "%s must end in a layer with a loss (OutputLayer, RnnOutputLayer, LossLayer, RnnLossLayer or CnnLossLayer), but ends in %s"
              .formatted(name, last == null ? "no layer at all" : last.getClass().getSimpleName()));
    }
    long outputs = outputs(type);
    boolean one = outputs == 1 && labels instanceof Labels.Classes && labels.width() == 2;
    if (outputs != labels.width() && !one) {
      throw new InputException(
          name
              + " makes "
              + outputs
              + " outputs, but the data has "
              + labels.width()
              + (labels instanceof Labels.Classes ? " classes" : " targets"));
    }
    boolean steps = type instanceof InputType.InputTypeRecurrent;
    if (steps != labelsPerStep) {
      throw new InputException(
          name
              + (steps
                  ? " puts out each time step, but the data has one label for an example; end it in"
                      + " OutputLayer, after a LastTimeStep or a global pooling"
                  : " makes one output for an example, but the data has a label for each time step;"
                      + " end it in RnnOutputLayer"));
    }
  }

  private static boolean hasLoss(Layer layer) {
    return layer instanceof BaseOutputLayer
        || layer instanceof LossLayer
        || layer instanceof RnnLossLayer
        || layer instanceof CnnLossLayer;
  }

  private InputException unfit(int i, Layer layer, String message) {
    String name = layer.getLayerName() == null ? "" : ", " + layer.getLayerName();
    return new InputException(
        path + ": layer " + i + " (" + layer.getClass().getSimpleName() + name + ") " + message);
  }
}
