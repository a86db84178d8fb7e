package io.lockstep.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.lockstep.config.ComputePlan;
import io.lockstep.config.ModelPlan;
import io.lockstep.config.Plan;
import io.lockstep.config.PlanFile;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.model.Blueprint.Kind;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Networks given as DL4J's own JSON, which may come from a stranger.
 *
 * <p>DL4J's reader loads whatever class the file names. So every text of the file that could be the
 * name of a class is compared with a list of DL4J's own packages before DL4J sees the file, and
 * size and depth are bounded.
 */
final class Dl4jFile {
  /** Packages of plain configuration beans, without code of users. */
  private static final List<String> ALLOWED =
      List.of(
          "org.deeplearning4j.nn.conf.",
          "org.deeplearning4j.nn.weights.",
          "org.nd4j.linalg.activations.impl.",
          "org.nd4j.linalg.lossfunctions.impl.",
          "org.nd4j.linalg.learning.config.",
          "org.nd4j.linalg.learning.regularization.",
          "org.nd4j.linalg.schedule.");

  private static final List<String> REFUSED =
      List.of("org.deeplearning4j.nn.conf.layers.samediff.", "org.deeplearning4j.nn.conf.serde.");

  private static final Pattern CLASS_NAME =
      Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*([./][A-Za-z_$][A-Za-z0-9_$]*)+(;|\\[\\])?");
  private static final int MAX_CHARACTERS = 8 << 20;
  private static final int MAX_DEPTH = 100;

  private final String path;

  private Dl4jFile(String path) {
    this.path = path;
  }

  /**
   * Puts the content of the file into the plan, so that the plan stands for itself.
   *
   * @throws InputException if the file is missing or not what it should be
   */
  static Plan embed(Plan plan, Configuration hadoop) throws IOException {
    if (plan.model() instanceof ModelPlan.Dl4j file && file.json().isEmpty()) {
      String json = PlanFile.text(file.path(), hadoop);
      new Dl4jFile(file.path()).check(json);
      return plan.withModel(new ModelPlan.Dl4j(file.path(), Optional.of(json)));
    }
    return plan;
  }

  /**
   * Reads the network and sees whether it fits the data.
   *
   * @param seed in place of the file's
   * @throws InputException if it does not, or the file is not what it should be
   */
  static NetworkConfiguration read(
      ModelPlan.Dl4j plan, FeatureShape shape, Labels labels, long seed) {
    Dl4jFile file = new Dl4jFile(plan.path());
    String json =
        plan.json()
            .orElseThrow(() -> new IllegalArgumentException(plan.path() + " was not embedded"));
    boolean graph = file.check(json).contains("vertices");
    try {
      return graph
          ? file.graph(ComputationGraphConfiguration.fromJson(json), shape, labels, seed)
          : file.multiLayer(MultiLayerConfiguration.fromJson(json), shape, labels, seed);
    } catch (InputException e) {
      throw e;
    } catch (RuntimeException e) { // DL4J's reader throws whatever Jackson or its beans do
      throw new InputException(
          plan.path()
              + " is not a network configuration that DL4J 1.0.0-M2.1 can read: "
              + Optional.ofNullable(e.getMessage())
                  .orElse(e.toString())
                  .lines()
                  .findFirst()
                  .orElse(""),
          e);
    }
  }

  /**
   * The network of a configuration found in a model file.
   *
   * @throws InputException if it names a class that is not DL4J's own or is no configuration
   */
  static Blueprint blueprint(String path, String json, ComputePlan.Kernels kernels) {
    boolean graph = new Dl4jFile(path).check(json).contains("vertices");
    return new Blueprint(graph ? Kind.GRAPH : Kind.MULTI_LAYER, json, kernels, 1);
  }

