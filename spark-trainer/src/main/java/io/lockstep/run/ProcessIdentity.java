package io.lockstep.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process this is, so that another one can tell for certain that it is gone.
 *
 * <p>A process number alone says little: it is used again, means nothing on another host, and
 * nothing in another container of the same host. So it goes with its namespace, the boot of its
 * kernel, and the time at which the process started, as the kernel counts it (the clock may be
 * set).
 *
 * @param host name of the machine
 * @param machine boot and namespace of process numbers; empty where the system does not tell
 * @param user whose process it is; those of others may be invisible
 * @param pid its number
 * @param started when it started, in words that only equal themselves; empty if unknown
 */
record ProcessIdentity(String host, String machine, String user, long pid, String started) {
  private static final Path PROC = Path.of("/proc");

  /** Fields of {@code /proc/PID/stat} after the name in parentheses: proc(5) counts from 1. */
  private static final int STATE = 3 - 3;

  private static final int START_TIME = 22 - 3;

  /** This process. */
  static ProcessIdentity current() {
    long pid = ProcessHandle.current().pid();
    return new ProcessIdentity(
        hostName(),
        bootAndNamespace(),
        System.getProperty("user.name", ""),
        pid,
        started(pid).orElse(""));
  }

  /** Whether the process is certainly gone, as seen from {@code here}; false if in doubt. */
  boolean isGone(ProcessIdentity here) {
    if (!host.equals(here.host) || !machine.equals(here.machine) || !user.equals(here.user)) {
      return false;
    }
    Optional<String> now = started(pid);
    if (now.isEmpty()) {
      return true;
    }
    return !started.isEmpty() && !now.get().isEmpty() && !now.get().equals(started);
  }

  /** When the process of this number started; empty if there is none, or only a zombie. */
  private static Optional<String> started(long pid) {
    Path stat = PROC.resolve(Long.toString(pid)).resolve("stat");
    if (Files.isReadable(PROC.resolve("self").resolve("stat"))) {
      try {
        String text = Files.readString(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        boolean dead = fields[STATE].equals("Z") || fields[STATE].equals("X");
        return dead ? Optional.empty() : Optional.of(fields[START_TIME]);
      } catch (NoSuchFileException e) {
        return Optional.empty();
      } catch (IOException | RuntimeException e) {
        return Optional.of(""); // it may live
      }
    }
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .map(process -> process.info().startInstant().map(Object::toString).orElse(""));
  }

  private static String hostName() {
    return firstLine(PROC.resolve("sys/kernel/hostname"))
        .orElseGet(
            () -> {
              try {
                return InetAddress.getLocalHost().getHostName();
              } catch (UnknownHostException e) {
                return "unknown host";
              }
            });
  }

  private static String bootAndNamespace() {
    try {
      return firstLine(PROC.resolve("sys/kernel/random/boot_id")).orElse("")
          + " "
          + Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  private static Optional<String> firstLine(Path file) {
    try {
      return Files.readString(file).lines().findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
