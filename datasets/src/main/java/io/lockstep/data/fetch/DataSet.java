package io.lockstep.data.fetch;

import java.util.List;

/**
 * A data set of the {@link Catalogue}.
 *
 * @param name as in {@code lockstep datasets fetch NAME}
 * @param description one line
 * @param origin who made it, and where that is written
 * @param licence under which it may be used
 * @param downloadBytes of all files together, as the mirrors pack them
 * @param mirrors folders that hold the files, as URLs without a slash at the end; tried in order
 * @param files to fetch
 * @param plan the data section of a plan that reads it, with {@code FOLDER} where it was put
 */
public record DataSet(
    String name,
    String description,
    String origin,
    String licence,
    long downloadBytes,
    List<String> mirrors,
    List<RemoteFile> files,
    String plan) {
  public DataSet {
    mirrors = List.copyOf(mirrors);
    files = List.copyOf(files);
  }

  /** The data section of a plan that reads the set from {@code folder}. */
  public String plan(String folder) {
    return plan.replace("FOLDER", folder.replaceAll("(?<=.)/+$", ""));
  }

  /**
   * One file, known by what is within.
   *
   * <p>The hash is taken after unpacking: mirrors pack the same content with different gzip
   * programs, and it is the content that must be right.
   *
   * @param name below a mirror and on disk
   * @param unpackedBytes size after unpacking
   * @param sha256 of the unpacked content, in hex
   */
  public record RemoteFile(String name, long unpackedBytes, String sha256) {}
}
