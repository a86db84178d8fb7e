import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * What a network that classifies texts has to beat: the most frequent class, and multinomial naive
 * Bayes with add-one smoothing (Manning, Raghavan and Sch&uuml;tze, Introduction to Information
 * Retrieval, 2008, section 13.2) on the words that Lockstep's {@code tokens: word} has.
 *
 * <pre>
 * text=datasets/src/main/resources/io/lockstep/data/text
 * java scripts/data/NaiveBayes.java $text/definitions-train.tsv.gz $text/definitions-test.tsv.gz
 * </pre>
 *
 * Files have a header, then a text, a tab and its class in each line; packed by gzip or not.
 */
public final class NaiveBayes {
  private final Map<String, Integer> texts = new TreeMap<>(); // of each class
  private final Map<String, Map<String, Integer>> words = new HashMap<>(); // of each class, counted
  private final Map<String, Integer> wordsInAll = new HashMap<>(); // of each class
  private final Set<String> vocabulary = new HashSet<>();

  /** A line of a table. */
  private record Example(List<String> words, String kind) {}

  private NaiveBayes(List<Example> training) {
    for (Example example : training) {
      texts.merge(example.kind(), 1, Integer::sum);
      Map<String, Integer> own = words.computeIfAbsent(example.kind(), kind -> new HashMap<>());
      example.words().forEach(word -> own.merge(word, 1, Integer::sum));
      wordsInAll.merge(example.kind(), example.words().size(), Integer::sum);
      vocabulary.addAll(example.words());
    }
  }

  public static void main(String[] args) throws Exception {
    List<Example> training = read(Path.of(args[0]));
    List<Example> test = read(Path.of(args[1]));
    var model = new NaiveBayes(training);
    Map<String, int[]> counts = new TreeMap<>(); // of a class: right, predicted, there
    model.texts.keySet().forEach(kind -> counts.put(kind, new int[3]));
    int right = 0;
    for (Example example : test) {
      String predicted = model.predicted(example.words());
      boolean same = predicted.equals(example.kind());
      right += same ? 1 : 0;
      counts.get(example.kind())[0] += same ? 1 : 0;
      counts.get(predicted)[1]++;
      counts.get(example.kind())[2]++;
    }
    String frequent = model.mostFrequent();
    double sum = 0;
    for (var entry : counts.entrySet()) {
      int[] count = entry.getValue();
      double f1 = 2.0 * count[0] / (count[1] + count[2]);
      System.out.printf(Locale.ROOT, "%-12s %5d texts  f1 %.4f%n", entry.getKey(), count[2], f1);
      sum += f1;
    }
    System.out.printf(
        Locale.ROOT,
        "%,d texts, %,d of them for testing; always %s: accuracy %.4f%n",
        training.size() + test.size(),
        test.size(),
        frequent,
        (double) counts.get(frequent)[2] / test.size());
    System.out.printf(
        Locale.ROOT,
        "naive Bayes: accuracy %.4f, mean f1 %.4f%n",
        (double) right / test.size(),
        sum / counts.size());
  }

  private String mostFrequent() {
    return texts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  private String predicted(List<String> text) {
    String best = null;
    double most = Double.NEGATIVE_INFINITY;
    for (String kind : texts.keySet()) {
      double likelihood = Math.log(texts.get(kind));
      for (String word : text) {
        if (vocabulary.contains(word)) {
          double count = words.get(kind).getOrDefault(word, 0) + 1.0;
          likelihood += Math.log(count / (wordsInAll.get(kind) + vocabulary.size()));
        }
      }
      if (likelihood > most) {
        most = likelihood;
        best = kind;
      }
    }
    return best;
  }

  private static List<Example> read(Path file) throws Exception {
    List<Example> examples = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file);
        InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in) {
      String[] lines = new String(plain.readAllBytes(), StandardCharsets.UTF_8).split("\n");
      for (int i = 1; i < lines.length; i++) {
        String[] values = lines[i].split("\t");
        List<String> words = new ArrayList<>();
        for (String word :
            values[0].toLowerCase(Locale.ROOT).replaceAll("\\p{Punct}", "").split("\\s+")) {
          if (!word.isEmpty()) {
            words.add(word);
          }
        }
        examples.add(new Example(words, values[1]));
      }
    }
    return examples;
  }
}
