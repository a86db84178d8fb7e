package io.lockstep.run;

import io.lockstep.data.file.Failures;
import io.lockstep.data.file.Locations;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Files that are either whole or not there: written aside, closed, and renamed.
 *
 * <p>A crash can leave a file ending in {@value #ASIDE} behind, which nobody reads. What fails is a
 * {@link RunFileException} where there is something to say about it.
 */
record Files(FileSystem system) {
  /** What the name of a file ends in while it is being written. */
  static final String ASIDE = ".tmp";

  /** Most bytes of a block of a log or of a small file; HDFS allows no smaller ones by default. */
  private static final long SMALL_BLOCK_BYTES = 1 << 20;

  /** Most bytes of a block of a checkpoint or a model. */
  private static final long BLOCK_BYTES = 16 << 20;

  /**
   * What S3A since Hadoop 3.4.2 calls the creation of a file only if there is none when it is
   * closed; Spark 3.5 has an older Hadoop, without this name.
   */
  private static final String IF_ABSENT = "fs.option.create.conditional.overwrite";

  /** Largest text file read into memory. */
  private static final int MAX_TEXT_BYTES = 64 << 20;

  /** Writes the content of one file. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Files on the file system of {@code directory}.
   *
   * @throws io.lockstep.data.InputException if there is none, or no such host
   */
  static Files of(String directory, Configuration hadoop) throws IOException {
    return on(LastingHdfs.client(Locations.system(hadoop, directory)));
  }

  /**
   * Files on {@code system}; if it is the local one, on the raw one below it: the other keeps a
   * hidden checksum beside each file and cannot flush, and checkpoints carry a better hash anyway.
   */
  static Files on(FileSystem system) {
    return new Files(
        system instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : system);
  }

  /** Begins a file that must not exist yet and is seen while it grows, where that is possible. */
  GuardedOutput begin(Path file) throws IOException {
    return GuardedOutput.create(system, file, false, SMALL_BLOCK_BYTES);
  }

  /**
   * Writes {@code target} so that it appears whole, in place of an older one: aside and renamed,
   * or, where a file is seen only when it is closed and one that failed is never seen, at once.
   */
  void write(Path target, Content content) throws IOException {
    write(target, content, BLOCK_BYTES);
  }

  private void write(Path target, Content content, long blockBytes) throws IOException {
    if (system.hasPathCapability(target, CommonPathCapabilities.ABORTABLE_STREAM)) {
      fill(target, content, blockBytes);
      return;
    }
    Path aside = target.suffix(ASIDE);
    try {
      fill(aside, content, blockBytes);
    } catch (IOException e) {
      try {
        system.delete(aside, false); // what is left of it may be what fills the disk
      } catch (IOException | FSError onDelete) {
        e.addSuppressed(onDelete);
      }
      throw e;
    }
    publish(aside, target);
  }

  /** Writes, syncs and closes. */
  private void fill(Path file, Content content, long blockBytes) throws IOException {
    fill(GuardedOutput.create(system, file, true, blockBytes), content);
  }

  private static void fill(GuardedOutput begun, Content content) throws IOException {
    try (GuardedOutput out = begun) {
      boolean whole = false;
      try {
        content.writeTo(out);
        out.hsync();
        whole = true;
      } finally {
        if (!whole) {
          out.abandon();
        }
      }
    }
  }

  /** Writes a text file; see {@link #write(Path, Content)}. */
  void write(Path target, String text) throws IOException {
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)), SMALL_BLOCK_BYTES);
  }

  /**
   * Writes a file that must not exist yet, so that it appears whole and only one of several
   * processes that try at once succeeds; on an object store without such an operation it is as good
   * as its rename.
   *
   * @param aside what it is called before, a name that no other process uses
   * @param text that no other process writes
   * @return whether this process made it; not if another was quicker and has tidied up already
   */
  boolean writeNew(Path target, Path aside, String text) throws IOException {
    if (system.hasPathCapability(target, IF_ABSENT)) {
      return putNew(target, text);
    }
    try {
      fill(aside, out -> out.write(text.getBytes(StandardCharsets.UTF_8)), SMALL_BLOCK_BYTES);
    } catch (IOException e) {
      if (e.getCause() instanceof FileNotFoundException || system.exists(aside)) {
        throw e;
      }
      return false;
    }
    if (system instanceof RawLocalFileSystem local) {
      // Its rename replaces, and its create looks first and creates then: a link does both at once.
      try {
        return link(local, aside, target);
      } finally {
        system.delete(aside, false);
      }
    }
    if (!system.exists(target) && renamed(aside, target)) {
      return true;
    }
    system.delete(aside, false);
    return false;
  }

  /** One request to an object store, which refuses it if there is such an object. */
  private boolean putNew(Path target, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      FSDataOutputStreamBuilder<?, ?> begun = system.createFile(target).overwrite(true).recursive();
      begun.must(IF_ABSENT, true);
      fill(new GuardedOutput(target, begun.build()), out -> out.write(bytes));
      return true;
    } catch (IOException e) {
      // Refused; or done, and the answer was lost: then what is there is ours.
      if (system.exists(target)) {
        return read(target).equals(text);
      }
      throw e;
    }
  }

  private static boolean link(RawLocalFileSystem local, Path aside, Path target)
      throws IOException {
    java.nio.file.Path from = local.pathToFile(aside).toPath();
    java.nio.file.Path to = local.pathToFile(target).toPath();
    try {
      java.nio.file.Files.createLink(to, from);
      return true;
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      return false;
    } catch (FileSystemException | UnsupportedOperationException e) {
      return copyNew(from, to); // a disk without links, such as FAT
    }
  }

  private static boolean copyNew(java.nio.file.Path from, java.nio.file.Path to)
      throws IOException {
    try {
      java.nio.file.Files.write(
          to, java.nio.file.Files.readAllBytes(from), StandardOpenOption.CREATE_NEW);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /**
   * Makes sure that {@code file} could be made, with the folders above it, and leaves nothing.
   *
   * @param file that no other process uses
   * @throws IOException if it could not
   */
  void tryOut(Path file) throws IOException {
    Path folder = file.getParent();
    List<Path> missing = new ArrayList<>();
    for (Path at = folder; at != null && !system.exists(at); at = at.getParent()) {
      missing.add(at);
    }
    try {
      if (!system.mkdirs(folder)) {
        throw new IOException("%s could not be made".formatted(folder));
      }
      system.create(file, false).close();
      system.delete(file, false);
    } finally {
      removeEmpty(missing);
    }
  }

  /** Stops at the first one that somebody uses by now. */
  private void removeEmpty(List<Path> folders) {
    for (Path each : folders) {
      try {
        system.delete(each, false);
      } catch (IOException | FSError e) {
        return;
      }
    }
  }

  private void publish(Path aside, Path target) throws IOException {
    if (renamed(aside, target) || replaced(aside, target)) {
      return;
    }
    throw new IOException("Could not rename " + aside + " to " + target);
  }

  /** Not if {@code target} is there, which some say by an exception. */
  private boolean renamed(Path aside, Path target) throws IOException {
    try {
      return system.rename(aside, target);
    } catch (org.apache.hadoop.fs.FileAlreadyExistsException e) {
      return false;
    }
  }

  /**
   * Renames onto a file that exists where {@code FileSystem.rename} does not: HDFS returns false.
   * Its other interface does it in one operation; where there is none, the old file goes first.
   */
  private boolean replaced(Path aside, Path target) throws IOException {
    if (!system.exists(target)) {
      return false;
    }
    String scheme = system.getUri().getScheme();
    if (!"file".equals(scheme)) {
      try {
        FileContext.getFileContext(system.getUri(), system.getConf())
            .rename(aside, target, Options.Rename.OVERWRITE);
        return true;
      } catch (UnsupportedFileSystemException e) {
        // A connector that has only the older interface.
      }
    }
    return system.delete(target, false) && renamed(aside, target);
  }

  /** Opens a file whose failures are {@link IOException}s. */
  InputStream open(Path file) throws IOException {
    FSDataInputStream in = system.open(file);
    return new InputStream() {
      @Override
      public int read() throws IOException {
        try {
          return in.read();
        } catch (FSError e) {
          throw unreadable(file, e);
        }
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
          return in.read(bytes, offset, length);
        } catch (FSError e) {
          throw unreadable(file, e);
        }
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }

  private static RunFileException unreadable(Path file, FSError e) {
    return new RunFileException("%s cannot be read: %s".formatted(file, Failures.reason(e)), e);
  }

  /** Reads a whole text file of moderate size. */
  String read(Path file) throws IOException {
    long length = system.getFileStatus(file).getLen();
    if (length > MAX_TEXT_BYTES) {
      throw new IOException(
          "%s has %d bytes, more than the %d expected".formatted(file, length, MAX_TEXT_BYTES));
    }
    try (InputStream in = open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Names in {@code directory}, sorted; none if it does not exist. */
  List<String> names(Path directory) throws IOException {
    var names = new ArrayList<String>();
    try {
      for (FileStatus status : system.listStatus(directory)) {
        names.add(status.getPath().getName());
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    names.sort(null);
    return names;
  }
}
