package io.lockstep.data.fetch;

import io.lockstep.data.InputException;
import io.lockstep.data.fetch.DataSet.RemoteFile;
import io.lockstep.data.source.idx.EmbeddedSource;
import java.util.List;
import java.util.stream.Collectors;

/** All data sets that can be fetched by name. */
public final class Catalogue {
  /**
   * The hashes are those of the content published by the authors; they are widely recorded, for
   * example with the mirrors' files by nixpkgs (pkgs/data/machine-learning/mnist).
   */
  private static final DataSet MNIST =
      new DataSet(
          "mnist",
          "60,000 training and 10,000 test images of handwritten digits, 28x28",
          "Y. LeCun, C. Cortes, C. Burges, http://yann.lecun.com/exdb/mnist/",
          "CC BY-SA 3.0",
          11_594_722,
          List.of(
              "https://ossci-datasets.s3.amazonaws.com/mnist",
              "https://storage.googleapis.com/cvdf-datasets/mnist"),
          List.of(
              new RemoteFile(
                  "train-images-idx3-ubyte.gz",
                  47_040_016,
                  "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
              new RemoteFile(
                  "train-labels-idx1-ubyte.gz",
                  60_008,
                  "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
              new RemoteFile(
                  "t10k-images-idx3-ubyte.gz",
                  7_840_016,
                  "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
              new RemoteFile(
                  "t10k-labels-idx1-ubyte.gz",
                  10_008,
                  "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")),
          """
          data:
            train:
              idx:
                images: FOLDER/train-images-idx3-ubyte.gz
                labels: FOLDER/train-labels-idx1-ubyte.gz
            test:
              idx:
                images: FOLDER/t10k-images-idx3-ubyte.gz
                labels: FOLDER/t10k-labels-idx1-ubyte.gz
          """);

  private static final DataSet TINY_SHAKESPEARE =
      new DataSet(
          "tiny-shakespeare",
          "1,115,394 characters of Shakespeare's plays, for language models",
          "W. Shakespeare; put together by A. Karpathy, https://github.com/karpathy/char-rnn",
          "public domain",
          1_115_394,
          List.of(
              "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare"),
          List.of(
              new RemoteFile(
                  "input.txt",
                  1_115_394,
                  "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed")),
          """
          data:
            train: {textWindows: {path: FOLDER/input.txt, length: 100}}
            validation: 0.1 # the end of the plays
          """);

  private Catalogue() {}

  /** All data sets, in the order in which to show them. */
  public static List<DataSet> all() {
    return List.of(MNIST, TINY_SHAKESPEARE);
  }

  /**
   * Returns the data set of this name.
   *
   * @throws InputException if there is none
   */
  public static DataSet named(String name) {
    if (EmbeddedSource.names().contains(name)) {
      throw new InputException(
          name
              + " ships within Lockstep and need not be fetched. Use it in a plan as {embedded: "
              + name
              + "}.");
    }
    return all().stream()
        .filter(set -> set.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "No data set '"
                        + name
                        + "' is known. Known are: "
                        + all().stream().map(DataSet::name).collect(Collectors.joining(", "))
                        + ". Your own files need no fetching: name them in the plan."));
  }
}
