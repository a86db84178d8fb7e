import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Cuts the embedded set mnist-10k out of full MNIST.
 *
 * <pre>
 * scripts/lockstep datasets fetch mnist --to data/mnist
 * java scripts/data/CutMnist.java data/mnist datasets/src/main/resources/io/lockstep/data/mnist-10k
 * </pre>
 *
 * Takes examples 0, 6, 12, ... of the 60,000 for training and 0, 5, 10, ... of the 10,000 for
 * testing. The first half of MNIST's test set was written by census employees and is cleaner than
 * the second, by students; taking every fifth keeps the mixture, so the subset is as hard as the
 * whole. Prints the SHA-256 of what is within each file, which does not depend on the compressor.
 */
public final class CutMnist {
  private CutMnist() {}

  public static void main(String[] args) throws Exception {
    Path from = Path.of(args[0]);
    Path to = Files.createDirectories(Path.of(args[1]));
    cut(from, to, "train-images-idx3-ubyte.gz", 6);
    cut(from, to, "train-labels-idx1-ubyte.gz", 6);
    cut(from, to, "t10k-images-idx3-ubyte.gz", 5);
    cut(from, to, "t10k-labels-idx1-ubyte.gz", 5);
  }

  private static void cut(Path from, Path to, String name, int every) throws Exception {
    byte[] subset = subset(Files.readAllBytes(from.resolve(name)), every);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(to.resolve(name))) {
          {
            def.setLevel(9);
          }
        }) {
      out.write(subset);
    }
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(subset);
    System.out.println(HexFormat.of().formatHex(hash) + "  " + name + ", unpacked");
  }

  private static byte[] subset(byte[] packed, int every) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new GZIPInputStream(new ByteArrayInputStream(packed)))) {
      int magic = in.readInt();
      int rank = magic & 0xFF;
      int rows = in.readInt();
      int kept = (rows + every - 1) / every;
      int rowBytes = 1;
      int[] extents = new int[rank - 1];
      for (int i = 0; i < extents.length; i++) {
        extents[i] = in.readInt();
        rowBytes *= extents[i];
      }
      ByteBuffer out = ByteBuffer.allocate(4 + 4 * rank + kept * rowBytes);
      out.putInt(magic).putInt(kept);
      for (int extent : extents) {
        out.putInt(extent);
      }
      for (int row = 0; row < rows; row++) {
        byte[] values = in.readNBytes(rowBytes);
        if (row % every == 0) {
          out.put(values);
        }
      }
      return out.array();
    }
  }
}
