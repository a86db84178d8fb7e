package io.lockstep.model;

import io.lockstep.config.ComputePlan.Kernels;
import io.lockstep.data.InputException;
import io.lockstep.data.Normalizer;
import io.lockstep.data.Standardization;
import io.lockstep.ps.TrainingState;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileNotFoundException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.dataset.api.preprocessor.serializer.NormalizerSerializer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained network in DL4J's own zip file, with a {@link ModelCard} beside it.
 *
 * <p>Plain DL4J restores network, updater state and normaliser from it and overlooks the card. The
 * same network gives the same bytes. Reading trusts nothing: entries are bounded, the configuration
 * passes the list of allowed classes, and parameters are read by their announced size only after it
 * has been compared with the network's; DL4J's own reader, which runs code from such files, never
 * sees it.
 *
 * @param networks builds the network
 * @param state its parameters, without updater state
 * @param card what must be known to use it
 */
public record ModelFile(ReplicaFactory networks, TrainingState state, ModelCard card) {
  private static final String CARD = "lockstep.json";
  private static final int MAX_TEXT_BYTES = 16 << 20;
  private static final long MAX_PARAMETER_BYTES = Integer.MAX_VALUE - 1024L;
  // Zip files know no time before this; a fixed one makes equal models equal files.
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  /**
   * Writes a network.
   *
   * @param networks builds it
   * @param state its parameters and updater state
   */
  public static void write(
      Blueprint networks, TrainingState state, ModelCard card, OutputStream out)
      throws IOException {
    var zip = new ZipOutputStream(out);
    try (NetworkReplica replica = NetworkReplica.of(networks.network())) {
      replica.load(state);
      zip.putNextEntry(timeless(ModelSerializer.CONFIGURATION_JSON));
      zip.write(replica.configurationJson().getBytes(StandardCharsets.UTF_8));
      zip.putNextEntry(timeless(ModelSerializer.COEFFICIENTS_BIN));
      write(replica.model().params(), zip);
      if (state.updater().length > 0) {
        zip.putNextEntry(timeless(ModelSerializer.UPDATER_BIN));
        write(replica.updaterState(), zip);
      }
    }
    DataNormalization normalization = normalization(card.normalizer());
    if (normalization != null) {
      zip.putNextEntry(timeless(ModelSerializer.NORMALIZER_BIN));
      NormalizerSerializer.getDefault().write(normalization, uncloseable(zip));
    }
    zip.putNextEntry(timeless(CARD));
    zip.write(card.encode());
    zip.finish();
  }

  private static void write(INDArray array, ZipOutputStream zip) throws IOException {
    var data = new DataOutputStream(new BufferedOutputStream(zip));
    Nd4j.write(array, data);
    data.flush();
  }

  /** ND4J closes what it wrote to, and the file goes on. */
  private static OutputStream uncloseable(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }

  private static ZipEntry timeless(String name) {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(NO_TIME);
    return entry;
  }

  /** The same normaliser in DL4J's class, null if there is none. */
  private static DataNormalization normalization(Normalizer normalizer) {
    if (normalizer instanceof Normalizer.PixelScaling) {
      return new ImagePreProcessingScaler(0, 1);
    }
    if (normalizer instanceof Standardization standardization) {
      return new NormalizerStandardize(
          Nd4j.createFromArray(standardization.mean()).reshape(1, -1),
          Nd4j.createFromArray(standardization.deviation()).reshape(1, -1));
    }
    return null;
  }

  /**
   * Reads a network that Lockstep trained.
   *
   * @param kernels which kernels shall run its layers
   * @throws InputException if the file is missing or is no such model
   * @throws IOException if the file system fails
   */
  public static ModelFile read(String file, Kernels kernels, Configuration hadoop)
      throws IOException {
    Map<String, byte[]> entries = entries(file, hadoop);
    Blueprint networks =
        Dl4jFile.blueprint(
            file,
            new String(
                required(entries, ModelSerializer.CONFIGURATION_JSON, file),
                StandardCharsets.UTF_8),
            kernels);
    ModelCard card = ModelCard.decode(required(entries, CARD, file), file);
    int parameters;
    try (Replica network = networks.create()) {
      parameters = network.parameters();
    }
    byte[] coefficients = required(entries, ModelSerializer.COEFFICIENTS_BIN, file);
    float[] values = NdArrayBytes.floats(coefficients, parameters, file);
    return new ModelFile(networks, new TrainingState(values, new float[0], 0, 0), card);
  }

  private static byte[] required(Map<String, byte[]> entries, String name, String file) {
    byte[] bytes = entries.get(name);
    if (bytes == null) {
      throw new InputException(
          "%s has no entry %s: it is not a model that lockstep train wrote (its run directory has"
                  .formatted(file, name)
              + " one, model.zip)");
    }
    return bytes;
  }

  private static Map<String, byte[]> entries(String file, Configuration hadoop) throws IOException {
    Map<String, byte[]> entries = new HashMap<>();
    Path path = new Path(file);
    try (InputStream in = path.getFileSystem(hadoop).open(path);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        switch (entry.getName()) {
          case ModelSerializer.CONFIGURATION_JSON, CARD ->
              entries.put(entry.getName(), bounded(zip, MAX_TEXT_BYTES, file, entry));
          case ModelSerializer.COEFFICIENTS_BIN ->
              entries.put(entry.getName(), bounded(zip, MAX_PARAMETER_BYTES, file, entry));
          default -> {} // updater state and DL4J's normaliser are not needed here
        }
      }
    } catch (FileNotFoundException e) {
      throw new InputException(
          file + " does not exist: give a model.zip or the run directory that holds one", e);
    } catch (ZipException e) {
      throw new InputException(file + " is not a whole zip file: " + e.getMessage(), e);
    }
    return entries;
  }

  private static byte[] bounded(InputStream in, long most, String file, ZipEntry entry)
      throws IOException {
    byte[] bytes = in.readNBytes((int) (most + 1));
    if (bytes.length > most) {
      throw new InputException(
          "%s: entry %s is larger than %,d bytes".formatted(file, entry.getName(), most));
    }
    return bytes;
  }
}
