package dev.shunt.datapath.libbpf;

import jnr.ffi.LastError;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/** The C library's functions in their own names. Loaded at first use, for the process's life. */
final class NativeLibc {
  /** Public because the class that JNR generates lives in another package. */
  public interface Calls {
    int open(String path, int flags);

    int close(int fd);

    long read(int fd, Pointer buffer, long count);

    int ioctl(int fd, long request, Pointer argument);

    int ioctl(int fd, long request, long argument);

    int fcntl(int fd, int command, int argument);

    int flock(int fd, int operation);

    int setns(int fd, int nstype);

    int unshare(int flags);

    int mount(String source, String target, String type, long flags, @Nullable Pointer options);

    int geteuid();

    int if_nametoindex(String name);

    int socket(int domain, int type, int protocol);

    int bind(int fd, Pointer address, int length);

    int listen(int fd, int backlog);

    int accept4(int fd, @Nullable Pointer address, @Nullable Pointer length, int flags);

    int connect(int fd, Pointer address, int length);

    int getsockname(int fd, Pointer address, Pointer length);

    long send(int fd, Pointer buffer, long count, int flags);

    long recv(int fd, Pointer buffer, long count, int flags);

    int shutdown(int fd, int how);

    int setsockopt(int fd, int level, int option, Pointer value, int length);

    int getsockopt(int fd, int level, int option, Pointer value, Pointer length);

    int poll(Pointer fds, long count, int timeoutMillis);

    long mmap(@Nullable Pointer address, long length, int protection, int flags, int fd, long at);

    int munmap(long address, long length);

    int getpagesize();

    int clock_gettime(int clock, Pointer time);

    long syscall(long number, Pointer a, long b, long c, long d, long e);

    int vsnprintf(Pointer buffer, long size, Pointer format, Pointer arguments);
  }

  static final Calls LIBC = NativeLoader.of(Calls.class).load("c");

  static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

  private NativeLibc() {}

  /** The error number that the last native call of this thread left. */
  static int errno() {
    return LastError.getLastError(RUNTIME);
  }

  /** Turns -1 with errno into an exception. */
  static int check(int result, String operation, Object object) {
    if (result < 0) {
      throw new BpfException(operation, String.valueOf(object), errno());
    }
    return result;
  }
}
