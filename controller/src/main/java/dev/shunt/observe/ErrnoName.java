package dev.shunt.observe;

import java.util.Map;

/**
 * Names of the errno values a refused insert or a failed connect() can have; numbers of
 * asm-generic/errno*.h.
 */
public final class ErrnoName {
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "EPERM"),
          Map.entry(2, "ENOENT"),
          Map.entry(7, "E2BIG"),
          Map.entry(11, "EAGAIN"),
          Map.entry(12, "ENOMEM"),
          Map.entry(13, "EACCES"),
          Map.entry(16, "EBUSY"),
          Map.entry(17, "EEXIST"),
          Map.entry(22, "EINVAL"),
          Map.entry(28, "ENOSPC"),
          Map.entry(38, "ENOSYS"),
          Map.entry(95, "EOPNOTSUPP"),
          Map.entry(32, "EPIPE"),
          Map.entry(71, "EPROTO"),
          Map.entry(92, "ENOPROTOOPT"),
          Map.entry(99, "EADDRNOTAVAIL"),
          Map.entry(100, "ENETDOWN"),
          Map.entry(101, "ENETUNREACH"),
          Map.entry(103, "ECONNABORTED"),
          Map.entry(104, "ECONNRESET"),
          Map.entry(110, "ETIMEDOUT"),
          Map.entry(111, "ECONNREFUSED"),
          Map.entry(112, "EHOSTDOWN"),
          Map.entry(113, "EHOSTUNREACH"));

  private ErrnoName() {}

  /** {@code ECONNREFUSED}; empty for 0, {@code errno} for a number without a name here. */
  public static String name(int errno) {
    return errno == 0 ? "" : NAMES.getOrDefault(errno, "errno");
  }

  /** {@code EBUSY/16}; {@code errno/N} for a number without a name here. */
  public static String of(int errno) {
    return NAMES.getOrDefault(errno, "errno") + "/" + errno;
  }
}
