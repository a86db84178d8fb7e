package io.lockstep.it;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.Syncable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk of a process that dies, as by {@code kill -9}, at an operation on a file: a write
 * is half done then, all else is not. Which one it is, {@value #PROPERTY} says: {@code OPERATION
 * REGEX}.
 */
public final class HaltingFileSystem extends LocalFileSystem {
  static final String PROPERTY = "lockstep.it.death";

  /** For Hadoop. */
  public HaltingFileSystem() {
    super(new Raw());
  }

  private static final class Raw extends RawLocalFileSystem {
    private final String operation;
    private final Pattern path;

    Raw() {
      String[] words = System.getProperty(PROPERTY).split(" ", 2);
      operation = words[0];
      path = Pattern.compile(words[1]);
    }

    private boolean isDue(String what, Path where) {
      return what.equals(operation) && path.matcher(where.toUri().getPath()).find();
    }

    private void operate(String what, Path where) {
      if (isDue(what, where)) {
        Runtime.getRuntime().halt(DyingDriver.EXIT_CODE);
      }
    }

    @Override
    public FSDataOutputStream create(
        Path file,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      operate("create", file);
      FSDataOutputStream out =
          super.create(file, overwrite, bufferSize, replication, blockSize, progress);
      return isDue("write", file) ? new FSDataOutputStream(new Torn(out), null) : out;
    }

    @Override
    public FSDataOutputStream create(
        Path file,
        FsPermission permission,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      operate("create", file);
      FSDataOutputStream out =
          super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
      return isDue("write", file) ? new FSDataOutputStream(new Torn(out), null) : out;
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
      operate("rename", to);
      return super.rename(from, to);
    }

    @Override
    public boolean delete(Path file, boolean recursive) throws IOException {
      operate("delete", file);
      return super.delete(file, recursive);
    }
  }

  /** The file whose first write is the last. */
  private static final class Torn extends FilterOutputStream implements Syncable {
    Torn(FSDataOutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length / 2);
      out.flush();
      Runtime.getRuntime().halt(DyingDriver.EXIT_CODE);
    }

    @Override
    public void hflush() throws IOException {
      out.flush();
    }

    @Override
    public void hsync() throws IOException {
      out.flush();
    }
  }
}
