package io.lockstep.model;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.Field;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * The inputs and outputs that the data has, to be matched by name with those of a graph. One of
 * each needs no name.
 *
 * @param input what an example consists of
 * @param outputs names of what is to be learnt; empty if it is one, which has no name
 */
record GraphPorts(NetworkInput input, List<String> outputs) {
  static GraphPorts of(NetworkInput input, Labels labels) {
    return new GraphPorts(
        input, labels instanceof Labels.Several several ? several.names() : List.of());
  }

  /** What there is, for a message. */
  String described() {
    String out =
        outputs.isEmpty() ? "1 output" : outputs.size() + " outputs (" + joined(outputs) + ")";
    return input.inputs().size() == 1
        ? "1 input and " + out
        : "%d inputs (%s) and %s".formatted(input.inputs().size(), joined(names()), out);
  }

  private static String joined(List<String> names) {
    return String.join(", ", names);
  }

  private List<String> names() {
    return input.inputs().stream().map(Field::name).toList();
  }

  /**
   * @throws InputException if the graph has others; lists both
   */
  void check(String path, ComputationGraphConfiguration graph) {
    List<String> in = graph.getNetworkInputs();
    List<String> out = graph.getNetworkOutputs();
    boolean single = in.size() == 1 && input.inputs().size() == 1;
    boolean inputs = single || isAlike(in, names());
    boolean ends = (out.size() == 1 && outputs.isEmpty()) || isAlike(out, outputs);
    if (inputs && ends) {
      return;
    }
    throw new InputException(
        "%s has %d input(s) (%s) and %d output(s) (%s), but the data has %s; where there are several, the plan must name them as the graph does, under inputs and outputs of the source"
            .formatted(path, in.size(), joined(in), out.size(), joined(out), described()));
  }

  private static boolean isAlike(List<String> graph, List<String> data) {
    return graph.size() == data.size() && Set.copyOf(graph).equals(Set.copyOf(data));
  }

  /** What each input of the graph is given, in its order. */
  InputType[] inputTypes(ComputationGraphConfiguration graph) {
    if (input.inputs().size() == 1) {
      return new InputType[] {NetworkBuilder.inputType(input.features())};
    }
    return graph.getNetworkInputs().stream()
        .map(name -> input.inputs().get(names().indexOf(name)))
        .map(field -> NetworkBuilder.inputType(input.features(field)))
        .toArray(InputType[]::new);
  }

  /** Which of the data's outputs that of the graph is. */
  int output(String name) {
    return outputs.indexOf(name);
  }
}
