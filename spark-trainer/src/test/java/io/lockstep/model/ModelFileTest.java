package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.batch.Batcher;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.normalize.Standardization;
import io.lockstep.data.text.TextVectorization;
import io.lockstep.data.text.Tokenizer;
import io.lockstep.data.text.Tokenizer.Standardize;
import io.lockstep.data.text.Tokenizer.Unicode;
import io.lockstep.data.text.Tokenizer.Unit;
import io.lockstep.data.text.Vocabulary;
import io.lockstep.plan.ComputePlan;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.Digits;
import io.lockstep.train.Nets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

class ModelFileTest {
  private static final Blueprint CNN =
      new Blueprint(
          Blueprint.Kind.MULTI_LAYER,
          Nets.CNN.configuration(new Adam(0.01)).toJson(),
          Kernels.STOCK,
          1);

  @TempDir private Path folder;

  private final TrainingState state = trained();

  @Test
  void plainDl4jRestoresNetworkUpdaterAndNormalizer() throws IOException {
    Path file = write(card(standardization()));

    MultiLayerNetwork plain = ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
    assertThat(plain.params().dup().data().asFloat()).isEqualTo(state.parameters());
    assertThat(plain.updaterState().dup().data().asFloat()).isEqualTo(state.updater());
    assertThat(plain.getIterationCount()).isEqualTo(3);

    DataNormalization normalization = ModelSerializer.restoreNormalizerFromFile(file.toFile());
    Block block = Digits.block(0, 4);
    float[] raw = new float[4 * 144];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (float) block.values(0).at(i);
    }
    INDArray features = Nd4j.createFromArray(raw).reshape(4, 144);
    normalization.preProcess(new DataSet(features, null));
    float[] ours = raw.clone();
    standardization().apply(ours, 0, 4, 144);
    assertThat(features.dup().data().asFloat()).usingComparatorWithPrecision(1e-4f).contains(ours);
  }

  @Test
  void comesBackWithItsCard() throws IOException {
    Path file = write(card(new Normalizer.PixelScaling()));
    ModelFile model = ModelFile.read(file.toString(), Kernels.STOCK, new Configuration());
    assertThat(model.card()).isEqualTo(card(new Normalizer.PixelScaling()));
    assertThat(model.state().parameters()).isEqualTo(state.parameters());
  }

  @Test
  void equalModelsAreEqualFiles() throws IOException {
    Path first = write(card(new Normalizer.Identity()));
    Path second = folder.resolve("second.zip");
    try (var out = Files.newOutputStream(second)) {
      ModelFile.write(CNN, state, card(new Normalizer.Identity()), out);
    }
    assertThat(first).hasSameBinaryContentAs(second);
  }

  @Test
  void aModelThatLiesIsRefused() throws IOException {
    byte[] honest = Files.readAllBytes(write(card(new Normalizer.Identity())));
    assertRefused(honest, "coefficients.bin", new byte[] {0, 1}, "altered.zip is damaged");
    assertRefused(honest, "coefficients.bin", null, "has no entry coefficients.bin");
    assertRefused(honest, "lockstep.json", null, "has no entry lockstep.json");
    assertRefused(
        honest, "lockstep.json", new byte[] {'{'}, "holds a damaged card: it is not JSON");
    String evil = CNN.json().replace("org.deeplearning4j.nn.conf.layers.DenseLayer", "evil.Layer");
    assertRefused(
        honest, "configuration.json", evil.getBytes(StandardCharsets.UTF_8), "evil.Layer");
    String unknown = CNN.json().replace("conf.layers.DenseLayer", "conf.layers.NoSuchLayer");
    assertRefused(
        honest,
        "configuration.json",
        unknown.getBytes(StandardCharsets.UTF_8),
        "can read: it has no class org.deeplearning4j.nn.conf.layers.NoSuchLayer");
    String larger = CNN.json().replace("\"nout\" : 10", "\"nout\" : 11");
    assertThat(larger).isNotEqualTo(CNN.json());
    assertRefused(
        honest, "configuration.json", larger.getBytes(StandardCharsets.UTF_8), "the network needs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200000000  | parameters, more than a file of
          3000000000 | would have
          -5         | impossible number of
          """)
  void noRoomIsMadeForWhatAStrangersTextSays(String units, String message) throws IOException {
    byte[] honest = Files.readAllBytes(write(card(new Normalizer.Identity())));
    String claimed = CNN.json().replace("\"nout\" : 10", "\"nout\" : " + units);
    assertRefused(honest, "configuration.json", claimed.getBytes(StandardCharsets.UTF_8), message);
  }

  @Test
  void aCopyThatWasCutOffAnywhereIsSaidToBe() throws IOException {
    byte[] whole = Files.readAllBytes(write(card(new Normalizer.Identity())));
    for (int length = 4; length < whole.length; length += 1 + whole.length / 97) {
      Path cut = Files.write(folder.resolve("cut.zip"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> read(cut))
          .as("cut at %d of %d", length, whole.length)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("cut.zip is not a whole zip file")
          .hasMessageContaining("Copy it again");
    }
  }

  @Test
  void aDamagedByteIsNoticedOrDoesNoHarm() throws IOException {
    byte[] whole = Files.readAllBytes(write(card(new Normalizer.Identity())));
    for (int at = 60; at < whole.length - 600; at += 1 + whole.length / 53) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x55;
      Path file = Files.write(folder.resolve("damaged.zip"), damaged);
      try {
        ModelFile read = read(file);
        assertThat(read.state().parameters()).as("at %d", at).isEqualTo(state.parameters());
        assertThat(read.card()).as("at %d", at).isEqualTo(card(new Normalizer.Identity()));
      } catch (InputException e) {
        assertThat(e).hasMessageContaining("damaged.zip");
      }
    }
  }

  @Test
  void aFileThatIsNoModelIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("no.zip"), "no zip at all");
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no.zip is no zip file");
    assertThatThrownBy(() -> read(Files.writeString(folder.resolve("empty.zip"), "")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("empty.zip is no zip file");
    assertThatThrownBy(() -> read(folder.resolve("missing.zip")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("missing.zip does not exist");
  }

  @Test
  void theCardTellsHowTheTableOfTrainingIsRead() throws IOException {
    ModelCard card =
        new ModelCard(
            "f00d",
            "1.0",
            NetworkInput.fixed(1, 12, 12),
            Labels.Classes.numbered(4),
            new Normalizer.Identity(),
            Optional.empty(),
            Optional.of(new ModelCard.Table(List.of("b", "a"), List.of("y"), ';', true, "w")));
    assertThat(read(write(card)).card()).isEqualTo(card);
  }

  /** As Lockstep 0.1 wrote it; 1 had no table either. */
  private static final String SECOND_VERSION =
      """
      {
        "format" : "lockstep-model",
        "version" : 2,
        "lockstep" : "1.0",
        "plan" : "f00d",
        "shape" : [ 1, 12, 12 ],
        "task" : "classes",
        "labels" : [ "0", "1", "2", "3" ],
        "normalizer" : %s,
        "table" : {"columns" : ["b", "a"], "labels" : ["y"], "delimiter" : ";", "header" : true}
      }
      """;

  @Test
  void aCardOfAnEarlierVersionIsOfExamplesOfOneShape() throws IOException {
    String json = SECOND_VERSION.formatted(new Normalizer.Identity().toJson());
    var table = new ModelCard.Table(List.of("b", "a"), List.of("y"), ';', true, "");
    ModelCard plain = card(new Normalizer.Identity());
    assertThat(ModelCard.decode(json, "f"))
        .isEqualTo(
            new ModelCard(
                plain.plan(),
                plain.lockstep(),
                plain.input(),
                plain.labels(),
                plain.normalizer(),
                Optional.empty(),
                Optional.of(table)));
    String first =
        json.replace("\"version\" : 2", "\"version\" : 1").replace("\"table\"", "\"no\"");
    assertThat(ModelCard.decode(first, "f")).isEqualTo(plain);
    String later = json.replace("\"version\" : 2", "\"version\" : 5");
    assertThatThrownBy(() -> ModelCard.decode(later, "f"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("this Lockstep reads lockstep-model 1 to 4");
  }

  @Test
  void theCardTellsHowOutputsBecomeNumbersOfTheData() {
    String standardized =
        "{\"kind\": \"standardize\", \"version\": 1, \"mean\": [%s], \"deviation\": [%s]}";
    String json =
        SECOND_VERSION
            .formatted(new Normalizer.Identity().toJson())
            .replace("\"classes\"", "\"targets\"")
            .replace("\"table\"", "\"targets\" : " + standardized + ", \"table\"");
    ModelCard card = ModelCard.decode(json.formatted("1, 2, 3, 4", "1, 1, 2, 2"), "f");
    float[] outputs = {1, 1, 1, 1};
    card.targets().orElseThrow().revert(outputs, 1);
    assertThat(outputs).containsExactly(2, 3, 5, 6);
    assertThatThrownBy(() -> ModelCard.decode(json.formatted("1, 2", "1, 1"), "f"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("damaged card: its targets");
  }

  @Test
  void theCardTellsOfSequencesAndTheirVocabulary() throws IOException {
    NetworkInput words =
        new NetworkInput(Field.sequence("words", ElementType.INT32), OptionalInt.of(20_000), true);
    NetworkInput series =
        new NetworkInput(
            Field.sequence("series", ElementType.FLOAT32, 3), OptionalInt.empty(), false);
    for (NetworkInput input : List.of(words, series)) {
      ModelCard card =
          new ModelCard(
              "f00d", "1.0", input, Labels.Classes.numbered(4), new Normalizer.Identity());
      assertThat(read(write(card)).card()).isEqualTo(card);
    }
  }

  @Test
  void theCardHoldsTheVocabulary() throws IOException {
    var text =
        new TextVectorization(
            new Tokenizer(Unit.WORD, Standardize.LOWER, Unicode.NFC),
            new Vocabulary(List.of("the", "\"", "\u2028", "😀")),
            50);
    ModelCard card =
        new ModelCard(
            "f00d",
            "1.0",
            new NetworkInput(Field.sequence("tokens", ElementType.INT32), OptionalInt.of(6), false),
            Labels.Classes.numbered(4),
            new Normalizer.Identity(),
            Optional.of(text),
            Optional.empty());
    assertThat(read(write(card)).card()).isEqualTo(card);
    String json = new String(card.encode(), StandardCharsets.UTF_8);
    String shorter = json.replace(", \"the\"", "").replace("\"the\", ", "");
    assertThatThrownBy(() -> ModelCard.decode(shorter, "f"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("vocabulary");
  }

  /** DL4J has no updater for it, and so cannot read one. */
  @Test
  void plainDl4jRestoresTheLastStepOfBothDirectionsWithoutItsUpdater() throws IOException {
    var kind = new SequenceData.Kind(false, false, true);
    String layers = "{bidirectional: {layer: {lstm: 5}}}, {dense: {units: 4, activation: softmax}}";
    Blueprint network =
        Blueprint.of(SequenceData.configuration(kind, layers), new ComputePlan(Kernels.STOCK, 1));
    Path file = folder.resolve("both.zip");
    Block block = SequenceData.examples(kind, 3);
    var batcher = new Batcher(block.schema(), new Normalizer.Identity());
    try (Replica replica = network.create();
        var out = Files.newOutputStream(file)) {
      replica.fit(batcher.assemble(block, 0, 3), 1);
      ModelCard card =
          new ModelCard(
              "f00d", "1.0", kind.input(), Labels.Classes.numbered(4), new Normalizer.Identity());
      ModelFile.write(network, replica.state(), card, out);
      MultiLayerNetwork plain = ModelSerializer.restoreMultiLayerNetwork(file.toFile(), false);
      assertThat(Floats.read(plain.params())).isEqualTo(replica.state().parameters());
      INDArray features = Nd4j.zeros(3, 3, 7);
      for (int i = 0; i < 3 * 7 * 3; i++) {
        features.putScalar(i / 21, i % 3, i / 3 % 7, block.values(0).at(i));
      }
      assertThat(Floats.read(plain.output(features)))
          .isEqualTo(replica.output(batcher.assemble(block, 0, 3)));
    }
  }

  private static ModelFile read(Path file) throws IOException {
    return ModelFile.read(file.toString(), Kernels.STOCK, new Configuration());
  }

  private void assertRefused(byte[] honest, String entry, byte[] content, String message)
      throws IOException {
    Path file = Files.write(folder.resolve("altered.zip"), altered(honest, entry, content));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  private static byte[] altered(byte[] honest, String name, byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var in = new ZipInputStream(new ByteArrayInputStream(honest));
        var out = new ZipOutputStream(bytes)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (!entry.getName().equals(name)) {
          out.putNextEntry(new ZipEntry(entry.getName()));
          in.transferTo(out);
        } else if (content != null) {
          out.putNextEntry(new ZipEntry(name));
          out.write(content);
        }
      }
    }
    return bytes.toByteArray();
  }

  private Path write(ModelCard card) throws IOException {
    Path file = folder.resolve("model.zip");
    try (var out = Files.newOutputStream(file)) {
      ModelFile.write(CNN, state, card, out);
    }
    return file;
  }

  private static TrainingState trained() {
    try (Replica network = CNN.create()) {
      for (int step = 0; step < 3; step++) {
        network.fit(Digits.minibatch(Digits.block(0, 8), 0, 1, 2, 3, 4, 5, 6, 7), step);
      }
      return network.state();
    }
  }

  private static Standardization standardization() {
    var fit = new Standardization.Fit(144);
    Block block = Digits.block(0, 50);
    for (int row = 0; row < block.size(); row++) {
      fit.add(block, 0, row);
    }
    return fit.finish();
  }

  private static ModelCard card(Normalizer normalizer) {
    return new ModelCard(
        "f00d", "1.0", NetworkInput.fixed(1, 12, 12), Labels.Classes.numbered(4), normalizer);
  }
}
