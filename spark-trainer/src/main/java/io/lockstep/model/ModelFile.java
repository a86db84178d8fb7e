package io.lockstep.model;

import io.lockstep.data.InputException;
import io.lockstep.data.file.Locations;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.normalize.Standardization;
import io.lockstep.plan.ComputePlan;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.ps.TrainingState;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
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
 * same network gives the same bytes. Reading trusts nothing: the file must have its end, texts are
 * bounded, the configuration passes the list of allowed classes, and room for parameters is made
 * only after their number, counted from the configuration, has been compared with what the file can
 * hold and with what it announces; DL4J's own reader, which runs code from such files, never sees
 * it.
 *
 * @param networks builds the network
 * @param state its parameters, without updater state
 * @param card what must be known to use it
 */
public record ModelFile(ReplicaFactory networks, TrainingState state, ModelCard card) {
  private static final String CARD = "lockstep.json";
  private static final int MAX_TEXT_BYTES = 16 << 20;

  /** How much smaller deflate makes anything at best. */
  private static final long MOST_DEFLATED = 1032;

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
    // DL4J's file has room for the normaliser of one input; of several the card has them all.
    boolean one = card.input().inputs().size() == 1;
    DataNormalization normalization = one ? normalization(card.normalizer()) : null;
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
    FileSystem files = Locations.system(hadoop, file);
    Path path = Locations.path(file);
    try {
      long length = files.getFileStatus(path).getLen();
      try (FSDataInputStream in = files.open(path)) {
        ZipEnd.check(in, length, file);
        in.seek(0);
        return new Reader(file, kernels, length).read(in);
      }
    } catch (FileNotFoundException e) {
      throw new InputException(
          file + " does not exist: give a model.zip or the run directory that holds one", e);
    }
  }

  /** Reads entry after entry, once, and no more of each than can be right. */
  private static final class Reader {
    private final String file;
    private final Kernels kernels;
    private final long length;
    private NetworkConfiguration network;
    private float[] parameters;
    private ModelCard card;

    Reader(String file, Kernels kernels, long length) {
      this.file = file;
      this.kernels = kernels;
      this.length = length;
    }

    ModelFile read(InputStream in) throws IOException {
      try (ZipInputStream zip = new ZipInputStream(in)) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          entry(entry.getName(), zip);
        }
      } catch (ZipException | EOFException | UTFDataFormatException e) {
        throw new InputException(
            "%s is damaged (%s): copy it again".formatted(file, e.getMessage()), e);
      } catch (IllegalArgumentException e) { // names of entries that are no text
        throw new InputException(file + " is no zip file of a model", e);
      }
      required(network, ModelSerializer.CONFIGURATION_JSON);
      required(parameters, ModelSerializer.COEFFICIENTS_BIN);
      required(card, CARD);
      Blueprint blueprint = Blueprint.of(network, new ComputePlan(kernels, 1));
      return new ModelFile(
          card.streams().isPresent() ? blueprint.stateful(file) : blueprint,
          new TrainingState(parameters, new float[0], 0, 0),
          card);
    }

    private void entry(String name, InputStream zip) throws IOException {
      switch (name) {
        case ModelSerializer.CONFIGURATION_JSON -> {
          once(network, name);
          network = Dl4jFile.parse(file, text(zip, name));
        }
        case ModelSerializer.COEFFICIENTS_BIN -> {
          once(parameters, name);
          required(network, ModelSerializer.CONFIGURATION_JSON + " before " + name);
          parameters = NdArrayBytes.floats(zip, parameters(), file);
        }
        case CARD -> {
          once(card, name);
          card = ModelCard.decode(text(zip, name), file);
        }
        default -> {} // updater state and DL4J's normaliser are not needed here
      }
    }

    /** How many parameters there must be: no more than the file, and this JVM, can hold. */
    private int parameters() {
      MemoryNeed need = Dl4jFile.counted(file, network);
      if (need.parameters() * Float.BYTES / MOST_DEFLATED > length) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s: its network has %,d parameters, more than a file of %,d bytes can hold",
                file,
                need.parameters(),
                length));
      }
      need.check();
      return Math.toIntExact(need.parameters());
    }

    private String text(InputStream zip, String name) throws IOException {
      byte[] bytes = zip.readNBytes(MAX_TEXT_BYTES + 1);
      if (bytes.length > MAX_TEXT_BYTES) {
        throw new InputException(
            "%s: entry %s is larger than %,d bytes".formatted(file, name, MAX_TEXT_BYTES));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private void once(Object read, String name) {
      if (read != null) {
        throw new InputException("%s has two entries %s".formatted(file, name));
      }
    }

    private void required(Object read, String name) {
      if (read == null) {
        throw new InputException(
            "%s has no entry %s: it is not a model that lockstep train wrote (its run directory has"
                    .formatted(file, name)
                + " one, model.zip)");
      }
    }
  }
}
