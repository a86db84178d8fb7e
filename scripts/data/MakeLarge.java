import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Makes data sets as large as wanted that can be learned, to try what does not fit into memory.
 *
 * <pre>
 * java scripts/data/MakeLarge.java csv FILE MEGABYTES [COLUMNS]
 * java scripts/data/MakeLarge.java idx FOLDER MEGABYTES
 * java scripts/data/MakeLarge.java text FILE MEGABYTES
 * </pre>
 *
 * A CSV file has a header, COLUMNS numbers (20) and a class, yes or no, of which a weighted sum of
 * the numbers decides. IDX files are {@code images} [n, 28, 28] and {@code labels} [n]: of ten
 * classes, each a bright square at another place in noise. Text is sentences of 20,000 words, of
 * which low numbers are frequent, as in languages. The same arguments make the same bytes.
 */
public final class MakeLarge {
  private static final int PIXELS = 28 * 28;

  private MakeLarge() {}

  public static void main(String[] args) throws IOException {
    if (args.length < 3) {
      System.err.println("usage: MakeLarge csv FILE MEGABYTES [COLUMNS] | idx FOLDER MEGABYTES | text FILE MEGABYTES");
      System.exit(2);
    }
    long bytes = Long.parseLong(args[2]) * 1_000_000;
    if (args[0].equals("csv")) {
      csv(Path.of(args[1]), bytes, args.length > 3 ? Integer.parseInt(args[3]) : 20);
    } else if (args[0].equals("text")) {
      text(Path.of(args[1]), bytes);
    } else {
      idx(Path.of(args[1]), bytes);
    }
  }

  private static OutputStream file(Path path) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(path), 1 << 20);
  }

  private static void csv(Path path, long bytes, int columns) throws IOException {
    var random = new SplittableRandom(7);
    long written = 0;
    long rows = 0;
    try (OutputStream out = file(path)) {
      var row = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        row.append('x').append(column).append(',');
      }
      row.append("class\n");
      while (written < bytes) {
        byte[] line = row.toString().getBytes(StandardCharsets.US_ASCII);
        out.write(line);
        written += line.length;
        row.setLength(0);
        long sum = 0;
        for (int column = 0; column < columns; column++) {
          int value = random.nextInt(-50_000, 50_000); // thousandths
          sum += column % 3 == 0 ? value : -value / 2;
          int magnitude = Math.abs(value);
          row.append(value < 0 ? "-" : "").append(magnitude / 1000).append('.');
          int rest = magnitude % 1000;
          row.append((char) ('0' + rest / 100))
              .append((char) ('0' + rest / 10 % 10))
              .append((char) ('0' + rest % 10))
              .append(',');
        }
        row.append(sum > 0 ? "yes\n" : "no\n");
        rows++;
      }
    }
    System.out.printf("%s: %,d rows, %,d bytes%n", path, rows - 1, written);
  }

  private static void text(Path path, long bytes) throws IOException {
    var random = new SplittableRandom(7);
    String[] words = new String[20_000];
    String syllables = "ba de fi go lu ma né pi ro su ta vö wa xi ze ch st";
    String[] syllable = syllables.split(" ");
    for (int i = 0; i < words.length; i++) {
      var word = new StringBuilder();
      for (int rest = i; word.isEmpty() || rest > 0; rest /= syllable.length) {
        word.append(syllable[rest % syllable.length]);
      }
      words[i] = word.toString();
    }
    long written = 0;
    try (OutputStream out = file(path)) {
      var line = new StringBuilder();
      while (written < bytes) {
        line.setLength(0);
        for (int i = 5 + random.nextInt(10); i > 0; i--) {
          int number = (int) Math.pow(words.length, random.nextDouble()) - 1; // Zipf's law
          line.append(words[number]).append(i > 1 ? " " : ".\n");
        }
        line.setCharAt(0, Character.toUpperCase(line.charAt(0)));
        byte[] sentence = line.toString().getBytes(StandardCharsets.UTF_8);
        out.write(sentence);
        written += sentence.length;
      }
    }
    System.out.printf("%s: %,d bytes%n", path, written);
  }

  private static void idx(Path folder, long bytes) throws IOException {
    Files.createDirectories(folder);
    int examples = Math.toIntExact(bytes / PIXELS);
    var random = new SplittableRandom(7);
    try (var images = new DataOutputStream(file(folder.resolve("images")));
        var labels = new DataOutputStream(file(folder.resolve("labels")))) {
      images.writeInt(0x00000803);
      images.writeInt(examples);
      images.writeInt(28);
      images.writeInt(28);
      labels.writeInt(0x00000801);
      labels.writeInt(examples);
      byte[] image = new byte[PIXELS];
      for (int i = 0; i < examples; i++) {
        int label = random.nextInt(10);
        for (int at = 0; at < PIXELS; at += 8) { // noise, eight pixels a draw
          long bits = random.nextLong();
          for (int j = 0; j < 8; j++) {
            image[at + j] = (byte) (bits >>> 8 * j & 0x7F);
          }
        }
        int top = 2 + label / 5 * 13;
        int left = 1 + label % 5 * 5;
        for (int y = 0; y < 6; y++) {
          for (int x = 0; x < 5; x++) {
            image[(top + y) * 28 + left + x] = (byte) (200 + (x + y) % 4);
          }
        }
        images.write(image);
        labels.writeByte(label);
      }
    }
    System.out.printf("%s: %,d examples%n", folder, examples);
  }
}
