package dev.shunt.datapath.libbpf;

import java.util.HashMap;
import java.util.Map;

/** Names and short texts of error numbers; the numbers are those of x86-64 and arm64. */
final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int EEXIST = 17;
  static final int EINVAL = 22;
  static final int ENOSPC = 28;
  static final int EOPNOTSUPP = 95;
  static final int EINPROGRESS = 115;

  /** Internal to the kernel, but bpf(2) lets it out (include/linux/errno.h). */
  static final int ENOTSUPP = 524;

  private static final String TABLE =
      """
      1 EPERM not permitted
      2 ENOENT no such file or entry
      3 ESRCH no such process
      4 EINTR interrupted
      5 EIO input/output error
      6 ENXIO no such device or address
      7 E2BIG too big
      8 ENOEXEC wrong format
      9 EBADF bad file descriptor
      10 ECHILD no child
      11 EAGAIN would block
      12 ENOMEM out of memory
      13 EACCES access denied
      14 EFAULT bad address
      16 EBUSY busy
      17 EEXIST exists already
      18 EXDEV crosses file systems
      19 ENODEV no such device
      20 ENOTDIR not a directory
      21 EISDIR is a directory
      22 EINVAL invalid argument
      23 ENFILE too many open files on the host
      24 EMFILE too many open files in the process
      25 ENOTTY wrong kind of file
      26 ETXTBSY text file busy
      27 EFBIG file too large
      28 ENOSPC no space
      29 ESPIPE cannot seek
      30 EROFS read-only file system
      32 EPIPE broken pipe
      33 EDOM outside the domain
      34 ERANGE out of range
      36 ENAMETOOLONG name too long
      38 ENOSYS not implemented by this kernel
      40 ELOOP too many links
      61 ENODATA no data
      62 ETIME timer expired
      67 ENOLINK the link is cut
      71 EPROTO protocol error
      75 EOVERFLOW value too large
      84 EILSEQ invalid sequence
      88 ENOTSOCK not a socket
      90 EMSGSIZE message too long
      91 EPROTOTYPE wrong protocol type
      92 ENOPROTOOPT protocol option unknown
      93 EPROTONOSUPPORT protocol not supported
      95 EOPNOTSUPP operation not supported
      97 EAFNOSUPPORT address family not supported
      98 EADDRINUSE address in use
      99 EADDRNOTAVAIL address not available
      100 ENETDOWN network down
      101 ENETUNREACH network unreachable
      103 ECONNABORTED connection aborted
      104 ECONNRESET connection reset
      105 ENOBUFS no buffer space
      106 EISCONN connected already
      107 ENOTCONN not connected
      110 ETIMEDOUT timed out
      111 ECONNREFUSED connection refused
      113 EHOSTUNREACH no route to host
      114 EALREADY under way already
      115 EINPROGRESS in progress
      116 ESTALE stale handle
      122 EDQUOT quota exceeded
      125 ECANCELED cancelled
      524 ENOTSUPP operation not supported
      """;

  private static final Map<Integer, String[]> BY_NUMBER = parse();

  private Errno() {}

  private static Map<Integer, String[]> parse() {
    Map<Integer, String[]> table = new HashMap<>();
    TABLE
        .lines()
        .map(line -> line.split(" ", 3))
        .forEach(row -> table.put(Integer.parseInt(row[0]), row));
    return Map.copyOf(table);
  }

  /** The macro's name, as in {@code ENOSPC}; {@code E?} for a number not in the table. */
  static String name(int errno) {
    String[] row = BY_NUMBER.get(errno);
    return row == null ? "E?" : row[1];
  }

  /** A few words, as in {@code no space (ENOSPC/28)}. */
  static String describe(int errno) {
    String[] row = BY_NUMBER.get(errno);
    String cause = row == null ? "unknown error" : row[2];
    return cause + " (" + name(errno) + "/" + errno + ")";
  }
}
