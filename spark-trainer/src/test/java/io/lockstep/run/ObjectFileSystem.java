package io.lockstep.run;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * {@code objects://BUCKET/...}: an object store in this JVM, through a connector that behaves as
 * S3A of Hadoop 3.4.2 does. A file is seen when it is closed and only if it was not aborted; it
 * cannot be appended to, nor flushed; a folder is a key that ends in a slash, or what keys have in
 * common; a rename is a copy and a delete of each object, and refuses a target that is there; a
 * file can be created under the condition that there is none.
 */
public final class ObjectFileSystem extends FileSystem {
  private static final Map<String, Bucket> BUCKETS = new ConcurrentHashMap<>();
  private static final String IF_ABSENT = "fs.option.create.conditional.overwrite";
  private static final String FOLDER = "/";

  private URI uri;
  private Bucket bucket;

  /** Settings by which Hadoop finds this class. */
  public static Configuration settings() {
    var settings = new Configuration();
    settings.set("fs.objects.impl", ObjectFileSystem.class.getName());
    return settings;
  }

  /** The objects of {@code objects://NAME/}. */
  public static Bucket bucket(String name) {
    return BUCKETS.computeIfAbsent(name, key -> new Bucket());
  }

  @Override
  public void initialize(URI name, Configuration settings) throws IOException {
    super.initialize(name, settings);
    uri = URI.create(name.getScheme() + "://" + name.getAuthority());
    bucket = bucket(name.getAuthority());
  }

  @Override
  public URI getUri() {
    return uri;
  }

  @Override
  public String getScheme() {
    return "objects";
  }

  private String key(Path path) {
    return makeQualified(path).toUri().getPath().substring(1);
  }

  @Override
  public boolean hasPathCapability(Path path, String capability) throws IOException {
    return capability.equals(IF_ABSENT)
        || capability.equals(CommonPathCapabilities.ABORTABLE_STREAM)
        || super.hasPathCapability(path, capability);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (!overwrite && exists(path)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    return new FSDataOutputStream(new Upload(key(path), false), null);
  }

  @Override
  public FSDataOutputStreamBuilder<?, ?> createFile(Path path) {
    return new Creation(path);
  }

  private final class Creation extends FSDataOutputStreamBuilder<FSDataOutputStream, Creation> {
    Creation(Path path) {
      super(ObjectFileSystem.this, path);
    }

    @Override
    public FSDataOutputStream build() throws IOException {
      boolean ifAbsent = getOptions().getBoolean(IF_ABSENT, false);
      return new FSDataOutputStream(new Upload(key(getPath()), ifAbsent), null);
    }

    @Override
    public Creation getThisBuilder() {
      return this;
    }
  }

  /** Bytes on their way to an object. */
  private final class Upload extends ByteArrayOutputStream implements Abortable {
    private final String key;
    private final boolean ifAbsent;
    private boolean done;

    Upload(String key, boolean ifAbsent) {
      this.key = key;
      this.ifAbsent = ifAbsent;
    }

    @Override
    public AbortableResult abort() {
      boolean already = done;
      done = true;
      return new AbortableResult() {
        @Override
        public boolean alreadyClosed() {
          return already;
        }

        @Override
        public IOException anyCleanupException() {
          return null;
        }
      };
    }

    @Override
    public void close() throws IOException {
      if (done) {
        return;
      }
      done = true;
      if (ifAbsent) {
        bucket.putIfAbsent(key, toByteArray());
      } else {
        bucket.put(key, toByteArray());
      }
    }
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
    throw new UnsupportedOperationException("an object cannot be appended to");
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    byte[] bytes =
        bucket.get(key(path)).orElseThrow(() -> new FileNotFoundException(path.toString()));
    return new FSDataInputStream(new Download(bytes));
  }

  /** The bytes of an object. */
  private static final class Download extends FSInputStream {
    private final int length;
    private final ByteArrayInputStream bytes;

    Download(byte[] bytes) {
      this.length = bytes.length;
      this.bytes = new ByteArrayInputStream(bytes);
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] to, int offset, int count) {
      return bytes.read(to, offset, count);
    }

    @Override
    public void seek(long position) {
      bytes.reset();
      bytes.skip(position);
    }

    @Override
    public long getPos() {
      return (long) length - bytes.available();
    }

    @Override
    public boolean seekToNewSource(long position) {
      return false;
    }
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    if (!getFileStatus(from).isFile()) {
      throw new IOException("no run needs folders to be renamed");
    }
    if (exists(to)) {
      throw new FileAlreadyExistsException(to.toString());
    }
    bucket.copy(key(from), key(to));
    bucket.delete(key(from));
    return true;
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    if (!exists(path)) {
      return false;
    }
    var inside = bucket.list(key(path) + FOLDER);
    if (!recursive && inside.stream().anyMatch(key -> !key.equals(key(path) + FOLDER))) {
      throw new IOException(path + " is not empty");
    }
    bucket.delete(key(path));
    inside.forEach(bucket::delete);
    return true;
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    FileStatus own = getFileStatus(path);
    if (own.isFile()) {
      return new FileStatus[] {own};
    }
    String prefix = key(path).isEmpty() ? "" : key(path) + FOLDER;
    var children = new TreeMap<String, FileStatus>(java.util.Comparator.reverseOrder());
    for (String key : bucket.list(prefix)) {
      String rest = key.substring(prefix.length());
      if (!rest.isEmpty()) {
        String child = rest.substring(0, (rest + FOLDER).indexOf(FOLDER));
        children.put(child, getFileStatus(new Path(path, child)));
      }
    }
    return children.values().toArray(FileStatus[]::new);
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) throws IOException {
    if (bucket.get(key(path)).isPresent()) {
      throw new FileAlreadyExistsException(path.toString());
    }
    if (bucket.list(key(path) + FOLDER).isEmpty()) {
      bucket.put(key(path) + FOLDER, new byte[0]);
    }
    return true;
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    Path qualified = makeQualified(path);
    var object = bucket.get(key(path));
    if (object.isPresent()) {
      return new FileStatus(
          object.get().length, false, 1, getDefaultBlockSize(qualified), 0, qualified);
    }
    if (key(path).isEmpty() || !bucket.list(key(path) + FOLDER).isEmpty()) {
      return new FileStatus(0, true, 1, 0, 0, qualified);
    }
    throw new FileNotFoundException(path.toString());
  }

  @Override
  public void setWorkingDirectory(Path path) {}

  @Override
  public Path getWorkingDirectory() {
    return new Path(uri + "/");
  }
}
