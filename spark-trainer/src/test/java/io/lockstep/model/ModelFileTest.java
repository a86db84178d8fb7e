package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.ComputePlan.Kernels;
import io.lockstep.data.ExampleBlock;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.Normalizer;
import io.lockstep.data.Standardization;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.Digits;
import io.lockstep.train.Nets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    ExampleBlock block = Digits.block(0, 4);
    float[] raw = new float[4 * 144];
    for (int i = 0; i < 4; i++) {
      block.featuresInto(i, raw, i * 144);
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
    assertRefused(honest, "coefficients.bin", new byte[] {0, 1}, "coefficients.bin is damaged");
    assertRefused(honest, "coefficients.bin", null, "has no entry coefficients.bin");
    assertRefused(honest, "lockstep.json", null, "has no entry lockstep.json");
    String evil = CNN.json().replace("org.deeplearning4j.nn.conf.layers.DenseLayer", "evil.Layer");
    assertRefused(
        honest, "configuration.json", evil.getBytes(StandardCharsets.UTF_8), "evil.Layer");
    String larger = CNN.json().replace("\"nout\" : 10", "\"nout\" : 11");
    assertThat(larger).isNotEqualTo(CNN.json());
    assertRefused(
        honest, "configuration.json", larger.getBytes(StandardCharsets.UTF_8), "the network needs");
  }

  @Test
  void aFileThatIsNoModelIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("no.zip"), "no zip at all");
    assertThatThrownBy(() -> ModelFile.read(file.toString(), Kernels.STOCK, new Configuration()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no.zip has no entry configuration.json");
    assertThatThrownBy(
            () -> ModelFile.read(folder + "/missing.zip", Kernels.STOCK, new Configuration()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("missing.zip does not exist");
  }

  private void assertRefused(byte[] honest, String entry, byte[] content, String message)
      throws IOException {
    Path file = Files.write(folder.resolve("altered.zip"), altered(honest, entry, content));
    assertThatThrownBy(() -> ModelFile.read(file.toString(), Kernels.STOCK, new Configuration()))
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
    fit.add(Digits.block(0, 50));
    return fit.finish();
  }

  private static ModelCard card(Normalizer normalizer) {
    return new ModelCard("f00d", "1.0", List.of(1, 12, 12), Labels.Classes.numbered(4), normalizer);
  }
}
