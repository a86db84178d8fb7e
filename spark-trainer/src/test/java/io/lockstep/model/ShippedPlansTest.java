package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.compute.InitialWeights;
import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.source.csv.CsvSource;
import io.lockstep.ingest.DataRequest;
import io.lockstep.ingest.Survey;
import io.lockstep.plan.ModelPlan;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanFile;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.train.PreparedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every file in conf/ is a plan whose network fits its data. */
class ShippedPlansTest {
  private static final Path CONF = Path.of("..", "conf");

  /** Counts as Keras' summary gives them for the same layers. */
  private static final Map<String, Long> PARAMETERS =
      Map.ofEntries(
          Map.entry("mnist-lenet.yaml", 431_080L),
          Map.entry("mnist-cnn-seed.yaml", 693_962L),
          Map.entry("mnist-cnn3.yaml", 93_322L),
          Map.entry("mnist-mlp.yaml", 101_770L),
          Map.entry("mnist-rows-lstm.yaml", 81_674L),
          Map.entry("names-rnn.yaml", 32_338L),
          Map.entry("names/lstm.yaml", 594_322L),
          Map.entry("text-classifier.yaml", 685_770L),
          Map.entry("definitions-cnn.yaml", 891_786L),
          Map.entry("char-lstm.yaml", 92_897L),
          Map.entry("char-gru.yaml", 72_673L),
          Map.entry("binary-mlp.yaml", 231L),
          Map.entry("two-outputs.yaml", 234L),
          Map.entry("forecast-lstm.yaml", 4_967L));

  static Stream<String> files() throws IOException {
    try (Stream<Path> files = Files.list(CONF);
        Stream<Path> names = Files.list(CONF.resolve("names"))) {
      return Stream.concat(files, names)
          .map(file -> CONF.relativize(file).toString())
          .filter(name -> name.endsWith(".yaml"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @Test
  void noneIsMissing() throws IOException {
    assertThat(files()).containsAll(PARAMETERS.keySet());
  }

  @ParameterizedTest
  @MethodSource("files")
  void buildsItsNetwork(String file) throws IOException {
    Configuration hadoop = new Configuration();
    ResolvedPlan resolved = PlanFile.resolve(CONF.resolve(file).toString(), List.of(), hadoop);
    Plan plan = NetworkBuilder.embed(fromHere(resolved.plan()), hadoop);
    Exchange data = Survey.exchange(fromHere(PreparedRun.request(plan)), hadoop);
    Model network = network(configuration(resolved.with(plan), data));
    assertThat(network.numParams()).isEqualTo(PARAMETERS.getOrDefault(file, network.numParams()));
  }

  private static NetworkConfiguration configuration(ResolvedPlan plan, Exchange data) {
    ResolvedPlan full = PlanCompletion.of(plan, data);
    return NetworkBuilder.build(
        full.plan().model(),
        NetworkInput.of(data),
        data.labels(),
        full.plan().seed(),
        full.origins());
  }

  private static Model network(NetworkConfiguration configuration) {
    if (configuration instanceof NetworkConfiguration.Graph graph) {
      var network = new ComputationGraph(graph.configuration());
      InitialWeights.init(network);
      return network;
    }
    var layers = ((NetworkConfiguration.MultiLayer) configuration).configuration();
    var network = new MultiLayerNetwork(layers);
    InitialWeights.init(network);
    return network;
  }

  @ParameterizedTest
  @MethodSource("files")
  void isNamedAsItsFileAndRunsIntoAFolderOfItsName(String file) throws IOException {
    Plan plan =
        PlanFile.resolve(CONF.resolve(file).toString(), List.of(), new Configuration()).plan();
    assertThat(plan.name() + ".yaml").isEqualTo(file.replace('/', '-'));
    assertThat(plan.run().directory()).isEqualTo("runs/" + plan.name());
  }

  /** Those in conf/full-mnist name files that must be fetched first, and are like the embedded. */
  @ParameterizedTest
  @ValueSource(strings = {"lenet", "mlp", "rows-lstm"})
  void plansForAllOfMnistAreThoseOfTheDigitsThatShip(String name) throws IOException {
    Configuration hadoop = new Configuration();
    Path file = CONF.resolve("full-mnist").resolve(name + ".yaml");
    ResolvedPlan resolved = PlanFile.resolve(file.toString(), List.of(), hadoop);
    Path small = CONF.resolve("mnist-" + name + ".yaml");
    Plan embedded = PlanFile.resolve(small.toString(), List.of(), hadoop).plan();
    Exchange digits = Survey.exchange(PreparedRun.request(embedded), hadoop);
    assertThat(network(configuration(resolved, digits)).numParams())
        .isEqualTo(PARAMETERS.get("mnist-" + name + ".yaml"));
    assertThat(resolved.plan().run().directory()).isEqualTo("runs/full-mnist-" + name);
    assertThat(resolved.plan().data().train().toString()).contains("data/mnist/train-images");
  }

  private static Plan fromHere(Plan plan) {
    return plan.model() instanceof ModelPlan.Dl4j file
        ? plan.withModel(new ModelPlan.Dl4j("../" + file.path(), file.json()))
        : plan;
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "gru"})
  void plansForAllOfShakespeareReadWhatIsFetched(String name) throws IOException {
    Path file = CONF.resolve("full-shakespeare").resolve(name + ".yaml");
    Plan plan = PlanFile.resolve(file.toString(), List.of(), new Configuration()).plan();
    assertThat(plan.run().directory()).isEqualTo("runs/full-shakespeare-" + name);
    assertThat(plan.data().train().toString()).contains("data/tiny-shakespeare/input.txt");
    assertThat(plan.training().stateful()).contains(true);
  }

  /** The plans' paths are seen from the folder above, where users call lockstep. */
  private static DataRequest fromHere(DataRequest request) {
    return request.train() instanceof CsvSource csv
        ? request.with(new CsvSource("../" + csv.path(), csv.options()), request.test())
        : request;
  }
}