  /** Looks at every text before DL4J does; returns the keys at the top. */
  private Set<String> check(String json) {
    if (json.length() > MAX_CHARACTERS) {
      throw new InputException(path + " is larger than " + MAX_CHARACTERS + " characters");
    }
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();
    Set<String> keys = new HashSet<>();
    try (JsonParser parser = factory.createParser(json)) {
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (token == JsonToken.FIELD_NAME && depth == 1) {
          keys.add(parser.currentName());
        }
        if (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) {
          checkText(parser.getText(), parser.currentLocation().getLineNr());
        }
      }
    } catch (IOException e) {
      throw new InputException(
          path + " is not JSON: " + e.getMessage().lines().findFirst().orElse(""), e);
    }
    if (!keys.contains("confs") && !keys.contains("vertices")) {
      throw new InputException(
          path
              + " is neither a MultiLayerConfiguration (key confs) nor a"
              + " ComputationGraphConfiguration (key vertices) of DL4J; write it with toJson()");
    }
    return keys;
  }

  private void checkText(String text, int line) {
    if (!CLASS_NAME.matcher(text).matches()) {
      return;
    }
    String name = text.replace('/', '.');
    boolean allowed =
        ALLOWED.stream().anyMatch(name::startsWith) && REFUSED.stream().noneMatch(name::startsWith);
    if (!allowed) {
      throw new InputException(
          path
              + ":"
              + line
              + ": names "
              + text
              + ", which is not one of DL4J's own layers or functions; only those are loaded");
    }
  }

  private NetworkConfiguration multiLayer(
      MultiLayerConfiguration configuration, FeatureShape shape, Labels labels, long seed) {
    checkType(configuration.getDataType());
    List<NeuralNetConfiguration> layers = configuration.getConfs();
    if (layers.isEmpty()) {
      throw new InputException(path + " has no layers");
    }
    InputType type = NetworkBuilder.inputType(shape);
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i).getLayer();
      InputPreProcessor before = configuration.getInputPreProcess(i);
      try {
        type = before == null ? type : before.getOutputType(type);
        checkInputs(i, layer, type);
        type = layer.getOutputType(i, type);
      } catch (IllegalStateException | IllegalArgumentException | UnsupportedOperationException e) {
        throw unfit(i, layer, "does not fit its input, " + type + ": " + e.getMessage());
      }
      layers.get(i).setSeed(seed);
    }
    Layer last = layers.get(layers.size() - 1).getLayer();
    checkOutputs(last, type.arrayElementsPerExample(), labels);
    return new NetworkConfiguration.MultiLayer(configuration);
  }

  private NetworkConfiguration graph(
      ComputationGraphConfiguration configuration, FeatureShape shape, Labels labels, long seed) {
    checkType(configuration.getDataType());
    int inputs = configuration.getNetworkInputs().size();
    int outputs = configuration.getNetworkOutputs().size();
    if (inputs != 1 || outputs != 1) {
      throw new InputException(
          path
              + " has "
              + inputs
              + " inputs and "
              + outputs
              + " outputs; only graphs with one of each can be trained");
    }
    InputType type;
    String output = configuration.getNetworkOutputs().get(0);
    try {
      type = configuration.getLayerActivationTypes(NetworkBuilder.inputType(shape)).get(output);
    } catch (IllegalStateException | IllegalArgumentException | UnsupportedOperationException e) {
      throw new InputException(
          path + " does not fit examples of shape " + shape + ": " + e.getMessage(), e);
    }
    configuration
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex layer) {
                layer.getLayerConf().setSeed(seed);
              }
            });
    configuration.getDefaultConfiguration().setSeed(seed);
    Layer last =
        configuration.getVertices().get(output) instanceof LayerVertex vertex
            ? vertex.getLayerConf().getLayer()
            : null;
    checkOutputs(last, type.arrayElementsPerExample(), labels);
    return new NetworkConfiguration.Graph(configuration);
  }

  private void checkType(DataType type) {
    if (type != DataType.FLOAT) {
      throw new InputException(
          path + " computes in " + type + "; write it with dataType(DataType.FLOAT)");
    }
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

  private void checkOutputs(Layer last, long outputs, Labels labels) {
    if (!(last instanceof BaseOutputLayer)) {
      throw new InputException(path + " must end in a layer with a loss (OutputLayer, LossLayer)");
    }
    boolean one = outputs == 1 && labels instanceof Labels.Classes && labels.width() == 2;
    if (outputs != labels.width() && !one) {
      throw new InputException(
          path
              + " makes "
              + outputs
              + " outputs, but the data has "
              + labels.width()
              + (labels instanceof Labels.Classes ? " classes" : " targets"));
    }
  }

  private InputException unfit(int i, Layer layer, String message) {
    String name = layer.getLayerName() == null ? "" : ", " + layer.getLayerName();
    return new InputException(
        path + ": layer " + i + " (" + layer.getClass().getSimpleName() + name + ") " + message);
  }
}
