package io.lockstep.data.file;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Says what a file is that was given as a table or as IDX but is neither, by its first bytes.
 *
 * <p>Source: the formats' own documents, and the signatures listed by file(1).
 */
public final class ForeignFormat {
  /** As many first bytes as help. */
  public static final int START = 512;

  private static final String SPARK =
      " Name it as such: %s: {path: ...} instead of csv (docs/guide/dataframes.md).";

  private ForeignFormat() {}

  /**
   * Returns what a file is and what to do with it, a sentence after its name and a colon; empty if
   * it may be text.
   *
   * @param start the file's first bytes, unpacked
   */
  public static Optional<String> of(byte[] start) {
    if (begins(start, "PAR1")) {
      return Optional.of("is a Parquet file, not CSV." + SPARK.formatted("parquet"));
    }
    if (begins(start, "ORC")) {
      return Optional.of("is an ORC file, not CSV." + SPARK.formatted("orc"));
    }
    if (begins(start, "Obj\u0001")) {
      return Optional.of("is an Avro file, not CSV." + SPARK.formatted("avro"));
    }
    if (begins(start, "PK\u0003\u0004") || begins(start, "PK\u0005\u0006")) {
      return Optional.of(zip(start));
    }
    if (begins(start, "\u00D0\u00CF\u0011\u00E0")) {
      return Optional.of("is an Excel (.xls) file, not CSV. Save it as CSV (UTF-8) in Excel.");
    }
    if (begins(start, "\u0089HDF")) {
      return Optional.of(
          "is an HDF5 file, not CSV. Write its table as CSV, or its images as IDX, first.");
    }
    if (begins(start, "\u0093NUMPY")) {
      return Optional.of(
          "is a NumPy file, not CSV. Write it with numpy.savetxt(..., delimiter=\",\"), or images"
              + " as IDX (see docs/data.md).");
    }
    if (begins(start, "SEQ") && start.length > 3 && start[3] < 10) {
      return Optional.of("is a Hadoop sequence file, not CSV. Write it as CSV first.");
    }
    return picture(start).or(() -> archive(start)).or(() -> words(start));
  }

  private static String zip(byte[] start) {
    String names = new String(start, StandardCharsets.ISO_8859_1);
    if (names.contains("[Content_Types].xml") || names.contains("xl/")) {
      return "is an Excel (.xlsx) file, not CSV. Save it as CSV (UTF-8) in Excel.";
    }
    if (names.contains("configuration.json") || names.contains("coefficients.bin")) {
      return "is a model of Deeplearning4j, not data. Name the data file here.";
    }
    return "is a zip archive, not CSV. Unpack it (unzip) and name the file within; a single file"
        + " may be packed with gzip, bzip2 or zstd.";
  }

  private static Optional<String> picture(byte[] start) {
    String kind =
        begins(start, "\u0089PNG")
            ? "PNG"
            : begins(start, "\u00FF\u00D8\u00FF")
                ? "JPEG"
                : begins(start, "GIF8") ? "GIF" : begins(start, "%PDF") ? "PDF" : null;
    return Optional.ofNullable(kind)
        .map(
            it ->
                "is a "
                    + it
                    + " file, not a table. Images are read as IDX; docs/data.md shows how to write"
                    + " it.");
  }

  private static Optional<String> archive(byte[] start) {
    if (begins(start, "7z\u00BC\u00AF") || begins(start, "Rar!") || begins(start, "\u00FD7zXZ")) {
      return Optional.of(
          "is packed in a way that is not read. Unpack it, or pack it with gzip, bzip2 or zstd.");
    }
    if (start.length > 262 && "ustar".equals(text(start, 257, 5))) {
      return Optional.of("is a tar archive, not CSV. Unpack it and name the folder.");
    }
    if (start.length > 3 && start[0] == 0 && start[1] == 0 && start[2] >= 8 && start[2] <= 14) {
      return Optional.of(
          "is an IDX file, not CSV. Write idx: {images: ..., labels: ...} instead of csv.");
    }
    if (begins(start, "\u00FF\u00FE") || begins(start, "\u00FE\u00FF")) {
      return Optional.of(
          "is UTF-16 text, not UTF-8. Convert it, for example with: iconv -f UTF-16 -t UTF-8.");
    }
    for (byte value : start) {
      if (value == 0) {
        return Optional.of("is not text but binary. Tables are read as CSV, images as IDX.");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> words(byte[] start) {
    String text = text(start, 0, start.length).replace("\u00EF\u00BB\u00BF", "").strip();
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("@relation") || (lower.startsWith("%") && lower.contains("@relation"))) {
      return Optional.of(
          "is an ARFF file (of Weka), not CSV. Remove all lines up to @data and write header:"
              + " false, or save it as CSV in Weka.");
    }
    if (lower.matches("(?s)(\\{\\s*[\"}].*|\\[\\s*[\\[{\"\\d-].*)")) {
      return Optional.of("is JSON, not CSV." + SPARK.formatted("json"));
    }
    if (lower.startsWith("<!doctype") || lower.startsWith("<html") || lower.startsWith("<?xml")) {
      return Optional.of(
          "is "
              + (lower.startsWith("<?xml") ? "XML" : "a web page (HTML)")
              + ", not CSV. Was the download redirected to a page? Get the file itself.");
    }
    if (lower.startsWith("version https://git-lfs")) {
      return Optional.of("is a Git LFS pointer, not the data. Run git lfs pull.");
    }
    return Optional.empty();
  }

  private static String text(byte[] start, int from, int length) {
    return new String(
        start, from, Math.min(length, start.length - from), StandardCharsets.ISO_8859_1);
  }

  private static boolean begins(byte[] start, String signature) {
    return start.length >= signature.length()
        && text(start, 0, signature.length()).equals(signature);
  }
}
