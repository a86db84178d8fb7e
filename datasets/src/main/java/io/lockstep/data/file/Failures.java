package io.lockstep.data.file;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import org.apache.hadoop.fs.ClusterStorageCapacityExceededException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;

/**
 * What went wrong with a file system, in the words of a user.
 *
 * <p>Hadoop says it by exceptions of every kind, checked, unchecked and {@link FSError}, which is a
 * Java Error and means no more than that a local disk is full or broken.
 */
public final class Failures {
  private Failures() {}

  /**
   * Returns what went wrong, in a phrase without names of classes, and what to do if it is known.
   */
  public static String reason(Throwable failure) {
    Throwable e = failure;
    while (e instanceof FSError && e.getCause() != null) {
      e = e.getCause();
    }
    if (e instanceof RemoteException remote) {
      e = remote.unwrapRemoteException();
    }
    UnknownHostException host = causeOf(e, UnknownHostException.class);
    if (host != null) {
      return "the host %s is unknown: correct its name".formatted(host.getMessage());
    }
    String message = firstLine(e);
    if (message.contains("No space left on device")) {
      return "the disk is full: free space on it";
    }
    if (e instanceof ClusterStorageCapacityExceededException
        || message.contains("Disk quota exceeded")) {
      return "a quota is used up: free space or raise it (%s)".formatted(message);
    }
    if (message.contains("in safe mode")) {
      return "HDFS is in safe mode, in which nothing is changed: wait until it has left it (hdfs"
          + " dfsadmin -safemode get)";
    }
    if (e instanceof AccessControlException || e instanceof AccessDeniedException) {
      return "permission is denied to this user: change the permissions or the path (%s)"
          .formatted(message);
    }
    if (message.contains("Permission denied")) {
      return "permission is denied to this user: change the permissions or the path";
    }
    if (causeOf(e, ConnectException.class) != null
        || causeOf(e, NoRouteToHostException.class) != null
        || causeOf(e, SocketTimeoutException.class) != null) {
      return "its host does not answer: look whether the service runs there (%s)"
          .formatted(message);
    }
    return message;
  }

  private static String firstLine(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElseThrow();
  }

  private static <T extends Throwable> T causeOf(Throwable e, Class<T> type) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
