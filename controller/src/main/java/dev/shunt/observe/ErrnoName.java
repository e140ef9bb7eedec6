package dev.shunt.observe;

import java.util.Map;

/** Names of the errno values a refused insert can have; numbers of asm-generic/errno*.h. */
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
          Map.entry(111, "ECONNREFUSED"));

  private ErrnoName() {}

  /** {@code EBUSY/16}; {@code errno/N} for a number without a name here. */
  public static String of(int errno) {
    return NAMES.getOrDefault(errno, "errno") + "/" + errno;
  }
}
